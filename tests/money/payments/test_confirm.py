"""What is confirmed is what moves: bound to kind, amount, payee and ref; once; five minutes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as some

from tests import cast
from tests.money.payments.holders import PASSWORD, WRONG, Holder, act, holder
from tests.outside import Outside
from tests.people.unlock.members import Member, make_member
from tests.people.unlock.soft import Authenticator
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, TooMany
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments._confirm_acts import signed_over
from xingnuo.money.payments.contracts import (
    Act,
    Challenge,
    ConfirmWay,
    DeviceRefused,
    NoPassword,
    NoSuchConfirmation,
    NotConfirmed,
    OtherThanConfirmed,
    PasswordLocked,
    PasswordWrong,
)
from xingnuo.money.payments.models import ConfirmationRow
from xingnuo.people.unlock import actions as unlock
from xingnuo.people.unlock.contracts import Way
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate.contracts import GateRefusal

pytestmark = pytest.mark.promise("1.2.7b")


@pytest.fixture
def payer(alice: Holder) -> Holder:
    """Give a person with a payment password."""
    alice.set_password()
    return alice


def use(one: Holder, confirmation_id: Any, wanted: Act) -> None:
    """Use a yes up as the payer's transaction would."""
    with cast.transaction():
        permit = one.permit("payments.password", ("payment_password",))
        actions.use_confirmation(permit, confirmation_id, wanted)


def test_pay_3_a_yes_moves_what_was_confirmed_once(payer: Holder) -> None:
    """The right password confirms it, and it is used up by its first use."""
    wanted = act()
    confirmed = payer.confirmed(wanted)
    assert confirmed.act == wanted
    use(payer, confirmed.id, wanted)
    with pytest.raises(NotConfirmed):
        use(payer, confirmed.id, wanted)


@pytest.mark.parametrize("field", ["kind", "amount_fen", "payee", "ref"])
def test_pay_11_another_act_is_not_what_was_confirmed(payer: Holder, field: str) -> None:
    """One fen more, another payee, kind or ref: refused, and the yes stays for its own act."""
    wanted = act()
    confirmed = payer.confirmed(wanted)
    other = {"kind": "transfer", "amount_fen": 12_346, "payee": "broker", "ref": ids.uuid7()}
    with pytest.raises(OtherThanConfirmed):
        use(payer, confirmed.id, replace(wanted, **{field: other[field]}))  # type: ignore[arg-type]
    use(payer, confirmed.id, wanted)


def test_pay_11_of_many_at_once_one_uses_it(payer: Holder) -> None:
    """Sixteen payers with one yes: one is let through."""
    wanted = act()
    confirmed = payer.confirmed(wanted)

    def attempt(_: int) -> bool:
        try:
            use(payer, confirmed.id, wanted)
        except NotConfirmed:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(16))) == 1


def test_a_rollback_gives_the_yes_back(payer: Holder) -> None:
    """What did not move was not used."""
    wanted = act()
    confirmed = payer.confirmed(wanted)
    with pytest.raises(ZeroDivisionError), cast.transaction():
        permit = payer.permit("payments.password", ("payment_password",))
        actions.use_confirmation(permit, confirmed.id, wanted)
        raise ZeroDivisionError
    use(payer, confirmed.id, wanted)


def test_it_is_over_after_five_minutes(payer: Holder) -> None:
    """The question, and the yes to it."""
    wanted = act()
    asked, confirmed = payer.ask(wanted), payer.confirmed(wanted)
    with clock.shifted(timedelta(minutes=5, seconds=1)):
        with pytest.raises(NoSuchConfirmation):
            actions.confirm(payer.actor, challenge_id=asked.id, password=PASSWORD)
        with pytest.raises(NotConfirmed):
            use(payer, confirmed.id, wanted)


def test_it_is_its_sessions_and_its_persons(payer: Holder, outside: Outside) -> None:
    """Another browser of the person, and another person, find nothing."""
    wanted = act()
    asked = payer.ask(wanted)
    elsewhere = replace(payer.actor, session_id=ids.uuid7())
    charlie = holder(outside)
    charlie.set_password()
    for who in (elsewhere, charlie.actor):
        with pytest.raises(NoSuchConfirmation):
            actions.confirm(who, challenge_id=asked.id, password=PASSWORD)
        with pytest.raises(NoSuchConfirmation), cast.transaction():
            queries.challenge(who, challenge_id=asked.id)
    with pytest.raises(GateRefusal), cast.transaction():
        actions.ask_confirmation(payer.actor, subject_id=charlie.subject_id, act=wanted)
    confirmed = payer.confirmed(wanted)
    with pytest.raises(NotConfirmed):
        use(charlie, confirmed.id, wanted)


def test_wrong_passwords_are_counted_and_confirm_nothing(payer: Holder) -> None:
    """Each says how many are left; the third locks for every question."""
    wanted = act()
    asked = payer.ask(wanted)
    for _ in range(2):
        with pytest.raises(PasswordWrong) as wrong:
            actions.confirm(payer.actor, challenge_id=asked.id, password=WRONG)
    assert "还可以试 1 次" in wrong.value.remedy_text
    with pytest.raises(PasswordLocked):
        actions.confirm(payer.actor, challenge_id=asked.id, password=WRONG)
    with pytest.raises(PasswordLocked):
        actions.confirm(payer.actor, challenge_id=payer.ask(wanted).id, password=PASSWORD)
    with pytest.raises(NotConfirmed):
        use(payer, asked.id, wanted)


def test_without_a_password_there_is_none_to_try(alice: Holder) -> None:
    """The person is told where to set one."""
    with pytest.raises(NoPassword):
        actions.confirm(alice.actor, challenge_id=alice.ask(act()).id, password=PASSWORD)


