"""Passwords and gestures: set after a proof, tried one at a time, counted, locked, released."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import cast
from tests.people.unlock.members import PASSWORD, PATTERN, Member, make_member, second_session
from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.people.accounts import _sessions
from xingnuo.people.accounts.contracts import NeedsReverify, NotSignedIn
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock._limits import DIGESTS_KEPT_MAX
from xingnuo.people.unlock.contracts import (
    Act,
    NoSuchWay,
    NotAgreed,
    Outcome,
    State,
    Way,
)
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import SubjectState

SECRETS = {Way.PASSWORD: PASSWORD, Way.PATTERN: PATTERN}
WRONG = {Way.PASSWORD: "tangerine lamp 九月 43", Way.PATTERN: "1234"}


def with_way(way: Way) -> Member:
    """Give a person who set this way, and has locked the app since."""
    alice = make_member()
    (alice.set_password if way is Way.PASSWORD else alice.set_pattern)()
    alice.lock()
    return alice


def shown(member: Member, way: Way) -> queries.WayShown:
    """Give a way as its person sees it."""
    with cast.transaction():
        return queries.one(member.actor, way=way)


def prove_at_provider(member: Member) -> None:
    """Do what the accounts room does after a trip with a fresh sign-in at the provider."""
    with cast.transaction():
        raised = _sessions.raise_strength(member.session, Strength.REVERIFIED)
        gate.record(
            member.actor,
            subject_id=member.subject_id,
            kind=Kind.UNLOCK,
            reason="reverified.account",
            ref=raised.id,
        )


@pytest.mark.promise("1.2.2")
@pytest.mark.parametrize("way", SECRETS)
def test_a_right_secret_unlocks(way: Way) -> None:
    """The session is unlocked and its token is new; a re-verification is asked for by name."""
    alice = with_way(way)
    old = alice.token
    assert alice.session.strength is Strength.SIGNED_IN
    verdict = alice.attempt(way, SECRETS[way])
    assert verdict.outcome is Outcome.RIGHT
    assert alice.session.strength is Strength.UNLOCKED and alice.session.unlocked_at
    assert alice.token != old
    with cast.transaction():
        assert queries.accounts.resolve(old) is None
    alice.attempt(way, SECRETS[way], Act.REVERIFY)
    assert alice.session.strength is Strength.REVERIFIED
    with clock.shifted(timedelta(minutes=5, seconds=1)):
        assert alice.session.strength is Strength.UNLOCKED


@pytest.mark.parametrize("way", SECRETS)
def test_a_wrong_secret_unlocks_nothing(way: Way) -> None:
    """The count is told in plain numbers, and stands in the record without what was typed."""
    alice = with_way(way)
    for count in range(1, 5):
        verdict = alice.attempt(way, WRONG[way])
        assert (verdict.outcome, verdict.wrong_count) == (Outcome.WRONG, count)
        assert verdict.wait_seconds == 0 and not verdict.token
    assert alice.session.strength is Strength.SIGNED_IN
    with cast.transaction():
        session.set_subject(alice.subject_id)
        entries = evidence.of_subject(alice.subject_id, kinds=[Kind.ACCESS_DENIED])
    assert [entry.reason for entry in entries] == ["unlock.wrong"] * 4
    assert {entry.purpose for entry in entries} == {way.purpose}


@pytest.mark.promise("1.2.2")
@pytest.mark.parametrize("way", SECRETS)
def test_ten_wrong_tries_lock_the_way_until_a_proof_at_the_provider(way: Way) -> None:
    """Waiting doubles from the fifth, right secrets wait too, and the tenth ends it."""
    alice = with_way(way)
    at = clock.now()
    for count in range(1, 11):
        with clock.frozen(at):
            verdict = alice.attempt(way, WRONG[way])
            assert verdict.wrong_count == count
            if verdict.wait_seconds:
                assert verdict.wait_seconds == 30 << (count - 5)
                early = alice.attempt(way, SECRETS[way])
                assert early.outcome is Outcome.WAIT and early.wait_seconds == verdict.wait_seconds
                at += timedelta(seconds=verdict.wait_seconds)
    assert verdict.outcome is Outcome.LOCKED
    with clock.frozen(at + timedelta(days=20)):
        assert shown(alice, way).state is State.LOCKED
        assert alice.attempt(way, SECRETS[way]).outcome is Outcome.LOCKED
        # A new sign-in, or a proof by another way, does not open it.
        alice.prove()
        assert alice.attempt(way, SECRETS[way]).outcome is Outcome.LOCKED
        prove_at_provider(alice)
        assert shown(alice, way).state is State.ACTIVE and shown(alice, way).wrong_count == 0
        assert alice.attempt(way, WRONG[way]).wrong_count == 1
        assert alice.attempt(way, SECRETS[way]).outcome is Outcome.RIGHT


def test_a_right_try_clears_the_count_and_waiting_does_not() -> None:
    """Four wrong, a right one, and four more cost nothing; five and a wait leave five."""
    alice = with_way(Way.PASSWORD)
    for _ in range(2):
        for _ in range(4):
            assert alice.attempt(Way.PASSWORD, WRONG[Way.PASSWORD]).wait_seconds == 0
        assert alice.attempt(Way.PASSWORD, PASSWORD).outcome is Outcome.RIGHT
    for _ in range(5):
        alice.attempt(Way.PASSWORD, WRONG[Way.PASSWORD])
    with clock.shifted(timedelta(hours=5)):
        assert alice.attempt(Way.PASSWORD, WRONG[Way.PASSWORD]).wrong_count == 6


def test_each_way_counts_alone() -> None:
    """A locked password leaves the gesture as it is: the ways are equal and apart."""
    alice = with_way(Way.PASSWORD)
    alice.set_pattern()
    alice.lock()
    for _ in range(5):
        alice.attempt(Way.PASSWORD, WRONG[Way.PASSWORD])
    assert alice.attempt(Way.PASSWORD, PASSWORD).outcome is Outcome.WAIT
    assert alice.attempt(Way.PATTERN, PATTERN).outcome is Outcome.RIGHT


def test_another_session_of_the_person_meets_the_same_count() -> None:
    """Signing in again does not buy five further tries."""
    alice = with_way(Way.PASSWORD)
    for _ in range(5):
        alice.attempt(Way.PASSWORD, WRONG[Way.PASSWORD])
    assert second_session(alice).attempt(Way.PASSWORD, PASSWORD).outcome is Outcome.WAIT


def test_who_has_no_such_way_is_answered_like_a_first_wrong_try() -> None:
    """The answer does not tell whether a password is set."""
    alice, charlie = with_way(Way.PASSWORD), make_member()
    there = alice.attempt(Way.PASSWORD, WRONG[Way.PASSWORD])
    nowhere = charlie.attempt(Way.PASSWORD, WRONG[Way.PASSWORD])
    assert there == nowhere


def test_a_gesture_drawn_otherwise_is_another_gesture() -> None:
    """The same dots in another order do not open, the same path typed with jumps does."""
    alice = make_member()
    alice.set_pattern("1236987")
    assert alice.attempt(Way.PATTERN, "1397").outcome is Outcome.RIGHT
    assert alice.attempt(Way.PATTERN, "7896321").outcome is Outcome.WRONG


@pytest.mark.promise("1.2.2")
@pytest.mark.parametrize("way", SECRETS)
def test_nothing_is_set_without_consent_or_proof(way: Way) -> None:
    """Consent first, then a proof of minutes ago; neither alone suffices."""
    alice = make_member()
    set_it = {
        Way.PASSWORD: lambda: actions.set_password(alice.actor, typed=PASSWORD),
        Way.PATTERN: lambda: actions.set_pattern(alice.actor, typed=PATTERN),
    }[way]
    alice.prove()
    with pytest.raises(NotAgreed), cast.transaction():
        set_it()
    alice.lock()
    alice.agree(way)
    with pytest.raises(NeedsReverify), cast.transaction():
        set_it()
    assert shown(alice, way).state is State.OFF


@pytest.mark.promise("4.2")
def test_a_password_of_ones_own_words_is_refused() -> None:
    """One's phone number and nickname are read under their own purposes, and compared."""
    alice = make_member()
    values = {"phone": "13912345678", "nickname": "晴天娃娃"}
    cast.fill(alice.person, "accounts.sign_in", values)
    alice.agree(Way.PASSWORD)
    alice.prove()
    for typed in ("river 345678 stone", "晴天娃娃在唱歌呢", "xingnuo river stone", "Password2026"):
        with pytest.raises(BadInput), cast.transaction():
            actions.set_password(alice.actor, typed=typed)
    assert shown(alice, Way.PASSWORD).state is State.OFF


