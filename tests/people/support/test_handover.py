"""Hand-overs: two people, one law, one sending, on the person's list; unknown until proven."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from tests.outside import Outside
from tests.people.support import cases
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict, NotFound, Unavailable
from xingnuo.partners.regulator import client
from xingnuo.partners.regulator.contracts import Outcome, Receipt
from xingnuo.people.support import _handover, actions, queries
from xingnuo.people.support.contracts import (
    FORBIDDEN,
    HAND_STEPS,
    BeyondLaw,
    Desk,
    ForbiddenStep,
    HandOver,
    HandState,
)
from xingnuo.people.support.models import HandOverRow
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate.contracts import Actor, GateRefusal
from xingnuo.trust.policy.contracts import ActorKind

BODY = "consumer_body"


def complainant() -> cast.Person:
    """Make a person with a name and a phone, who complains."""
    made = cases.asker()
    cast.fill(made, "accounts.sign_in", {"phone": cast.phone()})
    cast.agree(made, "profile.manage", optional=("name",))
    cast.fill(made, "profile.manage", {"name": "欧阳明月"})
    return made


def case_of(person: cast.Person, topic: str = "finance_complaint") -> tuple[UUID, Actor, Actor]:
    """Open a complaint; gives it with who has it and a second member of compliance."""
    case_id = cases.opened(person, topic)
    who = cases.taken(case_id, desk=Desk.COMPLAINTS, kind=ActorKind.COMPLIANCE)
    return case_id, who, cases.staff(ActorKind.COMPLIANCE, case_id)


def proposed(case_id: UUID, who: Actor) -> HandOver:
    """Propose to hand a complaint over."""
    with cast.transaction():
        return actions.propose_handover(who, case_id=case_id, body=BODY, ground="person_asked")


def released(case_id: UUID, who: Actor, second: Actor) -> HandOver:
    """Propose and release."""
    proposed(case_id, who)
    with cast.transaction():
        return actions.release_handover(second, case_id=case_id, body=BODY)


def shares(person: cast.Person) -> list[tuple[str, tuple[str, ...]]]:
    """Give what the record says was shared about a person."""
    with cast.transaction():
        session.set_subject(person.subject_id)
        lines = evidence.of_subject(person.subject_id, kinds=(Evidence.SHARE,), limit=50)
    return [(line.recipient, tuple(sorted(line.items))) for line in lines]


@pytest.mark.promise("1.2.15b")
def test_a_complaint_is_handed_over_by_two_and_shown(outside: Outside) -> None:
    """Name, contact and content reach the body once, on record, and the person sees the law."""
    person = complainant()
    case_id, who, second = case_of(person)
    made = released(case_id, who, second)
    assert shares(person) == []
    for _ in range(2):
        state = actions.carry_out_handover(subject_id=person.subject_id, handover_id=made.id)
        assert state is HandState.ACCEPTED
    assert shares(person) == [(BODY, ("complaint_content", "name", "phone"))]
    with cast.transaction():
        (shown,) = queries.handovers(person.actor, case_id)
    assert shown.state is HandState.ACCEPTED and shown.reference and "第四十条" in shown.law


@pytest.mark.promise("1.2.15b")
def test_one_person_alone_hands_nothing_over() -> None:
    """Who proposed it cannot release it, by the action and by the table; agents can do neither."""
    person = complainant()
    case_id, who, second = case_of(person)
    made = proposed(case_id, who)
    with pytest.raises(ForbiddenStep), cast.transaction():
        actions.release_handover(who, case_id=case_id, body=BODY)
    with pytest.raises(ForbiddenStep), cast.transaction():
        actions.decline_handover(who, case_id=case_id, body=BODY)
    agent = cases.staff(ActorKind.AGENT, case_id, who.staff_id)
    with pytest.raises(GateRefusal), cast.transaction():
        actions.propose_handover(agent, case_id=case_id, body=BODY, ground="person_asked")
    with pytest.raises(GateRefusal), cast.transaction():
        actions.release_handover(cases.staff(ActorKind.AGENT, case_id), case_id=case_id, body=BODY)
    with pytest.raises(IntegrityError), transaction.atomic():
        session.set_subject(person.subject_id)
        HandOverRow.objects.of(person.subject_id).filter(id=made.id).update(
            released_by=who.staff_id
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        session.set_subject(person.subject_id)
        HandOverRow.objects.of(person.subject_id).filter(id=made.id).update(state="accepted")
    with cast.transaction():
        assert actions.decline_handover(second, case_id=case_id, body=BODY).state is (
            HandState.DECLINED
        )
    with pytest.raises(NotFound), cast.transaction():
        actions.release_handover(second, case_id=case_id, body=BODY)
    assert shares(person) == []


@pytest.mark.promise("1.2.15b")
@pytest.mark.parametrize("bar", list(FORBIDDEN))
def test_what_the_law_forbids_goes_nowhere(bar: str) -> None:
    """Each reason of the law stops the hand-over before anything is proposed."""
    person = complainant()
    case_id, who, _ = case_of(person)
    with pytest.raises(BeyondLaw) as no, cast.transaction():
        actions.propose_handover(who, case_id=case_id, body=BODY, ground="person_asked", bar=bar)
    assert no.value.message_text == FORBIDDEN[bar]
    with cast.transaction():
        assert queries.handovers(person.actor, case_id) == ()


def test_only_complaints_once_to_known_bodies_on_known_grounds() -> None:
    """Another kind, body or ground, a second time and another's case are refused."""
    person = complainant()
    case_id, who, _ = case_of(person)
    for body, ground in (("press", "person_asked"), (BODY, "because")):
        with pytest.raises(BadInput), cast.transaction():
            actions.propose_handover(who, case_id=case_id, body=body, ground=ground)
    proposed(case_id, who)
    with pytest.raises(Conflict):
        proposed(case_id, who)
    report, reporter, _ = case_of(person, "privacy_report")
    with pytest.raises(ForbiddenStep):
        proposed(report, reporter)
    with pytest.raises(GateRefusal):
        proposed(case_id, cases.staff(ActorKind.COMPLIANCE, case_id))


