"""Format 1: how a value, a file part and a wrapped key look, and what they are bound to.

`version(1) | cipher(1) | key version(2) | nonce(12) | ciphertext and tag`. The bound data repeats
the first four bytes, the subject and the class, then names the place (item, slot, part).
"""

from __future__ import annotations

import os
from functools import cached_property
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from xingnuo.trust.policy.contracts import KeyClass
from xingnuo.trust.vault.contracts import Cipher, UnknownFormat, Unreadable

FORMAT = 1
KEY_BYTES = 32
HEAD_BYTES = 16
TAG_BYTES = 16
NONCE_AT = 4
_WRAP_NONCE_BYTES = 12


def new_key() -> bytes:
    """Make a 256-bit key from the system's randomness, which no drill's seed replays."""
    return os.urandom(KEY_BYTES)


def derive(key: bytes, purpose: str, *, length: int = KEY_BYTES) -> bytes:
    """Derive a key for one purpose by HKDF-SHA-256."""
    return HKDF(hashes.SHA256(), length, None, b"xn.vault.1." + purpose.encode()).derive(key)


def bound(*parts: str | bytes) -> bytes:
    """Join parts so that no two lists of parts give the same bytes."""
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4) + part for part in encoded)


def wrap(key: bytes, kek: AESGCM, context: bytes) -> bytes:
    """Wrap a key under another, bound to its context."""
    nonce = os.urandom(_WRAP_NONCE_BYTES)
    return bytes([FORMAT]) + nonce + kek.encrypt(nonce, key, context)


def unwrap(wrapped: bytes, kek: AESGCM, context: bytes) -> bytes:
    """Unwrap a key; a changed, moved or unknown one is refused."""
    if wrapped[:1] != bytes([FORMAT]):
        raise UnknownFormat("wrapped key")
    try:
        return kek.decrypt(wrapped[1:13], wrapped[13:], context)
    except (InvalidTag, ValueError):
        raise Unreadable("wrapped key") from None


class SubjectKey:
    """One subject's key of one class and version, ready to seal and open."""

    def __init__(self, raw: bytes, *, subject_id: UUID, key_class: KeyClass, version: int) -> None:
        self.raw = raw
        self.key_class = key_class
        self.version = version
        self._aes = AESGCM(derive(raw, "aes-256-gcm"))
        self._owner = bound(subject_id.bytes, key_class.value)
        self._heads = {cipher: bytes([FORMAT, cipher]) + version.to_bytes(2) for cipher in Cipher}
        self._aes_head = self._heads[Cipher.AES_256_GCM]
        self._aes_bound = self._aes_head + self._owner

    def __repr__(self) -> str:
        """Tell class and version, never the key."""
        return f"SubjectKey({self.key_class.value}, {self.version})"

    def seal(self, plain: bytes, place: bytes, cipher: Cipher) -> bytes:
        """Seal bytes for a place with a fresh random nonce."""
        head = self._heads[cipher]
        nonce = os.urandom(12)
        context = head + self._owner + place
        if cipher is Cipher.AES_256_GCM:
            return head + nonce + self._aes.encrypt(nonce, plain, context)
        encryptor = BlockCipher(algorithms.SM4(self._sm4), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(context)
        return head + nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Open what was sealed for this place; anything else is refused."""
        head = sealed[:NONCE_AT]
        try:
            if head == self._aes_head:
                nonce = sealed[NONCE_AT:HEAD_BYTES]
                return self._aes.decrypt(nonce, sealed[HEAD_BYTES:], self._aes_bound + place)
            if head == self._heads[Cipher.SM4_GCM]:
                return self._open_sm4(sealed, place)
        except (InvalidTag, ValueError):
            raise Unreadable("value") from None
        raise UnknownFormat("value")

    @cached_property
    def _sm4(self) -> bytes:
        return derive(self.raw, "sm4-gcm", length=16)

    def _open_sm4(self, sealed: bytes, place: bytes) -> bytes:
        if len(sealed) < HEAD_BYTES + TAG_BYTES:
            raise Unreadable("value")
        nonce, body, tag = sealed[NONCE_AT:HEAD_BYTES], sealed[HEAD_BYTES:-16], sealed[-16:]
        decryptor = BlockCipher(algorithms.SM4(self._sm4), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(sealed[:NONCE_AT] + self._owner + place)
        return decryptor.update(body) + decryptor.finalize()


def version_of(sealed: bytes) -> int:
    """Give the key version that a ciphertext names; an unknown format or cipher is refused."""
    if len(sealed) < HEAD_BYTES + TAG_BYTES or sealed[0] != FORMAT or sealed[1] not in (1, 2):
        raise UnknownFormat("value")
    return (sealed[2] << 8) | sealed[3]
