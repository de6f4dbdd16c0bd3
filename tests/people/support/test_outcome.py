"""The end of a hand-over: followed by age, told of late, corrected, or proven by two."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import cast
from tests.people.support import cases
from tests.people.support.test_handover import BODY, case_of, complainant, released
from tests.web.test_standing import browser_of
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, NotFound, Unavailable
from xingnuo.partners.regulator import client
from xingnuo.partners.regulator.contracts import Notice, Outcome, Receipt
from xingnuo.people.notices import queries as told
from xingnuo.people.support import _outcome, actions, queries
from xingnuo.people.support.contracts import (
    HAND_STEPS,
    Desk,
    ForbiddenStep,
    HandOver,
    HandState,
    State,
)
from xingnuo.people.support.models import HandOverRow
from xingnuo.trust.gate.contracts import Actor, GateRefusal
from xingnuo.trust.policy.contracts import ActorKind

PENDING = Receipt(outcome=Outcome.PENDING)
ACCEPTED = Receipt(outcome=Outcome.ACCEPTED, reference="R1")
REJECTED = Receipt(outcome=Outcome.REJECTED, reference="R2", reasons=("not_ours", "<b>"))
DUE_ON = date(2026, 12, 4)
CORRECTION = Receipt(
    outcome=Outcome.CORRECTION, reference="R3", reasons=("phone_missing",), due_on=DUE_ON
)


class Silent:
    """A body that says nothing, and counts what it is asked."""

    def __init__(self) -> None:
        self.answer = PENDING
        self.asked: list[str] = []
        self.sent: list[str] = []

    def status(self, key: str) -> Receipt:
        """Say what is on record."""
        self.asked.append(key)
        return self.answer

    def hand_over(self, *_: object, key: str, **__: object) -> Receipt:
        """Take a complaint in, or not."""
        self.sent.append(key)
        return self.answer


@pytest.fixture
def body(monkeypatch: pytest.MonkeyPatch) -> Silent:
    """Put a silent body in the place of the wire."""
    made = Silent()
    monkeypatch.setattr(client, "status", made.status)
    monkeypatch.setattr(client, "hand_over", made.hand_over)
    return made


class Away:
    """A complaint that was handed over, and two of compliance who have to do with it."""

    def __init__(self) -> None:
        self.person = complainant()
        self.case_id, self.first, self.second = case_of(self.person)
        self.made = released(self.case_id, self.first, self.second)

    def carry_out(self) -> HandState:
        """Send, or ask."""
        return actions.carry_out_handover(
            subject_id=self.person.subject_id, handover_id=self.made.id
        )

    def unknown(self) -> None:
        """Send without an answer."""
        with pytest.raises(Unavailable):
            self.carry_out()

    def shown(self) -> HandOver:
        """Give the newest hand-over as the person's page has it."""
        with cast.transaction():
            return queries.handovers(self.person.actor, self.case_id)[-1]

    def case(self) -> State:
        """Say how the case stands."""
        with cast.transaction():
            return queries.ticket(self.person.actor, self.case_id).state

    def take(self, receipt: Receipt) -> HandState:
        """Take a word of the body."""
        with cast.transaction():
            return _outcome.take(self.person.subject_id, self.made.id, receipt)

    def prove(self, who: Actor, **changed: str) -> HandOver:
        """Say by what the end is proven."""
        given = {"outcome": "accepted", "kind": "letter", "reference": "银消保2026-118"}
        with cast.transaction():
            return actions.propose_handover_proof(
                who, case_id=self.case_id, body=BODY, **(given | changed)
            )


def follow(by: timedelta) -> None:
    """Let the clock of the worker come round later."""
    with clock.shifted(by):
        actions.follow_handovers()


@pytest.mark.promise("1.2.15b")
def test_no_number_of_tries_ends_it_and_age_raises_the_alarm(body: Silent) -> None:
    """Thirty silent days are thirty days of asking under one key; the answer still counts then."""
    away = Away()
    away.unknown()
    assert not away.shown().is_late
    for hours in range(6, 30 * 24, 12):
        follow(timedelta(hours=hours))
    assert len(body.asked) >= 30 and set(body.asked) | set(body.sent) == {str(away.made.id)}
    assert away.shown().state is HandState.UNKNOWN and away.shown().is_late
    with cast.transaction():
        listed = [one.id for one in queries.unsettled_handovers(away.second)]
    assert away.made.id in listed
    body.answer = ACCEPTED
    follow(timedelta(days=31))
    assert away.shown().state is HandState.ACCEPTED
    with cast.transaction():
        listed = [one.id for one in queries.unsettled_handovers(away.second)]
        codes = [one.code for one in told.messages(away.person.actor)]
    assert away.made.id not in listed
    assert codes.count("complaint_handed") == 1


