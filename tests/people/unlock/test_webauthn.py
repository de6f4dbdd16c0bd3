"""Fingerprint and face: only a verified user's signature over our own fresh challenge counts."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from tests import cast
from tests.people.unlock.members import Member, make_member, second_session
from tests.people.unlock.soft import Authenticator, signature_of
from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock._limits import CREDENTIALS_MAX
from xingnuo.people.unlock.contracts import (
    Act,
    AnswerRefused,
    FaceOff,
    NoSuchWay,
    NotAgreed,
    Outcome,
    State,
    TooManyDevices,
    Way,
)
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Platform, Strength
from xingnuo.trust.policy import queries as policy

pytestmark = pytest.mark.promise("1.2.2")


@dataclass
class Device:
    """A person with a device in software."""

    member: Member
    key: Authenticator

    def creation(self) -> dict[str, Any]:
        """Ask for creation options."""
        with cast.transaction():
            return actions.begin_credential(self.member.actor)

    def request(self, act: Act = Act.UNLOCK) -> dict[str, Any]:
        """Ask for request options."""
        with cast.transaction():
            return actions.begin_answer(self.member.actor, act=act)

    def add(self, answer: str) -> Any:
        """Hand in an answer to creation options."""
        return actions.add_credential(self.member.actor, answer=answer, device="Android · Chrome")

    def attempt(self, answer: str, act: Act = Act.UNLOCK) -> Any:
        """Hand in an answer to request options."""
        member = self.member
        return member.take(
            actions.try_answer(member.actor, current=member.session, answer=answer, act=act)
        )

    def reasons(self) -> list[str]:
        """Give what the record says of refused tries."""
        with cast.transaction():
            session.set_subject(self.member.subject_id)
            found = evidence.of_subject(self.member.subject_id, kinds=[Kind.ACCESS_DENIED])
        return [entry.reason for entry in found]


def fresh(**lies: Any) -> Device:
    """Give a person who agreed and proved themselves, with a device that is not known yet."""
    member = make_member(platform=lies.pop("platform", None))
    member.agree(Way.BIOMETRIC, optional=lies.pop("optional", ()))
    member.prove()
    return Device(member, Authenticator(settings.BASE_URL, **lies))


def known() -> Device:
    """Give a person whose device is known, and who locked the app since."""
    device = fresh()
    device.add(device.key.create(device.creation()))
    device.member.lock()
    return device


def shown(device: Device) -> queries.WayShown:
    """Give the way as its person sees it."""
    with cast.transaction():
        return queries.one(device.member.actor, way=Way.BIOMETRIC)


def test_options_demand_the_persons_verification() -> None:
    """User verification is required, the device's own authenticator is asked, nobody is named."""
    device = fresh()
    creation = device.creation()
    choice = creation["authenticatorSelection"]
    assert choice["userVerification"] == "required"
    assert choice["authenticatorAttachment"] == "platform"
    assert choice["residentKey"] == "preferred"
    assert creation["attestation"] == "none"
    assert creation["rp"]["id"] == "localhost" and creation["user"]["name"] == "星诺解锁"
    told = json.dumps(creation)
    assert str(device.member.subject_id) not in told
    device.add(device.key.create(creation))
    assert device.request()["userVerification"] == "required"
    assert shown(device).state is State.ACTIVE


def test_a_verified_signature_unlocks() -> None:
    """Only the result is noted, and the session is stronger."""
    device = known()
    verdict = device.attempt(device.key.get(device.request()))
    assert verdict.outcome is Outcome.RIGHT
    assert device.member.session.strength is Strength.UNLOCKED
    verdict = device.attempt(device.key.get(device.request(Act.REVERIFY)), Act.REVERIFY)
    assert device.member.session.strength is Strength.REVERIFIED
    with cast.transaction():
        session.set_subject(device.member.subject_id)
        noted = evidence.of_subject(device.member.subject_id, kinds=[Kind.COLLECT])
    assert {entry.items for entry in noted} == {("fingerprint_result",)}
    assert len(noted) == 3


LIES: dict[str, tuple[Callable[[Device], str], str]] = {
    "not_verified": (lambda d: unverified(d), "unlock.proof"),
    "not_present": (lambda d: absent(d), "unlock.proof"),
    "wrong_origin": (
        lambda d: d.key.get(d.request(), origin="http://localhost.evil.example"),
        "unlock.proof",
    ),
    "other_port": (lambda d: d.key.get(d.request(), origin="http://localhost:1"), "unlock.proof"),
    "wrong_type": (lambda d: d.key.get(d.request(), type="webauthn.create"), "unlock.proof"),
    "other_site": (lambda d: elsewhere(d), "unlock.proof"),
    "spoiled": (lambda d: spoiled(d), "unlock.proof"),
    "own_challenge": (
        lambda d: d.key.get({"challenge": "AAAAAAAAAAAAAAAAAAAAAA"}),
        "unlock.challenge",
    ),
    "other_key": (lambda d: other_key(d), "unlock.credential"),
    "no_json": (lambda d: d.request() and "{", "unlock.shape"),
    "a_list": (lambda d: d.request() and "[]", "unlock.shape"),
    "nothing": (lambda d: "", "unlock.shape"),
    "too_long": (lambda d: d.key.get(d.request()) + " " * 20_000, "unlock.shape"),
    "deep": (lambda d: "[" * 9_000, "unlock.shape"),
}


