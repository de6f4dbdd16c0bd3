"""Statements on every request's way: the short way and the usual one come to the same end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, ProgrammingError, connection, connections, transaction

from xingnuo.kit import ids
from xingnuo.kit.db import planned, session
from xingnuo.kit.db.planned import Asked
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.policy.contracts import SubjectState

ENTERED = (
    "SELECT %s::uuid, nullif(current_setting('xn.subject', true), ''),"
    " nullif(current_setting('xn.permit', true), '')"
)
DIVIDED = "SELECT 1 / get_byte(uuid_send(%s::uuid), 0)"
ASKED = "SELECT %s::text, nullif(current_setting('xn.subject', true), '')"


class Watcher:
    """Sees every statement, as a query log or a drill's fault does."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        """Note the statement and let it go on."""
        self.seen.append(sql)
        return execute(sql, *rest)


@pytest.mark.parametrize("is_watched", [False, True])
def test_the_subject_ends_with_its_transaction(is_watched: bool) -> None:
    """Set as the first statement, it holds within, and nothing is left of it after."""
    alice, watcher = ids.uuid7(), Watcher()
    if is_watched:
        with connection.execute_wrapper(watcher):
            within, after = _in_turn(alice)
        assert any(str(alice) in sql for sql in watcher.seen)
        assert ASKED in watcher.seen
    else:
        within, after = _in_turn(alice)
    assert (within, after) == (("a", str(alice)), ("a", None))


def _in_turn(subject_id: Any) -> tuple[Any, Any]:
    for _ in range(planned.PLANNED_AFTER + 2):
        with transaction.atomic():
            session.set_subject(subject_id)
            (within,) = planned.rows(ASKED, ["a"])
    with transaction.atomic():
        (after,) = planned.rows(ASKED, ["a"])
    return within, after


def test_what_follows_the_settings_is_rolled_back_with_them() -> None:
    """The transaction they begin is the one that is undone."""
    alice = ids.uuid7()
    with transaction.atomic():
        session.set_subject(alice)
        gate.open_subject(alice)
        assert queries.state_of(alice) is SubjectState.NEW
        transaction.set_rollback(True)
    with transaction.atomic():
        assert queries.state_of(alice) is None


def test_a_fault_is_told_as_any_other_of_the_database() -> None:
    """Both short ways raise what an ordinary cursor raises, and the connection goes on."""
    for _ in range(2):
        with pytest.raises(ProgrammingError), transaction.atomic():
            planned.settings("SET LOCAL no such thing")
        with pytest.raises(ProgrammingError), transaction.atomic():
            session.set_subject(ids.uuid7())
            planned.rows("SELECT no_such_column FROM gate_subject WHERE id = %s", [ids.uuid7()])
        with transaction.atomic():
            assert planned.rows(ASKED, ["b"]) == [("b", None)]


def test_no_statement_goes_into_a_broken_transaction() -> None:
    """After a fault inside, the rest of the transaction is refused before it is sent."""
    with transaction.atomic():
        with pytest.raises(ProgrammingError), transaction.atomic():
            planned.rows("SELECT no_such FROM gate_subject WHERE id = %s", [ids.uuid7()])
        assert planned.rows(ASKED, ["c"])[0][0] == "c"
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            planned.rows(ASKED, ["d"])


@pytest.mark.parametrize("is_watched", [False, True])
def test_what_is_asked_on_entering_sees_the_subject_set(is_watched: bool) -> None:
    """Settings and questions that travel together give what they give one after the other."""
    asked = ("SELECT state FROM gate_subject WHERE subject_id = %s", f"{ENTERED}, 'second'")
    for _ in range(planned.PLANNED_AFTER + 2):
        alice, permit_id, watcher = ids.uuid7(), ids.uuid7(), Watcher()
        with transaction.atomic():
            gate.open_subject(alice)
        with ExitStack() as watched, transaction.atomic():
            if is_watched:
                watched.enter_context(connection.execute_wrapper(watcher))
            state, named = session.enter(alice, permit_id=permit_id, asked=asked)
        assert state == [(SubjectState.NEW.value,)]
        assert named == [(alice, str(alice), str(permit_id), "second")]
        assert set(asked) <= set(watcher.seen) or not is_watched
        with transaction.atomic():
            assert planned.rows(ENTERED, [alice]) == [(alice, None, None)]


