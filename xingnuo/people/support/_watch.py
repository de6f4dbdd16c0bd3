"""Clocks on watch: cases rise before their end, the person is told, and nothing is late in silence.

Also what a changed calendar, a withdrawn consent, an erasure and a term that is over do to cases.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, log
from xingnuo.kit.db import session
from xingnuo.people.notices import actions as notices
from xingnuo.people.support import _calendar, _clocks, _scope, _thread
from xingnuo.people.support._workdays import Workdays
from xingnuo.people.support.contracts import RUNNING, State, Urgency
from xingnuo.people.support.models import CaseRow, HandOverRow, MessageRow
from xingnuo.trust.evidence.contracts import Kind as Evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind

HOUSE = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
AT_ONCE_MAX = 200
KEPT_DAYS = 1096  # three years with a leap day, from the end of the case
IDLE_DAYS = 30  # an answered case to which nobody wrote is closed
DISCARD = "rights.erase_by_duty"
_RUNNING = [state.value for state in RUNNING]
_TOLD = {Urgency.WARNED: "case.due_soon", Urgency.ESCALATED: "case.escalated"}
logger = log.get("support")


def rise() -> int:
    """Raise the cases whose next look is due; gives how many. Safe to repeat."""
    now, count = clock.now(), 0
    with transaction.atomic():
        days = _calendar.load()
        rows = CaseRow.objects.select_for_update(skip_locked=True)
        for row in rows.filter(next_at__lte=now, state__in=_RUNNING)[:AT_ONCE_MAX]:
            _raise_one(row, days)
            count += 1
    return count


def _raise_one(row: CaseRow, days: Workdays) -> None:
    now = clock.now()
    level = _clocks.urgency(row.due_at, now, days)
    row.next_at = _clocks.next_look(row.due_at, now, days)
    rose = level > row.level
    row.level = max(int(level), row.level)
    row.save(update_fields=["level", "next_at"])
    if not rose:
        return
    gate.record(
        HOUSE,
        subject_id=row.subject_id,
        kind=Evidence.OPERATOR,
        reason=_TOLD.get(level, "case.late"),
        purpose=_scope.MESSAGES,
        ref=row.id,
    )
    if level is Urgency.LATE:
        logger.error("case_late", code=row.kind)
    label = f"{clock.beijing(row.due_at):%Y-%m-%d}"
    key = f"due:{row.id}:{row.counted_from:%Y%m%d}:{int(level)}"
    notices.tell(row.subject_id, "complaint_due", key=key, label=label)


def recount() -> int:
    """Bring the clocks of open cases in line with the calendar, only ever to an earlier end."""
    count = 0
    with transaction.atomic():
        days = _calendar.load()
        rows = CaseRow.objects.select_for_update().filter(state__in=_RUNNING)
        for row in rows.order_by("id").iterator():
            count += _recounted(row, days)
    return count


def _recounted(row: CaseRow, days: Workdays) -> bool:
    from xingnuo.people.support._rows import count

    was = row.due_at, row.rule, row.level
    count(row, since=row.counted_from, days=days)
    row.level = was[2]
    earlier = row.due_at < was[0]
    if not earlier:
        row.due_at, row.rule = was[0], was[1]
    row.next_at = _clocks.next_look(row.due_at, clock.now(), days)
    row.save(update_fields=["due_at", "rule", "level", "next_at"])
    return earlier


def close_idle() -> int:
    """Close answered cases to which nobody wrote for `IDLE_DAYS`; gives how many."""
    now = clock.now()
    with transaction.atomic():
        gone = CaseRow.objects.filter(
            state=State.ANSWERED.value, answered_at__lt=now - timedelta(days=IDLE_DAYS)
        ).update(state=State.CLOSED.value, closed_at=now, ground="idle")
    return int(gone)


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give a person's cases, messages and hand-overs for the copy of their data.

    Who of staff it was is the desk's own affair: the person sees the desk, not a name.
    """
    staff = {"taken_by", "taken_at", "staff_id", "proposed_by", "released_by", "level", "next_at"}
    staff |= {"alarmed_at", "proof_by", "settled_by"}

    def told(rows: Any) -> list[dict[str, Any]]:
        return [{k: v for k, v in row.items() if k not in staff} for row in rows.values()]

    return {
        "support_case": told(CaseRow.objects.filter(subject_id=subject_id).order_by("id")),
        "support_message": told(MessageRow.objects.of(subject_id)),
        "support_handover": told(HandOverRow.objects.of(subject_id)),
    }


def erase(subject_id: UUID) -> int:
    """Delete a person's cases with all that hangs on them; their words went with their keys."""
    gone = 0
    for rows in (
        HandOverRow.objects.of(subject_id),
        MessageRow.objects.of(subject_id),
        CaseRow.objects.filter(subject_id=subject_id),
    ):
        gone += rows.delete()[0]
    return gone


def ends(subject_id: UUID, purpose: str) -> int:
    """End what rests on a consent that was taken back: the running cases close."""
    if purpose != _scope.MESSAGES:
        return 0
    now = clock.now()
    return int(
        CaseRow.objects.filter(subject_id=subject_id, state__in=_RUNNING).update(
            state=State.CLOSED.value,
            answered_at=now,
            closed_at=now,
            next_at=None,
            ground="withdrawn",
            taken_by="",
            taken_at=None,
        )
    )


def sweep() -> int:
    """Delete cases that closed three years ago, with words, pictures and recordings."""
    before = clock.now() - timedelta(days=KEPT_DAYS)
    gone = 0
    with transaction.atomic():
        old = CaseRow.objects.filter(closed_at__lt=before).order_by("closed_at")[:AT_ONCE_MAX]
        for row in list(old):
            gone += _discard(row)
    return gone


def _discard(row: CaseRow) -> int:
    session.set_subject(row.subject_id)
    items = (_thread.TEXT, _thread.PHOTO, _thread.SOUND)
    mine = MessageRow.objects.of(row.subject_id).filter(case_id=row.id)
    permit = gate.permit(HOUSE, subject_id=row.subject_id, purpose=DISCARD, items=items)
    for message in mine.values_list("id", flat=True):
        gate.drop(permit, items, slot=str(message))
    gone = mine.delete()[0]
    gone += HandOverRow.objects.of(row.subject_id).filter(case_id=row.id).delete()[0]
    return int(gone) + CaseRow.objects.filter(id=row.id).delete()[0]
