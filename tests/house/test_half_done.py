"""F5: the database fails at the n-th statement, for every n, and nothing is ever half done.

Each action is tried with its first statement failing, then its second, until it succeeds. After
every failure the person stands exactly as before; after the success, exactly as after one action.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from tests import cast
from xingnuo.duties.rights import actions as rights
from xingnuo.kit import ids
from xingnuo.kit.errors import Unavailable
from xingnuo.people.accounts import _sessions
from xingnuo.people.accounts import actions as accounts
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState

STATEMENTS_MAX = 400
# A key is made first, in a database of its own: one that no value uses opens nothing.
UNBOUND = frozenset({"vault_subject_key"})


@dataclass
class FailAt:
    """Fail the n-th statement of a connection."""

    at: int
    seen: int = field(default=0)

    def __call__(self, execute: Any, statement: Any, params: Any, many: bool, context: Any) -> Any:
        """Count one statement, and fail it when it is the one."""
        self.seen += 1
        if self.seen == self.at:
            raise OperationalError("the server closed the connection")
        return execute(statement, params, many, context)


@contextmanager
def failing(at: int) -> Iterator[FailAt]:
    """Let the n-th statement fail; the key store's count too."""
    fault = FailAt(at)
    with connection.execute_wrapper(fault), connections["keys"].execute_wrapper(fault):
        yield fault


def rows_of(person: cast.Person) -> dict[str, int]:
    """Count the person's rows in every table of both databases, and the jobs, past row security."""
    found: dict[str, int] = {}
    for alias in ("owner", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT table_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND column_name = 'subject_id'"
            )
            for (table,) in cursor.fetchall():
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" WHERE subject_id = %s', [person.subject_id]
                )
                found[table] = cursor.fetchone()[0]
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT state FROM gate_subject WHERE subject_id = %s", [person.subject_id])
        (state,) = cursor.fetchone()
    counted = {table: count for table, count in found.items() if table not in UNBOUND}
    return counted | {f"state {state}": 1}


def person_of(name: str) -> cast.Person:
    """Make the person an action is about."""
    person = cast.make_person(state_strength=Strength.REVERIFIED)
    if name in ("correct", "delete", "copy", "close"):
        cast.agree(person, "profile.manage", optional=("nickname",))
        cast.fill(person, "profile.manage", {"nickname": "小爱"})
    if name in ("collect",):
        cast.agree(person, "profile.manage", optional=("email",))
    with transaction.atomic():
        assert person.actor.session_id is not None
        _sessions.begin(
            person.subject_id,
            session_id=person.actor.session_id,
            device_id=ids.uuid7(),
            label="Android · Chrome",
            provider_session="",
        )
    return person


def _consent(person: cast.Person) -> None:
    cast.agree(person, "notices.promotion")


def _accept(person: cast.Person) -> None:
    compiled = policy.in_force()
    with transaction.atomic():
        gate.accept_policy(
            person.actor,
            subject_id=person.subject_id,
            version=compiled.version,
            text_hash=compiled.hash,
        )


def _inside(act: Callable[[cast.Person], Any]) -> Callable[[cast.Person], None]:
    def run(person: cast.Person) -> None:
        with transaction.atomic():
            act(person)

    return run


ACTIONS: dict[str, Callable[[cast.Person], None]] = {
    "consent": _consent,
    "accept": _accept,
    "collect": lambda p: cast.fill(p, "profile.manage", {"email": "a@example.com"}),
    "correct": _inside(
        lambda p: rights.correct(p.actor, subject_id=p.subject_id, values={"nickname": "小贝"})
    ),
    "delete": _inside(
        lambda p: rights.delete_items(p.actor, subject_id=p.subject_id, items=("nickname",))
    ),
    "withdraw": _inside(
        lambda p: rights.withdraw_policy(
            p.actor, subject_id=p.subject_id, text_hash=ids.digest("shown")
        )
    ),
    "close": _inside(lambda p: rights.close(p.actor, subject_id=p.subject_id, key=ids.uuid7())),
    "copy": _inside(lambda p: rights.copy(p.actor, subject_id=p.subject_id)),
    "freeze": _inside(lambda p: accounts.report_misuse(p.actor)),
    "sign out": _inside(lambda p: accounts.sign_out(p.actor)),
    "sign out everywhere": _inside(lambda p: accounts.sign_out_everywhere(p.actor)),
    "sharing": _inside(
        lambda p: gate.set_sharing(
            p.actor, subject_id=p.subject_id, recipient="alipay", stopped=True
        )
    ),
}


@pytest.mark.parametrize("name", ACTIONS)
def test_nothing_is_half_done(name: str) -> None:
    """After each failure as before; after the success as after a single undisturbed action."""
    act = ACTIONS[name]
    undisturbed, person = person_of(name), person_of(name)
    before = rows_of(person)
    assert rows_of(undisturbed) == before
    act(undisturbed)
    expected = rows_of(undisturbed)
    assert expected != before or name == "delete"
    for at in range(1, STATEMENTS_MAX):
        with failing(at) as fault:
            try:
                act(person)
            except (OperationalError, Unavailable):
                left = rows_of(person)
                assert left == before, (at, _differ(before, left))
                continue
        assert fault.seen < at or rows_of(person) == expected, (at, "a failure was swallowed")
        break
    else:
        pytest.fail("the action never succeeded")
    assert at > 2 and rows_of(person) == expected, _differ(expected, rows_of(person))


def _differ(one: dict[str, int], other: dict[str, int]) -> dict[str, tuple[int, int]]:
    return {
        name: (one.get(name, 0), other.get(name, 0))
        for name in one.keys() | other.keys()
        if one.get(name, 0) != other.get(name, 0)
    }


def test_an_erasure_ends_whatever_statement_fails() -> None:
    """The job commits in steps: taken up after each failure, it ends with everything gone."""
    person = person_of("close")
    with transaction.atomic():
        closing = rights.close(person.actor, subject_id=person.subject_id, key=ids.uuid7())
    fails = 0
    for at in range(1, STATEMENTS_MAX):
        with failing(at) as fault:
            try:
                rights.carry_out_erasure(cast.SYSTEM, case_id=closing.case.id)
            except (OperationalError, Unavailable):
                fails += 1
                continue
        assert fault.seen < at
        break
    assert fails > 5
    left = rows_of(person)
    assert left[f"state {SubjectState.ERASED.value}"] == 1
    assert left["vault_value"] == 0 and left["accounts_session"] == 0


def test_an_action_outside_a_transaction_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: an action that commits its first half is seen to be half done."""

    def torn(person: cast.Person) -> None:
        with transaction.atomic():
            gate.set_sharing(
                person.actor, subject_id=person.subject_id, recipient="alipay", stopped=True
            )
        with transaction.atomic():
            accounts.sign_out(person.actor)

    monkeypatch.setitem(ACTIONS, "torn", torn)
    with pytest.raises(AssertionError):
        test_nothing_is_half_done("torn")
