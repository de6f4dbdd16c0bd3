"""The desk of the room's cases: taken by one of those who hold money, closed by another.

A case is closed, nothing else: no word of staff makes money move or an act succeed.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.cases import Case, CasePage, case_of
from xingnuo.kit.db.queues import pile
from xingnuo.kit.errors import Conflict, NotFound
from xingnuo.people.permissions.contracts import SameHand
from xingnuo.services.bill_pay.contracts import CaseFacts, Undecided
from xingnuo.services.bill_pay.models import NOBODY, CaseRow, NumberRow
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason
from xingnuo.trust.policy.contracts import ActorKind

PURPOSE = "payments.keep"
ROLE = "funds"
PAGE_MAX = 50
_OPEN = "open"


def pages(
    actor: Actor, *, taken_by: str | None = None, after: str = "", limit: int = PAGE_MAX
) -> CasePage:
    """Give a page of open cases, the earliest due first; nothing personal is in it."""
    _clerk(actor)
    waiting = CaseRow.objects.filter(state=_OPEN)
    return pile(waiting, taken_by=taken_by, after=after, limit=limit, shown=_shown)


def one(actor: Actor, *, case_id: UUID) -> Case:
    """Give a case's clock and state."""
    _clerk(actor)
    return _shown(_found(case_id))


def facts(actor: Actor, *, case_id: UUID) -> CaseFacts:
    """Give both sides' figures to who took the case; the look is on the person's record."""
    row = _held(actor, case_id)
    if row.subject_id != NOBODY:
        gate.record(
            actor,
            subject_id=row.subject_id,
            kind=Kind.VIEW,
            reason="case.read",
            purpose=PURPOSE,
            ref=row.id,
        )
    return CaseFacts(
        number=row.number,
        party=row.party,
        day=row.day_on,
        ours_fen=row.ours_fen,
        theirs_fen=row.theirs_fen,
        is_undecided=_undecided(row),
    )


def take(actor: Actor, *, case_id: UUID) -> Case:
    """Take a case: one member of staff has it until it is closed or put back."""
    staff = _clerk(actor)
    row = _found(case_id, hold=True)
    if row.state != _OPEN or row.taken_by:
        raise Conflict("case_taken")
    row.taken_by = staff
    row.save(update_fields=["taken_by"])
    return _shown(row)


def put_back(actor: Actor, *, case_id: UUID) -> Case:
    """Put a case back into the queue."""
    row = _held(actor, case_id, hold=True)
    row.taken_by = ""
    row.save(update_fields=["taken_by"])
    return _shown(row)


def close(actor: Actor, *, case_id: UUID) -> None:
    """Close, as a second person, a case that another took; raises `SameHand`, `Undecided`."""
    staff = _clerk(actor)
    row = _found(case_id, hold=True)
    if row.state != _OPEN or not row.taken_by:
        raise NotFound("case")
    if row.taken_by == staff:
        raise SameHand
    if _undecided(row):
        raise Undecided
    row.state, row.closed_at = "closed", clock.now()
    row.save(update_fields=["state", "closed_at"])


def _undecided(row: CaseRow) -> bool:
    # A number that is none of ours, as of a broken file or a stranger's line, has no end to await.
    try:
        number = UUID(hex=row.number)
    except ValueError:
        return False
    return NumberRow.objects.filter(number=number, is_open=True).exists()


def _held(actor: Actor, case_id: UUID, *, hold: bool = False) -> CaseRow:
    staff = _clerk(actor)
    row = _found(case_id, hold=hold)
    if (row.state, row.taken_by) != (_OPEN, staff):
        raise NotFound("case")
    return row


def _found(case_id: UUID, *, hold: bool = False) -> CaseRow:
    cases = CaseRow.objects.filter(id=case_id)
    row = (cases.select_for_update() if hold else cases).first()
    if row is None:
        raise NotFound("case")
    return row


def _shown(row: CaseRow) -> Case:
    found = case_of(row)
    return replace(found, subject_id=None) if row.subject_id == NOBODY else found


def _clerk(actor: Actor) -> str:
    signed = actor.undertaking_until is not None and actor.undertaking_until > clock.now()
    if actor.kind is not ActorKind.COMPLIANCE or ROLE not in actor.roles or not signed:
        reason = Reason.ACTOR_NOT_ALLOWED if signed else Reason.NO_UNDERTAKING
        raise GateRefusal(reason, purpose=PURPOSE, actor=actor)
    return actor.staff_id
