"""Once: two taps, sixty-four spenders, coupons, refunds, notices and late money."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connections

from tests import cast
from tests.money.payments.payers import Payer
from tests.money.payments.test_core_faults import (
    FEN,
    STYLES,
    alice,
    bought,
    captured,
    give_back,
    hasty,
    order_of,
    refunds_of,
    shop,
    tries,
)
from tests.outside import Outside
from xingnuo.kit import clock, ids
from xingnuo.kit.errors import BadInput, XingnuoError
from xingnuo.money.ledger import queries as ledger
from xingnuo.money.ledger.contracts import HouseKind, NotPosted, house
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments._core_rails import Finding, Proof, Source
from xingnuo.money.payments.contracts import (
    AttemptState,
    CouponState,
    NoSuchCoupon,
    NotPayable,
    OrderDiffers,
    OverLimit,
    OverRefund,
    PaymentKind,
    PaymentShown,
    PaymentState,
    RefundState,
    Way,
)
from xingnuo.money.payments.models import AttemptRow, ConfirmationRow, CouponRow
from xingnuo.partners.channel.contracts import NotAuthentic

__all__ = ["alice", "hasty", "shop"]
pytestmark = pytest.mark.promise("1.2.7a", "1.2.7c")


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run acts at the same time; a refusal is given as itself."""

    def one(act: Callable[[], Any]) -> Any:
        try:
            return act()
        except XingnuoError as refused:
            return refused
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def paid(payer: Payer, payment: PaymentShown, confirmation: Any, way: Way) -> Callable[[], Any]:
    """Give an act that pays by one yes."""
    return lambda: actions.pay(
        payer.holder.actor,
        payment_id=payment.id,
        confirmation_id=confirmation.id,
        way=way,
        card_id=payer.card_id if way is Way.CARD else None,
    )


def test_pay_2_a_double_tap_and_two_tabs_pay_once(
    outside: Outside, alice: Payer, shop: Payer
) -> None:
    """One yes twice at once, and a second yes beside it: one capture, one booking."""
    payment = bought(alice, shop)
    act = actions.act_of_payment(payment)
    first, second = alice.holder.confirmed(act), alice.holder.confirmed(act)
    acts = [paid(alice, payment, yes, Way.CARD) for yes in (first, first, second, second)]
    for told in at_once(acts):
        assert not isinstance(told, XingnuoError) or told.code in ("not_confirmed", "busy"), told
    assert alice.now(payment).state is PaymentState.SUCCESS
    assert captured(outside, alice, payment) == [FEN] and shop.balance() == FEN
    assert len(tries(alice, payment)) == 1


def test_sixty_four_spenders_of_one_balance_spend_what_is_there(
    outside: Outside, alice: Payer, shop: Payer
) -> None:
    """Ten times the price is there, sixteen at a time, sixty-four in all: ten are paid."""
    alice.top_up(10_000)
    told: list[Any] = []
    for _ in range(4):  # no more than twenty open questions a person
        acts: list[Callable[[], Any]] = []
        for _ in range(16):
            payment = bought(alice, shop, 1_000)
            yes = alice.holder.confirmed(actions.act_of_payment(payment))
            acts.append(paid(alice, payment, yes, Way.BALANCE))
        told += at_once(acts)
        forget_questions(alice)
    done = [one for one in told if isinstance(one, PaymentShown)]
    short = [one for one in told if isinstance(one, NotPosted)]
    assert (len(done), len(short)) == (10, 54), told
    assert (alice.balance(), shop.balance()) == (0, 10_000)


def forget_questions(one: Payer) -> None:
    """Let the yeses that paid nothing be over."""
    with cast.transaction():
        actions.keeping(one.subject_id)
        ConfirmationRow.objects.of(one.subject_id).update(expires_at=clock.now())


def test_other_content_under_the_same_number_is_refused(alice: Payer, shop: Payer) -> None:
    """Another amount, payee or kind: the first stays as it was."""
    order = order_of(alice, shop)
    first = alice.create(order)
    for other in (order_of(alice, shop, FEN + 1, id=order.id), alice.order(FEN, id=order.id)):
        with pytest.raises(OrderDiffers):
            alice.create(other)
    assert alice.now(first) == first


@pytest.mark.parametrize("fen", [-1, 0, 0.001, 1.0, True, 10**19, "1", None])
def test_what_is_no_amount_makes_no_order(alice: Payer, fen: Any) -> None:
    """Whole positive fen within bounds, and nothing else."""
    with pytest.raises(BadInput):
        alice.order(fen)


