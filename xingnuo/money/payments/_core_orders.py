"""Orders: made once by their id, closed when nobody pays; coupons are set aside with them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from xingnuo.kit import clock, ids, jobs
from xingnuo.money.payments import _core_books as books
from xingnuo.money.payments import _core_rows as rows
from xingnuo.money.payments._cards_rows import alone, bound, who
from xingnuo.money.payments._confirm_contracts import Act
from xingnuo.money.payments._core_contracts import (
    CouponState,
    NoSuchCoupon,
    NotPayable,
    Order,
    OrderDiffers,
    PaymentKind,
    PaymentShown,
    PaymentState,
    Way,
)
from xingnuo.money.payments._core_models import CouponRow, PaymentRow
from xingnuo.money.payments._core_services import service_of
from xingnuo.trust.gate.contracts import Actor, Permit

ORDER_OPEN = timedelta(minutes=15)
LAPSE = "payments.lapse"
WAYS = {
    PaymentKind.PAY: (Way.CARD, Way.BALANCE),
    PaymentKind.TRANSFER: (Way.BALANCE,),
    PaymentKind.TOP_UP: (Way.CARD,),
    PaymentKind.WITHDRAW: (Way.BALANCE,),
}


def create(actor: Actor, *, order: Order) -> PaymentShown:
    """Write an order of the payer down, in the caller's transaction; nothing is paid yet.

    The same id with the same content gives the same payment. Raises `OrderDiffers`,
    `NoSuchCoupon`, or the gate's refusal.
    """
    subject_id = who(actor)
    alone(subject_id, "order")
    return rows.shown(known_order(subject_id, order) or write(subject_id, order))


def known_order(subject_id: UUID, order: Order) -> PaymentRow | None:
    """Give the payment of an order that was written before; raises `OrderDiffers`."""
    known: PaymentRow | None = PaymentRow.objects.of(subject_id).filter(id=order.id).first()
    if known is not None and known.fingerprint != _fingerprint(order):
        raise OrderDiffers("id")
    return known


def write(subject_id: UUID, order: Order) -> PaymentRow:
    """Write a new order with its record and its discount."""
    service_of(order.service)
    permit = rows.keeping(subject_id)
    now = clock.now()
    coupon = None
    if order.coupon_id:
        if order.kind is not PaymentKind.PAY:
            raise NoSuchCoupon("kind")  # what moves the own money has no discount
        coupon = fitting(subject_id, order.coupon_id, order.service, order.amount_fen)
    row: PaymentRow = PaymentRow.objects.create(
        id=order.id,
        subject_id=subject_id,
        kind=order.kind.value,
        service=order.service,
        state=PaymentState.CREATED.value,
        payee=order.payee.id,
        payee_subject=order.payee.subject_id,
        payee_account=order.payee.account_id,
        amount_fen=order.amount_fen,
        off_fen=coupon.off_fen if coupon else 0,
        fee_fen=order.fee_fen,
        coupon_id=order.coupon_id,
        ref=order.ref,
        fingerprint=_fingerprint(order),
        made_at=now,
        expires_at=order.expires_at or now + ORDER_OPEN,
    )
    rows.keep_record(permit, order)
    if coupon is not None:
        rows.move_coupon(row, CouponState.RESERVED)
        books.reserve(permit, row)
    jobs.defer(LAPSE, queue=rows.QUEUE, at=row.expires_at, subject_id=subject_id, payment_id=row.id)
    return row


def fitting(subject_id: UUID, coupon_id: UUID, service: str, amount_fen: int) -> CouponRow:
    """Give a coupon that fits an order; raises `NoSuchCoupon`."""
    row: CouponRow | None = CouponRow.objects.of(subject_id).filter(id=coupon_id).first()
    if (
        row is None
        or row.state != CouponState.AVAILABLE.value
        or row.valid_until <= clock.now()
        or amount_fen < row.least_fen
        or row.service not in ("", service)
    ):
        raise NoSuchCoupon("coupon")
    return row


def _fingerprint(order: Order) -> str:
    payee = order.payee
    said = (
        order.kind.value, order.service, order.amount_fen, payee.id, payee.account_id,
        payee.subject_id, order.coupon_id, order.ref, order.fee_fen,
    )  # fmt: skip
    return ids.digest("\n".join(str(each) for each in said))


def act_of_payment(payment: PaymentShown) -> Act:
    """Give what the payer says yes to: this kind, what is paid after the discount, this payee."""
    return Act(
        kind=payment.kind.value,
        amount_fen=payment.payable_fen,
        payee=payment.payee_id,
        ref=payment.id,
    )


def choose(
    actor: Actor,
    *,
    payment_id: UUID,
    way: Way,
    card_id: UUID | None = None,
    coupon_id: UUID | None = None,
) -> PaymentShown:
    """Note how the payer wants to pay an open order, in the caller's transaction.

    A coupon laid back is free again. Raises `NotPayable`, `NoSuchCoupon`, `NoSuchCard`.
    """
    subject_id = who(actor)
    permit = rows.keeping(subject_id)
    row = rows.found(subject_id, payment_id, hold=True)
    kind = PaymentKind(row.kind)
    if row.state != PaymentState.CREATED.value or row.expires_at <= clock.now():
        raise NotPayable(row.state)
    if way not in WAYS[kind]:
        raise NotPayable("way")
    by_card = way is Way.CARD or kind is PaymentKind.WITHDRAW
    row.way, row.card_id = way.value, None
    if by_card:
        if card_id is None:
            raise NotPayable("card")
        row.card_id = bound(subject_id, card_id).id
    row.save(update_fields=["way", "card_id"])
    if coupon_id != row.coupon_id:
        _other_coupon(permit, row, coupon_id)
    return rows.shown(row)


def _other_coupon(permit: Permit, row: PaymentRow, coupon_id: UUID | None) -> None:
    if row.coupon_id is not None:
        rows.move_coupon(row, CouponState.AVAILABLE)
        books.release(permit, row)
    row.coupon_id, row.off_fen = None, 0
    if coupon_id is not None:
        if row.kind != PaymentKind.PAY.value:
            raise NoSuchCoupon("kind")
        taken = fitting(row.subject_id, coupon_id, row.service, row.amount_fen)
        row.coupon_id, row.off_fen = taken.id, taken.off_fen
        rows.move_coupon(row, CouponState.RESERVED)
        books.reserve(permit, row)
    row.save(update_fields=["coupon_id", "off_fen"])


def cancel(actor: Actor, *, payment_id: UUID) -> PaymentShown:
    """Close an order that is not paid; raises `NotPayable` once money may be moving."""
    subject_id = who(actor)
    permit = rows.keeping(subject_id)
    row = rows.found(subject_id, payment_id, hold=True)
    if row.state != PaymentState.CREATED.value:
        raise NotPayable(row.state)
    _close(permit, row, code="cancelled")
    return rows.shown(row)


def lapse(*, subject_id: UUID, payment_id: UUID) -> None:
    """Close an order whose time is over; one under way is left to its proof."""
    permit = rows.keeping(subject_id)
    row = rows.found(subject_id, payment_id, hold=True)
    if row.state == PaymentState.CREATED.value and row.expires_at <= clock.now():
        _close(permit, row, code="lapsed")


def _close(permit: Permit, row: PaymentRow, *, code: str) -> None:
    rows.close_unpaid(row, permit, to=PaymentState.CLOSED, code=code)
    service_of(row.service).failed(permit, rows.shown(row))


def give_coupon(
    permit: Permit,
    *,
    coupon_id: UUID,
    campaign: str,
    off_fen: int,
    least_fen: int,
    valid_until: datetime,
    service: str = "",
) -> None:
    """Give the permit's subject a coupon, once by its id."""
    CouponRow.objects.get_or_create(
        id=coupon_id,
        subject_id=permit.subject_id,
        defaults={
            "campaign": campaign,
            "service": service,
            "state": CouponState.AVAILABLE.value,
            "off_fen": off_fen,
            "least_fen": least_fen,
            "valid_until": valid_until,
            "got_at": clock.now(),
        },
    )
