"""What the pages of 生活缴费 say of kinds, states and parties."""

from __future__ import annotations

from dataclasses import dataclass

from xingnuo.services.bill_pay.contracts import ISSUERS, Kind, OrderShown, State
from xingnuo.services.bill_pay.queries import BILL_NAMES

STATES = {
    State.DRAFT: ("没选金额", ""),
    State.UNPAID: ("待付款", "warn"),
    State.CLOSED: ("已关闭", ""),
    State.PREPARED: ("办理中", "info"),
    State.SENT: ("办理中", "info"),
    State.UNKNOWN: ("等对方确认", "info"),
    State.DONE: ("已完成", "good"),
    State.DECLINED: ("退款中", "warn"),
    State.REFUNDED: ("已退款", ""),
}
SAID = {
    State.UNPAID: "还没有付款。",
    State.CLOSED: "没有付款，这一笔已关闭。要办请重新来。",
    State.PREPARED: "已付款，正在交给对方办理。",
    State.SENT: "已付款，正在等对方的结果。",
    State.UNKNOWN: "已付款，对方还没有给出结果。我们会一直查到有结果，不用再付一次。",
    State.DECLINED: "对方没有办成，钱正在原路退回。",
    State.REFUNDED: "对方没有办成，钱已原路退回。",
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
    return "手机充值" if order.kind is Kind.TOP_UP else BILL_NAMES[order.party]


def said(order: OrderShown) -> str:
    """Say in a sentence how an order stands."""
    if order.state is State.DONE:
        return "话费已充上。" if order.kind is Kind.TOP_UP else "已销账，这张账单缴清了。"
    return SAID.get(order.state, "")