def test_pay_6_refunds_never_pass_what_was_paid(alice: Payer, shop: Payer) -> None:
    """In parts, at once, and with one cent too many; the same number gives back once."""
    payment = alice.pay(bought(alice, shop))
    numbers = [ids.uuid7() for _ in range(6)]
    told = at_once(
        [partial(give_back, alice, payment, 3_000, one) for one in (*numbers, numbers[0])]
    )
    over = [one for one in told if isinstance(one, OverRefund)]
    known = refunds_of(alice, payment)
    assert sum(one.amount_fen for one in known) == 12_000 == alice.now(payment).refunded_fen
    assert len(known) == 4 and len(over) in (2, 3)
    with pytest.raises(OverRefund):
        give_back(alice, payment, 301, ids.uuid7())
    again = give_back(alice, payment, 3_000, known[0].id)
    assert again.id == known[0].id
    with pytest.raises(OrderDiffers):
        give_back(alice, payment, 2_999, known[0].id)
    give_back(alice, payment, 300, ids.uuid7())
    assert alice.now(payment).state is PaymentState.REFUNDED
    assert shop.balance() == 0
    for bad in (0, -1, 1.5, True):
        with pytest.raises(BadInput):
            give_back(alice, payment, bad, ids.uuid7())  # type: ignore[arg-type]


def test_what_is_not_paid_is_not_refunded(alice: Payer, shop: Payer) -> None:
    """An order, and a payee who has spent the money."""
    with pytest.raises(NotPayable):
        give_back(alice, bought(alice, shop), 1, ids.uuid7())
    payment = alice.pay(bought(alice, shop))
    out = shop.create(shop.order(FEN, kind=PaymentKind.TRANSFER, payee=alice.payee(), title="转"))
    shop.pay(out, Way.BALANCE)
    with pytest.raises(NotPosted):
        give_back(alice, payment, FEN, ids.uuid7())
    assert alice.now(payment).refunded_fen == 0 and refunds_of(alice, payment) == ()


def coupon(one: Payer, off_fen: int = 300, least_fen: int = 1_000, **told: Any) -> Any:
    """Give a person a coupon."""
    made = ids.uuid7()
    until = told.pop("valid_until", clock.now() + timedelta(days=3))
    with cast.transaction():
        actions.give_coupon(
            actions.keeping(one.subject_id),
            coupon_id=made,
            campaign="test",
            off_fen=off_fen,
            least_fen=least_fen,
            valid_until=until,
            **told,
        )
    return made


def state_of(one: Payer, coupon_id: Any) -> CouponState:
    """Give how a coupon stands."""
    with cast.transaction():
        actions.keeping(one.subject_id)
        return CouponState(CouponRow.objects.of(one.subject_id).get(id=coupon_id).state)


def choose(one: Payer, payment: PaymentShown, coupon_id: Any, way: Way = Way.CARD) -> PaymentShown:
    """Choose way and coupon as the cashier does."""
    with cast.transaction():
        return actions.choose(
            one.holder.actor,
            payment_id=payment.id,
            way=way,
            card_id=one.card_id if way is Way.CARD else None,
            coupon_id=coupon_id,
        )


def test_a_coupon_is_set_aside_laid_back_and_used_once(
    outside: Outside, alice: Payer, shop: Payer
) -> None:
    """Taken, changed, taken again, used: the payer pays less, the payee gets all, once."""
    one, two = coupon(alice), coupon(alice, 500)
    payment = bought(alice, shop)
    for chosen, off in ((one, 300), (two, 500), (None, 0), (one, 300), (one, 300)):
        assert choose(alice, payment, chosen).off_fen == off
    assert (state_of(alice, one), state_of(alice, two)) == (
        CouponState.RESERVED,
        CouponState.AVAILABLE,
    )
    with pytest.raises(NoSuchCoupon):
        choose(alice, bought(alice, shop), one)
    done = alice.pay(alice.now(payment))
    assert done.state is PaymentState.SUCCESS and state_of(alice, one) is CouponState.USED
    assert captured(outside, alice, payment) == [FEN - 300] and shop.balance() == FEN
    # The discount's part of a refund goes back to the house, to the cent over all parts.
    for fen in (4_100, 4_100, 4_100):
        give_back(alice, payment, fen, ids.uuid7())
    known = refunds_of(alice, payment)
    assert sum(each.coupon_fen for each in known) == 300
    assert sum(each.money_fen for each in known) == FEN - 300
    assert state_of(alice, one) is CouponState.USED


def test_an_order_that_nobody_pays_lets_its_coupon_go(alice: Payer, shop: Payer) -> None:
    """Cancelled once; nothing stays set aside."""
    one = coupon(alice)
    payment = alice.create(order_of(alice, shop, coupon_id=one))
    assert payment.off_fen == 300 and state_of(alice, one) is CouponState.RESERVED
    with cast.transaction():
        actions.cancel(alice.holder.actor, payment_id=payment.id)
    assert state_of(alice, one) is CouponState.AVAILABLE
    with pytest.raises(NotPayable), cast.transaction():
        actions.cancel(alice.holder.actor, payment_id=payment.id)
    assert alice.create(order_of(alice, shop, coupon_id=one)).off_fen == 300


