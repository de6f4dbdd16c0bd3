"""Calls about a case: each side proves itself, five tries, ten minutes, one taker."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests import cast
from tests.people.support import cases
from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import NotFound
from xingnuo.people.support import _calls, actions, queries
from xingnuo.people.support.contracts import Call, Desk, PersonCall
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate.contracts import Actor, GateRefusal


def begun(case_id: UUID, agent: Actor) -> Call:
    """Begin a call."""
    with cast.transaction():
        return actions.begin_call(agent, case_id=case_id)


def heard(person: cast.Person, case_id: UUID) -> PersonCall | None:
    """Give what the person sees."""
    with cast.transaction():
        return queries.call_of(person.actor, case_id)


def tried(case_id: UUID, agent: Actor, typed: str) -> bool:
    """Type a code."""
    with cast.transaction():
        return actions.prove_call(agent, case_id=case_id, typed=typed)


def wrong(own: str) -> str:
    """Give a code that is not the person's."""
    return f"{(int(own) + 1) % 10**6:06d}"


def test_each_side_proves_itself() -> None:
    """The same words on both sides, the person's own on theirs alone; both on record."""
    person = cases.asker()
    case_id = cases.opened(person)
    agent = cases.taken(case_id)
    assert heard(person, case_id) is None
    call = begun(case_id, agent)
    told = heard(person, case_id)
    assert told is not None and told.said_code == call.said_code != told.own_code
    assert told.own_code not in repr(call)
    assert not tried(case_id, agent, wrong(told.own_code))
    assert tried(case_id, agent, told.own_code)
    with cast.transaction():
        at_desk = queries.call_at_desk(agent, case_id)
        session.set_subject(person.subject_id)
        lines = evidence.of_subject(person.subject_id, limit=20)
    assert at_desk is not None and at_desk.is_proven and at_desk.tries_left == 3
    acts = [one.reason for one in lines if one.ref == case_id]
    assert [one for one in acts if "call" in one] == [
        "case.call_proven",
        "case.call_not_proven",
        "case.call_begun",
    ]


def test_the_fifth_wrong_code_ends_the_call() -> None:
    """Whoever guesses begins anew, with other codes."""
    person = cases.asker()
    case_id = cases.opened(person)
    agent = cases.taken(case_id)
    begun(case_id, agent)
    told = heard(person, case_id)
    assert told is not None
    for _ in range(_calls.TRIES_MAX):
        assert not tried(case_id, agent, wrong(told.own_code))
    assert heard(person, case_id) is None
    with pytest.raises(_calls.NoCall):
        tried(case_id, agent, told.own_code)
    begun(case_id, agent)
    again = heard(person, case_id)
    assert again is not None and again.own_code != told.own_code


def test_a_call_ends_with_time_and_with_its_taker() -> None:
    """After ten minutes, or once another has the case, no code is worth anything."""
    person = cases.asker()
    case_id = cases.opened(person)
    agent = cases.taken(case_id)
    begun(case_id, agent)
    told = heard(person, case_id)
    assert told is not None
    with clock.shifted(_calls.CALL_LIFE), pytest.raises(_calls.NoCall):
        tried(case_id, agent, told.own_code)
    with cast.transaction():
        actions.give_back(Desk.TICKETS, staff_id=agent.staff_id, case_id=case_id)
    assert heard(person, case_id) is None
    with clock.shifted(timedelta(seconds=1)):
        peer = cases.taken(case_id)
        with pytest.raises(_calls.NoCall):
            tried(case_id, peer, told.own_code)


def test_who_has_not_the_case_begins_no_call() -> None:
    """Another agent is refused, and another person finds no such case."""
    person, other = cases.asker(), cases.asker()
    case_id = cases.opened(person)
    agent = cases.taken(case_id)
    begun(case_id, agent)
    with pytest.raises(GateRefusal):
        begun(case_id, cases.staff(case_id=case_id))
    with pytest.raises(NotFound):
        heard(other, case_id)
