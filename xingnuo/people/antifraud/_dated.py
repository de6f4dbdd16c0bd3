"""Clocks and thresholds as dated configuration, each with its source and how sure we are of it.

Marks as in the rule register: P confirmed in primary text, S in a secondary source, R recalled,
D our own design. Where working days are meant, calendar days stand here: the stricter wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from xingnuo.kit import clock
from xingnuo.kit.errors import Unavailable
from xingnuo.people.antifraud._states import CaseKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One value with the days on which it holds."""

    id: str
    value: int
    unit: str  # fen | usd_cent | day | hour
    from_day: date
    source: str
    mark: str
    until_day: date | None = None


_LVT = date(2017, 7, 1)
RULES: tuple[Dated, ...] = (
    Dated(id="large.cash", value=5_000_000, unit="fen", from_day=_LVT, source="LVT 5", mark="S"),
    Dated(
        id="large.entity", value=200_000_000, unit="fen", from_day=_LVT, source="LVT 5", mark="S"
    ),
    Dated(
        id="large.domestic", value=50_000_000, unit="fen", from_day=_LVT, source="LVT 5", mark="S"
    ),
    Dated(
        id="large.abroad", value=20_000_000, unit="fen", from_day=_LVT, source="LVT 5", mark="S"
    ),
    Dated(
        id="large.cash.usd", value=1_000_000, unit="usd_cent", from_day=_LVT, source="LVT 5",
        mark="S",
    ),
    Dated(
        id="large.entity.usd", value=20_000_000, unit="usd_cent", from_day=_LVT, source="LVT 5",
        mark="S",
    ),
    Dated(
        id="large.domestic.usd", value=10_000_000, unit="usd_cent", from_day=_LVT, source="LVT 5",
        mark="S",
    ),
    Dated(
        id="large.abroad.usd", value=1_000_000, unit="usd_cent", from_day=_LVT, source="LVT 5",
        mark="S",
    ),
    Dated(
        id="again.pattern", value=30, unit="day", from_day=_LVT, source="LVT 11", mark="D",
    ),
    Dated(
        id="due.aml_large", value=5, unit="day", from_day=_LVT, source="LVT (≤5 wd)", mark="R"
    ),
    Dated(
        id="due.aml_suspicious", value=5, unit="day", from_day=_LVT, source="LVT (≤5 wd)", mark="R"
    ),
    Dated(
        id="due.sanctions_hit", value=1, unit="day", from_day=date(2025, 1, 1),
        source="AML 40", mark="D",
    ),
    Dated(
        id="due.risk_review", value=24, unit="hour", from_day=date(2022, 12, 1),
        source="ATF 32", mark="D",
    ),
    Dated(
        id="due.objection", value=15, unit="day", from_day=date(2021, 11, 1),
        source="PIPL 24, 50; AML 39", mark="P",
    ),
    Dated(
        id="review.low", value=1095, unit="day", from_day=date(2026, 1, 1), source="CDD", mark="S"
    ),
    Dated(
        id="review.medium", value=730, unit="day", from_day=date(2026, 1, 1),
        source="CDD", mark="S",
    ),
    Dated(
        id="review.high", value=180, unit="day", from_day=date(2026, 1, 1), source="CDD", mark="S"
    ),
    Dated(
        id="review.barred", value=30, unit="day", from_day=date(2026, 1, 1),
        source="AML 40", mark="D",
    ),
)  # fmt: skip


class NoDatedRule(Unavailable):
    """No value is configured for that day, so nothing is guessed."""

    code = "no_dated_rule"


def value(rule_id: str, on: date | None = None) -> Dated:
    """Give the value that holds on a day; raises where none does."""
    day = on or clock.today()
    for rule in RULES:
        until = rule.until_day or date.max
        if rule.id == rule_id and rule.from_day <= day < until:
            return rule
    raise NoDatedRule(rule_id)


def due(kind: CaseKind, since: datetime) -> datetime:
    """Give the instant by which a case is decided."""
    rule = value(f"due.{kind.value}")
    span = timedelta(hours=rule.value) if rule.unit == "hour" else timedelta(days=rule.value)
    return since + span


def review_on(level: str, since: date) -> date:
    """Give the day on which a customer's risk level is looked at again."""
    return since + timedelta(days=value(f"review.{level}").value)
