"""Customers of the tests: payers who agreed to top-ups and bills, and short ways to both."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests import cast
from tests.money.payments.payers import Payer, payer
from tests.outside import Outside
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.money.payments import queries as payments
from xingnuo.money.payments.contracts import PaymentShown, PaymentState, Way
from xingnuo.services.bill_pay import actions, queries
from xingnuo.services.bill_pay.contracts import ISSUERS, OPERATOR, OrderShown, OrderState
from xingnuo.services.bill_pay.models import OrderRow

PHONE, FEN, MONEY = "13800000000", 5_000, 100_000
UNDECIDED = (OrderState.PREPARED, OrderState.SENT, OrderState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Customer:
    """A payer who agreed to top-ups and bills."""

    payer: Payer
    outside: Outside

    @property
    def subject_id(self) -> UUID:
        """Give the person's id."""
        return self.payer.subject_id

    @property
    def actor(self) -> Any:
        """Give the person as a door finds them."""
        return self.payer.holder.actor

    def draft(self, phone: str = PHONE) -> OrderShown:
        """Check a number at the operator."""
        return actions.begin_top_up(self.actor, phone=phone, key=ids.uuid7())

    def top_up(self, amount_fen: int = FEN) -> OrderShown:
        """Choose an amount, without paying."""
        draft = self.draft()
        with cast.transaction():
            return actions.choose_amount(self.actor, order_id=draft.id, amount_fen=amount_fen)

    def new_bill(self, due_fen: int = FEN, issuer: str = ISSUERS[0]) -> str:
        """Give the number of a new account that owes something."""
        told = {"issuer": issuer, "due_fen": due_fen}
        return str(self.outside.ask("POST", "/utility/test/accounts", told)["account"])

    def bill(self, due_fen: int = FEN, issuer: str = ISSUERS[0]) -> OrderShown:
        """Find a new bill and take it, without paying."""
        found = actions.find_bill(self.actor, issuer=issuer, number=self.new_bill(due_fen, issuer))
        with cast.transaction():
            return actions.pay_bill(
                self.actor, account_id=found.id, bill_no=found.bill_no, amount_fen=found.due_fen
            )

    def paid(self, order: OrderShown) -> OrderShown:
        """Pay an order from the balance."""
        after = self.payer.pay(self.payment(order), Way.BALANCE)
        assert after.state is PaymentState.SUCCESS, after
        return self.now(order)

    def payment(self, order: OrderShown) -> PaymentShown:
        """Give the payment of an order."""
        assert order.payment_id is not None
        with cast.transaction():
            return payments.payment(self.actor, payment_id=order.payment_id)

    def now(self, order: OrderShown) -> OrderShown:
        """Give an order as it stands."""
        with cast.transaction():
            return queries.order(self.actor, order_id=order.id)

    def ended(self, order: OrderShown, *, seconds: float = 10) -> OrderShown:
        """Do what the worker does until the order has an end."""
        end = time.monotonic() + seconds
        while (now := self.now(order)).state in UNDECIDED and time.monotonic() < end:
            actions.ask(subject_id=self.subject_id, number=order.id)
            time.sleep(0.05)
        return now

    def sent(self, order: OrderShown) -> OrderShown:
        """Pay an order, send it, and see it to its end."""
        self.paid(order)
        actions.send(subject_id=self.subject_id, order_id=order.id)
        return self.ended(order)

    def balance(self) -> int:
        """Give what the person may spend."""
        return self.payer.balance()

    def done_there(self, order: OrderShown) -> int:
        """Give what the other side's own books show done under the order's key, in fen."""
        service, table = (
            ("telecom", "topups") if order.party == OPERATOR else ("utility", "payments")
        )
        books = self.outside.books(service)[table]
        return sum(line["amount_fen"] for line in books if line["key"] == order.id.hex)

    def row(self, order: OrderShown) -> OrderRow:
        """Give the row of an order."""
        with cast.transaction():
            session.set_subject(self.subject_id)
            row: OrderRow = OrderRow.objects.of(self.subject_id).get(id=order.id)
            return row


def customer(outside: Outside, *, money_fen: int = MONEY) -> Customer:
    """Make a customer."""
    made = Customer(payer(outside), outside)
    agree_all(made.payer.holder.person)
    if money_fen:
        assert made.payer.top_up(money_fen).state is PaymentState.SUCCESS
    return made


def agree_all(person: cast.Person) -> None:
    """Agree to everything that bills ask for, party by party."""
    cast.agree(person, "bill_pay.topup", optional=("topup_time",))
    cast.agree(person, "bill_pay.topup", recipient=OPERATOR)
    cast.agree(person, "bill_pay.query", optional=("bill_name", "bill_address", "bill_balance"))
    cast.agree(person, "bill_pay.pay")
    cast.agree(person, "bill_pay.records")
    for issuer in ISSUERS:
        cast.agree(person, "bill_pay.query", recipient=issuer)
        cast.agree(person, "bill_pay.pay", recipient=issuer)