def unverified(device: Device) -> str:
    """Answer as a device whose user was not verified."""
    device.key.verified = False
    return device.key.get(device.request())


def absent(device: Device) -> str:
    """Answer as a device that nobody touched."""
    device.key.present = False
    return device.key.get(device.request())


def elsewhere(device: Device) -> str:
    """Answer with the host of another site."""
    device.key.host = "evil.example"
    return device.key.get(device.request())


def spoiled(device: Device) -> str:
    """Answer with one bit of the signature flipped."""
    options = device.request()
    signature = bytearray(signature_of(device.key.get(options)))
    signature[-1] ^= 1
    return device.key.get(options, signature=bytes(signature))


def other_key(device: Device) -> str:
    """Answer with a key that we do not know."""
    return Authenticator(settings.BASE_URL).get(device.request())


@pytest.mark.parametrize("lie", LIES)
def test_every_lie_is_refused_counted_and_recorded(lie: str) -> None:
    """Whatever is wrong with an answer, the session stays as it was."""
    device = known()
    tell, reason = LIES[lie]
    verdict = device.attempt(tell(device))
    assert verdict.outcome is Outcome.WRONG and verdict.wrong_count == 1
    assert device.member.session.strength is Strength.SIGNED_IN
    assert device.reasons() == [reason]


def test_an_answer_counts_once() -> None:
    """The same answer again finds its challenge used up."""
    device = known()
    answer = device.key.get(device.request())
    assert device.attempt(answer).outcome is Outcome.RIGHT
    assert device.attempt(answer).outcome is Outcome.WRONG
    assert device.reasons() == ["unlock.challenge"]


def test_a_refused_answer_uses_its_challenge_up() -> None:
    """A right signature over the same challenge comes too late."""
    device = known()
    options = device.request()
    device.key.verified = False
    device.attempt(device.key.get(options))
    device.key.verified = True
    assert device.attempt(device.key.get(options)).outcome is Outcome.WRONG


def test_a_challenge_is_for_its_session_act_and_five_minutes() -> None:
    """In another session, for another act or later it answers nothing."""
    device = known()
    elsewhere = Device(second_session(device.member), device.key)
    assert elsewhere.attempt(device.key.get(device.request())).outcome is Outcome.WRONG
    answer = device.key.get(device.request(Act.UNLOCK))
    assert device.attempt(answer, Act.REVERIFY).outcome is Outcome.WRONG
    answer = device.key.get(device.request())
    with clock.shifted(timedelta(minutes=5, seconds=1)):
        assert device.attempt(answer).outcome is Outcome.WRONG
    assert device.reasons() == ["unlock.challenge"] * 3
    assert device.attempt(device.key.get(device.request())).outcome is Outcome.RIGHT


def test_unanswered_challenges_do_not_pile_up() -> None:
    """The newest five count; the oldest is gone with the sixth."""
    device = known()
    options = [device.request() for _ in range(6)]
    with cast.transaction():
        rows = queries.export(device.member.subject_id)["unlock_challenge"]
    assert len(rows) == 5
    assert device.attempt(device.key.get(options[0])).outcome is Outcome.WRONG
    assert device.attempt(device.key.get(options[1])).outcome is Outcome.RIGHT


@pytest.mark.parametrize("count", [0, 4, 5])
def test_a_count_that_does_not_rise_tells_of_a_copy(count: int) -> None:
    """A right signature with an old count is refused, and the record says why."""
    device = known()
    assert device.attempt(device.key.get(device.request(), sign_count=5)).outcome is Outcome.RIGHT
    assert (
        device.attempt(device.key.get(device.request(), sign_count=count)).outcome is Outcome.WRONG
    )
    assert device.reasons() == ["unlock.copied"]
    assert device.attempt(device.key.get(device.request(), sign_count=6)).outcome is Outcome.RIGHT


def test_devices_that_do_not_count_still_work() -> None:
    """Synchronised keys always say zero."""
    device = known()
    for _ in range(2):
        answer = device.key.get(device.request(), sign_count=0)
        assert device.attempt(answer).outcome is Outcome.RIGHT


