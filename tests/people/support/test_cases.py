"""Cases: every step of the table and no other, once for a key, foreign ones look missing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from tests import cast
from tests.people.support import cases
from tests.pictures import picture
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput, Conflict, NotFound, TooMany
from xingnuo.people.notices import queries as notices
from xingnuo.people.support import _rows, actions, queries
from xingnuo.people.support.contracts import (
    STEPS,
    Act,
    Desk,
    ForbiddenStep,
    Level,
    NeedsProof,
    State,
    TooLong,
)
from xingnuo.people.support.models import CaseRow
from xingnuo.trust.gate.contracts import GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind


def row(case_id: UUID) -> CaseRow:
    """Give a case as it stands."""
    return CaseRow.objects.get(id=case_id)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_a_case_moves_by_the_table_alone(state: State, act: Act) -> None:
    """What the table names happens; every other step is refused and changes nothing."""
    case_id = cases.opened(cases.asker())
    over = state in (State.ANSWERED, State.CLOSED)
    CaseRow.objects.filter(id=case_id).update(state=state.value, taken_by="" if over else "t1")
    to = STEPS.get((state, act))
    with cast.transaction():
        found = row(case_id)
        if to is None:
            with pytest.raises(ForbiddenStep):
                _rows.step(found, act)
        else:
            _rows.step(found, act)
    now = row(case_id)
    assert now.state == (to or state).value
    if now.state in ("answered", "closed"):
        assert now.taken_by == ""


@pytest.mark.promise("9.1")
def test_a_case_from_question_to_end() -> None:
    """Asked, taken, asked back, written, answered with notice, come back, answered, closed."""
    person = cases.asker()
    case_id = cases.opened(person)
    who = cases.taken(case_id)
    with cast.transaction():
        actions.ask(who, case_id=case_id, key=ids.uuid7(), canned="ask_when")
    assert row(case_id).state == "waiting_person" and row(case_id).taken_by == who.staff_id
    with cast.transaction():
        actions.say(person.actor, case_id=case_id, text="上周五", key=ids.uuid7())
    assert row(case_id).state == "waiting_agent"
    cases.answered(case_id, who)
    assert (row(case_id).state, row(case_id).taken_by) == ("answered", "")
    with cast.transaction():
        said = [one.title for one in notices.messages(person.actor)]
    assert said.count("你的问题有回复了") == 2
    with cast.transaction():
        actions.say(person.actor, case_id=case_id, text="还是不对", key=ids.uuid7())
    assert row(case_id).state == "reopened" and row(case_id).next_at is not None
    cases.answered(case_id, cases.taken(case_id))
    with cast.transaction():
        actions.close_own(person.actor, case_id=case_id)
    assert row(case_id).state == "closed"
    with cast.transaction():
        words = [one.text for one in queries.thread(person.actor, case_id)]
    assert words[0] == cases.WORDS and words[-1] == "已经核对，合同为准。" and len(words) == 6


def test_the_same_key_does_nothing_twice() -> None:
    """A repeated submit opens one case, writes one message and answers once."""
    person, key = cases.asker(), ids.uuid7()
    made = set()
    for _ in range(3):
        with cast.transaction():
            made.add(actions.open_case(person.actor, topic_id="product", text=cases.WORDS, key=key))
    (case_id,) = made
    who, again = cases.taken(case_id), ids.uuid7()
    for _ in range(2):
        with cast.transaction():
            actions.say(person.actor, case_id=case_id, text="补充", key=again)
    with cast.transaction():
        actions.answer(who, case_id=case_id, key=ids.uuid7(), text="好的")
    with cast.transaction():
        assert len(queries.thread(person.actor, case_id)) == 3


def test_another_persons_case_looks_missing() -> None:
    """Reading, writing, closing and reopening another's case give what a missing case gives."""
    alice, charlie = cases.asker(), cases.asker()
    case_id = cases.opened(alice)
    me = charlie.actor
    tries: tuple[Callable[[UUID], object], ...] = (
        lambda told: queries.ticket(me, told),
        lambda told: queries.thread(me, told),
        lambda told: queries.file(me, told, ids.uuid7()),
        lambda told: queries.handovers(me, told),
        lambda told: actions.say(me, case_id=told, text="x", key=ids.uuid7()),
        lambda told: actions.send_voice(me, case_id=told, content=cases.WEBM, key=ids.uuid7()),
        lambda told: actions.close_own(me, case_id=told),
        lambda told: actions.reopen_own(me, case_id=told),
    )
    for told in (case_id, ids.uuid7()):
        for act in tries:
            with pytest.raises(NotFound), cast.transaction():
                act(told)
    assert row(case_id).state == "open"


@pytest.mark.parametrize("text", ["", "   ", "长" * 2001, "长" * 10_000])
def test_texts_are_bounded(text: str) -> None:
    """Nothing and ten thousand characters open no case."""
    person = cases.asker()
    with pytest.raises((BadInput, TooLong)), cast.transaction():
        actions.open_case(person.actor, topic_id="product", text=text, key=ids.uuid7())
    assert not CaseRow.objects.filter(subject_id=person.subject_id).exists()


@pytest.mark.promise("1.2.15a", "5.2.1c")
@pytest.mark.parametrize("topic", list(queries.TOPICS))
def test_identity_is_asked_by_what_is_asked_for(topic: str) -> None:
    """A fresh proof is needed for personal topics alone; the others take a person as they came."""
    person = cases.asker(strength=Strength.SIGNED_IN)
    if queries.topic(topic).level is Level.VERIFIED:
        with pytest.raises(NeedsProof):
            cases.opened(person, topic)
    else:
        assert row(cases.opened(person, topic)).topic == topic


