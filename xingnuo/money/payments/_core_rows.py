"""Rows of the core: found and held one by one, moved by the tables, each change put on record."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock, jobs, points
from xingnuo.kit.db import session
from xingnuo.money.payments import _core_books as books
from xingnuo.money.payments._cards_rows import HOUSE
from xingnuo.money.payments._core_contracts import (
    LIVE_ATTEMPTS,
    AttemptState,
    CouponState,
    NoSuchPayment,
    Order,
    PaymentKind,
    PaymentShown,
    PaymentState,
    Rail,
    RefundShown,
    RefundState,
    Way,
)
from xingnuo.money.payments._core_models import (
    AttemptRow,
    CouponRow,
    EventRow,
    NumberRow,
    PaymentRow,
    RefundRow,
)
from xingnuo.money.payments._core_states import (
    attempt_step,
    coupon_step,
    payment_step,
    refund_step,
)
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Permit

KEEP = "payments.keep"
RECORD = "transaction"
QUEUE = "payments"
TELL = "payments.tell"


def keeping(subject_id: UUID) -> Permit:
    """Ask for the leave under which money is booked and its record kept (AML 34)."""
    return gate.permit(HOUSE, subject_id=subject_id, purpose=KEEP, items=(RECORD,))


def found(subject_id: UUID, payment_id: UUID, *, hold: bool = False) -> PaymentRow:
    """Give a payment of a person; another's and a missing one look the same."""
    rows = PaymentRow.objects.of(subject_id).filter(id=payment_id)
    row: PaymentRow | None = (rows.select_for_update(no_key=True) if hold else rows).first()
    if row is None:
        raise NoSuchPayment
    return row


def attempt_of(subject_id: UUID, number: UUID, *, hold: bool = False) -> AttemptRow:
    """Give the attempt of an order number."""
    rows = AttemptRow.objects.of(subject_id).filter(id=number)
    row: AttemptRow | None = (rows.select_for_update(no_key=True) if hold else rows).first()
    if row is None:
        raise NoSuchPayment
    return row


def found_refund(subject_id: UUID, refund_id: UUID) -> RefundRow:
    """Give a refund of a person; another's and a missing one look the same."""
    row: RefundRow | None = RefundRow.objects.of(subject_id).filter(id=refund_id).first()
    if row is None:
        raise NoSuchPayment
    return row


def live_attempt(row: PaymentRow) -> AttemptRow | None:
    """Give the one attempt of a payment that is not over."""
    living = [state.value for state in LIVE_ATTEMPTS]
    attempts = AttemptRow.objects.of(row.subject_id)
    live: AttemptRow | None = attempts.filter(payment_id=row.id, state__in=living).first()
    return live


def move(row: PaymentRow, to: PaymentState, *, code: str = "") -> None:
    """Move a payment by the table, with an event for the change."""
    row.state, row.code = payment_step(PaymentState(row.state), to).value, code
    if to in (PaymentState.SUCCESS, PaymentState.FAILED, PaymentState.CLOSED):
        row.ended_at = clock.now()
    row.save(update_fields=["state", "code", "way", "card_id", "ended_at", "refunded_fen"])
    _event(row, to.value)


def _event(row: PaymentRow, event: str) -> None:
    told = EventRow.objects.create(
        subject_id=row.subject_id, payment_id=row.id, event=event, at=clock.now()
    )
    jobs.defer(TELL, queue=QUEUE, subject_id=row.subject_id, event_id=told.id)


def move_attempt(row: AttemptRow, to: AttemptState) -> None:
    """Move an attempt by the table; one that is over is asked about no more."""
    row.state = attempt_step(AttemptState(row.state), to).value
    if to is AttemptState.SENT:
        row.sent_at = clock.now()
    if to not in LIVE_ATTEMPTS:
        row.ended_at = clock.now()
        close_number(row.id)
    row.save(update_fields=["state", "sent_at", "ended_at", "channel_no", "code", "asked"])


def move_refund(row: RefundRow, to: RefundState) -> None:
    """Move a refund by the table."""
    row.state = refund_step(RefundState(row.state), to).value
    if to is RefundState.DONE:
        row.ended_at = clock.now()
        close_number(row.id)
    row.save(update_fields=["state", "ended_at", "channel_no", "code", "asked"])