def test_a_yes_cannot_be_said_twice(payer: Holder) -> None:
    """A second yes to the same question does not renew it."""
    asked = payer.ask(act())
    actions.confirm(payer.actor, challenge_id=asked.id, password=PASSWORD)
    with pytest.raises(NotConfirmed):
        actions.confirm(payer.actor, challenge_id=asked.id, password=PASSWORD)


@pytest.mark.parametrize("amount", [-1, 0, 10**13 + 1, True, 0.01, "1"])
def test_what_is_no_amount_is_refused(amount: Any) -> None:
    """Whole fen above nothing and within bounds."""
    with pytest.raises(BadInput):
        act(amount)


@effort(max_examples=60)
@given(
    some.builds(
        act, some.integers(1, 10**13), payee=some.from_regex(r"[a-z]{1,9}", fullmatch=True)
    ),
    some.builds(
        act, some.integers(1, 10**13), payee=some.from_regex(r"[a-z]{1,9}", fullmatch=True)
    ),
)
def test_what_a_device_signs_differs_with_the_act(one: Act, other: Act) -> None:
    """The same question with any other act is another challenge."""
    known, place = ids.uuid7(), ids.uuid7()

    def over(wanted: Act) -> bytes:
        told = {name: getattr(wanted, name) for name in ("kind", "amount_fen", "payee", "ref")}
        return signed_over(ConfirmationRow(id=known, session_id=place, **told))

    assert (over(one) == over(other)) == (one == other)


def test_there_is_a_bound_on_open_questions(payer: Holder) -> None:
    """Nobody fills the table with questions."""
    for _ in range(20):
        payer.ask(act())
    with pytest.raises(TooMany):
        payer.ask(act())


def test_old_ones_are_swept(payer: Holder) -> None:
    """After a day nothing of a question is left; the record keeps that it was confirmed."""
    confirmed = payer.confirmed(act())
    with clock.shifted(timedelta(days=1, minutes=1)):
        assert actions.sweep() >= 1
    with cast.transaction():
        session.set_subject(payer.subject_id)
        assert not ConfirmationRow.objects.of(payer.subject_id).exists()
        lines = evidence.of_subject(payer.subject_id, kinds=[Kind.UNLOCK], limit=20)
    assert confirmed.id in {line.ref for line in lines}


@dataclass
class Device:
    """A person with a device that unlocks, who agreed to confirm with it."""

    member: Member
    key: Authenticator

    def ask(self, wanted: Act) -> Challenge:
        """Ask for a yes."""
        with cast.transaction():
            return actions.ask_confirmation(
                self.member.actor, subject_id=self.member.subject_id, act=wanted
            )

    def options(self, asked: Challenge) -> dict[str, Any]:
        """Give what the device is asked."""
        with cast.transaction():
            return actions.device_options(self.member.actor, challenge_id=asked.id)

    def confirm(self, asked: Challenge, answer: str) -> Any:
        """Hand the device's answer in."""
        return actions.confirm(self.member.actor, challenge_id=asked.id, answer=answer)


@pytest.fixture
def device() -> Device:
    """Give a person with a device in software."""
    member = make_member()
    key = Authenticator(settings.BASE_URL)
    member.agree(Way.BIOMETRIC)
    member.prove()
    with cast.transaction():
        options = unlock.begin_credential(member.actor)
    unlock.add_credential(member.actor, answer=key.create(options), device="Android · Chrome")
    cast.agree(member.person, "payments.confirm_biometric")
    return Device(member, key)


def test_a_device_confirms_an_act_and_leaves_its_result_alone(device: Device) -> None:
    """A signature over this act's challenge; what is noted is that it passed."""
    wanted = act()
    asked = device.ask(wanted)
    assert ConfirmWay.DEVICE in asked.ways
    confirmed = device.confirm(asked, device.key.get(device.options(asked)))
    assert confirmed.act == wanted
    with cast.transaction():
        session.set_subject(device.member.subject_id)
        lines = evidence.of_subject(device.member.subject_id, kinds=[Kind.COLLECT], limit=20)
    mine = [line for line in lines if line.purpose == "payments.confirm_biometric"]
    assert [tuple(line.items) for line in mine] == [("fingerprint_result",)]


def test_a_signature_for_one_act_confirms_no_other(device: Device) -> None:
    """The answer to another question, with other amounts, is refused and counted."""
    first, second = device.ask(act(1)), device.ask(act(2))
    answer = device.key.get(device.options(first))
    with pytest.raises(DeviceRefused):
        device.confirm(second, answer)
    assert device.confirm(first, device.key.get(device.options(first)))


def test_an_answer_without_a_verified_user_is_refused(device: Device) -> None:
    """No finger, no yes; nor with a foreign key, nor a second time."""
    asked = device.ask(act())
    options = device.options(asked)
    device.key.verified = False
    with pytest.raises(DeviceRefused):
        device.confirm(asked, device.key.get(options))
    device.key.verified = True
    with pytest.raises(DeviceRefused):
        device.confirm(asked, Authenticator(settings.BASE_URL).get(options))
    answer = device.key.get(options)
    device.confirm(asked, answer)
    with pytest.raises(NotConfirmed):
        device.confirm(asked, answer)


def test_without_its_consent_no_device_is_asked(device: Device) -> None:
    """The consent to unlock by it is not the consent to pay by it."""
    other = make_member()
    with cast.transaction():
        asked = actions.ask_confirmation(other.actor, subject_id=other.subject_id, act=act())
    assert asked.ways == frozenset()
    with pytest.raises(GateRefusal), cast.transaction():
        actions.device_options(other.actor, challenge_id=asked.id)
