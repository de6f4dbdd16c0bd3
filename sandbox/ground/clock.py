"""The sandbox's time: seconds since 1970, and how it is shown to people."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8))


def now() -> float:
    """Give the instant in seconds since 1970."""
    return time.time()


def iso(at: float | None) -> str | None:
    """Give an instant as ISO 8601 in UTC to the millisecond, or None."""
    if at is None:
        return None
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def shown(at: float) -> str:
    """Give an instant as people in Beijing read it."""
    there = datetime.fromtimestamp(at, BEIJING)
    return f"{there.month} 月 {there.day} 日 {there:%H:%M:%S}"