def test_an_unknown_outcome_stays_unknown(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without an answer the hand-over waits; the next try asks first and sends under its key."""
    person = complainant()
    case_id, who, second = case_of(person)
    made = released(case_id, who, second)
    sent: list[str] = []
    pending = Receipt(outcome=Outcome.PENDING)

    def lost(*_: object, key: str, **__: object) -> Receipt:
        sent.append(key)
        return pending

    monkeypatch.setattr(client, "hand_over", lost)
    monkeypatch.setattr(client, "status", lambda _: pending)
    for _ in range(2):
        with pytest.raises(Unavailable):
            actions.carry_out_handover(subject_id=person.subject_id, handover_id=made.id)
    with cast.transaction():
        (shown,) = queries.handovers(person.actor, case_id)
    assert shown.state is HandState.UNKNOWN and set(sent) == {str(made.id)}
    good = Receipt(outcome=Outcome.ACCEPTED, reference="R1")
    monkeypatch.setattr(client, "status", lambda _: good)
    state = actions.carry_out_handover(subject_id=person.subject_id, handover_id=made.id)
    assert state is HandState.ACCEPTED and len(sent) == 2


@pytest.mark.parametrize("before", list(HandState))
@pytest.mark.parametrize("to", list(HandState))
def test_a_handover_moves_by_the_table_alone(before: HandState, to: HandState) -> None:
    """Every step that the table does not name is refused."""
    found = HandOverRow(id=ids.uuid7(), subject_id=ids.uuid7(), state=before.value, proposed_by="a")
    if to in HAND_STEPS[before]:
        found.save = lambda *_, **__: None  # type: ignore[method-assign]
        assert _handover.move(found, to).state == to.value
    else:
        with pytest.raises(ForbiddenStep):
            _handover.move(found, to)