def test_it_is_asked_about_ever_more_rarely(body: Silent) -> None:
    """Nothing before its time; a job that was lost is taken up."""
    away = Away()
    follow(timedelta(seconds=1))
    assert body.sent == [str(away.made.id)]
    asked = len(body.asked)
    follow(timedelta(minutes=3))
    assert len(body.asked) == asked
    follow(timedelta(minutes=7))
    assert len(body.asked) == asked + 1
    with clock.shifted(timedelta(days=3)):
        actions.follow_handovers()
        with cast.transaction():
            session.set_subject(away.person.subject_id)
            row = HandOverRow.objects.of(away.person.subject_id).get(id=away.made.id)
        assert row.next_at is not None
        assert timedelta(hours=5) < row.next_at - clock.now() <= _outcome.ASK_MAX


def test_an_erased_person_is_no_fault_of_the_follower(body: Silent) -> None:
    """What is gone between the list and the turn is passed over, and the others have theirs."""
    gone, there = Away(), Away()
    for each in (gone, there):
        each.unknown()
    with cast.transaction():
        session.set_subject(gone.person.subject_id)
        actions.erase(gone.person.subject_id)
    body.answer = ACCEPTED
    with pytest.raises(NotFound):
        gone.carry_out()
    follow(timedelta(hours=1))
    assert there.shown().state is HandState.ACCEPTED


@pytest.mark.promise("1.2.15b")
def test_a_correction_is_no_acceptance(body: Silent) -> None:
    """It comes back to the desk by the body's day; another hand-over by two takes its place."""
    away = Away()
    body.answer = CORRECTION
    assert away.carry_out() is HandState.CORRECTION
    shown = away.shown()
    assert (shown.reasons, shown.answer_by) == (("phone_missing",), DUE_ON)
    with cast.transaction():
        assert queries.ticket(away.person.actor, away.case_id).due_at.date() <= DUE_ON
        assert away.made.id in [one.id for one in queries.unsettled_handovers(away.second)]
    assert away.take(ACCEPTED) is HandState.CORRECTION
    body.answer = ACCEPTED
    again = released(away.case_id, away.first, away.second)
    state = actions.carry_out_handover(subject_id=away.person.subject_id, handover_id=again.id)
    assert state is HandState.ACCEPTED
    with cast.transaction():
        found = queries.handovers(away.person.actor, away.case_id)
    assert {one.id: one.state for one in found} == {
        away.made.id: HandState.CORRECTED,
        again.id: HandState.ACCEPTED,
    }


@pytest.mark.parametrize("receipt", [REJECTED, CORRECTION], ids=["rejected", "correction"])
def test_a_later_word_brings_an_answered_case_back(body: Silent, receipt: Receipt) -> None:
    """Accepted first and answered; then the body thinks otherwise: the desk has it again, once."""
    away = Away()
    body.answer = ACCEPTED
    assert away.carry_out() is HandState.ACCEPTED
    cases.answered(away.case_id, away.first)
    assert away.case() is State.ANSWERED
    for _ in range(2):
        after = away.take(receipt)
    assert after.value == receipt.outcome.value and away.case() is State.REOPENED
    assert "<b>" not in away.shown().reasons
    with cast.transaction():
        codes = [one.code for one in told.messages(away.person.actor)]
    assert codes.count("complaint_handed") == 2


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    words=st.lists(
        st.sampled_from([PENDING, ACCEPTED, REJECTED, CORRECTION]), min_size=1, max_size=6
    )
)
def test_words_in_any_order_lead_along_the_table(body: Silent, words: list[Receipt]) -> None:
    """Whatever comes, late, twice or contrary: only steps of the table, nothing after an end."""
    away = Away()
    away.unknown()
    state = HandState.UNKNOWN
    for word in words:
        after = away.take(word)
        assert after is state or after in HAND_STEPS[state]
        wanted = None if word is PENDING else HandState(word.outcome.value)
        if wanted in HAND_STEPS[state]:
            assert after is wanted
        state = after
    assert away.shown().state is state


@pytest.mark.promise("1.2.15b")
def test_two_people_prove_the_end(body: Silent) -> None:
    """One says by what, another confirms; the one alone cannot, nor can an agent or the table."""
    away = Away()
    away.unknown()
    with pytest.raises(ForbiddenStep), cast.transaction():
        actions.settle_handover_by_proof(away.second, case_id=away.case_id, body=BODY)
    shown = away.prove(away.first)
    assert shown.proof is not None and shown.state is HandState.UNKNOWN
    for act in (actions.settle_handover_by_proof, actions.decline_handover_proof):
        with pytest.raises(ForbiddenStep), cast.transaction():
            act(away.first, case_id=away.case_id, body=BODY)
        with pytest.raises(GateRefusal), cast.transaction():
            act(cases.staff(ActorKind.AGENT, away.case_id), case_id=away.case_id, body=BODY)
    with pytest.raises(IntegrityError), transaction.atomic():
        session.set_subject(away.person.subject_id)
        HandOverRow.objects.of(away.person.subject_id).filter(id=away.made.id).update(
            settled_by=away.first.staff_id
        )
    with cast.transaction():
        declined = actions.decline_handover_proof(away.second, case_id=away.case_id, body=BODY)
    assert declined.proof is None and declined.state is HandState.UNKNOWN
    away.prove(away.first)
    with cast.transaction():
        ended = actions.settle_handover_by_proof(away.second, case_id=away.case_id, body=BODY)
    assert ended.state is HandState.ACCEPTED and ended.reference == "银消保2026-118"
    with pytest.raises(NotFound):
        away.prove(away.first)
    # The body's own later word still counts.
    assert away.take(REJECTED) is HandState.REJECTED


