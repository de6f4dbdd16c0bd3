"""Reports to the AML centre: written by one, approved by another, sent once, followed up.

Nothing here may tip anybody off (AML 35): rows are opened for an officer with the case alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import rfc8785
from django.db import connection, transaction

from xingnuo.kit import clock, ids, steps
from xingnuo.kit.db import session
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.partners.regulator import client as centre
from xingnuo.partners.regulator import contracts as told_by
from xingnuo.people.antifraud import _aml_level, _cases, _dated, _limits, _officers, _sealed
from xingnuo.people.antifraud._reasons import TYPOLOGIES
from xingnuo.people.antifraud._states import (
    MONEY,
    REPORT_STEPS,
    CaseKind,
    ReportKind,
    ReportState,
    may,
)
from xingnuo.people.antifraud.contracts import (
    ForbiddenRiskStep,
    ReportShown,
    SameOfficer,
)
from xingnuo.people.antifraud.models import CaseRow, EventRow, MovementRow, ReportRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor

REPORTING = "aml.reporting"
_LAW = {ReportKind.LARGE: "AML 35", ReportKind.SUSPICIOUS: "AML 35"}
_KINDS = {
    CaseKind.AML_LARGE: ReportKind.LARGE,
    CaseKind.AML_SUSPICIOUS: ReportKind.SUSPICIOUS,
    CaseKind.SANCTIONS_HIT: ReportKind.SUSPICIOUS,
}
_WIRE = {
    ReportKind.LARGE: told_by.ReportKind.LARGE_VALUE,
    ReportKind.SUSPICIOUS: told_by.ReportKind.SUSPICIOUS,
}
_SPAN = timedelta(days=30)


def write(
    actor: Actor, *, case_id: UUID, narrative: str, typology: str, corrects: UUID | None = None
) -> ReportShown:
    """Write the report of a case that the officer has taken; its file is sealed at once."""
    staff = _officers.compliance(actor)
    text = narrative.strip()
    if typology not in TYPOLOGIES:
        raise BadInput({"typology": "请选一种类型"})
    if not _limits.NARRATIVE_CHARS_MIN <= len(text) <= _limits.NARRATIVE_CHARS_MAX:
        raise BadInput({"narrative": f"写 {_limits.NARRATIVE_CHARS_MIN} 字以上，说清事实和理由"})
    with transaction.atomic():
        case = _cases.held(actor, case_id)
        _cases.mine(actor, case)
        kind = _KINDS[CaseKind(case.kind)]
        customer = _customer(actor, case)
        if corrects is not None:
            before = _held(case.subject_id, corrects)
            step(before, ReportState.CORRECTED)
            before.save(update_fields=["state"])
        now, report_id = clock.now(), ids.uuid7()
        content = rfc8785.dumps(
            {
                "schema": "xingnuo.aml.report.1",
                "report": str(report_id),
                "corrects": str(corrects or ""),
                "case": str(case.id),
                "kind": kind.value,
                "law": _LAW[kind],
                "typology": typology,
                "written_at": now.isoformat(),
                "customer": dict(customer),
                "narrative": text,
                "movements": _movements(case.subject_id),
                "attempts": _attempts(case.subject_id),
            }
        )
        row = ReportRow.objects.create(
            id=report_id,
            subject_id=case.subject_id,
            case_id=case.id,
            kind=kind.value,
            typology=typology,
            content=_sealed.seal(report_id, content),
            digest=ids.digest(content),
            corrects=corrects,
            written_by=staff,
            written_at=now,
            due_at=_due(case),
        )
        return shown(row)


def _due(case: CaseRow) -> datetime:
    return _dated.due(CaseKind(case.kind), case.opened_at)


def _customer(actor: Actor, case: CaseRow) -> Mapping[str, str]:
    permit = gate.permit(
        replace(actor, case_id=case.id), subject_id=case.subject_id, purpose=REPORTING
    )
    return {one.item: one.text for one in gate_queries.read(permit, slot="")}


def _movements(subject_id: UUID) -> list[dict[str, str | int]]:
    rows = MovementRow.objects.of(subject_id).filter(at__gt=clock.now() - _SPAN)
    return [
        {
            "kind": row.kind,
            "direction": row.direction,
            "channel": row.channel,
            "counterparty": row.counterparty_kind,
            "limit": row.limit_kind,
            "at": row.at.isoformat(),
            "amount_fen": row.amount_fen,
            "usd_cents": row.usd_cents,
        }
        for row in rows.order_by("-at")[: _limits.REPORT_MOVEMENTS_MAX]
    ]


def _attempts(subject_id: UUID) -> list[dict[str, str | int]]:
    rows = EventRow.objects.of(subject_id).filter(
        kind__in=[kind.value for kind in MONEY], at__gt=clock.now() - _SPAN
    )
    return [
        {"kind": row.kind, "at": row.at.isoformat(), "amount_fen": row.amount_fen}
        for row in rows.order_by("-at")[: _limits.REPORT_TRIES_ROWS_MAX]
    ]


def approve(actor: Actor, *, subject_id: UUID, report_id: UUID) -> ReportShown:
    """Approve a report, by another person than wrote it."""
    staff = _officers.compliance(actor)
    with transaction.atomic():
        row = _entered(actor, subject_id, report_id)
        if row.written_by == staff:
            raise SameOfficer
        step(row, ReportState.APPROVED)
        row.approved_by, row.approved_at = staff, clock.now()
        row.save(update_fields=["state", "approved_by", "approved_at"])
        return shown(row)


def content_of(actor: Actor, *, subject_id: UUID, report_id: UUID) -> bytes:
    """Open a report's file for an officer with the case; the look is on record."""
    _officers.compliance(actor)
    row = _entered(actor, subject_id, report_id, lock=False)
    return _sealed.opened(row.id, bytes(row.content))