def test_the_subject_entered_is_the_only_one_seen() -> None:
    """Bob, entered by the same connection, does not see Alice; nothing is entered without a way."""
    alice, bob = ids.uuid7(), ids.uuid7()
    one = "SELECT count(*) FROM gate_subject WHERE subject_id <> %s"
    for who in (alice, bob) * planned.PLANNED_AFTER:
        with transaction.atomic():
            session.set_subject(who)
            if who == alice and queries.state_of(alice) is None:
                gate.open_subject(alice)
            assert session.enter(who, permit_id=ids.uuid7(), asked=(one,)) == [[(0,)]]
    with pytest.raises(session.NoTransaction):
        session.enter(alice, permit_id=ids.uuid7(), asked=(one,))


def test_a_question_that_fails_on_entering_fails_the_transaction() -> None:
    """The fault is told as any other, what was set goes with it, and the connection goes on."""
    nobody = UUID(int=7)
    for who in (ids.uuid7(),) * (planned.PLANNED_AFTER + 2) + (nobody,):
        fails = pytest.raises(DataError) if who == nobody else nullcontext()
        with fails, transaction.atomic():
            session.enter(who, permit_id=ids.uuid7(), asked=(ENTERED, DIVIDED, ENTERED))
    with transaction.atomic():
        assert planned.rows(ENTERED, [nobody]) == [(nobody, None, None)]


QUIET = "UPDATE gate_subject SET cause = cause WHERE subject_id = %s"


@pytest.mark.parametrize("is_watched", [False, True])
def test_statements_side_by_side_give_what_each_gives_alone(is_watched: bool) -> None:
    """The first gives its rows in the block, one without rows none; the other is run after it."""
    name = ids.uuid7()
    for first, rows in ((ENTERED, [(name, str(name), None)]), (QUIET, [])):
        for _ in range(planned.PLANNED_AFTER + 2):
            watched = connection.execute_wrapper(Watcher()) if is_watched else nullcontext()
            with watched, transaction.atomic():
                session.set_subject(name)
                with planned.beside(Asked(first, [name]), _naming(name)) as found:
                    assert found == rows
                assert planned.rows(ENTERED, [name]) == [(name, str(name), name.hex)]


def _naming(subject_id: UUID) -> Asked:
    return Asked("SELECT set_config('xn.permit', %s, true)", [subject_id])


@contextmanager
def _plainly() -> Iterator[None]:
    try:
        yield
    except DataError:
        raise KeyError from None


def _warm(name: UUID) -> None:
    # A rollback made the driver forget its plans; these are planned again.
    turn = Asked("SELECT nextval('xn_planned_turns') > 0", [])
    for _ in range(planned.PLANNED_AFTER + 2):
        for one in (Asked(DIVIDED, [name], _plainly), turn, _naming(name)):
            with transaction.atomic():
                session.set_subject(name)
                planned.rows(one.statement, one.values)


def _turn() -> int:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT last_value FROM xn_planned_turns")
        return int(cursor.fetchone()[0])


def test_one_of_two_side_by_side_fails_and_the_connection_goes_on() -> None:
    """Each tells its fault its own way; the other is not run after a first that fails."""
    name, nobody = ids.uuid7(), UUID(int=7)
    turn = Asked("SELECT nextval('xn_planned_turns') > 0", [])
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE SEQUENCE xn_planned_turns; GRANT ALL ON xn_planned_turns TO xn_app")
    try:
        for bad in (nobody, "\0"):
            divided = Asked(DIVIDED, [bad], _plainly)
            _warm(name)
            before = _turn()
            with pytest.raises(KeyError), transaction.atomic():
                session.set_subject(name)
                with planned.beside(divided, turn):
                    raise AssertionError("nothing may be made of a first that fails")
            assert _turn() == before
            _warm(name)
            with pytest.raises(KeyError), transaction.atomic():
                session.set_subject(name)
                with planned.beside(_naming(name), divided) as found:
                    assert found == [(name.hex,)]
            _warm(name)
            with pytest.raises(ZeroDivisionError), transaction.atomic():
                session.set_subject(name)
                with planned.beside(_naming(name), turn):
                    raise ZeroDivisionError
            with transaction.atomic():
                assert planned.rows(ENTERED, [name]) == [(name, None, None)]
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP SEQUENCE xn_planned_turns")
