"""Digests of passwords and gestures: keyed to person and way, then Argon2id; nothing reads back.

The key stands in a file beside the data, so a stolen table alone cannot be guessed at: a gesture
has fewer than 400,000 paths.
"""

from __future__ import annotations

import hmac
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from django.conf import settings

from xingnuo.kit.db.place import secret_file
from xingnuo.people.unlock import _limits
from xingnuo.people.unlock.contracts import Way

_KEY_FILE = "unlock.key"
HASHER = PasswordHasher(
    time_cost=_limits.ARGON_PASSES,
    memory_cost=_limits.ARGON_MEMORY_KIB,
    parallelism=_limits.ARGON_LANES,
    hash_len=_limits.ARGON_HASH_BYTES,
    salt_len=_limits.ARGON_SALT_BYTES,
    type=Type.ID,
)


@cache
def _key(use: str) -> bytes:
    root = secret_file(settings.DATA_DIR, _KEY_FILE).encode()
    return hmac.digest(root, f"xingnuo.unlock.{use}".encode(), "sha256")


def _bound(subject_id: UUID, way: Way, secret: str) -> str:
    # A digest that is moved to another person or way fits nothing there.
    text = f"{subject_id}\0{way.value}\0{secret}"
    return hmac.digest(_key("secret"), text.encode(), "sha256").hex()


def make(subject_id: UUID, way: Way, secret: str) -> str:
    """Give the encoded Argon2id digest of a secret."""
    return HASHER.hash(_bound(subject_id, way, secret))


def fits(digest: str, subject_id: UUID, way: Way, secret: str) -> bool:
    """Say whether a secret fits a digest; a broken digest fits nothing."""
    try:
        return HASHER.verify(digest, _bound(subject_id, way, secret))
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(digest: str) -> bool:
    """Say whether a digest was made with other parameters than today's."""
    return HASHER.check_needs_rehash(digest)


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody")


def waste() -> None:
    """Spend the time of one comparison, where there is nothing to compare with."""
    fits(_nobodys(), UUID(int=0), Way.PASSWORD, "")


def handle(subject_id: UUID) -> bytes:
    """Give the name under which a device knows the person: theirs alone, and not their id."""
    return hmac.digest(_key("handle"), subject_id.bytes, "sha256")
