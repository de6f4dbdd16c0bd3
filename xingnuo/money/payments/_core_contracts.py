"""What leaves the core of payments: orders, payments, refunds, coupons, and the refusals."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from xingnuo.kit.errors import BadInput, Conflict, NotFound, Refused

# An order, a transfer or a balance never passes this, whatever the dated limits say.
AMOUNT_MAX_FEN = 10_000_000_000
TITLE_CHARS_MAX = 40
_PAYEE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


class PaymentKind(StrEnum):
    """What a payment does with the money."""

    PAY = "pay"  # to a payee
    TRANSFER = "transfer"  # from balance to balance of another person
    TOP_UP = "top_up"  # from a card to the own balance
    WITHDRAW = "withdraw"  # from the balance to an own card


class Way(StrEnum):
    """Where the money comes from."""

    CARD = "card"  # quick pay on a bound card, over a channel
    BALANCE = "balance"
    AGREEMENT = "agreement"  # an agreed debit at the bank


class PaymentState(StrEnum):
    """How far a payment has come; it moves forward alone."""

    CREATED = "created"
    PAYING = "paying"
    SUCCESS = "success"
    FAILED = "failed"
    CLOSED = "closed"
    PART_REFUNDED = "part_refunded"
    REFUNDED = "refunded"


class AttemptState(StrEnum):
    """How far one order number at one channel has come."""

    PREPARED = "prepared"
    SENT = "sent"
    UNKNOWN = "unknown"
    CLOSING = "closing"
    SUCCESS = "success"
    DECLINED = "declined"
    CLOSED = "closed"
    LATE_SUCCESS = "late_success"  # money came after a decline or a close


class RefundState(StrEnum):
    """How far a refund has come; an abnormal one is a person's case."""

    PREPARED = "prepared"
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    ABNORMAL = "abnormal"


class CouponState(StrEnum):
    """A coupon is reserved, used and released once for each payment."""

    AVAILABLE = "available"
    RESERVED = "reserved"
    USED = "used"
    EXPIRED = "expired"


class Rail(StrEnum):
    """Over whom money enters or leaves the house."""

    ALIPAY = "alipay"
    WECHAT = "wechat"
    UNIONPAY = "unionpay"
    BANK = "bank"
    NONE = ""  # within the books


LIVE_ATTEMPTS = (
    AttemptState.PREPARED,
    AttemptState.SENT,
    AttemptState.UNKNOWN,
    AttemptState.CLOSING,
)
PAID = (PaymentState.SUCCESS, PaymentState.PART_REFUNDED, PaymentState.REFUNDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Who receives. `id` is a steady code and is confirmed; the name rests in the vault alone.

    `account_id` is a ledger account of `subject_id`, or a house account where that is None.
    """

    id: str
    name: str = field(repr=False)
    account_id: UUID
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a payer is asked to pay; its id is made by the client and kept before anything is sent.

    Raises `BadInput` for an amount that is no whole, positive number of fen within bounds.
    """

    id: UUID
    kind: PaymentKind
    service: str
    amount_fen: int
    payee: Payee
    title: str = field(repr=False)
    coupon_id: UUID | None = None
    ref: UUID | None = None
    fee_fen: int = 0
    expires_at: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what no order may say."""
        amount, fee = self.amount_fen, self.fee_fen
        if type(amount) is not int or not 0 < amount <= AMOUNT_MAX_FEN:
            raise BadInput({"amount": "金额要大于 0 分，不超过一亿元。"})
        if type(fee) is not int or not 0 <= fee <= amount:
            raise BadInput({"fee": "手续费不能超过金额。"})
        if not _PAYEE.fullmatch(self.payee.id) or not 0 < len(self.title) <= TITLE_CHARS_MAX:
            raise BadInput({"payee": "收款方或用途写得不对。"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentShown:
    """A payment as its payer and its service may know it."""

    id: UUID
    subject_id: UUID
    kind: PaymentKind
    service: str
    way: Way | None
    state: PaymentState
    amount_fen: int
    off_fen: int
    refunded_fen: int
    fee_fen: int
    payee_id: str
    payee_subject: UUID | None
    ref: UUID | None
    card_id: UUID | None
    coupon_id: UUID | None
    code: str  # why it failed, a declared code
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None

    @property
    def payable_fen(self) -> int:
        """Give what the payer pays after the discount."""
        return self.amount_fen - self.off_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundShown:
    """A refund; `coupon_fen` goes back to the house, `money_fen` to where the money came from."""

    id: UUID
    payment_id: UUID
    state: RefundState
    amount_fen: int
    coupon_fen: int
    code: str
    made_at: datetime
    ended_at: datetime | None

    @property
    def money_fen(self) -> int:
        """Give what goes back to the payer."""
        return self.amount_fen - self.coupon_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponShown:
    """A discount that a person may use once."""

    id: UUID
    campaign: str
    off_fen: int
    least_fen: int
    service: str
    state: CouponState
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service that takes payments. Its calls run in the transaction that books the money.

    They get the permit of that booking and write rows of the payer alone; they may come twice.
    `back` names the page to which the payer returns, by the order's ref.
    """

    code: str
    title: str
    settled: Callable[[Any, PaymentShown], None] = lambda permit, payment: None
    failed: Callable[[Any, PaymentShown], None] = lambda permit, payment: None
    refunded: Callable[[Any, PaymentShown, RefundShown], None] = lambda permit, paid, refund: None
    back: str = ""


class NoSuchPayment(NotFound):
    """There is no such payment of this person; another's looks the same."""

    code = "no_payment"
    message = "没有这笔付款。"
    remedy = "请回到账单里查看。"


class OrderDiffers(Conflict):
    """The order's number was used for other content."""

    code = "order_differs"
    message = "这个订单号已经用过，内容不一样。"
    remedy = "请重新下单。"


class NotPayable(Conflict):
    """The payment is not in a state from which this leads on."""

    code = "not_payable"
    message = "这笔付款现在不能这样做。"
    remedy = "请刷新后看它的最新状态。"


class OverLimit(Refused):
    """A limit by law or by account class would be passed."""

    code = "over_limit"
    message = "这笔超过了限额，没有扣款。"
    remedy = "可以换一种付款方式，或减少金额。"


class OverRefund(Refused):
    """More would be given back than was paid."""

    code = "over_refund"
    message = "退款超过了还能退的金额，没有退。"
    remedy = "请核对已退金额。"


class Screened(Refused):
    """The check of unusual acts stopped it."""

    code = "payment_screened"
    message = "为保护你的资金，这笔付款没有进行。"
    remedy = "可以稍后再试，或联系客服。"


class NoSuchCoupon(Refused):
    """The coupon is used, over, or does not fit this order."""

    code = "no_coupon"
    message = "这张优惠券现在不能用在这笔付款上。"
    remedy = "请换一张，或不用优惠券付款。"