@pytest.mark.parametrize(
    "changed",
    [{"outcome": "unknown"}, {"kind": "gossip"}, {"reference": "abc"}, {"reference": "长" * 65}],
    ids=["outcome", "kind", "short", "long"],
)
def test_a_proof_that_proves_nothing_is_not_taken(body: Silent, changed: dict[str, str]) -> None:
    """Outcome, kind and number are each looked at."""
    away = Away()
    away.unknown()
    with pytest.raises(BadInput) as no:
        away.prove(away.first, **changed)
    assert set(no.value.fields) == set(changed)


def test_staff_have_it_asked_again_and_only_compliance(body: Silent) -> None:
    """The job is put into the queue; who is no compliance, or names another case, is refused."""
    away = Away()
    away.unknown()
    with cast.transaction():
        asked = actions.ask_handover_again(away.second, case_id=away.case_id, body=BODY)
    assert asked.state is HandState.UNKNOWN
    agent = cases.staff(ActorKind.AGENT, away.case_id)
    stranger = cases.staff(ActorKind.COMPLIANCE, ids.uuid7())
    for who in (agent, stranger):
        with pytest.raises(GateRefusal), cast.transaction():
            actions.ask_handover_again(who, case_id=away.case_id, body=BODY)
    with pytest.raises(GateRefusal), cast.transaction():
        queries.unsettled_handovers(agent)


def test_a_notice_of_nobodys_changes_nothing(body: Silent, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that is no hand-over of ours, or no key at all."""
    for key in (str(ids.uuid7()), "not-a-uuid-key"):
        notice = Notice(id="n" * 10, key=key, receipt=ACCEPTED)
        monkeypatch.setattr(client, "receive", lambda *_, one=notice: one)
        assert actions.receive_notice({}, b"") is None


def warned(person: cast.Person) -> list[tuple[str, str]]:
    """Give what closing would end, as the page tells it."""
    with cast.transaction():
        session.set_subject(person.subject_id)
        return [(one.code, one.href) for one in queries.warns(person.subject_id)]


@pytest.mark.promise("5.2.2c")
def test_closing_warns_of_what_runs(body: Silent) -> None:
    """Each open case and each open hand-over with the page where it goes on; another's never."""
    away, bob = Away(), cases.asker()
    away.unknown()
    question = cases.opened(away.person)
    page = f"/support/cases/{away.case_id}/"
    assert sorted(warned(away.person)) == sorted(
        [("case_open", page), ("case_open", f"/support/cases/{question}/"), ("handover_open", page)]
    )
    assert warned(bob) == []
    body.answer = ACCEPTED
    away.carry_out()
    cases.answered(away.case_id, away.first)
    cases.answered(question, cases.taken(question, desk=Desk.TICKETS))
    assert warned(away.person) == []


@pytest.mark.promise("5.2.2c", "1.2.15b")
def test_the_pages_say_it(body: Silent) -> None:
    """The closing page names what runs and still closes; the case page says what the body wants."""
    away = Away()
    body.answer = CORRECTION
    away.carry_out()
    client = browser_of(away.person)
    closing = client.get("/me/settings/privacy/close/").content.decode()
    assert "还没答复的投诉" in closing and "还没结果的投诉" in closing
    assert f"/support/cases/{away.case_id}/" in closing and 'name="sure"' in closing
    page = client.get(f"/support/cases/{away.case_id}/").content.decode()
    assert "2026年12月4日前补正" in page and "phone_missing" not in page
    assert (
        "还没答复"
        not in browser_of(cases.asker()).get("/me/settings/privacy/close/").content.decode()
    )


def staff_words(row: dict[str, Any]) -> set[str]:
    """Give the columns of a row that tell who of staff it was."""
    return {"proof_by", "settled_by", "proposed_by", "released_by"} & set(row)


def test_the_copy_names_no_staff(body: Silent) -> None:
    """Who proved what is the desk's own affair."""
    away = Away()
    away.unknown()
    away.prove(away.first)
    with cast.transaction():
        session.set_subject(away.person.subject_id)
        (row,) = queries.export(away.person.subject_id)["support_handover"]
    assert not staff_words(row) and row["proof_reference"]