@pytest.mark.promise("4.2")
def test_a_password_used_before_is_refused() -> None:
    """The one in use and the three before it; an older one may come back."""
    alice = make_member()
    made = [f"tangerine lamp 九月 {n}{n + 3}" for n in range(DIGESTS_KEPT_MAX + 1)]
    for typed in made:
        alice.set_password(typed)
    for typed in made[1:]:
        with pytest.raises(BadInput) as refused:
            alice.set_password(typed)
        assert "用过" in refused.value.fields["password"]
    alice.set_password(made[0])
    assert alice.attempt(Way.PASSWORD, made[0]).outcome is Outcome.RIGHT
    assert alice.attempt(Way.PASSWORD, made[-1]).outcome is Outcome.WRONG


def test_changing_takes_the_place_of_the_old_one() -> None:
    """Also of a locked one: who proves themselves may set a new secret."""
    alice = with_way(Way.PATTERN)
    at = clock.now()
    for _ in range(10):
        with clock.frozen(at):
            at += timedelta(seconds=alice.attempt(Way.PATTERN, "1234").wait_seconds)
    assert shown(alice, Way.PATTERN).state is State.LOCKED
    alice.set_pattern("321456")
    assert shown(alice, Way.PATTERN).state is State.ACTIVE
    alice.lock()
    assert alice.attempt(Way.PATTERN, PATTERN).outcome is Outcome.WRONG
    assert alice.attempt(Way.PATTERN, "321456").outcome is Outcome.RIGHT


