"""Sessions and devices: how long they live, who ends them, and what is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connections, transaction

from tests.outside import Outside
from tests.people.accounts.walk import Signed, actor_of, begin, caller, finish, resolve, sign_in
from xingnuo.kit import clock, ids
from xingnuo.kit.db.session import read_only
from xingnuo.kit.errors import NotFound
from xingnuo.people.accounts import actions, queries
from xingnuo.people.accounts._limits import IDLE_SECONDS, SESSION_SECONDS, SESSIONS_MAX
from xingnuo.people.accounts.contracts import (
    NeedsReverify,
    NotSamePerson,
    NotSignedIn,
    Session,
)
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices import queries as told
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import SubjectState


def fresh(signed: Signed) -> Session:
    """Give the session as it is now, with a stamp of now."""
    session = resolve(signed.entered.token, queries.stamp(signed.entered.session.id))
    assert session is not None
    return session


def test_a_session_resolves_on_the_reading_role(outside: Outside) -> None:
    """A safe method needs no right to write."""
    alice = sign_in(outside)
    with transaction.atomic():
        read_only()
        assert queries.resolve(alice.entered.token) is not None
        assert len(queries.account(alice.actor).sessions) == 1


def test_an_idle_session_is_over(outside: Outside) -> None:
    """Half an hour without use ends it; a stamp of a minute ago keeps it."""
    alice = sign_in(outside)
    token, session_id = alice.entered.token, alice.entered.session.id
    begun = clock.now()
    with clock.shifted(timedelta(seconds=IDLE_SECONDS + 60)):
        assert resolve(token) is None
        assert resolve(token, queries.stamp(session_id)) is not None
        old = f"{int(begun.timestamp())}.{'0' * 64}"
        assert resolve(token, old) is None
        assert resolve(token, queries.stamp(ids.uuid7())) is None
        forged = queries.stamp(session_id).replace(".", "9.", 1)
        assert resolve(token, forged) is None


def test_a_stamp_is_renewed_once_a_minute(outside: Outside) -> None:
    """A young stamp is left alone, an old or foreign one is not."""
    session_id = ids.uuid7()
    stamp = queries.stamp(session_id)
    assert not queries.is_stale(session_id, stamp)
    assert queries.is_stale(session_id, "") and queries.is_stale(ids.uuid7(), stamp)
    with clock.shifted(timedelta(seconds=61)):
        assert queries.is_stale(session_id, stamp)


def test_a_session_lives_thirty_days_at_most(outside: Outside) -> None:
    """However often it is used."""
    alice = sign_in(outside)
    with clock.shifted(timedelta(seconds=SESSION_SECONDS + 1)):
        assert resolve(alice.entered.token, queries.stamp(alice.entered.session.id)) is None


def test_strength_rises_and_falls_by_itself(outside: Outside) -> None:
    """A re-verification lasts five minutes; unlocked is what remains."""
    alice = sign_in(outside)
    with transaction.atomic():
        raised = actions.raise_strength(alice.entered.session, Strength.REVERIFIED)
    assert raised.strength is Strength.REVERIFIED
    assert fresh(alice).strength is Strength.REVERIFIED
    with clock.shifted(timedelta(seconds=301)):
        assert fresh(alice).strength is Strength.UNLOCKED
    with transaction.atomic():
        actions.lock(raised)
    assert fresh(alice).strength is Strength.SIGNED_IN


def test_nobody_strengthens_a_session_that_has_ended(outside: Outside) -> None:
    """The row is looked at anew."""
    alice = sign_in(outside)
    with transaction.atomic():
        actions.sign_out(alice.actor)
    for act in (actions.rotate, actions.lock):
        with pytest.raises(NotSignedIn), transaction.atomic():
            act(alice.entered.session)
    with pytest.raises(NotSignedIn), transaction.atomic():
        actions.raise_strength(alice.entered.session, Strength.REVERIFIED)


def test_a_rotated_token_replaces_the_old_one(outside: Outside) -> None:
    """The session goes on under the new token alone."""
    alice = sign_in(outside)
    with transaction.atomic():
        token = actions.rotate(alice.entered.session)
    assert resolve(alice.entered.token) is None
    assert resolve(token) is not None


@pytest.mark.promise("5.1.6")
def test_signing_out_ends_the_session_at_once(outside: Outside) -> None:
    """The next request acts no more; other sessions go on."""
    alice = sign_in(outside)
    other = sign_in(outside, sub=alice.sub)
    with transaction.atomic():
        actions.sign_out(alice.actor)
    assert resolve(alice.entered.token) is None
    assert resolve(other.entered.token) is not None


@pytest.mark.promise("4.2")
def test_one_others_and_everywhere(outside: Outside) -> None:
    """A person ends one session, all others, or all of them."""
    alice = sign_in(outside)
    second, third = (sign_in(outside, sub=alice.sub) for _ in range(2))
    with transaction.atomic():
        listed = queries.sessions(alice.actor)
    assert len(listed) == 3 and sum(one.is_current for one in listed) == 1
    with transaction.atomic():
        actions.sign_out_one(alice.actor, session_id=second.entered.session.id)
    assert resolve(second.entered.token) is None
    with transaction.atomic():
        assert actions.sign_out_others(alice.actor) == 1
    assert resolve(third.entered.token) is None and resolve(alice.entered.token) is not None
    with transaction.atomic():
        assert actions.sign_out_everywhere(alice.actor) == 1
    assert resolve(alice.entered.token) is None


def test_a_foreign_session_is_as_if_it_were_not_there(outside: Outside) -> None:
    """Charlie cannot end Alice's session, nor learn that it exists."""
    alice, charlie = sign_in(outside), sign_in(outside)
    for session_id in (alice.entered.session.id, ids.uuid7()):
        with pytest.raises(NotFound), transaction.atomic():
            actions.sign_out_one(charlie.actor, session_id=session_id)
    assert resolve(alice.entered.token) is not None
    with transaction.atomic():
        assert {one.id for one in queries.sessions(charlie.actor)} == {charlie.actor.session_id}


