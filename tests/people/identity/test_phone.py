"""Whose a phone is now: a number that changed hands leaves the account that held it before."""

from __future__ import annotations

from uuid import UUID

import pytest

from tests import cast
from tests.outside import Outside
from tests.people.identity import residents
from tests.people.identity.residents import Resident, resident
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import actions
from xingnuo.people.identity.contracts import Check, Ground, Kind, NamedFirst, State
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices import queries as messages
from xingnuo.people.notices.contracts import Channel, MessageState
from xingnuo.people.notices.models import MessageRow
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import GateRefusal, Reason
from xingnuo.trust.policy.contracts import Tier

pytestmark = pytest.mark.promise("1.2.3a")


def with_phone(outside: Outside) -> Resident:
    """Give a named person who agreed to have a phone checked."""
    made = resident(outside, tier=Tier.NAMED)
    cast.agree(made.person, "identity.phone_check")
    cast.agree(made.person, "identity.phone_check", recipient="telecom_check")
    return made


def checked(one: Resident, phone: str = "") -> Check:
    """Have a phone checked."""
    return actions.check_phone(one.actor, phone=phone or one.phone, key=ids.uuid7())


def phones(one: Resident) -> dict[str, str]:
    """Give every phone that the vault holds of a person, by its place."""
    with cast.transaction():
        permit = cast.permit(one.person, "identity.phone_check", ("phone",))
        return {shown.slot: shown.text for shown in gate.read(permit)}


def texted(one: Resident) -> MessageState:
    """Tell a person something by text message and carry it out."""
    with cast.transaction():
        notices.tell(one.subject_id, "case_answered", key=str(ids.uuid7()))
        session.set_subject(one.subject_id)
        rows = MessageRow.objects.of(one.subject_id).filter(channel=Channel.SMS.value)
        row_id: UUID = rows.order_by("-id").values_list("id", flat=True)[0]
    notices.deliver(subject_id=one.subject_id, message_id=row_id)
    with cast.transaction():
        session.set_subject(one.subject_id)
        return MessageState(MessageRow.objects.of(one.subject_id).get(id=row_id).state)


def test_a_match_makes_the_number_the_persons_own(outside: Outside) -> None:
    """From then on they are reached by it; the tier rests on other checks."""
    one = with_phone(outside)
    check = checked(one)
    assert (check.state, check.source, one.tier) == (State.MATCHED, "telecom_check", Tier.NAMED)
    assert phones(one) == {"": one.phone}
    assert texted(one) is MessageState.SENT
    assert len(outside.inbox(one.phone)) == 1


def test_a_number_of_somebody_else_stays_theirs(outside: Outside) -> None:
    """Not registered to who asks: dropped at once, and the holder keeps everything."""
    alice, bob = with_phone(outside), with_phone(outside)
    checked(alice)
    check = checked(bob, alice.phone)
    assert (check.state, check.ground) == (State.MISMATCHED, Ground.NOT_THE_SAME)
    assert (phones(bob), phones(alice)) == ({}, {"": alice.phone})
    assert texted(alice) is MessageState.SENT
    nobodys = checked(bob, cast.phone())
    assert (nobodys.ground, phones(bob)) == (Ground.NOT_FOUND, {})


def test_a_number_given_out_again_leaves_its_old_account(outside: Outside) -> None:
    """The old account is texted no more, told in the app, and never told who has the number."""
    old, new = with_phone(outside), with_phone(outside)
    checked(old)
    assert texted(old) is MessageState.SENT
    residents.hand_on(old, new)
    check = checked(new, old.phone)
    assert check.state is State.MATCHED
    assert (phones(old), phones(new)) == ({}, {"": old.phone})
    before = len(outside.inbox(old.phone))
    assert texted(old) is MessageState.DROPPED
    assert len(outside.inbox(old.phone)) == before
    assert texted(new) is MessageState.SENT
    ended = next(one for one in old.status().checks if one.kind is Kind.PHONE)
    assert (ended.state, ended.ground, old.tier) == (State.LAPSED, Ground.MOVED, Tier.NAMED)
    with cast.transaction():
        told = messages.messages(old.actor)
        session.set_subject(old.subject_id)
        lines = evidence.of_subject(old.subject_id, kinds=(Evidence.STATE, Evidence.DROP), limit=20)
    assert "手机号不再用于你的帐号" in repr(told)
    assert "phone.moved" in [line.reason for line in lines]
    assert str(new.subject_id) not in repr((told, lines))


def test_a_lost_answer_heals_and_does_it_once(outside: Outside) -> None:
    """The number waits on trial, finds nobody, and becomes the person's with the proof."""
    old, new = with_phone(outside), with_phone(outside)
    checked(old)
    residents.hand_on(old, new)
    outside.script("telecom", "verify", "reset", match=new.number)
    check = checked(new, old.phone)
    assert (check.state, phones(old)) == (State.UNKNOWN, {"": old.phone})
    assert phones(new) == {str(check.id): old.phone}
    for _ in range(2):
        actions.resume(subject_id=new.subject_id, check_id=check.id)
    assert (phones(old), phones(new)) == ({}, {"": old.phone})


def test_the_same_key_asks_nothing_twice(outside: Outside) -> None:
    """A double submit gives the first answer."""
    one, key = with_phone(outside), ids.uuid7()
    first = actions.check_phone(one.actor, phone=one.phone, key=key)
    assert actions.check_phone(one.actor, phone=one.phone, key=key) == first
    assert len([check for check in one.status().checks if check.kind is Kind.PHONE]) == 1


def test_it_needs_a_name_a_yes_and_a_phone(outside: Outside) -> None:
    """Nothing leaves without a confirmed name, a consent to the platform, and a number."""
    one = resident(outside)
    with pytest.raises(NamedFirst):
        checked(one)
    one.name_check()
    with pytest.raises(GateRefusal) as refused:
        checked(one)
    assert refused.value.reason is Reason.NO_CONSENT
    with pytest.raises(BadInput) as bad:
        checked(one, "+1 202 555 0100")
    assert list(bad.value.fields) == ["phone"]