def test_ten_lies_lock_the_way() -> None:
    """Failures count here as for a password."""
    device = known()
    at = clock.now()
    for _ in range(10):
        with clock.frozen(at):
            verdict = device.attempt(unverified(device))
            at += timedelta(seconds=verdict.wait_seconds)
    assert verdict.outcome is Outcome.LOCKED and shown(device).state is State.LOCKED
    device.key.verified = True
    assert device.attempt(device.key.get(device.request())).outcome is Outcome.LOCKED


@pytest.mark.parametrize(
    "lies",
    [{"verified": False}, {"present": False}, {"host": "evil.example"}, {"origin": "http://x"}],
    ids=str,
)
def test_a_key_made_without_verification_is_not_kept(lies: dict[str, Any]) -> None:
    """The same checks hold when a device is added, and its challenge is used up."""
    device = fresh()
    origin = lies.pop("origin", settings.BASE_URL)
    device.key = Authenticator(origin, **lies)
    options = device.creation()
    with pytest.raises(AnswerRefused):
        device.add(device.key.create(options))
    assert device.reasons() == ["unlock.creation"]
    assert shown(device).state is State.PENDING and not shown(device).credentials
    with pytest.raises(AnswerRefused):
        device.add(Authenticator(settings.BASE_URL).create(options))
    assert shown(device).state is State.PENDING


def test_a_device_is_added_after_consent_and_proof_alone() -> None:
    """Neither without agreeing nor on a session that proved nothing lately."""
    member = make_member()
    device = Device(member, Authenticator(settings.BASE_URL))
    with pytest.raises(NeedsReverify):
        device.creation()
    member.prove()
    with pytest.raises(NotAgreed):
        device.creation()
    member.agree(Way.BIOMETRIC)
    answer = device.key.create(device.creation())
    member.lock()
    with pytest.raises(NeedsReverify):
        device.add(answer)
    member.prove()
    assert device.add(answer)


def test_a_device_is_added_once_and_ten_at_most() -> None:
    """The same key again is a conflict; the eleventh device is told so."""
    device = fresh()
    device.add(device.key.create(device.creation()))
    with pytest.raises(Conflict):
        device.add(device.key.create(device.creation()))
    for _ in range(CREDENTIALS_MAX - 1):
        device.add(Authenticator(settings.BASE_URL).create(device.creation()))
    with pytest.raises(TooManyDevices):
        device.creation()


def test_devices_are_named_from_a_list_and_taken_out_one_by_one() -> None:
    """A free text would be a personal value in the clear; with the last device the way is off."""
    device = known()
    device.member.prove()
    device.add(Authenticator(settings.BASE_URL).create(device.creation()))
    one, other = shown(device).credentials
    actor = device.member.actor
    with cast.transaction():
        actions.rename_credential(actor, credential_id=one.id, label="work")
    assert [each.name for each in shown(device).credentials] == ["工作设备", "Android · Chrome"]
    with pytest.raises(BadInput), cast.transaction():
        actions.rename_credential(actor, credential_id=one.id, label="张三的手机")
    charlie = make_member()
    charlie.prove()
    for change in (
        lambda: actions.rename_credential(charlie.actor, credential_id=one.id, label="work"),
        lambda: actions.remove_credential(charlie.actor, credential_id=one.id),
        lambda: queries.credential(charlie.actor, credential_id=one.id),
    ):
        with pytest.raises(NoSuchWay), cast.transaction():
            change()
    with cast.transaction():
        assert not actions.remove_credential(actor, credential_id=other.id)
        assert actions.remove_credential(actor, credential_id=one.id)
    assert shown(device).state is State.OFF
    assert device.attempt(device.key.get({"challenge": "AAAA"})).outcome is Outcome.WRONG


@pytest.mark.promise("1.3.8")
def test_on_an_apple_device_face_needs_its_own_leave() -> None:
    """Without the item agreed to and the permission on, nothing is asked of the device."""
    apple = Platform(os="ios", version="17.0")
    device = fresh(platform=apple)
    with pytest.raises(FaceOff):
        device.creation()
    device = fresh(platform=apple, optional=("face_result",))
    with pytest.raises(FaceOff):
        device.creation()
    allow_face(device, on=True)
    device.add(device.key.create(device.creation()))
    assert device.attempt(device.key.get(device.request())).outcome is Outcome.RIGHT
    with cast.transaction():
        session.set_subject(device.member.subject_id)
        noted = evidence.of_subject(device.member.subject_id, kinds=[Kind.COLLECT])
    assert {entry.items for entry in noted} == {("face_result",)}
    answer = device.key.get(device.request())
    allow_face(device, on=False)
    with pytest.raises(FaceOff):
        device.attempt(answer)
    with pytest.raises(FaceOff):
        device.request()


def allow_face(device: Device, *, on: bool) -> None:
    """Answer the permission of 1.3.8."""
    with cast.transaction():
        gate.set_permission(
            device.member.actor,
            subject_id=device.member.subject_id,
            permission="face_id",
            on=on,
            text_hash=policy.in_force().hash,
        )
