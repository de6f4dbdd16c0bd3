"""The steps of payments, attempts, refunds and coupons, as tables; a step not here is refused."""

from __future__ import annotations

from xingnuo.kit.steps import step
from xingnuo.money.payments._core_contracts import (
    AttemptState,
    CouponState,
    NoSuchCoupon,
    NotPayable,
    PaymentState,
    RefundState,
)

_P, _A, _R, _C = PaymentState, AttemptState, RefundState, CouponState
PAYMENT_STEPS: dict[PaymentState, frozenset[PaymentState]] = {
    _P.CREATED: frozenset({_P.PAYING, _P.SUCCESS, _P.CLOSED}),
    # A certain decline leads back: the payer may choose another way within the order's time.
    _P.PAYING: frozenset({_P.SUCCESS, _P.FAILED, _P.CREATED}),
    _P.SUCCESS: frozenset({_P.PART_REFUNDED, _P.REFUNDED}),
    _P.PART_REFUNDED: frozenset({_P.PART_REFUNDED, _P.REFUNDED}),
    _P.REFUNDED: frozenset(),
    _P.FAILED: frozenset(),
    _P.CLOSED: frozenset(),
}
ATTEMPT_STEPS: dict[AttemptState, frozenset[AttemptState]] = {
    # What was never sent is certainly not paid.
    _A.PREPARED: frozenset({_A.SENT, _A.DECLINED}),
    _A.SENT: frozenset({_A.SUCCESS, _A.DECLINED, _A.UNKNOWN, _A.CLOSED}),
    # Proof alone leads out: no counter and no time.
    _A.UNKNOWN: frozenset({_A.SUCCESS, _A.DECLINED, _A.CLOSING, _A.CLOSED}),
    _A.CLOSING: frozenset({_A.SUCCESS, _A.DECLINED, _A.CLOSED, _A.UNKNOWN}),
    _A.SUCCESS: frozenset(),
    _A.DECLINED: frozenset({_A.LATE_SUCCESS}),
    _A.CLOSED: frozenset({_A.LATE_SUCCESS}),
    _A.LATE_SUCCESS: frozenset(),
}
REFUND_STEPS: dict[RefundState, frozenset[RefundState]] = {
    _R.PREPARED: frozenset({_R.SENT, _R.DONE}),
    _R.SENT: frozenset({_R.DONE, _R.UNKNOWN, _R.ABNORMAL}),
    _R.UNKNOWN: frozenset({_R.DONE, _R.ABNORMAL}),
    _R.ABNORMAL: frozenset({_R.DONE}),
    _R.DONE: frozenset(),
}
COUPON_STEPS: dict[CouponState, frozenset[CouponState]] = {
    _C.AVAILABLE: frozenset({_C.RESERVED, _C.EXPIRED}),
    _C.RESERVED: frozenset({_C.USED, _C.AVAILABLE}),
    _C.USED: frozenset(),
    _C.EXPIRED: frozenset(),
}


def payment_step(before: PaymentState, after: PaymentState) -> PaymentState:
    """Give the state after a step of a payment; raises `NotPayable`."""
    return step(PAYMENT_STEPS, before, after, error=NotPayable)


def attempt_step(before: AttemptState, after: AttemptState) -> AttemptState:
    """Give the state after a step of an attempt; raises `NotPayable`."""
    return step(ATTEMPT_STEPS, before, after, error=NotPayable)


def refund_step(before: RefundState, after: RefundState) -> RefundState:
    """Give the state after a step of a refund; raises `NotPayable`."""
    return step(REFUND_STEPS, before, after, error=NotPayable)


def coupon_step(before: CouponState, after: CouponState) -> CouponState:
    """Give the state after a step of a coupon; raises `NoSuchCoupon`."""
    return step(COUPON_STEPS, before, after, error=NoSuchCoupon)
