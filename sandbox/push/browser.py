"""A pretend browser's side: its keys, and the opening of what was encrypted for it."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

SALT_BYTES, POINT_BYTES, TAG_BYTES = 16, 65, 16
HEAD_BYTES = SALT_BYTES + 4 + 1 + POINT_BYTES
LAST_RECORD = b"\x02"


class CannotOpen(Exception):
    """What came is not encrypted for this browser."""


@dataclass(frozen=True, slots=True)
class Keys:
    """A browser's keys for one subscription; the private one as a whole number."""

    private: int
    public: bytes
    auth: bytes


def make() -> Keys:
    """Make fresh keys."""
    private = ec.generate_private_key(ec.SECP256R1())
    return Keys(
        private.private_numbers().private_value, _point(private.public_key()),
        secrets.token_bytes(16),
    )  # fmt: skip


def opened(keys: Keys, body: bytes) -> bytes:
    """Open an aes128gcm body (RFC 8188, one record); raises `CannotOpen`."""
    if len(body) < HEAD_BYTES + TAG_BYTES + 1 or body[SALT_BYTES + 4] != POINT_BYTES:
        raise CannotOpen
    salt, sender, sealed = body[:SALT_BYTES], body[SALT_BYTES + 5 : HEAD_BYTES], body[HEAD_BYTES:]
    if int.from_bytes(body[SALT_BYTES : SALT_BYTES + 4]) < len(sealed):
        raise CannotOpen
    try:
        point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        private = ec.derive_private_key(keys.private, ec.SECP256R1())
        shared = private.exchange(ec.ECDH(), point)
        seed = _hkdf(keys.auth, shared, b"WebPush: info\0" + keys.public + sender, 32)
        key = _hkdf(salt, seed, b"Content-Encoding: aes128gcm\0", 16)
        nonce = _hkdf(salt, seed, b"Content-Encoding: nonce\0", 12)
        content = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
    except (ValueError, InvalidTag):
        raise CannotOpen from None
    if not content.endswith(LAST_RECORD):
        raise CannotOpen
    return content[:-1]


def told(raw: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def read(text: str) -> bytes:
    """Read base64url with or without padding; raises `ValueError`."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
