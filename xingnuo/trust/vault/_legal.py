"""Sealing: subject keys under a public key whose private part running services do not hold.

HPKE (RFC 9180) with X25519, HKDF-SHA-256 and AES-256-GCM, bound to subject, class and version.
The private key stands in `<data>/secrets/legal.key` under a passphrase of its own; in production
the file is carried away from the machine and comes back for a legal purpose alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from xingnuo.trust.policy.contracts import KeyClass
from xingnuo.trust.vault import _cipher, _keyring, _keystore, _locked_file
from xingnuo.trust.vault._cipher import SubjectKey
from xingnuo.trust.vault._keyring import Ring
from xingnuo.trust.vault.contracts import Erased, LegalKeyRefused, Unreadable

PASSPHRASE = "XN_LEGAL_PASSPHRASE"  # noqa: S105 - the name of a variable
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_LABEL = "xingnuo legal key 1 "
_ROUNDS_MAX = 5


class LegalKey:
    """The private key of sealing, opened for a legal purpose."""

    def __init__(self, private: X25519PrivateKey) -> None:
        self._private = private

    def __repr__(self) -> str:
        """Tell nothing of the key."""
        return "LegalKey()"

    def lock_in(self, path: Path, passphrase: str) -> bool:
        """Write this key into another locked file; False when one is there already."""
        label = _LABEL + self._private.public_key().public_bytes_raw().hex()
        raw = self._private.private_bytes_raw()
        return _locked_file.write(path, raw, passphrase=passphrase, label=label)

    def ring(self, subject_id: UUID) -> Ring:
        """Give a sealed subject's keys, opened for this call and never cached."""
        keys = []
        for key_class, version, legal_version, sealed in _keystore.sealed_keys(subject_id):
            info = _info(subject_id, key_class, version, legal_version)
            try:
                raw = _SUITE.decrypt(sealed, self._private, info)
            except (InvalidTag, ValueError):
                raise Unreadable("sealed key") from None
            keys.append(
                SubjectKey(
                    raw, subject_id=subject_id, key_class=KeyClass(key_class), version=version
                )
            )
        return Ring(keys)


def make(path: Path, passphrase: str = "") -> bytes:
    """Make the legal key file once; gives the public key, which may lie anywhere.

    Without a passphrase one is made beside it, which is for development alone.
    """
    if not path.exists():
        if not passphrase:
            if os.environ.get("XN_ENV") == "production":
                raise LegalKeyRefused(PASSPHRASE, remedy=f"生产环境必须用 {PASSPHRASE} 给出口令。")
            passphrase = _locked_file.passphrase_beside(_passphrase_path(path))
        private = X25519PrivateKey.generate()
        label = _LABEL + private.public_key().public_bytes_raw().hex()
        _locked_file.write(path, private.private_bytes_raw(), passphrase=passphrase, label=label)
    return bytes.fromhex(_locked_file.label_of(path).removeprefix(_LABEL))


def unlock(path: Path, passphrase: str = "") -> LegalKey:
    """Open the private key with its passphrase, or the one beside it in development."""
    try:
        passphrase = passphrase or _passphrase_path(path).read_text().strip()
        # The label is bound to the sealed key, so a swapped public key does not pass.
        label = _locked_file.label_of(path)
        raw = _locked_file.read(path, passphrase=passphrase, label=label)
    except (_locked_file.WrongPassphrase, OSError):
        raise LegalKeyRefused from None
    return LegalKey(X25519PrivateKey.from_private_bytes(raw))


def seal(subject_id: UUID, classes: Iterable[KeyClass] | None = None) -> int:
    """Seal a subject's keys, all or those of some classes; gives how many. Safe to repeat."""
    wanted = None if classes is None else {key_class.value for key_class in classes}
    legal_version, public = _keystore.legal_key()
    count = 0
    # A key made while we sealed is sealed in the next round; after one, none is made any more.
    for _ in range(_ROUNDS_MAX):
        open_keys = [
            key
            for key in _keystore.load(subject_id)
            if key.class_version and (wanted is None or key.key_class in wanted)
        ]
        if not open_keys:
            break
        sealed = [
            (
                key,
                legal_version,
                _SUITE.encrypt(
                    _keyring.unwrapped(subject_id, key),
                    X25519PublicKey.from_public_bytes(public),
                    _info(subject_id, key.key_class, key.version, legal_version),
                ),
            )
            for key in open_keys
        ]
        _keystore.replace_by_sealed(subject_id, sealed)
        count += len(sealed)
    _keyring.forget(subject_id)
    if not count and _keystore.is_tombstoned(subject_id):
        raise Erased
    return count


def _info(subject_id: UUID, key_class: str, version: int, legal_version: int) -> bytes:
    return _cipher.bound(
        "sealed key",
        subject_id.bytes,
        key_class,
        version.to_bytes(2),
        legal_version.to_bytes(2),
    )


def _passphrase_path(path: Path) -> Path:
    return path.with_suffix(".passphrase")
