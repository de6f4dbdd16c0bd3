"""What the pages of 生活缴费 say of kinds, states and parties."""

from __future__ import annotations

from dataclasses import dataclass

from xingnuo.services.bill_pay.contracts import ISSUERS, OrderKind, OrderShown, OrderState
from xingnuo.services.bill_pay.queries import BILL_NAMES

STATES = {
    OrderState.DRAFT: ("没选金额", ""),
    OrderState.UNPAID: ("待付款", "warn"),
    OrderState.CLOSED: ("已关闭", ""),
    OrderState.PREPARED: ("办理中", "info"),
    OrderState.SENT: ("办理中", "info"),
    OrderState.UNKNOWN: ("等对方确认", "info"),
    OrderState.DONE: ("已完成", "good"),
    OrderState.DECLINED: ("退款中", "warn"),
    OrderState.REFUNDED: ("已退款", ""),
}
SAID = {
    OrderState.UNPAID: "还没有付款。",
    OrderState.CLOSED: "没有付款，这一笔已关闭。要办请重新来。",
    OrderState.PREPARED: "已付款，正在交给对方办理。",
    OrderState.SENT: "已付款，正在等对方的结果。",
    OrderState.UNKNOWN: "已付款，对方还没有给出结果。我们会一直查到有结果，不用再付一次。",
    OrderState.DECLINED: "对方没有办成，钱正在原路退回。",
    OrderState.REFUNDED: "对方没有办成，钱已原路退回。",
}
ICONS = {
    "utility_power": "zap",
    "utility_water": "layers",
    "utility_gas": "activity",
    "telecom_operator": "smartphone",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An issuer as the pages name it."""

    id: str
    name: str
    icon: str


ISSUERS_SHOWN = tuple(Issuer(id=one, name=BILL_NAMES[one], icon=ICONS[one]) for one in ISSUERS)


def title(order: OrderShown) -> str:
    """Name what an order is for."""
    return "手机充值" if order.kind is OrderKind.TOP_UP else BILL_NAMES[order.party]


def said(order: OrderShown) -> str:
    """Say in a sentence how an order stands."""
    if order.state is OrderState.DONE:
        return "话费已充上。" if order.kind is OrderKind.TOP_UP else "已销账，这张账单缴清了。"
    return SAID.get(order.state, "")
