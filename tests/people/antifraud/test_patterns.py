"""Patterns over a customer's days: what fires, what rests, and who lets a version in."""

from __future__ import annotations

from typing import Any

import pytest

from tests import cast
from tests.people.antifraud.officers import document, officer
from tests.people.antifraud.test_movements import DAY, NOON, cases, feed, movement
from tests.people.antifraud.test_screening import stored
from xingnuo.kit import clock
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import (
    BadRules,
    Direction,
    Family,
    Movement,
    MovementKind,
    RuleState,
    SameOfficer,
    StaffOnly,
    Verdict,
)
from xingnuo.trust.policy.contracts import ActorKind


def spread(count: int, amount_fen: int, *, days: int = 1, **told: Any) -> list[Movement]:
    """Give movements over the days before noon."""
    return [movement(amount_fen, at=NOON - (n % days) * DAY, **told) for n in range(count)]


PATTERNS: dict[str, tuple[list[Movement], list[Movement]]] = {
    # rule: what fires it, and what stays just below
    "parts_below_limit": (spread(3, 4_900_000, days=2, kind=MovementKind.CASH),
                          spread(2, 4_900_000, days=2, kind=MovementKind.CASH)),
    "days_below_limit": (spread(12, 11_000_000, days=3), spread(8, 11_000_000, days=2)),
    "in_and_out": ([movement(12_000_000, direction=Direction.IN, at=NOON - DAY),
                    *spread(3, 3_700_000)],
                   [movement(12_000_000, direction=Direction.IN, at=NOON - DAY),
                    *spread(3, 3_500_000)]),
    "dormant_then_busy": ([movement(1, at=NOON - 200 * DAY), *spread(5, 2_100_000)],
                          [movement(1, at=NOON - 179 * DAY), *spread(5, 2_100_000)]),
}  # fmt: skip


@pytest.mark.parametrize("rule", sorted(PATTERNS))
def test_a_pattern_fires_and_what_is_below_it_does_not(rule: str) -> None:
    """Structuring, fast in and out, and dormant then busy each open one case of suspicion."""
    alice, bob = cast.make_person(), cast.make_person()
    fires, stays = PATTERNS[rule]
    for person, told in ((alice, fires), (bob, stays)):
        for one in sorted(told, key=lambda one: one.at):
            feed(person, one)
    (case,) = cases(alice, "aml_suspicious")
    (alert,) = stored(alice, "antifraud_aml_alert")
    assert (alert["rule"], alert["case_id"], alert["rule_number"]) == (rule, case["id"], 0)
    assert cases(bob, "aml_suspicious") == []
    compliance = officer(ActorKind.COMPLIANCE)
    with cast.transaction():
        shown = queries.case(compliance, case_id=case["id"])
    assert shown.facts["rule"] == f"0.{rule}" and len(shown.facts) > 3


def test_a_pattern_that_was_looked_at_rests_for_a_while() -> None:
    """It opens no second case while one waits, nor within a month of a decision; then it does."""
    alice = cast.make_person()
    for one in spread(5, 4_900_000, kind=MovementKind.CASH):
        feed(alice, one)
    (case,) = cases(alice, "aml_suspicious")
    with clock.frozen(NOON):
        compliance = officer(ActorKind.COMPLIANCE)
        actions.take(compliance, case_id=case["id"])
        actions.decide(compliance, case_id=case["id"], verdict=Verdict.DECLINED, reason="cleared")
    with clock.frozen(NOON + DAY):
        feed(alice, movement(4_900_000, kind=MovementKind.CASH, at=NOON + DAY))
    assert len(cases(alice, "aml_suspicious")) == 1
    with clock.frozen(NOON + 40 * DAY):
        for _ in range(3):
            feed(alice, movement(4_900_000, kind=MovementKind.CASH, at=NOON + 40 * DAY))
    assert len(cases(alice, "aml_suspicious")) == 2


def test_a_new_customer_is_not_dormant() -> None:
    """Who never moved money before has no silence to look at."""
    alice = cast.make_person()
    for one in spread(5, 2_100_000):
        feed(alice, one)
    assert cases(alice, "aml_suspicious") == []


def patterns(fact: str, least: int) -> str:
    """Write a version of the patterns with one rule."""
    rule = {"when": {"fact": fact, "ge": least}, "reason": "gambling", "outcome": "review"}
    return document(rule, refuse=1_000)


def test_patterns_are_let_in_by_two_of_compliance() -> None:
    """Risk officers neither see nor write them; a version is named in what it finds."""
    first, second = officer(ActorKind.COMPLIANCE), officer(ActorKind.COMPLIANCE)
    told = {"document": patterns("out_count.1d", 2), "family": Family.AML}
    with pytest.raises(StaffOnly):
        actions.draft_rules(officer(), **told)
    number = actions.draft_rules(first, **told).number
    with pytest.raises(StaffOnly):
        actions.propose_rules(officer(), number=number)
    actions.propose_rules(first, number=number)
    with pytest.raises(SameOfficer):
        actions.release_rules(first, number=number)
    assert number not in [each.number for each in queries.rule_sets()]
    with pytest.raises(StaffOnly):
        queries.pattern_sets(officer())
    rules = queries.rule_sets()
    try:
        actions.release_rules(second, number=number)
        assert queries.rule_sets() == rules
        assert queries.pattern_sets(second)[0].state is RuleState.LIVE
        alice = cast.make_person()
        feed(alice, movement(), movement())
        (alert,) = stored(alice, "antifraud_aml_alert")
        assert (alert["rule_number"], alert["typology"]) == (number, "gambling")
    finally:
        back = actions.draft_rules(first, document=_built_in(first), family=Family.AML).number
        actions.propose_rules(first, number=back)
        actions.release_rules(second, number=back)


def _built_in(compliance: Any) -> str:
    return queries.pattern_sets(compliance)[-1].document


@pytest.mark.parametrize(
    "wrong",
    [
        {"when": {"fact": "count.transfer.subject.1h", "ge": 1}, "reason": "gambling"},
        {"when": {"fact": "in_fen.2d", "ge": 1}, "reason": "gambling"},
        {"when": {"fact": "in_fen.1d", "ge": 1}, "reason": "burst"},
        {"when": {"fact": "in_fen.1d", "ge": 1}, "reason": "gambling", "outcome": "refuse"},
        {"when": {"fact": "kind", "eq": "nothing"}, "reason": "gambling"},
    ],
)
def test_a_pattern_speaks_its_own_language(wrong: dict[str, Any]) -> None:
    """Facts of events, unknown windows, reasons of risk and closed doors are no patterns."""
    with pytest.raises(BadRules):
        actions.draft_rules(
            officer(ActorKind.COMPLIANCE), document=document(wrong), family=Family.AML
        )


def test_what_was_fed_is_kept_by_law_and_swept_after_it() -> None:
    """Erasing a person leaves it; ten years later it goes."""
    alice = cast.make_person()
    with clock.frozen(NOON):
        feed(alice, *spread(3, 4_900_000, kind=MovementKind.CASH))
    with cast.transaction():
        actions.erase(alice.subject_id)
    tables = ("antifraud_aml_movement", "antifraud_aml_day", "antifraud_aml_alert")
    assert all(stored(alice, table) for table in tables)
    with clock.frozen(NOON + 3_640 * DAY):
        actions.sweep()
    assert all(stored(alice, table) for table in tables)
    with clock.frozen(NOON + 3_660 * DAY):
        actions.sweep()
    assert not any(stored(alice, table) for table in tables)
