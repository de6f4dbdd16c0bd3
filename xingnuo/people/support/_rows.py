"""Rows of cases: found for their owner or their taker, moved by the table of steps alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.errors import NotFound
from xingnuo.people.support import _calendar, _clocks
from xingnuo.people.support._topics import TOPICS
from xingnuo.people.support._workdays import Workdays
from xingnuo.people.support.contracts import (
    STEPS,
    Act,
    ForbiddenStep,
    Kind,
    Proof,
    State,
    Ticket,
    Urgency,
)
from xingnuo.people.support.models import CaseRow


def own(subject_id: UUID, case_id: UUID, *, lock: bool = False) -> CaseRow:
    """Give a person's own case; another's looks like a missing one. Raises `NotFound`."""
    rows = CaseRow.objects.select_for_update() if lock else CaseRow.objects
    row = rows.filter(id=case_id, subject_id=subject_id).first()
    if row is None:
        raise NotFound("case")
    return row


def step(row: CaseRow, act: Act, *, now: datetime | None = None) -> None:
    """Move a case on; raises `ForbiddenStep` for what the table does not name.

    Whoever had it has it no longer once it is answered or closed; a case that comes back counts
    its clock anew.
    """
    to = STEPS.get((State(row.state), act))
    if to is None:
        raise ForbiddenStep(f"{row.state}:{act.value}")
    now = now or clock.now()
    came_back = to is State.REOPENED and row.state != State.REOPENED.value
    row.state = to.value
    if came_back:
        count(row, since=now)
        row.answered_at, row.closed_at, row.ground = None, None, ""
    elif to is State.ANSWERED:
        row.answered_at, row.next_at = now, None
    elif to is State.CLOSED:
        row.answered_at, row.closed_at = row.answered_at or now, now
        row.next_at = None
    if to in (State.ANSWERED, State.CLOSED):
        row.taken_by, row.taken_at = "", None
    row.save()


def count(row: CaseRow, *, since: datetime, days: Workdays | None = None) -> None:
    """Set a case's clock: the earliest of its topic's rules; unsaved."""
    days = days or _calendar.load()
    known = TOPICS[row.topic]
    rules = known.clocks
    if row.kind == Kind.COMPLAINT.value:  # also a question that was raised to one
        rules += ("finance",) if known.transactions else ("app_service",)
    found = _clocks.due(rules, since, days)
    row.counted_from, row.due_at, row.rule = since, found.at, found.rule
    row.level = int(Urgency.CALM)
    row.next_at = _clocks.next_look(found.at, since, days)


def shown(row: CaseRow, days: Workdays) -> Ticket:
    """Give a case as its owner's page shows it."""
    return Ticket(
        id=row.id,
        kind=Kind(row.kind),
        topic=TOPICS[row.topic],
        state=State(row.state),
        proof=Proof(row.proof),
        opened_at=row.opened_at,
        due_at=row.due_at,
        days_left=_clocks.left(row.due_at, clock.now(), days),
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        ground=row.ground,
    )