def test_the_oldest_session_makes_room(outside: Outside) -> None:
    """Nobody collects sessions without end."""
    alice = sign_in(outside)
    from xingnuo.people.accounts import _sessions

    subject_id = alice.entered.session.subject_id
    for _ in range(SESSIONS_MAX):
        with transaction.atomic():
            _sessions.begin(
                subject_id,
                session_id=ids.uuid7(),
                device_id=ids.uuid7(),
                label="x",
                provider_session="",
            )
    assert resolve(alice.entered.token) is None
    with transaction.atomic():
        assert len(queries.sessions(alice.actor)) == SESSIONS_MAX


@pytest.mark.promise("4.2")
def test_a_new_device_is_told_once(outside: Outside) -> None:
    """Not the first browser of all, not a known one, and a new one only the first time."""
    alice = sign_in(outside)
    assert not alice.entered.is_new_device
    same = sign_in(outside, sub=alice.sub, device=alice.entered.device)
    assert not same.entered.is_new_device and same.entered.device == alice.entered.device
    new = sign_in(outside, sub=alice.sub, phone=alice.phone)
    assert new.entered.is_new_device
    assert not sign_in(outside, sub=alice.sub, device=new.entered.device).entered.is_new_device
    with transaction.atomic():
        found = [one for one in told.messages(alice.actor) if one.code == "new_device"]
        assert told.unread(alice.actor) == 1
        assert len(queries.devices(alice.actor)) == 2
    assert len(found) == 1 and "Android · Chrome" in found[0].text
    with transaction.atomic():
        assert notices.read_all(alice.actor) == 1
        assert told.unread(alice.actor) == 0


def test_a_browser_of_two_people_tells_nothing_across_them(outside: Outside) -> None:
    """The same cookie stands under another digest for each person."""
    device = ids.token()
    alice, bob = sign_in(outside, device=device), sign_in(outside, device=device)
    assert alice.entered.device == bob.entered.device == device
    with connections["audit"].cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT digest) FROM accounts_device WHERE subject_id IN (%s, %s)",
            [alice.entered.session.subject_id, bob.entered.session.subject_id],
        )
        assert cursor.fetchone()[0] == 2


@pytest.mark.promise("4.2")
def test_reporting_misuse_freezes_at_once(outside: Outside) -> None:
    """Every other session ends, other browsers are forgotten, and only a proof opens again."""
    alice = sign_in(outside)
    thief = sign_in(outside, sub=alice.sub)
    subject_id = alice.entered.session.subject_id
    with transaction.atomic():
        actions.report_misuse(alice.actor)
    assert resolve(thief.entered.token) is None
    current = fresh(alice)
    with transaction.atomic():
        state = queries.account(actor_of(current))
    assert state.state is SubjectState.FROZEN and not state.may_unfreeze
    assert len(state.devices) == 1 and len(state.sessions) == 1
    with pytest.raises(NeedsReverify), transaction.atomic():
        actions.unfreeze(actor_of(current))
    with transaction.atomic():
        raised = actions.raise_strength(current, Strength.REVERIFIED)
        actions.unfreeze(actor_of(raised))
    with transaction.atomic():
        assert gate_queries.state_of(subject_id) is SubjectState.ACTIVE
        codes = [one.code for one in told.messages(alice.actor)]
    assert codes[:2] == ["unfrozen", "frozen"]


