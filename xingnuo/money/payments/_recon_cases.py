"""Cases of money as staff work on them: a finding with the partner's document, settled by another.

There is no way to make a payment succeed: a finding is proof that goes where all proof goes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.kit.db.queues import in_order
from xingnuo.kit.errors import BadInput, Conflict, NotFound
from xingnuo.money.payments import _core_proof as proofs
from xingnuo.money.payments import _recon_books as books
from xingnuo.money.payments._core_cases import CaseState, Kind
from xingnuo.money.payments._core_models import (
    AttemptRow,
    CaseRow,
    NumberRow,
    PaymentRow,
    RefundRow,
)
from xingnuo.money.payments._core_rails import Finding, Proof, Source
from xingnuo.trust.evidence.contracts import Kind as LineKind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor

PAGE = 25
PAID, NOT_PAID, REFUNDED, NOTED = "paid", "not_paid", "refunded", "noted"
_DOCUMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{3,63}")
_NUMBER = re.compile(r"[0-9a-f]{32}")
_OF_PROOF = {
    PAID: Finding.PAID,
    NOT_PAID: Finding.NOT_FOUND,
    REFUNDED: Finding.REFUNDED,
}
VIEWS = {
    "differences": (Kind.BILL_DIFFERENCE,),
    "unknown": (Kind.UNKNOWN_OLD, Kind.WRONG_AMOUNT, Kind.LATE_PAYOUT),
    "refunds": (Kind.REFUND_ABNORMAL,),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyCase:
    """A case of money: a channel, a number, two amounts; nobody's name."""

    id: UUID
    kind: str
    state: str
    rail: str
    number: str
    code: str
    day: date | None
    ours_fen: int | None
    theirs_fen: int | None
    finding: str
    document: str
    proposed_by: str
    closed_by: str
    opened_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFound:
    """What an exact order or refund number is about; amounts and states alone."""

    number: str
    rail: str
    kind: str
    state: str
    amount_fen: int
    payment_id: UUID
    payment_state: str
    payment_fen: int
    made_at: datetime
    channel_no: str


def money_cases(view: str, *, after: str = "") -> tuple[tuple[MoneyCase, ...], str]:
    """Give a page of open cases, the oldest due first, and the mark of the next page."""
    kinds = VIEWS.get(view)
    if kinds is None:
        raise NotFound("view")
    rows = CaseRow.objects.filter(
        kind__in=[kind.value for kind in kinds],
        state__in=[CaseState.OPEN.value, CaseState.PROPOSED.value],
    )
    found = list(in_order(rows, "due_at", after=after)[: PAGE + 1])
    mark = ""
    if len(found) > PAGE:
        last = found[PAGE - 1]
        mark = f"{last.due_at.isoformat()}|{last.id}"
    return tuple(_shown(row) for row in found[:PAGE]), mark


def money_case(case_id: UUID) -> MoneyCase:
    """Give one case; raises `NotFound`."""
    return _shown(_row(case_id))


def findings_of(case: MoneyCase) -> tuple[str, ...]:
    """Name what may be found in a case of this kind."""
    if case.kind == Kind.REFUND_ABNORMAL.value:
        return (REFUNDED,)
    if case.kind == Kind.LATE_PAYOUT.value or case.ours_fen is None:
        return (NOTED,)
    if case.kind == Kind.BILL_DIFFERENCE.value:
        return (books.FILE_WRONG, books.ACCEPTED)
    return (PAID, NOT_PAID)


def propose_finding(actor: Actor, *, case_id: UUID, finding: str, document: str) -> MoneyCase:
    """Say what was found, by the partner's own document; nothing moves before another agrees."""
    row = _row(case_id, hold=True)
    if row.state != CaseState.OPEN.value:
        raise Conflict(row.state)
    wrong = {}
    if finding not in findings_of(_shown(row)):
        wrong["finding"] = "请选择查到的结果"
    if not _DOCUMENT.fullmatch(document):
        wrong["document"] = "请写对方凭证的编号：4 到 64 位字母、数字"
    if wrong:
        raise BadInput(wrong)
    row.state, row.finding = CaseState.PROPOSED.value, finding
    row.document, row.proposed_by = document, actor.staff_id
    row.save(update_fields=["state", "finding", "document", "proposed_by"])
    _noted(actor, row, "proposed")
    return _shown(row)


