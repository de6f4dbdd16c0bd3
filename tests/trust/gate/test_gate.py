"""The gate over a real database: what it refuses, what it lets through, and what it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests import cast
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Outcome, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind, SubjectState

ALICE = {"nickname": "小爱", "email": "alice@example.com"}


def refusal(call) -> GateRefusal:  # type: ignore[no-untyped-def]
    """Run a call in a transaction and give the refusal it must end in."""
    with pytest.raises(GateRefusal) as caught, cast.transaction():
        call()
    return caught.value


def lines(person: cast.Person, *kinds: str) -> list[str]:
    """Give the reasons or kinds of the person's evidence, newest first."""
    with cast.transaction():
        session.set_subject(person.subject_id)
        entries = evidence.of_subject(person.subject_id)
    return [entry.reason or entry.kind for entry in entries if not kinds or entry.kind in kinds]


@pytest.mark.promise("1.0.1")
def test_an_undeclared_item_is_refused() -> None:
    """A purpose gets its own items and no other."""
    alice = cast.make_person()
    got = refusal(lambda: cast.permit(alice, "accounts.sign_in", ("marital_status",)))
    assert got.reason is Reason.UNDECLARED_ITEM


@pytest.mark.promise("1.0.2")
def test_a_purpose_that_is_not_in_the_policy_collects_nothing() -> None:
    """An unlisted function has no permit, and its try leaves evidence."""
    alice = cast.make_person()
    got = refusal(lambda: cast.permit(alice, "games.lottery"))
    assert got.reason is Reason.UNKNOWN_PURPOSE
    gate.refused(got)
    assert lines(alice, "refusal") == ["unknown_purpose"]


@pytest.mark.promise("5.2.2a")
def test_a_stranger_gets_nothing_and_writes_nothing_into_the_record() -> None:
    """Bob asks for Alice: refused, and Alice's record stays as it was."""
    alice, bob = cast.make_person(), cast.make_person()
    before = lines(alice)
    got = refusal(
        lambda: gate.permit(bob.actor, subject_id=alice.subject_id, purpose="profile.manage")
    )
    assert got.reason is Reason.FOREIGN_SUBJECT
    gate.refused(got)
    assert lines(alice) == before
    assert lines(bob, "refusal") == ["foreign_subject"]


def test_nothing_goes_before_the_policy_is_accepted() -> None:
    """A new subject has no permit for anything that needs acceptance."""
    alice = cast.make_person(accepted=False)
    got = refusal(lambda: cast.permit(alice, "profile.manage", ("nickname",)))
    assert got.reason is Reason.NOT_ACCEPTED


@pytest.mark.promise("1.0.1", "0.4")
def test_accepting_the_policy_opens_no_sensitive_item() -> None:
    """A sensitive item waits for its own consent; the others go on."""
    alice = cast.make_person()
    got = refusal(lambda: cast.permit(alice, "profile.manage", ("nickname", "marital_status")))
    assert got.reason is Reason.NO_CONSENT
    cast.agree(alice, "profile.manage", optional=("nickname",))
    with cast.transaction():
        outcomes = cast.permit(alice, "profile.manage", ("nickname", "marital_status")).outcomes
    assert outcomes["marital_status"] is Outcome.DENY
    cast.agree(alice, "profile.manage", optional=("nickname", "marital_status"))
    with cast.transaction():
        outcomes = cast.permit(alice, "profile.manage", ("nickname", "marital_status")).outcomes
    assert outcomes["marital_status"] is not Outcome.DENY


@pytest.mark.promise("5.2.1a")
def test_values_come_out_masked_until_the_person_proved_again_who_they_are() -> None:
    """Masked by the server at ordinary strength; plain after re-verification."""
    alice = cast.make_person()
    cast.agree(alice, "profile.manage", optional=tuple(ALICE))
    cast.fill(alice, "profile.manage", ALICE)
    with cast.transaction():
        seen = {
            shown.item: shown.text
            for shown in queries.read(cast.permit(alice, "rights.plain_view"))
        }
    assert seen["email"] == "a***@example.com"
    strong = replace(alice, actor=alice.with_strength(Strength.REVERIFIED))
    with cast.transaction():
        seen = {
            shown.item: shown.text
            for shown in queries.read(cast.permit(strong, "rights.plain_view"))
        }
    assert seen["email"] == ALICE["email"]