def test_a_coupon_that_does_not_fit_is_refused(alice: Payer, shop: Payer) -> None:
    """Too small an order, another service, over, another's, and what moves the own money."""
    old = coupon(alice, valid_until=clock.now() - timedelta(seconds=1))
    other, big = coupon(alice, service="loans"), coupon(alice, least_fen=FEN + 1)
    for one in (old, other, big, coupon(shop), ids.uuid7()):
        with pytest.raises(NoSuchCoupon):
            alice.create(order_of(alice, shop, coupon_id=one))
    with pytest.raises(NoSuchCoupon):
        alice.create(alice.order(FEN, coupon_id=coupon(alice)))


def test_limits_stop_what_passes_them_and_count_what_is_under_way(
    alice: Payer, shop: Payer
) -> None:
    """Once, and by one factor in a day; what was refused is not counted."""
    with pytest.raises(OverLimit):
        alice.pay(bought(alice, shop, 5_000_001))
    for _ in range(2):
        alice.top_up(300_000)
    big = bought(alice, shop, 300_000)
    assert alice.pay(big, Way.BALANCE).state is PaymentState.SUCCESS
    with pytest.raises(OverLimit) as over:
        alice.pay(bought(alice, shop, 200_001), Way.BALANCE)
    assert over.value.detail == "password_day"
    last = bought(alice, shop, 200_000)
    assert alice.pay(last, Way.BALANCE).state is PaymentState.SUCCESS


def proof(one: AttemptRow, finding: Finding, **told: Any) -> PaymentShown:
    """Bring a proof about a number, as a notice does."""
    asked = {"source": Source.NOTICE, "amount_fen": one.amount_fen, **told}
    return actions.apply_proof(
        Proof(subject_id=one.subject_id, number=one.id, finding=finding, **asked)
    )


def under_way(outside: Outside, alice: Payer, shop: Payer) -> tuple[PaymentShown, AttemptRow]:
    """Give a payment of unknown fate with its number."""
    payment = bought(alice, shop)
    outside.script("alipay", "pay", "reset")
    assert alice.pay(payment).state is PaymentState.PAYING
    (one,) = tries(alice, payment)
    return payment, one


def test_a_notice_ten_times_and_after_the_answer_books_once(
    outside: Outside, alice: Payer, shop: Payer
) -> None:
    """Ten at once; then an older word of something else moves nothing back."""
    payment, one = under_way(outside, alice, shop)
    told = at_once([lambda: proof(one, Finding.PAID) for _ in range(10)])
    assert {each.state for each in told} == {PaymentState.SUCCESS}
    for finding in (Finding.DECLINED, Finding.CLOSED, Finding.UNKNOWN, Finding.NOT_FOUND):
        assert proof(one, finding).state is PaymentState.SUCCESS
    assert shop.balance() == FEN and alice.now(payment).state is PaymentState.SUCCESS


def test_a_forged_notice_changes_nothing(outside: Outside, alice: Payer, shop: Payer) -> None:
    """Whatever it claims, without the channel's signature it is nobody's."""
    payment, one = under_way(outside, alice, shop)
    body = f"out_trade_no={one.id.hex}&trade_status=TRADE_SUCCESS&total_amount=123.00".encode()
    for style in STYLES:
        with pytest.raises(NotAuthentic):
            actions.channel_notice(style, headers={}, body=body)
    assert alice.now(payment).state is PaymentState.PAYING and shop.balance() == 0


def test_money_after_the_end_goes_to_suspense_and_back_by_itself(
    outside: Outside, alice: Payer, shop: Payer
) -> None:
    """Rule 8: closed and then paid after all: not booked to the payee, given back once."""
    payment, one = under_way(outside, alice, shop)
    with cast.transaction():
        before = ledger.house_balance(house(HouseKind.SUSPENSE, "alipay"))
    assert proof(one, Finding.CLOSED, source=Source.CLOSE).state is PaymentState.CREATED
    for _ in range(3):
        proof(one, Finding.PAID)
    (late,) = tries(alice, payment)
    assert late.state == AttemptState.LATE_SUCCESS.value
    (back,) = refunds_of(alice, payment)
    assert (back.amount_fen, back.coupon_fen, shop.balance()) == (FEN, 0, 0)
    assert back.state in (RefundState.PREPARED, RefundState.SENT)
    with cast.transaction():
        assert ledger.house_balance(house(HouseKind.SUSPENSE, "alipay")) == before
    again = alice.pay(alice.now(payment))
    assert again.state is PaymentState.SUCCESS and shop.balance() == FEN


def test_what_was_confirmed_is_what_moves(alice: Payer, shop: Payer) -> None:
    """PAY-3: a yes to one amount does not pay the other that a coupon makes of it."""
    one, payment = coupon(alice), bought(alice, shop)
    yes = alice.holder.confirmed(actions.act_of_payment(payment))
    choose(alice, payment, one)
    told = at_once([paid(alice, payment, yes, Way.CARD)])
    assert isinstance(told[0], XingnuoError) and told[0].code == "other_than_confirmed", told
    assert tries(alice, payment) == [] and queries.busy_card(alice.subject_id, alice.card_id) == ""