def refuse_finding(actor: Actor, *, case_id: UUID) -> MoneyCase:
    """Give a finding back to be looked into again."""
    row = _proposed(case_id)
    row.state, row.finding, row.document, row.proposed_by = CaseState.OPEN.value, "", "", ""
    row.save(update_fields=["state", "finding", "document", "proposed_by"])
    _noted(actor, row, "refused")
    return _shown(row)


def settle_finding(actor: Actor, *, case_id: UUID) -> MoneyCase:
    """Agree to another's finding: a difference is settled, a proof is taken after the commit.

    Raises `Conflict` for whoever proposed it.
    """
    row = _proposed(case_id)
    if row.proposed_by == actor.staff_id or not actor.staff_id:
        raise Conflict("same_person")
    row.closed_by = actor.staff_id
    books.settle(row, row.finding)
    if row.finding in _OF_PROOF:
        jobs.defer("payments.apply_finding", queue="payments", case_id=row.id)
    _noted(actor, row, "settled")
    return _shown(row)


def apply_finding(*, case_id: UUID) -> None:
    """Take the proof that two people found; its own transaction, safe to repeat."""
    row = _row(case_id)
    finding = _OF_PROOF.get(row.finding)
    if finding is None or row.state != CaseState.CLOSED.value:
        return
    proof = Proof(
        subject_id=row.subject_id,
        number=UUID(hex=row.number),
        source=Source.HAND,
        finding=finding,
        amount_fen=row.ours_fen,
        code="by_hand",
    )
    if finding is Finding.REFUNDED:
        proofs.apply_refund_proof(proof)
    else:
        proofs.apply_proof(proof)


def find_order(actor: Actor, *, number: str, reason: str) -> OrderFound | None:
    """Give what an exact order or refund number is about; the look stands in the payer's record."""
    typed = number.strip().replace("-", "").lower()
    known = None
    if _NUMBER.fullmatch(typed):
        known = NumberRow.objects.filter(number=UUID(hex=typed)).first()
    if known is None:
        return None
    gate.record(
        actor,
        subject_id=known.subject_id,
        kind=LineKind.LOOKUP,
        reason=reason,
        purpose="payments.keep",
        ref=known.payment_id,
    )
    session.set_subject(known.subject_id)
    payment = PaymentRow.objects.of(known.subject_id).get(id=known.payment_id)
    table = RefundRow if known.kind == "refund" else AttemptRow
    one = table.objects.of(known.subject_id).get(id=known.number)
    return OrderFound(
        number=known.number.hex,
        rail=known.rail,
        kind=known.kind,
        state=one.state,
        amount_fen=one.amount_fen,
        payment_id=payment.id,
        payment_state=payment.state,
        payment_fen=payment.amount_fen,
        made_at=known.made_at,
        channel_no=one.channel_no,
    )


def _proposed(case_id: UUID) -> CaseRow:
    row = _row(case_id, hold=True)
    if row.state != CaseState.PROPOSED.value:
        raise Conflict(row.state)
    return row


def _row(case_id: UUID, *, hold: bool = False) -> CaseRow:
    rows = CaseRow.objects.filter(id=case_id)
    row: CaseRow | None = (rows.select_for_update() if hold else rows).first()
    if row is None:
        raise NotFound("case")
    return row


def _noted(actor: Actor, row: CaseRow, what: str) -> None:
    if row.subject_id.int:
        with transaction.atomic():
            gate.record(
                actor,
                subject_id=row.subject_id,
                kind=LineKind.OPERATOR,
                reason=f"money_case.{what}",
                purpose="payments.keep",
                ref=row.id,
            )


def _shown(row: CaseRow) -> MoneyCase:
    return MoneyCase(
        id=row.id,
        kind=row.kind,
        state=row.state,
        rail=row.rail,
        number=row.number,
        code=row.code,
        day=row.day,
        ours_fen=row.ours_fen,
        theirs_fen=row.theirs_fen,
        finding=row.finding,
        document=row.document,
        proposed_by=row.proposed_by,
        closed_by=row.closed_by,
        opened_at=row.opened_at,
        due_at=clock.beijing(row.due_at),
    )