def send(*, subject_id: UUID, report_id: UUID) -> ReportState:
    """Send an approved report, or ask what became of one; opens its own transactions.

    It counts as unknown before it leaves; unknown ends when the centre says how it stands.
    """
    with transaction.atomic():
        row = _held(subject_id, report_id)
        first = row.state == ReportState.APPROVED.value
        if row.state not in (ReportState.APPROVED.value, *_WAITING):
            return ReportState(row.state)
        if row.state != ReportState.SENT.value:
            step(row, ReportState.UNKNOWN)
        row.sent_at = row.sent_at or clock.now()
        row.save(update_fields=["state", "sent_at"])
        content = _sealed.opened(row.id, bytes(row.content))
        if ids.digest(content) != row.digest:
            # What two people approved is what leaves, or nothing.
            raise _sealed.Unreadable("digest")
        release = told_by.Release(
            by=(_staff_uuid(row.written_by), _staff_uuid(row.approved_by)),
            law=_LAW[ReportKind(row.kind)],
        )
        kind = _WIRE[ReportKind(row.kind)]
    key = str(report_id)
    receipt = None if first else centre.status(key)
    if receipt is None or receipt.outcome is told_by.Outcome.PENDING:
        # The same key with the same content does nothing twice.
        receipt = centre.report(content, kind=kind, release=release, key=key)
    with transaction.atomic():
        return take_receipt(subject_id, report_id, receipt)


_WAITING = (ReportState.UNKNOWN.value, ReportState.SENT.value)
_AFTER = {
    told_by.Outcome.ACCEPTED: ReportState.ACCEPTED,
    told_by.Outcome.CORRECTION: ReportState.ACCEPTED,
    told_by.Outcome.REJECTED: ReportState.REJECTED,
    told_by.Outcome.REFUSED: ReportState.REJECTED,
}


