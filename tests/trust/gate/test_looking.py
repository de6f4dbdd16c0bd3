"""A look: permit, evidence and reading in one, with the same end as one after the other."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection

from tests import cast
from xingnuo.kit import ids
from xingnuo.kit.db import planned, session
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import NotRecorded
from xingnuo.trust.gate import queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength

VALUES = {"nickname": "小爱", "email": "alice@example.com"}
TURNS = planned.PLANNED_AFTER + 3
VIEW = "rights.plain_view"


def make_alice() -> cast.Person:
    """Make a person who keeps two values."""
    alice = cast.make_person()
    cast.agree(alice, "profile.manage", optional=tuple(VALUES))
    cast.fill(alice, "profile.manage", VALUES)
    return alice


def looks_of(person: cast.Person) -> list[tuple[str, ...]]:
    """Give the items of each line about a look at the person."""
    with cast.transaction():
        session.set_subject(person.subject_id)
        found = evidence.of_subject(person.subject_id)
    return [one.items for one in found if one.purpose == VIEW]


def sitting(person: cast.Person, **changes: Any) -> Actor:
    """Give the person as they act in a session of its own."""
    return replace(person.actor, session_id=ids.uuid7(), **changes)


def let_through(execute: Callable[..., Any], *rest: Any) -> Any:
    """Watch a statement, which keeps it on the usual way."""
    return execute(*rest)


@pytest.mark.parametrize("is_watched", [False, True])
@pytest.mark.parametrize("strength", [Strength.SIGNED_IN, Strength.REVERIFIED])
def test_it_shows_and_records_what_a_permit_and_a_reading_do(
    strength: Strength, is_watched: bool
) -> None:
    """Before and after the statements are planned; a line for each session, one within it."""
    alice = make_alice()
    for turn in range(1, TURNS + 1):
        actor = sitting(alice, strength=strength)
        for _ in range(2):
            watched = connection.execute_wrapper(let_through) if is_watched else nullcontext()
            with watched, cast.transaction():
                seen = queries.look(actor, subject_id=alice.subject_id, purpose=VIEW)
        assert len(looks_of(alice)) == turn
    with cast.transaction():
        again = queries.read(cast.permit(replace(alice, actor=actor), VIEW))
    assert seen == again
    assert {one.item for one in seen} >= set(VALUES)
    assert ("alice@example.com" in {one.text for one in seen}) is (strength is Strength.REVERIFIED)


def test_it_refuses_as_a_permit_does() -> None:
    """A stranger, an undeclared item: no line, nothing shown."""
    alice, bob = make_alice(), make_alice()
    for actor, items, reason in (
        (sitting(bob), None, Reason.FOREIGN_SUBJECT),
        (sitting(alice), ("no_such_item",), Reason.UNDECLARED_ITEM),
    ):
        for _ in range(TURNS):
            with cast.transaction():
                queries.look(
                    sitting(bob), subject_id=bob.subject_id, purpose=VIEW, items=("email",)
                )
        with pytest.raises(GateRefusal) as caught, cast.transaction():
            queries.look(actor, subject_id=alice.subject_id, purpose=VIEW, items=items)
        assert caught.value.reason is reason
    assert looks_of(alice) == []
    assert looks_of(bob) == [("email",)] * 2 * TURNS


def test_nothing_is_read_when_its_line_is_refused() -> None:
    """The line goes first: a look that cannot be recorded shows nothing, and leaves nothing."""
    alice = make_alice()
    for channel in ("张三", "h5\0"):
        for _ in range(TURNS):  # a rollback makes the driver forget what it planned
            with cast.transaction():
                queries.look(sitting(alice), subject_id=alice.subject_id, purpose=VIEW)
        with pytest.raises(NotRecorded), cast.transaction():
            actor = sitting(alice, channel=channel)
            queries.look(actor, subject_id=alice.subject_id, purpose=VIEW)
    with cast.transaction():
        queries.look(sitting(alice), subject_id=alice.subject_id, purpose=VIEW)
    assert len(looks_of(alice)) == 2 * TURNS + 1
