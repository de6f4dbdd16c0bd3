"""The scope of a case: its taker alone, for its topic alone, until it is answered."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from tests import cast
from tests.people.support import cases
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.people.support import actions, queries
from xingnuo.people.support.contracts import Desk
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Outcome, Reason
from xingnuo.trust.policy.contracts import ActorKind


def person() -> cast.Person:
    """Make a person with a phone, who let the desk see who they are."""
    made = cases.asker()
    cast.fill(made, "accounts.sign_in", {"phone": cast.phone()})
    cast.agree(made, "support.case", optional=("phone", "name", "document_number", "email"))
    cast.agree(made, "support.transactions", optional=("transaction", "transfer", "order"))
    return made


def refused(who: Actor, case_id: UUID) -> set[Reason]:
    """Try everything that a desk can read of a case; gives the reasons of the refusals."""
    found = set()
    for act in (
        lambda: queries.thread_at_desk(who, case_id),
        lambda: queries.read_person(who, case_id),
        lambda: queries.read_transactions(who, case_id),
        lambda: queries.file_at_desk(who, case_id, ids.uuid7()),
        lambda: queries.handovers(who, case_id),
        lambda: actions.answer(who, case_id=case_id, key=ids.uuid7(), text="好"),
        lambda: actions.close(who, case_id=case_id, ground="solved"),
    ):
        with pytest.raises(GateRefusal) as no, cast.transaction():
            act()
        gate.refused(no.value)
        found.add(no.value.reason)
    return found


@pytest.mark.promise("1.2.15a")
def test_a_case_is_open_to_its_taker_alone() -> None:
    """Another agent, another case, no case, a free case, a closed case: nothing is seen."""
    me = person()
    case_id, other = cases.opened(me), cases.opened(person())
    who = cases.taken(case_id)
    taker_of_other = cases.taken(other)
    assert refused(cases.staff(case_id=case_id), case_id) == {Reason.NO_CASE}
    assert refused(replace(taker_of_other, case_id=case_id), case_id) == {Reason.NO_CASE}
    assert refused(taker_of_other, case_id) == {Reason.NO_CASE}
    assert refused(replace(who, case_id=None), case_id) == {Reason.NO_CASE}
    assert refused(replace(who, kind=ActorKind.RISK), case_id) == {Reason.NO_CASE}
    assert refused(who, ids.uuid7()) == {Reason.NO_CASE}
    with cast.transaction():
        assert queries.thread_at_desk(who, case_id)[0].text == cases.WORDS
    cases.answered(case_id, who)
    assert refused(who, case_id) == {Reason.NO_CASE}
    with cast.transaction():
        session.set_subject(me.subject_id)
        told = evidence.of_subject(me.subject_id, limit=200)
    assert sum(line.reason == "no_case" for line in told) >= 7


@pytest.mark.promise("1.2.15a")
@pytest.mark.parametrize(
    ("topic", "items"),
    [
        ("product", set()),
        ("account", set()),  # this person has no account id on record
        ("personal_data", {"phone"}),
    ],
)
def test_the_desk_sees_what_the_topic_needs_and_masked(topic: str, items: set[str]) -> None:
    """A general question shows nothing of who asks; a personal one shows it masked."""
    me = person()
    case_id = cases.opened(me, topic)
    who = cases.taken(case_id)
    with cast.transaction():
        shown = queries.read_person(who, case_id)
    assert {one.item for one in shown} == items
    assert all(one.outcome is Outcome.MASKED and "*" in one.text for one in shown)
    beyond = "email" if topic == "personal_data" else "phone"
    with pytest.raises(GateRefusal) as no, cast.transaction():
        queries.read_person(who, case_id, items=(beyond,))
    assert no.value.reason is Reason.UNDECLARED_ITEM


@pytest.mark.promise("1.2.15a")
def test_transactions_are_looked_up_for_transactions_alone() -> None:
    """A question about payments opens them, with consent; any other is refused and recorded."""
    me = person()
    for topic in ("product", "account", "personal_data"):
        case_id = cases.opened(me, topic)
        with pytest.raises(GateRefusal) as no, cast.transaction():
            queries.read_transactions(cases.taken(case_id), case_id)
        assert no.value.reason is Reason.UNDECLARED_ITEM
        assert no.value.purpose == "support.transactions"
    case_id = cases.opened(me, "payments")
    with cast.transaction():
        assert queries.read_transactions(cases.taken(case_id), case_id) == []
    cases.withdraw(me, "support.transactions")
    case_id = cases.opened(me, "payments")
    with pytest.raises(GateRefusal), cast.transaction():
        queries.read_transactions(cases.taken(case_id), case_id)


@pytest.mark.promise("9.1")
def test_written_requests_are_the_professional_teams() -> None:
    """An agent who takes a written request sees nothing of it."""
    case_id = cases.opened(person(), "rights")
    agent = cases.taken(case_id, desk=Desk.REQUESTS)
    assert Reason.ACTOR_NOT_ALLOWED in refused(agent, case_id)
    with cast.transaction():
        actions.give_back(Desk.REQUESTS, staff_id=agent.staff_id, case_id=case_id)
    who = cases.taken(case_id, desk=Desk.REQUESTS, kind=ActorKind.COMPLIANCE)
    with cast.transaction():
        assert queries.thread_at_desk(who, case_id)


def test_a_look_is_on_the_persons_list() -> None:
    """Reading the words of a case is told to its person, with the case."""
    me = person()
    case_id = cases.opened(me)
    who = cases.taken(case_id)
    with cast.transaction():
        queries.thread_at_desk(who, case_id)
    with cast.transaction():
        session.set_subject(me.subject_id)
        looks = evidence.looked(me.subject_id)
    assert [(one.actor_kind, one.purpose) for one in looks] == [("agent", "support.messages")]


def test_words_of_another_case_stay_shut() -> None:
    """A held case opens its own messages, whatever else the same person wrote."""
    me = person()
    first, second = cases.opened(me, text="第一件"), cases.opened(me, text="第二件")
    who = cases.taken(first)
    with cast.transaction():
        assert [one.text for one in queries.thread_at_desk(who, first)] == ["第一件"]
    assert refused(replace(who, case_id=second), second) == {Reason.NO_CASE}
