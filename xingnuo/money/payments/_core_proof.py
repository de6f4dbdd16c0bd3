"""The one function through which every proof goes: answer, notice, query, close, bill line, hand.

It holds the payment, compares amounts, moves forward alone, books, writes the event, and commits.
Whoever brought the proof is answered after that.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids, jobs
from xingnuo.money.payments import _agreements_debits as debits
from xingnuo.money.payments import _core_books as books
from xingnuo.money.payments import _core_cases as cases
from xingnuo.money.payments import _core_feed as feed
from xingnuo.money.payments import _core_rows as rows
from xingnuo.money.payments._core_contracts import (
    LIVE_ATTEMPTS,
    AttemptState,
    CouponState,
    PaymentKind,
    PaymentShown,
    PaymentState,
    Rail,
    RefundShown,
    RefundState,
    Way,
)
from xingnuo.money.payments._core_models import AttemptRow, PaymentRow, RefundRow
from xingnuo.money.payments._core_rails import Finding, Proof, Source
from xingnuo.money.payments._core_services import service_of
from xingnuo.trust.gate.contracts import Permit

SEND_REFUND = "payments.send_refund"
_A = AttemptState
_ENDS_UNPAID = {Finding.DECLINED: _A.DECLINED, Finding.CLOSED: _A.CLOSED}


def apply_proof(proof: Proof) -> PaymentShown:
    """Take a proof about an order number and give its payment; opens its own transaction."""
    with transaction.atomic(durable=True):
        permit = rows.keeping(proof.subject_id)
        number = rows.attempt_of(proof.subject_id, proof.number)
        row = rows.found(proof.subject_id, number.payment_id, hold=True)
        attempt = rows.attempt_of(proof.subject_id, proof.number, hold=True)
        if proof.channel_no and not attempt.channel_no:
            attempt.channel_no = proof.channel_no[:64]
        _take(permit, row, attempt, proof)
        return rows.shown(row)


def _take(permit: Permit, row: PaymentRow, attempt: AttemptRow, proof: Proof) -> None:
    state, lives = _A(attempt.state), _A(attempt.state) in LIVE_ATTEMPTS
    if proof.finding is Finding.PAID:
        if proof.amount_fen != attempt.amount_fen or proof.currency != "CNY":
            cases.open_case(
                cases.Kind.WRONG_AMOUNT, attempt, ours=attempt.amount_fen, theirs=proof.amount_fen
            )
            _unknown(attempt, lives=lives)
        elif lives:
            _paid(permit, row, attempt)
        elif state in (_A.DECLINED, _A.CLOSED):
            _late(permit, row, attempt)
    elif (end := _ends_unpaid(state, proof)) is not None and lives:
        attempt.code = proof.code
        _unpaid(permit, row, attempt, end)
    elif lives:
        _unknown(attempt, lives=lives)


def _ends_unpaid(state: AttemptState, proof: Proof) -> AttemptState | None:
    if proof.finding is Finding.NOT_FOUND:
        # Rule 5: absence is no proof, unless the number can take no money any more.
        return _A.CLOSED if proof.source in (Source.BILL, Source.HAND) else None
    end = _ENDS_UNPAID.get(proof.finding)
    # What was asked to close may still be declined; what never left was never declined by anybody.
    return end if state is not _A.PREPARED else None


def _unknown(attempt: AttemptRow, *, lives: bool) -> None:
    if not lives:
        return
    if attempt.state in (_A.SENT.value, _A.CLOSING.value):
        rows.move_attempt(attempt, _A.UNKNOWN)
    rows.ask_again(attempt)


def _paid(permit: Permit, row: PaymentRow, attempt: AttemptRow) -> None:
    if attempt.state == _A.PREPARED.value:
        rows.move_attempt(attempt, _A.SENT)  # the money itself shows that it was sent
    rows.move_attempt(attempt, _A.SUCCESS)
    if row.kind == PaymentKind.WITHDRAW.value:
        books.end_payout(permit, attempt, is_paid=True)
    settle(permit, row, Rail(attempt.rail))


def settle(permit: Permit, row: PaymentRow, rail: Rail) -> None:
    """Book a paid payment, use its coupon, tell its service; the subject is the payer."""
    if row.kind != PaymentKind.WITHDRAW.value:
        books.capture(permit, row, rail)
    rows.move_coupon(row, CouponState.USED)
    rows.move(row, PaymentState.SUCCESS)
    if row.way == Way.AGREEMENT.value and row.ref is not None:
        debits.settle_debit(permit, ref=row.ref, is_done=True)
    feed.movement(permit, row, rail)
    rows.with_subject(permit)
    service_of(row.service).settled(permit, rows.shown(row))


def _unpaid(permit: Permit, row: PaymentRow, attempt: AttemptRow, end: AttemptState) -> None:
    rows.move_attempt(attempt, end)
    unpaid(permit, row, attempt)


def unpaid(permit: Permit, row: PaymentRow, attempt: AttemptRow) -> None:
    """Lead a payment back after an attempt that certainly took no money."""
    if row.kind == PaymentKind.WITHDRAW.value:
        books.end_payout(permit, attempt, is_paid=False)
    code = attempt.code or "declined"
    if row.way == Way.CARD.value and row.kind != PaymentKind.WITHDRAW.value:
        # The payer may choose another way while the order lasts.
        row.way = ""
        rows.move(row, PaymentState.CREATED, code=code)
        if row.expires_at <= clock.now():
            rows.close_unpaid(row, permit, to=PaymentState.CLOSED, code=code)
            service_of(row.service).failed(permit, rows.shown(row))
        return
    rows.close_unpaid(row, permit, to=PaymentState.FAILED, code=code)
    if row.way == Way.AGREEMENT.value and row.ref is not None:
        debits.settle_debit(permit, ref=row.ref, is_done=False)
    service_of(row.service).failed(permit, rows.shown(row))


def _late(permit: Permit, row: PaymentRow, attempt: AttemptRow) -> None:
    # Rule 8: the order may be paid otherwise or closed by now, so the money goes back by itself.
    rows.move_attempt(attempt, _A.LATE_SUCCESS)
    if row.kind == PaymentKind.WITHDRAW.value:
        cases.open_case(cases.Kind.LATE_PAYOUT, attempt, ours=0, theirs=attempt.amount_fen)
        return
    books.to_suspense(permit, attempt, attempt.amount_fen)
    refund = RefundRow.objects.create(
        id=books.leg(attempt.id, "late refund"),
        subject_id=row.subject_id,
        payment_id=row.id,
        attempt_id=attempt.id,
        rail=attempt.rail,
        state=RefundState.PREPARED.value,
        amount_fen=attempt.amount_fen,
        is_late=True,
        reason="late_success",
        made_at=clock.now(),
    )
    books.keep_late(permit, refund)
    send_later(row, refund)


def send_later(row: PaymentRow, refund: RefundRow) -> None:
    """Note a refund's number and have it sent after the commit."""
    rows.open_number(refund.id, row, rail=Rail(refund.rail), kind="refund")
    jobs.defer(SEND_REFUND, queue=rows.QUEUE, subject_id=row.subject_id, refund_id=refund.id)


