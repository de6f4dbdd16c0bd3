"""Keyed digests: what stands in our tables of secrets and ids, useless without the key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.keyed import Keyed
from xingnuo.people.accounts._limits import IDLE_SECONDS, SECRET_CHARS_MAX, STAMP_REFRESH_SECONDS

keyed = Keyed("accounts")


def same(one: str, other: str) -> bool:
    """Compare two secrets in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


def s256(verifier: str) -> str:
    """Give the S256 challenge of a PKCE verifier (RFC 7636)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def is_secret(text: str) -> bool:
    """Say whether a text may be a secret that we made: its alphabet and its length."""
    plain = text.replace("-", "").replace("_", "")
    return 40 <= len(text) <= SECRET_CHARS_MAX and plain.isascii() and plain.isalnum()


def stamp(session_id: UUID, at: datetime | None = None) -> str:
    """Give the signed instant of a session's last use, for the porch's cookie."""
    seconds = int((at or clock.now()).timestamp())
    return f"{seconds}.{keyed('stamp', session_id, seconds)}"


def stamped_at(session_id: UUID, text: str) -> float | None:
    """Give when a session was last used, or None for a stamp that is not ours or not its own."""
    seconds, _, seal = text.partition(".")
    if not (seconds.isascii() and seconds.isdecimal() and len(seconds) <= 12):
        return None
    if not same(seal, keyed("stamp", session_id, int(seconds))):
        return None
    return float(seconds)


def is_idle(session_id: UUID, text: str, since: datetime) -> bool:
    """Say whether a session went unused for too long; without a stamp its beginning counts."""
    stamped = stamped_at(session_id, text) if text else None
    used = max(stamped or 0.0, since.timestamp())
    return clock.now().timestamp() - used > IDLE_SECONDS


def is_stale(session_id: UUID, text: str) -> bool:
    """Say whether the stamp should be set anew."""
    stamped = stamped_at(session_id, text) if text else None
    return stamped is None or clock.now().timestamp() - stamped >= STAMP_REFRESH_SECONDS
