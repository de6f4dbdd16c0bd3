"""Limits of cards, password, confirmation and debits as dated configuration, each with its source.

Marks as in the rule register: P confirmed in primary text, S in a secondary source, R recalled,
D our own design.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xingnuo.kit import clock
from xingnuo.kit.errors import Unavailable

_FIRST = date(2026, 1, 1)
_NBP_NET = "PBoC〔2015〕43, 11 and 14, re-check"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One value with the days on which it holds."""

    id: str
    value: int
    unit: str  # count | minute | hour | day | fen
    from_day: date = _FIRST
    until_day: date | None = None
    source: str = "design"
    mark: str = "D"


RULES: tuple[Dated, ...] = (
    Dated(id="cards.most", value=10, unit="count"),
    Dated(id="cards.tries_per_day", value=5, unit="count"),
    Dated(id="cards.code_waits", value=24, unit="hour"),
    Dated(id="password.first_wrong", value=3, unit="count"),
    Dated(id="password.first_rest", value=3, unit="hour"),
    Dated(id="password.second_wrong", value=5, unit="count"),
    Dated(id="password.second_rest", value=24, unit="hour"),
    Dated(id="reset.wrong_per_day", value=5, unit="count"),
    Dated(id="reset.open", value=30, unit="minute"),
    Dated(id="confirm.open", value=5, unit="minute"),
    Dated(id="confirm.wrong", value=5, unit="count"),
    Dated(id="confirm.most_open", value=20, unit="count"),
    Dated(id="debit.told_before", value=3, unit="day"),
    # The plan of further tries after a certain decline, in days since the last one.
    Dated(id="debit.retry.1", value=1, unit="day"),
    Dated(id="debit.retry.2", value=3, unit="day"),
    Dated(id="debit.until_most", value=1096, unit="day"),
    Dated(id="debit.limit_most", value=5_000_000, unit="fen"),
    Dated(id="limits.once", value=5_000_000, unit="fen"),
    Dated(id="limits.card_day", value=10_000_000, unit="fen"),
    # Payment accounts: one factor only, and by class of identity (the three classes of 2016).
    Dated(id="limits.password_day", value=500_000, unit="fen", source=_NBP_NET, mark="R"),
    Dated(id="limits.year_class_1", value=100_000, unit="fen", source=_NBP_NET, mark="R"),
    Dated(id="limits.year_class_2", value=10_000_000, unit="fen", source=_NBP_NET, mark="R"),
    Dated(id="limits.year_class_3", value=20_000_000, unit="fen", source=_NBP_NET, mark="R"),
)


class NoDatedRule(Unavailable):
    """No value is configured for that day, so nothing is guessed."""

    code = "no_dated_rule"


def value(rule_id: str, on: date | None = None) -> int:
    """Give the value that holds on a day; raises where none does."""
    found = find(rule_id, on)
    if found is None:
        raise NoDatedRule(rule_id)
    return found


def find(rule_id: str, on: date | None = None) -> int | None:
    """Give the value that holds on a day, or None where no rule says anything."""
    day = on or clock.today()
    for rule in RULES:
        if rule.id == rule_id and rule.from_day <= day < (rule.until_day or date.max):
            return rule.value
    return None
