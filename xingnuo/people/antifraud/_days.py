"""What a customer's days tell: the facts that patterns of money laundering are written in.

A day is one of the Chinese calendar; a window ends with the day of the movement that is looked at.
`near_count.7d` are movements of 80 % to just below their limit, `near_days.7d` days whose larger
side came so near without reaching it; `through_pct.3d` is how much of the larger side left or came
again; `quiet_days` is how long nothing moved before the last seven days.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from xingnuo.people.antifraud import _dated
from xingnuo.people.antifraud._facts import Value
from xingnuo.people.antifraud._movement_models import DayRow, MovementRow
from xingnuo.people.antifraud._states import Direction, LimitKind, MovementKind, PartyKind

WINDOWS: Mapping[str, int] = {"1d": 1, "3d": 3, "7d": 7, "30d": 30}
SPAN_DAYS = max(WINDOWS.values())
NEAR_PCT = 80
_QUIET = WINDOWS["7d"]
_MEASURES = (
    "in_fen",
    "out_fen",
    "in_count",
    "out_count",
    "near_count",
    "near_days",
    "through_pct",
)
_COUNTER = re.compile(rf"({'|'.join(_MEASURES)})\.({'|'.join(WINDOWS)})")
PLAIN: Mapping[str, type] = {
    "kind": str,
    "direction": str,
    "counterparty_kind": str,
    "limit": str,
    "cross_border": bool,
    "amount_fen": int,
    "day_pct": int,
    "quiet_days": int,
}
WORDS: Mapping[str, tuple[str, ...]] = {
    "kind": tuple(kind.value for kind in MovementKind),
    "direction": tuple(way.value for way in Direction),
    "counterparty_kind": tuple(party.value for party in PartyKind),
    "limit": tuple(limit.value for limit in LimitKind),
}


def type_of(name: str) -> type | None:
    """Give the type of a declared fact, or None where it is not declared."""
    return PLAIN.get(name) or (int if _COUNTER.fullmatch(name) else None)


def percent(row: DayRow) -> int:
    """Give a day's larger side in percent of its limit, in RMB or in dollars, rounded down."""
    fen, cents = limits(LimitKind(row.limit_kind), row.day_on)
    return max(
        max(row.in_fen, row.out_fen) * 100 // fen,
        max(row.in_usd_cents, row.out_usd_cents) * 100 // cents,
    )


def limits(kind: LimitKind, day: date) -> tuple[int, int]:
    """Give the limits of a day, in fen and in US cents."""
    return (
        _dated.value(f"large.{kind.value}", day).value,
        _dated.value(f"large.{kind.value}.usd", day).value,
    )


def facts(row: MovementRow, days: Iterable[DayRow], last_before: date | None) -> dict[str, Value]:
    """Give every fact of a movement, from the days of its longest window and the one before."""
    known = list(days)
    found: dict[str, Value] = {
        "kind": row.kind,
        "direction": row.direction,
        "counterparty_kind": row.counterparty_kind,
        "limit": row.limit_kind,
        "cross_border": row.limit_kind == LimitKind.ABROAD.value,
        "amount_fen": row.amount_fen,
        "day_pct": max((percent(day) for day in known if day.day_on == row.day_on), default=0),
        "quiet_days": _quiet(known, row.day_on, last_before),
    }
    for window, length in WINDOWS.items():
        since = row.day_on - timedelta(days=length - 1)
        inside = [day for day in known if since <= day.day_on <= row.day_on]
        found |= {f"{name}.{window}": value for name, value in _measured(inside).items()}
    return found


def _measured(days: list[DayRow]) -> dict[str, int]:
    came, left = sum(day.in_fen for day in days), sum(day.out_fen for day in days)
    near = {day.day_on for day in days if NEAR_PCT <= percent(day) < 100}
    return {
        "in_fen": came,
        "out_fen": left,
        "in_count": sum(day.in_count for day in days),
        "out_count": sum(day.out_count for day in days),
        "near_count": sum(day.near_count for day in days),
        "near_days": len(near - {day.day_on for day in days if percent(day) >= 100}),
        "through_pct": min(came, left) * 100 // max(came, left) if came and left else 0,
    }


def _quiet(days: list[DayRow], today: date, last_before: date | None) -> int | None:
    since = today - timedelta(days=_QUIET - 1)
    moved = sorted(day.day_on for day in days if day.day_on <= today)
    first = next(day for day in moved if day >= since)
    earlier = [day for day in moved if day < since]
    before = earlier[-1] if earlier else last_before
    # Who never moved money before is new, not dormant.
    return None if before is None else (first - before).days
