"""Time: the one place that asks what time it is.

Instants are aware UTC datetimes; dates are Beijing dates, since limits reset by them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta, timezone

BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")

_frozen: datetime | None = None
_offset = timedelta(seconds=float(os.environ.get("XN_CLOCK_OFFSET_SECONDS", "0")))


def now() -> datetime:
    """Give the present instant in UTC."""
    return (_frozen or datetime.now(UTC)) + _offset


def skew() -> timedelta:
    """Give how far this clock stands from the machine's: nothing but in tests and drills."""
    if _frozen is None:
        return _offset
    return _frozen - datetime.now(UTC) + _offset


def today() -> date:
    """Give today's date in Beijing."""
    return now().astimezone(BEIJING).date()


def beijing(at: datetime) -> datetime:
    """Give the same instant on the Beijing clock."""
    return at.astimezone(BEIJING)


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at an instant, for tests and drills."""
    global _frozen
    before, _frozen = _frozen, at
    try:
        yield
    finally:
        _frozen = before


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Move the clock by a span, for tests and drills; it goes on running."""
    global _offset
    before, _offset = _offset, _offset + by
    try:
        yield
    finally:
        _offset = before
