"""The digest of a payment password: keyed to its person, then Argon2id; nothing reads back.

Six digits are a million: the key stands in a file beside the data, so that a stolen table alone
cannot be guessed at.
"""

from __future__ import annotations

from functools import cache
from uuid import UUID

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from xingnuo.money.payments._cards_rows import keyed

# OWASP's smallest Argon2id setting: 19 MiB, two passes, one lane.
HASHER = PasswordHasher(
    time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16, type=Type.ID
)


def make(subject_id: UUID, typed: str) -> str:
    """Give the encoded Argon2id digest of a payment password."""
    return HASHER.hash(keyed("password", subject_id, typed))


def fits(text: str, subject_id: UUID, typed: str) -> bool:
    """Say whether a password fits a digest; a broken digest fits nothing."""
    try:
        return HASHER.verify(text, keyed("password", subject_id, typed))
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody")


def waste() -> None:
    """Spend the time of one comparison, where there is nothing to compare with."""
    fits(_nobodys(), UUID(int=0), "")
