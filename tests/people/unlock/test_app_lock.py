"""When a session must unlock: with a way set up, not yet unlocked, or ten minutes unused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests import cast
from tests.people.unlock.members import PASSWORD, Member, make_member, second_session
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock.contracts import Way
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.policy import queries as policy

pytestmark = pytest.mark.promise("1.2.2")


def must(member: Member, seen: str = "") -> bool:
    """Ask as the porch asks: on the role that only reads."""
    current = member.session
    with cast.transaction():
        session.read_only()
        return queries.must_unlock(current, seen=seen)


def test_who_set_no_way_is_never_asked() -> None:
    """The ways are offered, none is forced."""
    alice = make_member()
    assert not must(alice)
    alice.agree(Way.PASSWORD)
    assert not must(alice)


def test_a_way_locks_every_session_that_was_not_unlocked() -> None:
    """The one that set it up has just proved itself; another one must."""
    alice = make_member()
    other = second_session(alice)
    alice.set_password()
    assert not must(alice)
    assert must(other)
    other.attempt(Way.PASSWORD, PASSWORD)
    assert not must(other)


def test_ten_minutes_unused_lock_again() -> None:
    """The stamp of the last use counts, and only the session's own."""
    alice = make_member()
    alice.set_password()
    alice.attempt(Way.PASSWORD, PASSWORD)
    at = clock.now()
    with clock.frozen(at + timedelta(minutes=9)):
        assert not must(alice)
    with clock.frozen(at + timedelta(minutes=11)):
        assert must(alice)
        fresh = accounts.stamp(alice.session_id, at + timedelta(minutes=5))
        assert not must(alice, fresh)
        assert must(alice, accounts.stamp(ids.uuid7(), at + timedelta(minutes=5)))
        assert must(alice, fresh.replace(".", "0.", 1))
        assert must(alice, f"{int(at.timestamp()) + 600}.{'0' * 64}")
        assert must(alice, accounts.stamp(alice.session_id, at))


def test_a_locked_session_stays_locked_however_fresh_its_stamp() -> None:
    """The request that found it idle must not count as use."""
    alice = make_member()
    alice.set_password()
    with cast.transaction():
        actions.lock(alice.session)
    assert must(alice, accounts.stamp(alice.session_id))
    assert alice.session.reverified_until is None


def test_who_withdrew_from_the_policy_is_not_locked_out_by_what_is_not_used_any_more() -> None:
    """After withdrawal the ways rest, and so does the lock that they made."""
    alice = make_member()
    alice.set_password()
    alice.lock()
    assert must(alice)
    with cast.transaction():
        gate.withdraw_policy(
            alice.actor, subject_id=alice.subject_id, text_hash=policy.in_force().hash
        )
    assert not must(alice)
