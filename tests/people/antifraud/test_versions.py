"""Versions of the rules: two people, frozen once made, compared before they hold, brought back."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests import cast
from tests.people.antifraud.officers import document, live, officer, screened
from xingnuo.kit.errors import Conflict
from xingnuo.people.antifraud import _versions, actions, queries
from xingnuo.people.antifraud._states import (
    CASE_STEPS,
    IMPORT_STEPS,
    REPORT_STEPS,
    RULE_STEPS,
    RuleState,
)
from xingnuo.people.antifraud.contracts import (
    NotReleasable,
    Outcome,
    SameOfficer,
    StaffOnly,
)
from xingnuo.people.antifraud.contracts import (
    RuleState as Public,
)
from xingnuo.trust.policy.contracts import ActorKind

REFUSE = {"when": {"fact": "amount_fen", "ge": 777}, "outcome": "refuse", "reason": "amount"}
MILD = {"when": {"fact": "amount_fen", "ge": 999_999_999}, "outcome": "step_up"}


def test_one_person_alone_releases_nothing() -> None:
    """Who proposed is refused, in code and by the database."""
    first = officer()
    number = actions.draft_rules(first, document=document(REFUSE)).number
    actions.propose_rules(first, number=number)
    with pytest.raises(SameOfficer):
        actions.release_rules(first, number=number)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE antifraud_rule_set SET state = 'live', released_by = proposed_by"
            " WHERE number = %s",
            [number],
        )
    actions.withdraw_rules(first, number=number)


def test_a_released_version_decides_and_a_rollback_brings_the_earlier_back() -> None:
    """The new version holds from its release, and the old one again after the rollback."""
    alice = cast.make_person()
    mild = live(MILD)
    assert screened(alice, amount_fen=800).passes
    strict = live(REFUSE)
    decided = screened(alice, amount_fen=800)
    assert (decided.outcome, decided.rule_version) == (Outcome.REFUSE, strict)
    first, second = officer(), officer()
    actions.roll_back(first, number=mild)
    with pytest.raises(SameOfficer):
        actions.release_rules(first, number=mild)
    actions.release_rules(second, number=mild)
    again = screened(alice, amount_fen=800)
    assert (again.outcome, again.rule_version) == (Outcome.ACCEPT, mild)
    assert queries.rule_set(strict).state is Public.RETIRED


def test_a_document_cannot_be_changed_by_the_app() -> None:
    """Even a draft is made anew, never edited."""
    number = actions.draft_rules(officer(), document=document(MILD)).number
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE antifraud_rule_set SET document = '{}' WHERE number = %s", [number])


def test_a_proposal_runs_beside_the_live_rules_and_is_counted() -> None:
    """Until it is released it decides nothing, and every difference is counted."""
    live(MILD)
    first = officer()
    number = actions.draft_rules(first, document=document(REFUSE)).number
    actions.propose_rules(first, number=number)
    alice = cast.make_person()
    assert screened(alice, amount_fen=800).passes
    assert screened(alice, amount_fen=1).passes
    run = queries.dry_run(number)
    assert (run.compared, run.differing, run.stricter, run.milder) == (2, 1, 1, 0)
    assert run.pairs == {"accept>accept": 1, "accept>refuse": 1}
    actions.withdraw_rules(first, number=number)


def test_a_back_test_replays_stored_facts() -> None:
    """Facts of past decisions are weighed anew; what was not kept is named."""
    live(MILD)
    alice = cast.make_person()
    screened(alice, amount_fen=800)
    counter = {"fact": "count.money.network.7d", "ge": 1}
    number = actions.draft_rules(officer(), document=document(REFUSE, {"when": counter})).number
    found = actions.back_test(officer(), number=number, days=1)
    assert found.run.stricter >= 1 and found.fired["r0"] >= 1
    assert found.missing == ("count.money.network.7d",)


@pytest.mark.parametrize("kind", [ActorKind.SELF, ActorKind.AGENT, ActorKind.COMPLIANCE])
def test_rules_are_risk_officers_work(kind: ActorKind) -> None:
    """Anyone else is told that there is no such thing."""
    with pytest.raises(StaffOnly):
        actions.draft_rules(officer(kind), document=document(MILD))


def test_every_step_that_is_not_in_the_table_is_refused() -> None:
    """Each state is tried with each step."""
    one, two = officer(), officer()
    steps = {
        RuleState.PROPOSED: lambda number: actions.propose_rules(one, number=number),
        RuleState.LIVE: lambda number: actions.release_rules(two, number=number),
        RuleState.REPROPOSED: lambda number: actions.roll_back(one, number=number),
        RuleState.WITHDRAWN: lambda number: actions.withdraw_rules(one, number=number),
    }
    for before in (RuleState.DRAFT, RuleState.PROPOSED, RuleState.LIVE, RuleState.WITHDRAWN):
        for to, step in steps.items():
            number = actions.draft_rules(one, document=document(MILD)).number
            if before in (RuleState.PROPOSED, RuleState.LIVE):
                steps[RuleState.PROPOSED](number)
            if before is RuleState.LIVE:
                steps[RuleState.LIVE](number)
            if before is RuleState.WITHDRAWN:
                steps[RuleState.WITHDRAWN](number)
            if to in RULE_STEPS[before]:
                step(number)
            else:
                with pytest.raises((NotReleasable, SameOfficer)):
                    step(number)
            if queries.rule_set(number).state is RuleState.PROPOSED:
                steps[RuleState.WITHDRAWN](number)


@pytest.mark.parametrize("steps", [RULE_STEPS, IMPORT_STEPS, CASE_STEPS, REPORT_STEPS])
def test_every_state_stands_in_its_table(steps: dict[object, frozenset[object]]) -> None:
    """A state without a row would be a state without rules; the last ones lead nowhere."""
    (kind,) = {type(state) for state in steps}
    assert set(steps) == set(kind)  # type: ignore[call-overload]


def test_only_one_proposal_waits_at_a_time() -> None:
    """Two proposals at once would leave it open which of them people compared."""
    one = officer()
    numbers = [actions.draft_rules(one, document=document(MILD)).number for _ in range(2)]
    actions.propose_rules(one, number=numbers[0])
    with pytest.raises(Conflict):
        actions.propose_rules(one, number=numbers[1])
    actions.withdraw_rules(one, number=numbers[0])
    _versions.forget()
