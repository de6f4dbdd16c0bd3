"""Refunds: never more than was paid, by a number of their own, by the same rules as payments."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import _core_books as books
from xingnuo.money.payments import _core_proof as proofs
from xingnuo.money.payments import _core_rails as rails
from xingnuo.money.payments import _core_rows as rows
from xingnuo.money.payments._core_contracts import (
    PAID,
    AttemptState,
    NotPayable,
    OrderDiffers,
    OverRefund,
    PaymentKind,
    PaymentState,
    Rail,
    RefundShown,
    RefundState,
    Way,
)
from xingnuo.money.payments._core_models import AttemptRow, PaymentRow, RefundRow
from xingnuo.money.payments._core_services import service_of
from xingnuo.trust.gate.contracts import Permit

_ASKS = (RefundState.SENT.value, RefundState.UNKNOWN.value)
REASON_CHARS_MAX = 24


def refund(
    permit: Permit, *, payment_id: UUID, refund_id: UUID, amount_fen: int, reason: str
) -> RefundShown:
    """Give back a part or all of a payment, in the caller's transaction; once by its id.

    The permit is about the payer. The discount's share goes back to the house. Raises `OverRefund`,
    `NotPayable`, `OrderDiffers`, `BadInput`, or `NotPosted` where the payee has not enough.
    """
    if type(amount_fen) is not int or amount_fen <= 0:
        raise BadInput({"amount": "退款金额要大于 0 分。"})
    subject_id = permit.subject_id
    row = rows.found(subject_id, payment_id, hold=True)
    known = RefundRow.objects.of(subject_id).filter(id=refund_id).first()
    if known is not None:
        if (known.payment_id, known.amount_fen) != (payment_id, amount_fen):
            raise OrderDiffers("refund")
        return rows.refund_shown(known)
    if PaymentState(row.state) not in PAID or row.kind != PaymentKind.PAY.value:
        raise NotPayable(row.state)
    if row.refunded_fen + amount_fen > row.amount_fen:
        raise OverRefund("amount")
    made = _make(row, refund_id, amount_fen, reason)
    _book(permit, row, made)
    return rows.refund_shown(made)


def _make(row: PaymentRow, refund_id: UUID, amount_fen: int, reason: str) -> RefundRow:
    captured = (
        AttemptRow.objects.of(row.subject_id)
        .filter(payment_id=row.id, state=AttemptState.SUCCESS.value)
        .first()
    )
    over = Rail(captured.rail) if captured and row.way == Way.CARD.value else Rail.NONE
    before, after = row.refunded_fen, row.refunded_fen + amount_fen
    # Cumulated, so that the shares of many parts add up to the discount exactly.
    coupon = row.off_fen * after // row.amount_fen - row.off_fen * before // row.amount_fen
    made: RefundRow = RefundRow.objects.create(
        id=refund_id,
        subject_id=row.subject_id,
        payment_id=row.id,
        attempt_id=captured.id if captured and over is not Rail.NONE else None,
        rail=over.value,
        state=RefundState.PREPARED.value,
        amount_fen=amount_fen,
        coupon_fen=coupon,
        reason=reason[:REASON_CHARS_MAX],
        made_at=clock.now(),
    )
    row.refunded_fen = after
    whole = after == row.amount_fen
    rows.move(row, PaymentState.REFUNDED if whole else PaymentState.PART_REFUNDED)
    return made


def _book(permit: Permit, row: PaymentRow, made: RefundRow) -> None:
    """Take the money from its payee first: under the payee's own permit where that is a person."""
    within = made.rail == Rail.NONE.value or made.amount_fen == made.coupon_fen
    goal = books.balance_of(permit) if within else None
    payee = rows.keeping(row.payee_subject) if row.payee_subject else permit
    books.take_back(payee, row, made, balance=goal)
    rows.with_subject(permit)
    if not within:
        proofs.send_later(row, made)
        return
    rows.move_refund(made, RefundState.DONE)
    service_of(row.service).refunded(permit, rows.shown(row), rows.refund_shown(made))


def send(*, subject_id: UUID, refund_id: UUID) -> None:
    """Send a prepared refund to its channel; its own transactions, safe to repeat."""
    with transaction.atomic(durable=True):
        rows.keeping(subject_id)
        made = rows.found_refund(subject_id, refund_id)
        row = rows.found(subject_id, made.payment_id, hold=True)
        made = rows.found_refund(subject_id, refund_id)
        if made.state != RefundState.PREPARED.value:
            return
        rows.move_refund(made, RefundState.SENT)
        rows.ask_again(made)
    rows.pause("after_refund_sent")
    proofs.apply_refund_proof(rails.refund(made, total_fen=row.amount_fen - row.off_fen))


def ask(*, subject_id: UUID, refund_id: UUID) -> None:
    """Ask what became of a refund; one that was never sent is sent."""
    with transaction.atomic():
        session.set_subject(subject_id)
        made = rows.found_refund(subject_id, refund_id)
    if made.state == RefundState.PREPARED.value:
        send(subject_id=subject_id, refund_id=refund_id)
    elif made.state in _ASKS:
        proofs.apply_refund_proof(rails.query_refund(made))
