"""Every fault of the script at paying and refunding: money is conserved and captured once.

What is not known stays unknown until it is proved; only a definite no leads to another channel.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from tests import cast
from tests.money.payments.payers import Payer, payer
from tests.outside import Outside
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.money.payments import _core_jobs, _core_rails, actions, queries
from xingnuo.money.payments.contracts import (
    AttemptState,
    Order,
    PaymentKind,
    PaymentShown,
    PaymentState,
    RefundShown,
    RefundState,
    Service,
    Way,
)
from xingnuo.money.payments.models import AttemptRow, CaseRow
from xingnuo.partners import _line
from xingnuo.partners.channel.contracts import Answer, Outcome

pytestmark = pytest.mark.promise("1.2.7a", "1.2.7c")
SHOP = "test_shop"
STYLES = ("alipay", "wechat", "unionpay")
FEN = 12_300
actions.serve(Service(code=SHOP, title="测试店"))


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for a partner no longer than a test does."""
    monkeypatch.setattr(_line, "ANSWER_SECONDS_MAX", 1.0)


@pytest.fixture
def alice(outside: Outside) -> Payer:
    """Give a payer."""
    return payer(outside)


@pytest.fixture
def shop(outside: Outside) -> Payer:
    """Give somebody who is paid."""
    return payer(outside)


def bought(alice: Payer, shop: Payer, fen: int = FEN, **told: Any) -> PaymentShown:
    """Order something of the shop's."""
    return alice.create(order_of(alice, shop, fen, **told))


def order_of(alice: Payer, shop: Payer, fen: int = FEN, **told: Any) -> Order:
    """Give an order of the shop's."""
    asked = {"service": SHOP, "payee": shop.payee(), "title": "一双布鞋", **told}
    return alice.order(fen, kind=PaymentKind.PAY, **asked)


def tries(alice: Payer, payment: PaymentShown) -> list[AttemptRow]:
    """Give the attempts of a payment, oldest first."""
    with cast.transaction():
        session.set_subject(alice.subject_id)
        mine = AttemptRow.objects.of(alice.subject_id)
        return list(mine.filter(payment_id=payment.id).order_by("made_at", "id"))


def captured(outside: Outside, alice: Payer, payment: PaymentShown) -> list[int]:
    """Give what the channels' own books say was paid for a payment's numbers."""
    numbers = {one.id.hex for one in tries(alice, payment)}
    return [
        one["amount_fen"]
        for style in STYLES
        for one in outside.books(style)["orders"]
        if one["order_no"] in numbers and one["paid_at"]
    ]


def ask_on(alice: Payer, payment: PaymentShown, times: int = 4) -> PaymentShown:
    """Ask about what is open, as the worker does, and give how it stands."""
    for _ in range(times):
        for one in tries(alice, payment):
            actions.ask(subject_id=alice.subject_id, number=one.id)
    return alice.now(payment)


FAULTS = (
    "bad_signature", "decline", "late(200)", "early(200)", "wrong_amount", "silence(1500)",
    "timeout_before(1500)", "timeout_after(1500)", "reset", "slow(100)", "drip(1500)", "5xx",
)  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_pay_1_every_fault_of_paying_ends_by_proof_alone(
    outside: Outside, alice: Payer, shop: Payer, fault: str
) -> None:
    """Paid and captured once, or open and not paid: never both, never twice, never a cent off."""
    payment = bought(alice, shop)
    outside.script("alipay", "pay", fault)
    first = alice.pay(payment)
    assert first.state in (PaymentState.SUCCESS, PaymentState.PAYING), first
    last = ask_on(alice, payment)
    books = captured(outside, alice, payment)
    states = [AttemptState(one.state) for one in tries(alice, payment)]
    assert states.count(AttemptState.SUCCESS) <= 1
    if last.state is PaymentState.SUCCESS:
        assert (books, shop.balance()) == ([FEN], FEN)
    else:
        # No proof came: it is still open, with one number, and nothing is booked.
        assert last.state is PaymentState.PAYING and len(states) == 1
        assert shop.balance() == 0
    if fault == "decline":
        assert states == [AttemptState.DECLINED, AttemptState.SUCCESS]
    elif first.state is PaymentState.PAYING:
        assert len(states) == 1, "another channel was tried without a definite no"


def test_three_noes_lead_back_and_the_payer_may_try_again(
    outside: Outside, alice: Payer, shop: Payer
) -> None:
    """Each channel is asked once; then the order is open again and may be paid otherwise."""
    payment = bought(alice, shop)
    for style in STYLES:
        outside.script(style, "pay", "decline")
    back = alice.pay(payment)
    assert (back.state, back.way) == (PaymentState.CREATED, None) and back.code
    rails = [one.rail for one in tries(alice, payment)]
    assert rails == list(STYLES) and captured(outside, alice, payment) == []
    again = alice.pay(alice.now(payment))
    assert again.state is PaymentState.SUCCESS and captured(outside, alice, payment) == [FEN]