@pytest.mark.promise("1.2.2")
@pytest.mark.parametrize("way", SECRETS)
def test_switching_off_deletes_and_withdraws(way: Way) -> None:
    """Nothing of it opens any more, and the consent is taken back with it."""
    alice = with_way(way)
    with pytest.raises(NeedsReverify), cast.transaction():
        actions.switch_off(alice.actor, way=way)
    alice.prove()
    with cast.transaction():
        actions.switch_off(alice.actor, way=way)
        assert not queries.is_agreed(alice.actor, way=way)
        rows = queries.export(alice.subject_id)
    assert rows["unlock_way"] == [] and rows["unlock_digest"] == []
    assert shown(alice, way).state is State.OFF
    assert alice.attempt(way, SECRETS[way]).outcome is Outcome.WRONG
    with pytest.raises(NoSuchWay), cast.transaction():
        actions.switch_off(alice.actor, way=way)


def test_consent_taken_back_elsewhere_ends_the_way() -> None:
    """授权管理 is enough: the way opens nothing from the next try, and its digest goes."""
    alice = with_way(Way.PASSWORD)
    with cast.transaction():
        gate.decide(
            alice.actor,
            subject_id=alice.subject_id,
            scope=cast.Scope(purpose="unlock.password"),
            decision=cast.Decision.WITHDRAW,
            text_hash=gate_queries.sheet("unlock.password").text_hash,
        )
    assert shown(alice, Way.PASSWORD).state is State.OFF
    with cast.transaction():
        assert not queries.must_unlock(alice.session)
    assert alice.attempt(Way.PASSWORD, PASSWORD).outcome is Outcome.WRONG
    with cast.transaction():
        assert queries.export(alice.subject_id)["unlock_digest"] == []
        assert queries.export(alice.subject_id)["unlock_way"] == []


def test_a_frozen_person_proves_themselves_at_the_provider_alone() -> None:
    """The ways rest, the app stays locked, and the refusal says why."""
    alice = with_way(Way.PASSWORD)
    with cast.transaction():
        gate.change_state(
            alice.actor, subject_id=alice.subject_id, to=SubjectState.FROZEN, cause="test"
        )
    with pytest.raises(GateRefusal) as refused:
        alice.attempt(Way.PASSWORD, PASSWORD)
    assert refused.value.reason is Reason.FROZEN
    with cast.transaction():
        assert queries.must_unlock(alice.session)
        assert queries.usable(alice.actor) == ()


def test_the_chosen_way_comes_first() -> None:
    """The newest is chosen until the person chooses; being equal, any can be."""
    alice = make_member()
    alice.set_password()
    alice.set_pattern()
    with cast.transaction():
        assert [one.way for one in queries.usable(alice.actor)] == [Way.PATTERN, Way.PASSWORD]
        actions.choose(alice.actor, way=Way.PASSWORD)
        assert [one.way for one in queries.usable(alice.actor)] == [Way.PASSWORD, Way.PATTERN]
        assert queries.ways(alice.actor)[0].is_chosen
        with pytest.raises(NoSuchWay):
            actions.choose(alice.actor, way=Way.BIOMETRIC)


def test_nobody_else_reaches_a_persons_way() -> None:
    """Charlie's tries meet Charlie's ways; who is not signed in meets none."""
    alice, charlie = with_way(Way.PASSWORD), make_member()
    assert charlie.attempt(Way.PASSWORD, PASSWORD).outcome is Outcome.WRONG
    assert shown(alice, Way.PASSWORD).wrong_count == 0
    nobody = replace(charlie.actor, subject_id=None)
    with pytest.raises(NotSignedIn):
        actions.try_secret(nobody, current=charlie.session, way=Way.PASSWORD, typed=PASSWORD)
    # A forged actor for Alice with Charlie's session changes neither session.
    forged = replace(alice.actor, strength=Strength.REVERIFIED)
    before = alice.session
    charlie_before = charlie.session
    actions.try_secret(forged, current=before, way=Way.PASSWORD, typed=WRONG[Way.PASSWORD])
    assert alice.session == before and charlie.session == charlie_before
