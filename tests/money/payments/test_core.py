"""Payments end to end over the sandbox's channels and bank, on the ledger."""

from __future__ import annotations

import pytest

from tests import cast
from tests.money.payments.payers import payer
from tests.outside import Outside
from xingnuo.kit import ids
from xingnuo.money.payments import actions
from xingnuo.money.payments.contracts import OrderDiffers, PaymentKind, PaymentState, Way

pytestmark = pytest.mark.promise("1.2.7a", "1.2.7c")


def test_money_comes_in_goes_over_and_out(outside: Outside) -> None:
    """Top-up by card, transfer to another person, withdrawal to the card: fen by fen."""
    alice, bob = payer(outside), payer(outside)
    came = alice.top_up(50_000)
    assert came.state is PaymentState.SUCCESS, came
    assert alice.balance() == 50_000
    order = alice.order(12_345, kind=PaymentKind.TRANSFER, payee=bob.payee(), title="转账")
    sent = alice.pay(alice.create(order), Way.BALANCE)
    assert sent.state is PaymentState.SUCCESS
    assert (alice.balance(), bob.balance()) == (37_655, 12_345)
    order = bob.order(2_345, kind=PaymentKind.WITHDRAW, title="提现")
    out = bob.pay(bob.create(order), Way.BALANCE)
    assert out.state in (PaymentState.SUCCESS, PaymentState.PAYING)
    assert bob.balance() == 10_000


def test_an_order_is_one_order(outside: Outside) -> None:
    """The same id with the same content is the same payment; other content is refused."""
    alice = payer(outside)
    order = alice.order(1_000)
    first, second = alice.create(order), alice.create(order)
    assert first == second
    with pytest.raises(OrderDiffers), cast.transaction():
        actions.create(alice.holder.actor, order=alice.order(1_001, id=order.id))
    assert ids.uuid7() != order.id