def move_coupon(row: PaymentRow, to: CouponState) -> None:
    """Move the coupon of a payment by the table, and its discount in the books before its use."""
    if row.coupon_id is None:
        return
    coupon = CouponRow.objects.of(row.subject_id).filter(id=row.coupon_id)
    held: CouponRow = coupon.select_for_update().get()
    held.state = coupon_step(CouponState(held.state), to).value
    held.payment_id = row.id if to in (CouponState.RESERVED, CouponState.USED) else None
    held.save(update_fields=["state", "payment_id"])


def open_number(number: UUID, row: PaymentRow, *, rail: Rail, kind: str) -> None:
    """Note whose an order or refund number is, before it goes anywhere."""
    now = clock.now()
    NumberRow.objects.create(
        number=number,
        subject_id=row.subject_id,
        payment_id=row.id,
        rail=rail.value,
        kind=kind,
        ask_at=now + timedelta(seconds=30),
        made_at=now,
    )


def close_number(number: UUID) -> None:
    """Take a number off the queue of what is asked about."""
    NumberRow.objects.filter(number=number).update(is_open=False, ask_at=None)


def ask_again(row: AttemptRow | RefundRow) -> None:
    """Note the next time at which an unknown is asked about; no count ever ends it."""
    at = clock.now() + jobs.ask_after(row.asked)
    row.asked += 1
    row.save(update_fields=["asked"])
    NumberRow.objects.filter(number=row.id).update(ask_at=at)
    jobs.defer("payments.ask", queue=QUEUE, at=at, subject_id=row.subject_id, number=row.id)


def send_soon(row: AttemptRow) -> None:
    """Have a prepared attempt looked after, should the process die that prepared it."""
    at = clock.now() + timedelta(seconds=30)
    jobs.defer("payments.ask", queue=QUEUE, at=at, subject_id=row.subject_id, number=row.id)


def pause(point: str) -> None:
    """Stand at a named point of this room, where a drill may end the process."""
    points.pause(f"payments.{point}")


def keep_record(permit: Permit, order: Order) -> None:
    """Keep what the bill shows of an order in the vault, in the slot of its id."""
    text = json.dumps({"title": order.title, "payee": order.payee.name}, ensure_ascii=False)
    gate.collect(permit, {RECORD: text}, slot=str(order.id), source="order")


def record_of(permit: Permit, payment_id: UUID) -> dict[str, str]:
    """Give title and payee's name of an order; empty texts when they are gone."""
    text = gate_queries.plain(permit, RECORD, slot=str(payment_id))
    return json.loads(text) if text else {"title": "", "payee": ""}


def shown(row: PaymentRow) -> PaymentShown:
    """Give a payment as it leaves the room."""
    return PaymentShown(
        id=row.id,
        subject_id=row.subject_id,
        kind=PaymentKind(row.kind),
        service=row.service,
        way=Way(row.way) if row.way else None,
        state=PaymentState(row.state),
        amount_fen=row.amount_fen,
        off_fen=row.off_fen,
        refunded_fen=row.refunded_fen,
        fee_fen=row.fee_fen,
        payee_id=row.payee,
        payee_subject=row.payee_subject,
        ref=row.ref,
        card_id=row.card_id,
        coupon_id=row.coupon_id,
        code=row.code,
        made_at=row.made_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
    )


def refund_shown(row: RefundRow) -> RefundShown:
    """Give a refund as it leaves the room."""
    return RefundShown(
        id=row.id,
        payment_id=row.payment_id,
        state=RefundState(row.state),
        amount_fen=row.amount_fen,
        coupon_fen=row.coupon_fen,
        code=row.code,
        made_at=row.made_at,
        ended_at=row.ended_at,
    )


def close_unpaid(row: PaymentRow, permit: Permit, *, to: PaymentState, code: str) -> None:
    """End a payment that nobody paid: its coupon and discount go back."""
    move(row, to, code=code)
    if row.coupon_id is not None:
        move_coupon(row, CouponState.AVAILABLE)
        books.release(permit, row)


def with_subject(permit: Permit) -> None:
    """Make the transaction see the permit's subject again after another was looked at."""
    session.set_subject(permit.subject_id, permit_id=permit.id)


def refunds_of(row: PaymentRow) -> Iterable[RefundRow]:
    """Give the refunds of a payment."""
    return RefundRow.objects.of(row.subject_id).filter(payment_id=row.id)
