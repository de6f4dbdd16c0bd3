"""Cases: what staff look at before a shop opens, and when a settlement does not go through."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.kit.cases import Case, CasePage, case_of
from xingnuo.kit.db import session
from xingnuo.kit.db.queues import in_order, paged
from xingnuo.kit.errors import Conflict, NotFound
from xingnuo.people.permissions.contracts import SameHand
from xingnuo.services.merchant_collection import _rows as rows
from xingnuo.services.merchant_collection.contracts import (
    OPEN_CASES,
    CaseFacts,
    CaseKind,
    CaseState,
)
from xingnuo.services.merchant_collection.models import CaseRow, MerchantRow, SettlementRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Permit, Reason, Shown
from xingnuo.trust.policy.contracts import ActorKind

DUE = timedelta(days=3)
PAGE_MAX = 50
COUNTED_MAX = 1_000
_OPEN = [state.value for state in OPEN_CASES]
_SEEN = ("name", rows.NAME, rows.ADDRESS)
_LEVELS = {CaseKind.WRONG_AMOUNT: 2, CaseKind.DECLINED: 1, CaseKind.STOPPED: 1}


def open_case(kind: CaseKind, *, subject_id: UUID, ref: UUID, ground: str = "") -> None:
    """Write a case, one for each kind and thing."""
    now = clock.now()
    CaseRow.objects.get_or_create(
        kind=kind.value,
        ref=ref,
        defaults={
            "id": ids.uuid7(),
            "state": CaseState.WAITING.value,
            "level": _LEVELS.get(kind, 0),
            "subject_id": subject_id,
            "ground": ground[:24],
            "opened_at": now,
            "due_at": now + DUE,
        },
    )


def page(
    actor: Actor, *, taken_by: str | None = None, after: str = "", limit: int = PAGE_MAX
) -> CasePage:
    """Give a page of open cases, the earliest due first; nothing personal is in it."""
    _reviewer(actor)
    waiting = CaseRow.objects.filter(state__in=_OPEN)
    if taken_by is not None:
        waiting = waiting.filter(taken_by=taken_by)
    found, mark = paged(in_order(waiting, "due_at", after=after), "due_at", limit=limit)
    late = waiting.filter(due_at__lt=clock.now())
    return CasePage(
        cases=found,
        after=mark,
        open_count=waiting.order_by().values("id")[:COUNTED_MAX].count(),
        overdue_count=late.order_by().values("id")[:COUNTED_MAX].count(),
    )


def one(actor: Actor, *, case_id: UUID) -> Case:
    """Give a case's clock and state; nothing of its person."""
    _reviewer(actor)
    return case_of(_found(case_id))


def take(actor: Actor, *, case_id: UUID) -> Case:
    """Take a case: one member of staff has it until they decide or put it back."""
    staff = _reviewer(actor)
    row = _found(case_id, hold=True)
    if row.state != CaseState.WAITING.value:
        raise Conflict("case_taken")
    row.state, row.taken_by = CaseState.TAKEN.value, staff
    row.save(update_fields=["state", "taken_by"])
    return case_of(row)


def put_back(actor: Actor, *, case_id: UUID) -> Case:
    """Put a case back into the queue."""
    row = held(actor, case_id)
    row.state, row.taken_by = CaseState.WAITING.value, ""
    row.save(update_fields=["state", "taken_by"])
    return case_of(row)


def values(actor: Actor, *, case_id: UUID) -> list[Shown]:
    """Give what stands on a shop's application to who took the case; the look is on record."""
    row = held(actor, case_id, hold=False)
    if row.kind != CaseKind.REVIEW.value:
        return []
    permit = entered(actor, row, _SEEN)
    return [
        *gate_queries.read(permit, ("name",), slot=""),
        *gate_queries.read(permit, _SEEN[1:], slot=rows.slot(row.ref)),
    ]


def entered(actor: Actor, row: CaseRow, items: tuple[str, ...] = ()) -> Permit:
    """Enter the merchant's file under the case."""
    return gate.permit(
        replace(actor, case_id=row.id),
        subject_id=row.subject_id,
        purpose=rows.ONBOARD,
        items=items or (rows.NAME,),
    )


def held(actor: Actor, case_id: UUID, *, hold: bool = True) -> CaseRow:
    """Give a case that this member of staff has taken; a look alone locks nothing."""
    staff = _reviewer(actor)
    row = _found(case_id, hold=hold)
    if (row.state, row.taken_by) != (CaseState.TAKEN.value, staff):
        raise NotFound("case")
    return row


def of_another(actor: Actor, case_id: UUID) -> CaseRow:
    """Give a case that another member has taken; whoever took it does not release it."""
    staff = _reviewer(actor)
    row = _found(case_id, hold=True)
    if row.state != CaseState.TAKEN.value:
        raise NotFound("case")
    if row.taken_by == staff:
        raise SameHand
    return row


def facts(actor: Actor, *, case_id: UUID) -> CaseFacts:
    """Give what a case is about to who took it: the shop as data, or the settlement in fen."""
    row = held(actor, case_id, hold=False)
    session.set_subject(row.subject_id)
    if row.kind == CaseKind.REVIEW.value:
        shop = MerchantRow.objects.of(row.subject_id).filter(id=row.ref).first()
        return CaseFacts(ground=row.ground, shop=rows.shown(shop) if shop is not None else None)
    paid = SettlementRow.objects.of(row.subject_id).filter(id=row.ref).first()
    return CaseFacts(ground=row.ground, net_fen=paid.net_fen if paid is not None else None)


def close(row: CaseRow, *, approve: bool, ground: str) -> None:
    """End a case."""
    row.state = (CaseState.APPROVED if approve else CaseState.REFUSED).value
    row.ground, row.decided_at = ground[:24], clock.now()
    row.save(update_fields=["state", "ground", "decided_at"])


def _found(case_id: UUID, *, hold: bool = False) -> CaseRow:
    cases = CaseRow.objects.filter(id=case_id)
    row = (cases.select_for_update() if hold else cases).first()
    if row is None:
        raise NotFound("case")
    return row


def _reviewer(actor: Actor) -> str:
    signed = actor.undertaking_until is not None and actor.undertaking_until > clock.now()
    if actor.kind is not ActorKind.REVIEWER or not actor.staff_id or not signed:
        reason = Reason.NO_UNDERTAKING if actor.staff_id else Reason.UNKNOWN_ACTOR
        raise GateRefusal(reason, purpose=rows.ONBOARD, actor=actor)
    return actor.staff_id
