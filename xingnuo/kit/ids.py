"""Ids and randomness: UUIDv7 made here, secrets from the system."""

from __future__ import annotations

import hashlib
import os
import random
import secrets
import threading
import time
from uuid import UUID

_lock = threading.Lock()
_last = 0
_seeded: random.Random | None = None


def uuid7() -> UUID:
    """Make a time-ordered UUID (RFC 9562 version 7), rising within the process."""
    global _last
    with _lock:
        millis, nanos = divmod(time.time_ns(), 1_000_000)
        stamp = (millis << 12) | (nanos * 4096 // 1_000_000)
        _last = stamp = max(stamp, _last + 1)
    tail = int.from_bytes(random_bytes(8)) & ((1 << 62) - 1)
    value = (stamp >> 12 << 80) | (7 << 76) | ((stamp & 0xFFF) << 64) | (2 << 62) | tail
    return UUID(int=value)


def derived(text: str | bytes) -> UUID:
    """Give the id that follows from a text, the same each time (RFC 9562 version 8, SHA-256)."""
    number = int(digest(text)[:32], 16)
    number = number & ~(0xF << 76) | (8 << 76)
    return UUID(int=number & ~(0b11 << 62) | (0b10 << 62))


def random_bytes(count: int) -> bytes:
    """Give random bytes: the system's, or a seeded replay in drills."""
    return _seeded.randbytes(count) if _seeded else os.urandom(count)


def token(bits: int = 256) -> str:
    """Make an unguessable URL-safe secret."""
    return secrets.token_urlsafe(bits // 8)


def digits(count: int) -> str:
    """Make a code of decimal digits, each equally likely."""
    return "".join(str(secrets.randbelow(10)) for _ in range(count))


def digest(text: str | bytes) -> str:
    """Give the SHA-256 of a text or bytes in hex."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def seed(value: int | None) -> None:
    """Make ids replayable for drills; `None` returns to the system's randomness.

    Secrets (`token`, `digits`, keys) never follow the seed.
    """
    global _seeded
    _seeded = random.Random(value) if value is not None else None
