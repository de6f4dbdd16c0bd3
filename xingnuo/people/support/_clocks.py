"""Clocks of cases: dated rules, the earliest wins, and the steps by which a case rises before it.

WARN_WD and RISE_WD are working days before the end: then the person is told when the answer is
due, and then the case goes to the head of the queue.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

from xingnuo.kit import clock
from xingnuo.people.support._workdays import Workdays, end_of
from xingnuo.people.support.contracts import Urgency

WARN_WD, RISE_WD = 5, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One limit in force from a day; `mark` tells how surely its source is known."""

    id: str
    days: int
    working: bool
    law: str
    mark: str  # P primary text, S secondary source, R recalled
    since: date


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.id: rule
        for rule in (
            Rule(
                id="promise",
                days=15,
                working=True,
                law="《隐私政策》九：十五个工作日内答复",
                mark="P",
                since=date(2023, 3, 3),
            ),
            Rule(
                id="app_service",
                days=15,
                working=True,
                law="工信部信管函〔2023〕26号",
                mark="S",
                since=date(2023, 2, 6),
            ),
            Rule(
                id="pi_report",
                days=15,
                working=True,
                law="《App违法违规收集使用个人信息行为认定方法》六",
                mark="P",
                since=date(2019, 11, 28),
            ),
            Rule(
                id="rights",
                days=30,
                working=False,
                law="GB/T 35273-2020 8.7",
                mark="R",
                since=date(2020, 10, 1),
            ),
            Rule(
                id="finance",
                days=15,
                working=False,
                law="《中国人民银行金融消费者权益保护实施办法》",
                mark="R",
                since=date(2020, 11, 1),
            ),
            Rule(
                id="credit",
                days=20,
                working=False,
                law="《征信业管理条例》第二十五条",
                mark="P",
                since=date(2013, 3, 15),
            ),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Due:
    """When an answer is due, and by which rule."""

    at: datetime
    rule: str


def due(rule_ids: tuple[str, ...], since: datetime, days: Workdays) -> Due:
    """Give the earliest end of several rules that run from an instant.

    Raises `YearMissing` where the calendar does not reach.
    """
    first = clock.beijing(since).date()
    ends = [
        Due(_end(RULES[one], first, days), one) for one in rule_ids if RULES[one].since <= first
    ]
    return min(ends, key=lambda end: end.at)


def _end(rule: Rule, first: date, days: Workdays) -> datetime:
    if rule.working:
        return end_of(days.after(first, rule.days))
    return end_of(first + timedelta(days=rule.days))


def left(due_at: datetime, now: datetime, days: Workdays) -> int:
    """Count the working days to an end; negative past it."""
    return days.between(clock.beijing(now).date(), clock.beijing(due_at).date())


def urgency(due_at: datetime, now: datetime, days: Workdays) -> Urgency:
    """Say how near a case is to its end."""
    if now > due_at:
        return Urgency.LATE
    count = left(due_at, now, days)
    if count <= RISE_WD:
        return Urgency.ESCALATED
    return Urgency.WARNED if count <= WARN_WD else Urgency.CALM


def next_look(due_at: datetime, now: datetime, days: Workdays) -> datetime | None:
    """Give when a case must be looked at again: the next rise, or nothing once it is late."""
    at = urgency(due_at, now, days)
    if at is Urgency.LATE:
        return None
    if at is Urgency.ESCALATED:
        return due_at + timedelta(seconds=1)
    wanted = RISE_WD if at is Urgency.WARNED else WARN_WD
    day = clock.beijing(due_at).date()
    while days.between(day, clock.beijing(due_at).date()) < wanted:
        day -= timedelta(days=1)
    # From the first moment of that day.
    return end_of(day - timedelta(days=1)) + timedelta(seconds=1)