def test_a_card_that_fails_for_good_is_not_carried_on(
    alice: Payer, shop: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A permanent no is not asked of the next channel."""
    no = Answer(outcome=Outcome.DECLINED, permanent=True, code="card_lost")
    payment = bought(alice, shop)
    with monkeypatch.context() as patched:
        patched.setattr(_core_rails.channel, "pay", lambda *told, **more: no)
        back = alice.pay(payment)
    assert (back.state, back.code) == (PaymentState.CREATED, "card_lost")
    assert len(tries(alice, payment)) == 1


def test_a_wrong_amount_is_a_case_and_never_a_payment(
    outside: Outside, alice: Payer, shop: Payer
) -> None:
    """What a channel says of another sum proves nothing; a person looks."""
    payment = bought(alice, shop)
    outside.script("alipay", "pay", "wrong_amount")
    assert alice.pay(payment).state is PaymentState.PAYING and shop.balance() == 0
    (one,) = tries(alice, payment)
    case = CaseRow.objects.get(number=one.id.hex)
    assert (case.kind, case.ours_fen) == ("wrong_amount", FEN)
    assert case.theirs_fen != FEN
    assert ask_on(alice, payment).state is PaymentState.SUCCESS
    assert CaseRow.objects.filter(number=one.id.hex).count() == 1


REFUND_FAULTS = tuple(one for one in FAULTS if not one.startswith("early"))


@pytest.mark.parametrize("fault", REFUND_FAULTS)
def test_pay_6_every_fault_of_a_refund_ends_by_proof_alone(
    outside: Outside, alice: Payer, shop: Payer, fault: str
) -> None:
    """Given back once, or still under way, or a person's case: never lost, never doubled."""
    payment = alice.pay(bought(alice, shop))
    assert payment.state is PaymentState.SUCCESS
    outside.script("alipay", "refund", fault)
    refund = ids.uuid7()
    give_back(alice, payment, 4_000, refund)
    assert shop.balance() == FEN - 4_000
    actions.send_refund(subject_id=alice.subject_id, refund_id=refund)
    for _ in range(4):
        actions.ask(subject_id=alice.subject_id, number=refund)
    held = outside.books("alipay")["refunds"]
    back = [one["amount_fen"] for one in held if one["refund_no"] == refund.hex]
    (known,) = refunds_of(alice, payment)
    if known.state is RefundState.DONE:
        assert back == [4_000]
    else:
        assert known.state in (RefundState.UNKNOWN, RefundState.ABNORMAL)
    assert alice.now(payment).refunded_fen == 4_000
    if known.state is RefundState.ABNORMAL:
        assert CaseRow.objects.filter(number=refund.hex, kind="refund_abnormal").count() == 1


def give_back(alice: Payer, payment: PaymentShown, fen: int, refund_id: UUID) -> RefundShown:
    """Refund as a service does."""
    with cast.transaction():
        return actions.refund(
            actions.keeping(alice.subject_id),
            payment_id=payment.id,
            refund_id=refund_id,
            amount_fen=fen,
            reason="returned",
        )


def refunds_of(alice: Payer, payment: PaymentShown) -> tuple[RefundShown, ...]:
    """Give the refunds of a payment."""
    with cast.transaction():
        return queries.refunds(alice.holder.actor, payment_id=payment.id)


def test_what_the_bank_does_not_answer_keeps_the_payout_held(
    outside: Outside, alice: Payer
) -> None:
    """A withdrawal of unknown fate: the money is not spendable and not gone until the proof."""
    alice.top_up(10_000)
    outside.script("bank", "*", "timeout_before(1500)")
    made = alice.create(alice.order(4_000, kind=PaymentKind.WITHDRAW, title="提现"))
    sent = alice.pay(made, Way.BALANCE)
    with cast.transaction():
        stands = queries.balance(alice.holder.actor)
    assert sent.state in (PaymentState.PAYING, PaymentState.SUCCESS)
    assert stands.available_fen == 6_000
    last = ask_on(alice, made)
    assert last.state is PaymentState.SUCCESS and alice.balance() == 6_000


def test_an_unknown_is_asked_about_for_ever_and_shown_when_it_is_old(
    outside: Outside, alice: Payer, shop: Payer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No counter and no time ends it; a person sees it, once."""
    payment = bought(alice, shop)
    outside.script("alipay", "pay", "reset")
    assert alice.pay(payment).state is PaymentState.PAYING
    monkeypatch.setattr(_core_jobs, "OLD", -_core_jobs.OLD)
    assert ask_on(alice, payment, times=15).state is PaymentState.PAYING
    (one,) = tries(alice, payment)
    assert one.asked >= 15 and one.state == AttemptState.UNKNOWN.value
    assert CaseRow.objects.filter(number=one.id.hex, kind="unknown_old").count() == 1
