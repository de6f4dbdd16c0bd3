"""Auto-debit end to end: told days before, known to the bank, debited, settled, stopped."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from tests import cast
from tests.money.payments.holders import Holder, may_debit
from tests.money.payments.test_agreements import announced, signed, states
from tests.outside import Outside
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.money.ledger import queries as ledger
from xingnuo.money.ledger.contracts import HouseKind, house
from xingnuo.money.payments import actions
from xingnuo.money.payments.contracts import (
    AgreementShown,
    DebitRefused,
    DebitState,
    Order,
    OrderDiffers,
    Payee,
    PaymentKind,
    PaymentShown,
    PaymentState,
    WhyNot,
)
from xingnuo.money.payments.models import DebitRow
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import MoneyOutcome

pytestmark = pytest.mark.promise("1.2.7a")
FEN = 100_000


@pytest.fixture
def agreement(alice: Holder) -> AgreementShown:
    """Give a signed agreement of a person who may be debited."""
    alice.bind()
    alice.set_password()
    may_debit(alice)
    return signed(alice)


def told(one: Holder, agreement: AgreementShown) -> UUID:
    """Tell of a debit as if it had been days ago: the bank's clock is not to be moved."""
    ref = announced(one, agreement, FEN)
    with cast.transaction():
        session.set_subject(one.subject_id)
        DebitRow.objects.of(one.subject_id).filter(ref=ref).update(
            told_at=clock.now() - timedelta(days=4), due_on=clock.today(), next_on=clock.today()
        )
    return ref


def order(
    agreement: AgreementShown, ref: UUID, *, fen: int = FEN, key: UUID | None = None
) -> Order:
    """Give the order of a debit."""
    return Order(
        id=key or ids.uuid7(),
        kind=PaymentKind.PAY,
        service="transfer",
        amount_fen=fen,
        payee=Payee(
            id=agreement.payee, name="星诺消费金融有限公司", account_id=house(HouseKind.INCOME)
        ),
        title="还款",
        ref=ref,
    )


def debit(one: Holder, agreement: AgreementShown, asked: Order, ref: UUID) -> PaymentShown:
    """Debit as the worker does."""
    return actions.debit(subject_id=one.subject_id, order=asked, agreement_id=agreement.id, ref=ref)


def test_a_debit_moves_once_what_was_announced(alice: Holder, agreement: AgreementShown) -> None:
    """The bank debits it, the books have it once, and the same order again is the same payment."""
    ref = told(alice, agreement)
    asked = order(agreement, ref)
    before = ledger.house_balance(house(HouseKind.RECEIVABLE, "bank"))
    done = debit(alice, agreement, asked, ref)
    assert done.state is PaymentState.SUCCESS, done
    assert debit(alice, agreement, asked, ref) == done
    assert before - ledger.house_balance(house(HouseKind.RECEIVABLE, "bank")) == FEN
    assert states(alice, agreement) == [DebitState.DONE]
    with pytest.raises(OrderDiffers):
        debit(alice, agreement, order(agreement, ref, fen=FEN - 1, key=asked.id), ref)


def test_nothing_is_debited_unannounced_or_after_the_end(
    alice: Holder, agreement: AgreementShown, outside: Outside
) -> None:
    """Without notice, for another amount, or once stopped: refused; the bank is told of the end."""
    unannounced = ids.uuid7()
    with pytest.raises(DebitRefused) as refused:
        debit(alice, agreement, order(agreement, unannounced), unannounced)
    assert refused.value.reason is WhyNot.NOT_NOTICED
    ref = told(alice, agreement)
    with pytest.raises(DebitRefused) as refused:
        debit(alice, agreement, order(agreement, ref, fen=FEN + 1), ref)
    assert refused.value.reason is WhyNot.OTHER_AMOUNT
    with cast.transaction():
        actions.cancel_agreement(alice.actor, agreement_id=agreement.id)
    with pytest.raises(DebitRefused) as refused:
        debit(alice, agreement, order(agreement, ref), ref)
    assert refused.value.reason is WhyNot.NOT_ACTIVE
    actions.end_at_bank(subject_id=alice.subject_id, agreement_id=agreement.id)
    told_no = bank.debit(agreement=agreement.id.hex, amount_fen=1, text="x", key=ids.uuid7().hex)
    assert told_no.outcome is MoneyOutcome.DECLINED
