"""Words of payments: kinds, states, and why one was not made, each with a way on."""

from __future__ import annotations

from xingnuo.doors.web._pages import link
from xingnuo.money.payments import queries
from xingnuo.money.payments.contracts import (
    PAID,
    PaymentKind,
    PaymentShown,
    PaymentState,
    RefundState,
    Way,
)

KINDS = {
    PaymentKind.PAY: "付款",
    PaymentKind.TRANSFER: "转账",
    PaymentKind.TOP_UP: "充值",
    PaymentKind.WITHDRAW: "提现",
}
WAYS = {Way.CARD: "银行卡", Way.BALANCE: "余额", Way.AGREEMENT: "自动扣款"}
STATES = {
    PaymentState.CREATED: ("待付款", "warn"),
    PaymentState.PAYING: ("处理中", "info"),
    PaymentState.SUCCESS: ("成功", "good"),
    PaymentState.FAILED: ("没有成功", "bad"),
    PaymentState.CLOSED: ("已关闭", ""),
    PaymentState.PART_REFUNDED: ("部分退款", "info"),
    PaymentState.REFUNDED: ("已退款", "info"),
}
REFUNDS = {
    RefundState.PREPARED: ("退款中", "info"),
    RefundState.SENT: ("退款中", "info"),
    RefundState.UNKNOWN: ("退款中", "info"),
    RefundState.DONE: ("已退回", "good"),
    RefundState.ABNORMAL: ("转人工办理", "warn"),
}
ICONS = {
    PaymentKind.PAY: "receipt",
    PaymentKind.TRANSFER: "arrow-right",
    PaymentKind.TOP_UP: "plus",
    PaymentKind.WITHDRAW: "wallet",
}
WHY = {
    "cancelled": "你取消了这笔。",
    "lapsed": "过了付款时间，这笔已关闭。",
    "not_sent": "请求没有发出去，没有扣款。",
    "balance": "卡里余额不足，没有扣款。",
    "short": "卡里余额不足，没有扣款。",
    "over_limit": "超过了卡的限额，没有扣款。",
    "card_lost": "这张卡已挂失，不能用。",
    "card_closed": "这张卡已注销，不能用。",
}
DECLINED = "银行没有同意这笔付款，没有扣款。"


def why(payment: PaymentShown) -> str:
    """Say why a payment was not made."""
    return WHY.get(payment.code, DECLINED)


def way(payment: PaymentShown) -> str:
    """Say by which way a payment goes."""
    return WAYS[payment.way] if payment.way else "还没有选"


def back_of(payment: PaymentShown) -> str:
    """Give the page to which a payer returns: the service's own, or the balance."""
    name = queries.service_of(payment.service).back
    if name and payment.ref is not None:
        return link(name, payment.ref, default=link("bills"))
    return link("bills") if payment.kind is PaymentKind.PAY else link("balance")


def is_paid(payment: PaymentShown) -> bool:
    """Say whether the money has moved."""
    return payment.state in PAID
