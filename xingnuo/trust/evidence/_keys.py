"""The signing key of evidence: its file, its public half, its successor.

The public keys stand in `<data>/evidence.pub`, one `<key id> <hex>` a line, oldest first: the
first is the anchor of trust, each later one is announced in a block signed by the one before.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

from xingnuo.trust.evidence.contracts import EvidenceFault


@dataclass(frozen=True, slots=True)
class Signer:
    """A signing key; `public` is the raw public key in hex."""

    private: Ed25519PrivateKey

    @property
    def public(self) -> str:
        """Give the public key in hex."""
        return self.private.public_key().public_bytes_raw().hex()

    @property
    def id(self) -> str:
        """Give the short name of the key."""
        return key_id(self.public)

    def sign(self, digest: bytes) -> bytes:
        """Sign a block's hash."""
        return self.private.sign(digest)


def key_id(public: str) -> str:
    """Give the short name of a public key: the start of its SHA-256."""
    return sha256(bytes.fromhex(public)).hexdigest()[:16]


def signed_by(public: str, digest: bytes, signed: str) -> bool:
    """Tell whether a signature (hex) over a hash is the key's (hex)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        key.verify(bytes.fromhex(signed), digest)
    except (InvalidSignature, ValueError):
        return False
    return True


def statement(text: bytes) -> bytes:
    """Give what is signed for a statement; a block's hash is never the digest of one."""
    return sha256(b"xingnuo statement\n" + text).digest()


def public_of(name: str) -> str:
    """Give the published key of a name in hex, or nothing."""
    return next((public for public in published() if key_id(public) == name), "")


def signer(*, last_key: str, next_key: str) -> Signer:
    """Give the key that signs the next block; the very first is made here.

    `last_key` is the id that signed the last block, `next_key` the public key it announced. A
    rotation that was cut short is finished. Raises `EvidenceFault` when the file holds another key.
    """
    file, successor = _file(), _successor()
    if not last_key and not file.exists():
        _write_key(file)
        _publish(_read(file))
    if next_key and successor.exists() and _read(successor).public == next_key:
        _publish(_read(successor))
        successor.replace(file)
    if not file.exists():
        raise EvidenceFault("key_missing")
    held = _read(file)
    if last_key and held.id != (key_id(next_key) if next_key else last_key):
        raise EvidenceFault("key_differs")
    return held


def make_successor() -> Signer:
    """Make the key that the next block announces, or give the one that waits already."""
    successor = _successor()
    if not successor.exists():
        _write_key(successor)
    return _read(successor)


def published() -> list[str]:
    """Give the public keys in hex, oldest first."""
    file = Path(settings.DATA_DIR) / "evidence.pub"
    if not file.exists():
        return []
    return re.findall(
        r"^[0-9a-f]{16} ([0-9a-f]{64})$", file.read_text(errors="replace"), re.MULTILINE
    )


def _file() -> Path:
    return Path(settings.DATA_DIR) / "secrets" / "evidence.key"


def _successor() -> Path:
    return Path(settings.DATA_DIR) / "secrets" / "evidence.key.next"


def _read(file: Path) -> Signer:
    return Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(file.read_text().strip())))


def _write_key(file: Path) -> None:
    # Whole or not at all: a key that signed must never be lost to a crash.
    text = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    _write_whole(file, text + "\n", mode=0o600)


def _publish(key: Signer) -> None:
    keys = published()
    if key.public not in keys:
        lines = [f"{key_id(public)} {public}\n" for public in (*keys, key.public)]
        _write_whole(Path(settings.DATA_DIR) / "evidence.pub", "".join(lines), mode=0o644)


def _write_whole(file: Path, text: str, *, mode: int) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = file.with_name(f"{file.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(handle)
    part.replace(file)
