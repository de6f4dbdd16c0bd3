"""Limits of a class II account as dated values, each with its source.

The law limits what goes to and from accounts that are not bound: ten thousand yuan a day and two
hundred thousand a year. To and from the bound card, and into the bank's own products, it sets none.
Marks as in the rule register: R recalled, D our own design.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xingnuo.kit import clock
from xingnuo.kit.errors import Unavailable

_LAW = "PBoC〔2016〕302, re-check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One value in fen with the days on which it holds."""

    id: str
    value: int
    from_day: date
    until_day: date | None = None
    source: str = "design"
    mark: str = "D"


RULES: tuple[Dated, ...] = (
    Dated(id="once", value=5_000_000, from_day=date(2026, 1, 1)),
    Dated(id="spend_day", value=1_000_000, from_day=date(2016, 12, 1), source=_LAW, mark="R"),
    Dated(id="spend_year", value=20_000_000, from_day=date(2016, 12, 1), source=_LAW, mark="R"),
)


class NoDatedRule(Unavailable):
    """No value is configured for that day, so nothing is guessed."""

    code = "no_dated_rule"


def value(rule_id: str, on: date | None = None) -> int:
    """Give the value that holds on a day; raises where none does."""
    day = on or clock.today()
    for rule in RULES:
        if rule.id == rule_id and rule.from_day <= day < (rule.until_day or date.max):
            return rule.value
    raise NoDatedRule(rule_id)
