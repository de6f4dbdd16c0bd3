"""Payers of the core's tests: they agreed to everything that paying asks for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from tests import cast
from tests.money.payments.holders import PASSWORD, Holder, holder
from tests.outside import Partners
from xingnuo.kit import ids
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    Order,
    Payee,
    PaymentKind,
    PaymentShown,
    Way,
)

RECIPIENTS = ("alipay", "wechat_pay", "unionpay", "settlement_bank")


@dataclass(frozen=True, slots=True)
class Payer:
    """A person with a card, a password, and every consent that paying asks for."""

    holder: Holder
    card_id: UUID

    @property
    def subject_id(self) -> UUID:
        """Give the person's id."""
        return self.holder.subject_id

    def account(self) -> UUID:
        """Give the person's balance account."""
        with cast.transaction():
            return actions.open_balance(self.holder.permit("payments.service", ("account_id",)))

    def payee(self) -> Payee:
        """Give the person as a payee of a transfer."""
        account = self.account()
        return Payee(id=str(account), name="艾晓雯", account_id=account, subject_id=self.subject_id)

    def order(
        self, amount_fen: int, *, kind: PaymentKind = PaymentKind.TOP_UP, **told: object
    ) -> Order:
        """Give an order: a top-up of the own balance unless another is told."""
        asked: dict[str, object] = {
            "id": ids.uuid7(),
            "service": kind.value,
            "payee": self.payee(),
            "title": "余额充值",
            **told,
        }
        return Order(kind=kind, amount_fen=amount_fen, **asked)  # type: ignore[arg-type]

    def create(self, order: Order) -> PaymentShown:
        """Write an order down."""
        with cast.transaction():
            return actions.create(self.holder.actor, order=order)

    def pay(self, payment: PaymentShown, way: Way = Way.CARD) -> PaymentShown:
        """Confirm and pay."""
        yes = self.holder.confirmed(actions.act_of_payment(payment))
        return actions.pay(
            self.holder.actor,
            payment_id=payment.id,
            confirmation_id=yes.id,
            way=way,
            card_id=self.card_id if way is Way.CARD or payment.kind == "withdraw" else None,
        )

    def top_up(self, amount_fen: int) -> PaymentShown:
        """Bring money from the card to the balance."""
        return self.pay(self.create(self.order(amount_fen)))

    def now(self, payment: PaymentShown) -> PaymentShown:
        """Give a payment as it stands."""
        with cast.transaction():
            return queries.payment(self.holder.actor, payment_id=payment.id)

    def balance(self) -> int:
        """Give what the person may spend, in fen."""
        with cast.transaction():
            return queries.balance(self.holder.actor).available_fen


def payer(outside: Partners) -> Payer:
    """Make a payer."""
    made = holder(outside)
    card = made.bind()
    made.set_password(PASSWORD)
    for purpose in ("payments.service", "payments.records"):
        cast.agree(made.person, purpose)
    cast.agree(made.person, "payments.pay")
    for recipient in RECIPIENTS:
        cast.agree(made.person, "payments.pay", recipient=recipient)
    return Payer(made, card.id)