def apply_refund_proof(proof: Proof) -> RefundShown:
    """Take a proof about a refund number; opens its own transaction."""
    with transaction.atomic(durable=True):
        permit = rows.keeping(proof.subject_id)
        refund = _refund(proof.subject_id, proof.number)
        row = rows.found(proof.subject_id, refund.payment_id, hold=True)
        refund = _refund(proof.subject_id, proof.number)
        if proof.channel_no and not refund.channel_no:
            refund.channel_no = proof.channel_no[:64]
        _take_refund(permit, row, refund, proof)
        return rows.refund_shown(refund)


def _refund(subject_id: UUID, refund_id: UUID) -> RefundRow:
    rows.found_refund(subject_id, refund_id)
    held: RefundRow = RefundRow.objects.of(subject_id).select_for_update().get(id=refund_id)
    return held


def _take_refund(permit: Permit, row: PaymentRow, refund: RefundRow, proof: Proof) -> None:
    state = RefundState(refund.state)
    if state is RefundState.DONE:
        return
    due = refund.amount_fen - refund.coupon_fen
    if proof.finding is Finding.REFUNDED and proof.amount_fen == due:
        if state is RefundState.PREPARED:
            rows.move_refund(refund, RefundState.SENT)
        rows.move_refund(refund, RefundState.DONE)
        books.given_back(permit, refund)
        if not refund.is_late:
            service_of(row.service).refunded(permit, rows.shown(row), rows.refund_shown(refund))
        return
    told_otherwise = proof.finding is Finding.REFUNDED and proof.amount_fen is not None
    if proof.finding is Finding.DECLINED or told_otherwise:
        # Money that should be back and is not is a person's work, never a silent end.
        refund.code = proof.code or "abnormal"
        cases.open_refund_case(refund, ours=due, theirs=proof.amount_fen)
        if state in (RefundState.SENT, RefundState.UNKNOWN):
            rows.move_refund(refund, RefundState.ABNORMAL)
        return
    if state is RefundState.SENT:
        rows.move_refund(refund, RefundState.UNKNOWN)
    rows.ask_again(refund)


def new_number() -> UUID:
    """Make an order or refund number: it is kept before anything is sent under it."""
    return ids.uuid7()
