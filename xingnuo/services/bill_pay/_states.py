"""The steps of orders and links, as tables; a step not here is refused."""

from __future__ import annotations

from xingnuo.kit.steps import step
from xingnuo.services.bill_pay.contracts import LinkState, OrderState, OtherOrder

_S, _L = OrderState, LinkState
ORDER_STEPS: dict[OrderState, frozenset[OrderState]] = {
    _S.DRAFT: frozenset({_S.UNPAID}),
    _S.UNPAID: frozenset({_S.PREPARED, _S.CLOSED}),
    _S.CLOSED: frozenset(),
    # What was never sent is certainly not done.
    _S.PREPARED: frozenset({_S.SENT, _S.DECLINED}),
    _S.SENT: frozenset({_S.DONE, _S.DECLINED, _S.UNKNOWN}),
    # Proof alone leads out: no counter and no time. Sent again is under the same key.
    _S.UNKNOWN: frozenset({_S.DONE, _S.DECLINED, _S.SENT}),
    _S.DONE: frozenset(),
    _S.DECLINED: frozenset({_S.REFUNDED}),
    _S.REFUNDED: frozenset(),
}
LINK_STEPS: dict[LinkState, frozenset[LinkState]] = {
    _L.PROPOSED: frozenset({_L.LIVE, _L.WITHDRAWN}),
    _L.LIVE: frozenset({_L.WITHDRAWN}),
    _L.WITHDRAWN: frozenset(),
}


def order_step(before: OrderState, after: OrderState) -> OrderState:
    """Give the state after a step of an order; raises `OtherOrder`."""
    return step(ORDER_STEPS, before, after, error=OtherOrder)


def link_step(before: LinkState, after: LinkState) -> LinkState:
    """Give the state after a step of a link; raises `OtherOrder`."""
    return step(LINK_STEPS, before, after, error=OtherOrder)
