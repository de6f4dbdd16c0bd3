"""The queue: opened with a clock, taken by one, decided by who did not open it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, models, transaction

from xingnuo.kit import clock, ids, steps
from xingnuo.kit.cases import Case, CasePage, case_of
from xingnuo.kit.db.queues import in_order, paged
from xingnuo.people.antifraud import _dated, _officers
from xingnuo.people.antifraud._limits import CASES_COUNTED_MAX, CASES_PAGE_MAX
from xingnuo.people.antifraud._states import (
    CASE_STEPS,
    VERDICTS,
    CaseKind,
    CaseState,
    Verdict,
)
from xingnuo.people.antifraud.contracts import ForbiddenRiskStep, OwnCase, StaffOnly
from xingnuo.people.antifraud.models import CaseRow, DecisionRow
from xingnuo.trust.gate.contracts import Actor

_LEVELS = {
    CaseKind.RISK_REVIEW: 1,
    CaseKind.OBJECTION: 1,
    CaseKind.AML_LARGE: 0,
    CaseKind.AML_SUSPICIOUS: 2,
    CaseKind.SANCTIONS_HIT: 3,
}
_WAITING = (CaseState.OPEN.value, CaseState.TAKEN.value)


def opening(decision: DecisionRow) -> CaseRow:
    """Give the case of a decision that a person of ours is to look at; the caller saves it."""
    return new(CaseKind.RISK_REVIEW, decision.subject_id, ref=decision.id)


def new(
    kind: CaseKind,
    subject_id: UUID,
    *,
    ref: UUID | None,
    opened_by: str = "",
    since: datetime | None = None,
) -> CaseRow:
    """Give a new case; its clock runs from `since`, or from now. The caller saves it."""
    now = clock.now()
    return CaseRow(
        id=ids.uuid7(),
        kind=kind.value,
        state=CaseState.OPEN.value,
        subject_id=subject_id,
        ref=ref,
        level=_LEVELS[kind],
        opened_by=opened_by,
        opened_at=now,
        due_at=_dated.due(kind, min(since or now, now)),
    )


def open_once(
    kind: CaseKind,
    subject_id: UUID,
    *,
    ref: UUID | None = None,
    opened_by: str = "",
    since: datetime | None = None,
) -> CaseRow:
    """Open a case; where the same thing is waiting already, that case is given."""
    row = new(kind, subject_id, ref=ref, opened_by=opened_by, since=since)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return CaseRow.objects.get(kind=kind.value, ref=ref, state__in=_WAITING)
    return row


def page(
    actor: Actor,
    *,
    kinds: Iterable[CaseKind] = (),
    taken_by: str | None = None,
    after: str = "",
    limit: int = 20,
) -> CasePage:
    """Give a page of what waits for this officer, the earliest due first.

    `taken_by` leaves one member's cases, or with "" those that nobody has.
    """
    wanted = sorted(_officers.cases_of(actor, kinds))
    size = max(1, min(limit, CASES_PAGE_MAX))
    # Each kind walks its own index, so that no queue waits behind another's many cases.
    heads = [in_order(_waiting([kind], taken_by), "due_at", after=after) for kind in wanted]
    rows = sorted(
        (row for head in heads for row in head[: size + 1]), key=lambda row: (row.due_at, row.id)
    )
    cases, mark = paged(rows, "due_at", limit=size)
    return CasePage(
        cases=cases,
        after=mark,
        open_count=counted(actor, kinds=kinds, taken_by=taken_by),
        overdue_count=counted(actor, kinds=kinds, taken_by=taken_by, overdue=True),
    )


def counted(
    actor: Actor,
    *,
    kinds: Iterable[CaseKind] = (),
    taken_by: str | None = None,
    overdue: bool = False,
) -> int:
    """Count what waits as `page` lists it, up to `CASES_COUNTED_MAX`."""
    count = 0
    for kind in _officers.cases_of(actor, kinds):
        # In the order of the index, or the whole table would be walked for a full queue.
        rows = _waiting([kind], taken_by).order_by("due_at", "id")
        rows = rows.filter(due_at__lt=clock.now()) if overdue else rows
        count += rows.values("id")[:CASES_COUNTED_MAX].count()
    return min(count, CASES_COUNTED_MAX)


def _waiting(kinds: Iterable[CaseKind], taken_by: str | None) -> models.QuerySet[CaseRow]:
    rows = CaseRow.objects.filter(kind__in=[kind.value for kind in kinds])
    if taken_by is None:
        return rows.filter(state__in=_WAITING)
    # Whose a case is stands in its state too, which the index of the queue knows.
    if not taken_by:
        return rows.filter(state=CaseState.OPEN.value)
    return rows.filter(state=CaseState.TAKEN.value, taken_by=taken_by)


def take(actor: Actor, *, case_id: UUID) -> Case:
    """Take a case; of two at once one gets it. Raises `ForbiddenRiskStep` when it is taken."""
    with transaction.atomic():
        row = held(actor, case_id)
        staff = _fit(actor, row)
        if row.state == CaseState.TAKEN.value and row.taken_by == staff:
            return case_of(row)
        step(row, CaseState.TAKEN)
        row.taken_by, row.taken_at = staff, clock.now()
        row.save(update_fields=["state", "taken_by", "taken_at"])
        return case_of(row)


def give_back(actor: Actor, *, case_id: UUID) -> Case:
    """Put a case that one took back into the queue."""
    with transaction.atomic():
        row = held(actor, case_id)
        mine(actor, row)
        step(row, CaseState.OPEN)
        row.taken_by, row.taken_at = "", None
        row.save(update_fields=["state", "taken_by", "taken_at"])
        return case_of(row)


def settle(actor: Actor, row: CaseRow, *, verdict: Verdict, reason: str) -> None:
    """Decide a held case by a reason of its kind; the caller carries out what follows."""
    _fit(actor, row)
    mine(actor, row)
    if VERDICTS[CaseKind(row.kind)].get(reason) is not verdict:
        raise ForbiddenRiskStep("reason")
    step(row, CaseState.DECIDED)
    row.verdict, row.reason = verdict.value, reason
    row.decided_by, row.decided_at = actor.staff_id, clock.now()
    row.save(update_fields=["state", "verdict", "reason", "decided_by", "decided_at"])


def held(actor: Actor, case_id: UUID) -> CaseRow:
    """Give a case of the officer's kinds and hold it; another's kind looks like none."""
    return _of(actor, case_id, CaseRow.objects.select_for_update())


def seen(actor: Actor, case_id: UUID) -> CaseRow:
    """Give a case of the officer's kinds, to be read."""
    return _of(actor, case_id, CaseRow.objects.all())


def _of(actor: Actor, case_id: UUID, rows: models.QuerySet[CaseRow]) -> CaseRow:
    kinds = [kind.value for kind in _officers.cases_of(actor)]
    row = rows.filter(id=case_id, kind__in=kinds).first()
    if row is None:
        raise StaffOnly
    return row


def mine(actor: Actor, row: CaseRow) -> None:
    """Refuse who has not taken the case."""
    if row.state != CaseState.TAKEN.value or row.taken_by != actor.staff_id:
        raise ForbiddenRiskStep("not_taken_by_you")


def step(row: CaseRow, to: CaseState) -> None:
    """Move a case along its table."""
    row.state = steps.step(CASE_STEPS, CaseState(row.state), to, error=ForbiddenRiskStep).value


def _fit(actor: Actor, row: CaseRow) -> str:
    if row.opened_by == actor.staff_id or actor.subject_id == row.subject_id:
        raise OwnCase
    return actor.staff_id