def test_a_frozen_person_cannot_let_a_sibling_app_in(outside: Outside) -> None:
    """Nothing goes on while the account is frozen."""
    alice = sign_in(outside)
    with transaction.atomic():
        actions.report_misuse(alice.actor)
    with pytest.raises(GateRefusal) as refused, transaction.atomic():
        gate.permit(
            alice.actor,
            subject_id=alice.entered.session.subject_id,
            purpose="accounts.sync_suixingjie",
        )
    assert refused.value.reason is Reason.FROZEN


def test_a_person_proves_themselves_anew_at_the_provider(outside: Outside) -> None:
    """A fresh proof raises the session; the token changes with it."""
    alice = sign_in(outside)
    current = fresh(alice)
    who = caller(device=alice.entered.device)
    started = actions.begin_reverify(current, caller=who, next_path="/me/")
    assert "prompt=login" in started.url and "max_age=0" in started.url
    back = outside.sign_in(started.url, alice.sub)
    raised = actions.finish_sign_in(
        code=back["code"], state=back["state"], cookie=started.cookie, caller=who, current=current
    )
    assert raised.session.strength is Strength.REVERIFIED and raised.next_path == "/me/"
    assert resolve(alice.entered.token) is None and resolve(raised.token) is not None


def test_another_persons_proof_proves_nothing(outside: Outside) -> None:
    """Nor does a proof for a session that is not there any more."""
    alice, mallory = sign_in(outside), sign_in(outside)
    current = fresh(alice)
    started = actions.begin_reverify(current, caller=caller())
    back = outside.sign_in(started.url, mallory.sub)
    with pytest.raises(NotSamePerson):
        actions.finish_sign_in(
            code=back["code"],
            state=back["state"],
            cookie=started.cookie,
            caller=caller(),
            current=current,
        )
    again = actions.begin_reverify(current, caller=caller())
    back = outside.sign_in(again.url, alice.sub)
    with pytest.raises(NotSignedIn):
        finish(back, again.cookie)
    assert fresh(alice).strength is Strength.SIGNED_IN


def test_logging_out_at_the_provider_ends_everything_here(outside: Outside) -> None:
    """A verified notice ends every session; the same notice again has no effect."""
    from tests.people.accounts.forge import logout_token

    alice, bob = sign_in(outside), sign_in(outside)
    sign_in(outside, sub=alice.sub)
    token = logout_token(outside, alice.sub)
    assert actions.provider_logged_out(token) == 2
    assert actions.provider_logged_out(token) == 2
    assert resolve(alice.entered.token) is None and resolve(bob.entered.token) is not None
    assert sign_in(outside, sub=alice.sub).entered.session is not None


def test_a_notice_about_one_session_of_the_providers_ends_that_alone(outside: Outside) -> None:
    """The provider's session is kept as a keyed digest, and found by it."""
    from tests.people.accounts.forge import logout_token
    from xingnuo.people.accounts import _sessions

    alice, sid = sign_in(outside), ids.token()
    with transaction.atomic():
        token, _ = _sessions.begin(
            alice.entered.session.subject_id,
            session_id=ids.uuid7(),
            device_id=ids.uuid7(),
            label="x",
            provider_session=sid,
        )
    assert actions.provider_logged_out(logout_token(outside, alice.sub, sid=sid)) == 1
    assert resolve(token) is None and resolve(alice.entered.token) is not None


def test_everything_of_a_person_is_exported_and_erased(outside: Outside) -> None:
    """Rows, tokens and codes go; another person's stay."""
    alice, bob = sign_in(outside), sign_in(outside)
    sign_in(outside, sub=alice.sub)
    subject_id = alice.entered.session.subject_id
    with transaction.atomic():
        gate_queries.state_of(subject_id)
        given = queries.export(subject_id)
    assert len(given["accounts_session"]) == 2 and len(given["accounts_device"]) == 2
    with transaction.atomic():
        assert actions.erase(subject_id) >= 6
    with transaction.atomic():
        gate_queries.state_of(subject_id)
        assert not any(queries.export(subject_id).values())
    assert resolve(alice.entered.token) is None and resolve(bob.entered.token) is not None


def test_the_sweep_takes_what_is_past_its_time(outside: Outside) -> None:
    """Flows, counters, tokens and ended sessions go when their time is over, nothing before."""
    alice = sign_in(outside)
    begin()
    with transaction.atomic():
        actions.sweep()
    assert resolve(alice.entered.token) is not None
    with transaction.atomic():
        actions.sign_out(alice.actor)
    with clock.shifted(timedelta(days=2)), transaction.atomic():
        assert actions.sweep() > 0
    with transaction.atomic():
        gate_queries.state_of(alice.entered.session.subject_id)
        assert queries.export(alice.entered.session.subject_id)["accounts_session"] == []