def take_receipt(subject_id: UUID, report_id: UUID, receipt: told_by.Receipt) -> ReportState:
    """Note what the centre said; the first decisive word stands."""
    row = _held(subject_id, report_id)
    after = _AFTER.get(receipt.outcome)
    if after is None and receipt.reference:
        after = ReportState.SENT
    if receipt.sent_hash and receipt.sent_hash != row.digest:
        after = None
    if after is not None and may(REPORT_STEPS, ReportState(row.state), after):
        step(row, after)
        row.receipt = receipt.reference[:64]
        row.save(update_fields=["state", "receipt"])
        if after is ReportState.ACCEPTED and row.kind == ReportKind.SUSPICIOUS.value:
            _aml_level.assess(subject_id, add=("suspicion_reported",))
    wants_more = (told_by.Outcome.REJECTED, told_by.Outcome.CORRECTION)
    if receipt.outcome in wants_more:
        kind = _CASE[ReportKind(row.kind)]
        _cases.open_once(kind, subject_id, ref=row.id)
    return ReportState(row.state)


_CASE = {
    ReportKind.LARGE: CaseKind.AML_LARGE,
    ReportKind.SUSPICIOUS: CaseKind.AML_SUSPICIOUS,
}


def receive(headers: Mapping[str, str], body: bytes) -> ReportState | None:
    """Take the centre's later word on a report; the same notice again changes nothing.

    Raises `NotAuthentic`. Gives None for a key that is no report of ours.
    """
    notice = centre.receive(headers, body)
    with transaction.atomic():
        subject_id = _whose(notice.key)
        if subject_id is None:
            return None
        return take_receipt(subject_id, UUID(notice.key), notice.receipt)


def _whose(key: str) -> UUID | None:
    try:
        report_id = UUID(key)
    except ValueError:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT antifraud_report_subject(%s)", [report_id])
        found: UUID | None = cursor.fetchone()[0]
    return found


def follow_up() -> int:
    """Ask the centre about every report whose end is not known; gives how many were asked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM antifraud_reports_waiting(%s)", [_limits.REPORT_TRIES_ROWS_MAX]
        )
        waiting = cursor.fetchall()
    for subject_id, report_id in waiting:
        send(subject_id=subject_id, report_id=report_id)
    return len(waiting)


def listed(actor: Actor, *, subject_id: UUID) -> tuple[ReportShown, ...]:
    """Give the reports about a person, for an officer with the case."""
    _officers.compliance(actor)
    gate.permit(actor, subject_id=subject_id, purpose=REPORTING, items=())
    rows = ReportRow.objects.of(subject_id).order_by("-id")[: _limits.REPORT_TRIES_ROWS_MAX]
    return tuple(shown(row) for row in rows)


def _entered(actor: Actor, subject_id: UUID, report_id: UUID, *, lock: bool = True) -> ReportRow:
    gate.permit(actor, subject_id=subject_id, purpose=REPORTING, items=())
    row = _held(subject_id, report_id, lock=lock)
    if row.case_id != actor.case_id:
        raise NotFound
    return row


def _held(subject_id: UUID, report_id: UUID, *, lock: bool = True) -> ReportRow:
    session.set_subject(subject_id)
    rows = ReportRow.objects.of(subject_id).filter(id=report_id)
    row: ReportRow | None = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise NotFound
    return row


def step(row: ReportRow, to: ReportState) -> None:
    """Move a report along its table."""
    after = steps.step(REPORT_STEPS, ReportState(row.state), to, error=ForbiddenRiskStep)
    row.state = after.value


def _staff_uuid(staff: str) -> UUID:
    try:
        return UUID(staff)
    except ValueError:
        # The centre knows our people by number: who has none gets one made from their name here.
        return UUID(ids.digest(f"staff.{staff}")[:32])


def shown(row: ReportRow) -> ReportShown:
    """Give a report without its text."""
    return ReportShown(
        id=row.id,
        case_id=row.case_id,
        subject_id=row.subject_id,
        kind=ReportKind(row.kind),
        state=ReportState(row.state),
        digest=row.digest,
        written_by=row.written_by,
        approved_by=row.approved_by,
        due_at=row.due_at,
        sent_at=row.sent_at,
        receipt=row.receipt,
    )