@pytest.mark.promise("1.0.1")
def test_a_forged_or_expired_permit_opens_nothing() -> None:
    """A permit made by hand, or kept too long, is refused."""
    alice = cast.make_person()
    cast.agree(alice, "profile.manage", optional=tuple(ALICE))
    cast.fill(alice, "profile.manage", ALICE)
    with cast.transaction():
        real = cast.permit(alice, "rights.plain_view")
        forged = replace(real, seal=object())
        with pytest.raises(GateRefusal) as caught:
            queries.read(forged)
        assert caught.value.reason is Reason.FORGED
        with clock.shifted(timedelta(minutes=6)), pytest.raises(GateRefusal) as caught:
            queries.read(real)
        assert caught.value.reason is Reason.EXPIRED


@pytest.mark.promise("5.2.2a", "4.3.2")
def test_withdrawal_stops_everything_at_once_but_the_rights() -> None:
    """After withdrawal no use; the person still gets their copy; evidence of both."""
    alice = cast.make_person()
    cast.agree(alice, "profile.manage", optional=tuple(ALICE))
    cast.fill(alice, "profile.manage", ALICE)
    cast.fill(alice, "accounts.sign_in", {"phone": cast.phone()})
    with cast.transaction():
        gate.withdraw_policy(alice.actor, subject_id=alice.subject_id, text_hash="")
    got = refusal(lambda: cast.permit(alice, "profile.manage", ("nickname",)))
    assert got.reason is Reason.WITHDRAWN
    with cast.transaction():
        assert queries.read(cast.permit(alice, "rights.copy"))


@pytest.mark.promise("1.3.0", "1.1.4")
def test_a_device_item_from_the_wrong_platform_is_refused() -> None:
    """OAID below Android 10 and IDFA on Android are refused; nothing is kept."""
    alice = cast.make_person()
    cast.agree(alice, "accounts.security", optional=_optional("accounts.security"))
    for item, os, version in (
        ("oaid", "android", "9"),
        ("idfa", "android", "12"),
        ("imei", "ios", "17"),
    ):
        actor = alice.on(os, version)

        def take(actor: Actor = actor, item: str = item) -> None:
            permit = gate.permit(
                actor, subject_id=alice.subject_id, purpose="accounts.security", items=(item,)
            )
            gate.collect(permit, {item: "490154203237518"})

        got = refusal(take)
        assert got.reason in (Reason.PLATFORM, Reason.PERMISSION_OFF, Reason.UNDECLARED_ITEM), item


def _optional(purpose: str) -> tuple[str, ...]:
    return tuple(item.id for item in queries.sheet(purpose).optional)


@pytest.mark.promise("1.6.3", "8.1")
def test_a_stale_sheet_is_not_agreed_to() -> None:
    """The hash of the text shown must be that of the text in force."""
    alice = cast.make_person()
    with pytest.raises(Conflict), cast.transaction():
        gate.decide(
            alice.actor,
            subject_id=alice.subject_id,
            scope=Scope(purpose="feed.personal", items=()),
            decision=Decision.GRANT,
            text_hash=ids.digest("another text"),
        )


def test_bad_values_are_told_by_item_and_nothing_is_kept() -> None:
    """One wrong value refuses the whole, and says what to do."""
    alice = cast.make_person()
    cast.agree(alice, "profile.manage", optional=("nickname", "email"))
    with pytest.raises(BadInput) as caught, cast.transaction():
        permit = cast.permit(alice, "profile.manage", ("nickname", "email"))
        gate.collect(permit, {"nickname": "好", "email": "not an address"})
    assert set(caught.value.fields) == {"email"}
    with cast.transaction():
        assert not [
            s for s in queries.read(cast.permit(alice, "rights.copy")) if s.item == "nickname"
        ]


def test_staff_need_an_undertaking_in_date() -> None:
    """A member of staff without a signed undertaking is refused."""
    alice = cast.make_person()
    agent = Actor(
        kind=ActorKind.AGENT, staff_id="staff.one", strength=Strength.UNLOCKED, channel="console"
    )
    got = refusal(lambda: gate.permit(agent, subject_id=alice.subject_id, purpose="profile.manage"))
    assert got.reason in (Reason.NO_UNDERTAKING, Reason.ACTOR_NOT_ALLOWED)


def test_a_persons_own_views_count_once_an_hour() -> None:
    """Ten looks at one's own page are one line; another purpose is another line."""
    alice = cast.make_person()
    for _ in range(10):
        with cast.transaction():
            cast.permit(alice, "rights.copy")
    assert len(lines(alice, "view")) <= 1


@pytest.mark.promise("6.1")
def test_a_minor_has_no_permit() -> None:
    """A subject found to be a minor is closed for every service purpose."""
    alice = cast.make_person()
    with cast.transaction():
        gate.change_state(
            cast.SYSTEM, subject_id=alice.subject_id, to=SubjectState.MINOR, cause="age"
        )
    got = refusal(lambda: cast.permit(alice, "profile.manage", ("nickname",)))
    assert got.reason is Reason.MINOR
