"""The calendar in force: the shipped tables, and what compliance entered since, newest first."""

from __future__ import annotations

from datetime import date

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.people.support._workdays import YEARS, Workdays
from xingnuo.people.support.contracts import CalendarDay
from xingnuo.people.support.models import DayRow
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind

SOURCE_CHARS_MIN, SOURCE_CHARS_MAX = 6, 120
DAYS_READ_MAX, DAYS_AT_ONCE_MAX = 2_000, 60


def load() -> Workdays:
    """Give the calendar; a year counts as entered once its New Year's Day is."""
    entered: dict[date, bool] = {}
    for row in DayRow.objects.order_by("id")[:DAYS_READ_MAX]:
        entered[row.day] = row.is_worked
    years = frozenset(day.year for day in entered if (day.month, day.day) == (1, 1))
    return Workdays(entered, years)


def enter(
    actor: Actor, *, year: int, off: tuple[date, ...], worked: tuple[date, ...], source: str
) -> int:
    """Enter days of a year with the notice they are from; gives how many.

    Only compliance may. A year without a table must come whole, New Year's Day among its days off.
    """
    if actor.kind is not ActorKind.COMPLIANCE or not actor.staff_id:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose="support.case", actor=actor)
    wrong = _wrong(year, off, worked, source)
    if wrong:
        raise BadInput(wrong)
    now = clock.now()
    rows = [
        DayRow(
            day=day,
            is_worked=is_worked,
            source=source,
            entered_by=actor.staff_id,
            entered_at=now,
        )
        for days, is_worked in ((off, False), (worked, True))
        for day in sorted(days)
    ]
    DayRow.objects.bulk_create(rows)
    return len(rows)


def _wrong(
    year: int, off: tuple[date, ...], worked: tuple[date, ...], source: str
) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if any(day.year != year for day in off):
        wrong["off"] = f"只能填 {year} 年的日子"
    if any(day.year != year for day in worked):
        wrong["worked"] = f"只能填 {year} 年的日子"
    if set(off) & set(worked):
        wrong["worked"] = "同一天不能既放假又上班"
    if not off and not worked:
        wrong["off"] = "至少填一天"
    if len(off) + len(worked) > DAYS_AT_ONCE_MAX:
        wrong["off"] = f"一次最多 {DAYS_AT_ONCE_MAX} 天"
    known = year in YEARS or year in load().years
    if not known and date(year, 1, 1) not in off:
        wrong["off"] = "这一年还没有日历：请一次填全，元旦也要在内"
    if not SOURCE_CHARS_MIN <= len(source) <= SOURCE_CHARS_MAX:
        wrong["source"] = "写明通知的文号或网址"
    return wrong


def entered(limit: int = 120) -> tuple[CalendarDay, ...]:
    """Give the days that were entered, newest first."""
    return tuple(
        CalendarDay(
            day=row.day,
            is_worked=row.is_worked,
            source=row.source,
            entered_by=row.entered_by,
            entered_at=row.entered_at,
        )
        for row in DayRow.objects.order_by("-id")[:limit]
    )