@pytest.mark.promise("1.2.15a")
def test_without_consent_nothing_is_taken_and_the_rest_works() -> None:
    """Who did not agree to write is refused here, and may still use the help centre."""
    person = cast.make_person()
    with pytest.raises(GateRefusal) as refused:
        cases.opened(person)
    assert refused.value.reason is Reason.NO_CONSENT
    assert not CaseRow.objects.filter(subject_id=person.subject_id).exists()
    assert queries.search("注销")


@pytest.mark.promise("5.2.1c")
def test_authority_to_act_for_another_is_looked_at_first() -> None:
    """No answer before the review; only the professional team reviews; a no is told as well."""
    person = cases.asker()
    with cast.transaction():
        case_id = actions.open_case(
            person.actor,
            topic_id="rights",
            text="替母亲申请查询副本。",
            key=ids.uuid7(),
            authority=picture(),
        )
    assert row(case_id).desk == "requests" and row(case_id).proof == "waiting"
    who = cases.taken(case_id, desk=Desk.REQUESTS, kind=ActorKind.COMPLIANCE)
    with pytest.raises(ForbiddenStep), cast.transaction():
        actions.answer(who, case_id=case_id, key=ids.uuid7(), text="可以")
    agent = cases.staff(ActorKind.AGENT, case_id, who.staff_id)
    with pytest.raises(GateRefusal), cast.transaction():
        actions.check_authority(agent, case_id=case_id, accept=True)
    with cast.transaction():
        actions.check_authority(who, case_id=case_id, accept=True)
    with pytest.raises(ForbiddenStep), cast.transaction():
        actions.check_authority(who, case_id=case_id, accept=False)
    cases.answered(case_id, who)
    with pytest.raises(BadInput), cast.transaction():
        actions.open_case(
            person.actor, topic_id="product", text="x", key=ids.uuid7(), authority=picture()
        )


def test_a_case_is_one_members_alone() -> None:
    """Two take two cases; nobody takes another's or one that is over."""
    case_id = cases.opened(cases.asker())
    who = cases.taken(case_id)
    with pytest.raises(Conflict), cast.transaction():
        actions.take(Desk.TICKETS, staff_id="t-other", case_id=case_id)
    with pytest.raises(Conflict), cast.transaction():
        actions.give_back(Desk.TICKETS, staff_id="t-other", case_id=case_id)
    with pytest.raises(NotFound), cast.transaction():
        actions.take(Desk.COMPLAINTS, staff_id="t-other", case_id=case_id)
    cases.answered(case_id, who)
    with pytest.raises(Conflict), cast.transaction():
        actions.take(Desk.TICKETS, staff_id=who.staff_id, case_id=case_id)


def test_a_question_is_raised_to_a_complaint_with_the_earlier_clock() -> None:
    """The other desk gets it, nobody holds it, and its end never moves later."""
    case_id = cases.opened(cases.asker(), "payments")
    before = row(case_id).due_at
    who = cases.taken(case_id)
    with cast.transaction():
        actions.raise_to_complaint(who, case_id=case_id)
    now = row(case_id)
    assert (now.kind, now.desk, now.taken_by) == ("complaint", "complaints", "")
    assert now.due_at < before and now.rule == "finance"


def test_staff_close_only_what_nobody_wrote_to() -> None:
    """A case that was never asked about must be answered; the reason is a declared one."""
    case_id = cases.opened(cases.asker())
    who = cases.taken(case_id)
    with pytest.raises(ForbiddenStep), cast.transaction():
        actions.close(who, case_id=case_id, ground="no_reply")
    with cast.transaction():
        actions.ask(who, case_id=case_id, key=ids.uuid7(), text="是哪一天？")
    with pytest.raises(BadInput), cast.transaction():
        actions.close(who, case_id=case_id, ground="whatever")
    with cast.transaction():
        actions.close(who, case_id=case_id, ground="no_reply")
    assert row(case_id).state == "closed"


def test_an_old_case_is_not_opened_again() -> None:
    """After ninety days a new question is asked instead."""
    person = cases.asker()
    case_id = cases.opened(person)
    with cast.transaction():
        actions.close_own(person.actor, case_id=case_id)
    with clock.shifted(timedelta(days=91)), pytest.raises(ForbiddenStep), cast.transaction():
        actions.reopen_own(person.actor, case_id=case_id)
    with cast.transaction():
        actions.reopen_own(person.actor, case_id=case_id)
    assert row(case_id).state == "reopened"


def test_open_cases_of_a_person_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person cannot fill the queue."""
    monkeypatch.setattr("xingnuo.people.support._cases.OPEN_MAX", 2)
    person = cases.asker()
    for _ in range(2):
        cases.opened(person)
    with pytest.raises(TooMany):
        cases.opened(person)


def test_help_is_found_by_words() -> None:
    """Plain words and parts of them find the page; nothing finds nothing."""
    assert queries.search("怎么注销帐号")[0].id == "close-account"
    assert queries.search("盗刷")[0].id == "unknown-transaction"
    assert queries.search("12378")[0].id == "other-bodies"
    assert queries.search("") == () and queries.search("zzzz") == ()
    assert {one.topic for one in queries.ARTICLES.values()} == set(queries.TOPICS)
    with pytest.raises(NotFound):
        queries.article("none")
