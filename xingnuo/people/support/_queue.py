"""The queues of the desks as the console sees them: cases and clocks, nobody's words."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from xingnuo.kit import clock
from xingnuo.kit.cases import Case, CasePage, case_of
from xingnuo.kit.db.queues import in_order, paged
from xingnuo.kit.errors import Conflict, NotFound
from xingnuo.people.support import _cases
from xingnuo.people.support.contracts import RUNNING, Desk, State
from xingnuo.people.support.models import CaseRow

OPEN = tuple(state.value for state in RUNNING)
OVER = (State.ANSWERED.value, State.CLOSED.value)
COUNTED_MAX = 1000  # beyond this nobody needs the exact number, and counting costs


def open_cases(
    desk: Desk, *, mine: str = "", closed: bool = False, after: str = "", limit: int = 25
) -> CasePage:
    """Give a page of what nobody has, of what one member has (`mine`), or of what is over."""
    rows = _rows(desk, mine, closed, after)
    found, mark = paged(rows, "answered_at" if closed else "due_at", limit=limit)
    return CasePage(
        cases=found,
        after=mark,
        open_count=counted(desk, mine=mine, closed=closed),
        overdue_count=counted(desk, mine=mine, closed=closed, overdue=True),
    )


def counted(desk: Desk, *, mine: str = "", closed: bool = False, overdue: bool = False) -> int:
    """Count cases of a tab, up to `COUNTED_MAX`."""
    if closed and overdue:
        return 0
    rows = _rows(desk, mine, closed, "").order_by()
    if overdue:
        rows = rows.filter(due_at__lt=clock.now())
    return rows.values("id")[:COUNTED_MAX].count()


def one(desk: Desk, case_id: UUID) -> Case:
    """Give one case of a desk; raises `NotFound`."""
    row = CaseRow.objects.filter(id=case_id, desk=desk.value).first()
    if row is None:
        raise NotFound("case")
    return case_of(row)


def take(desk: Desk, *, staff_id: str, case_id: UUID | None = None) -> Case | None:
    """Give a case to a member of staff: the named one, or the most urgent that nobody has."""
    if case_id is not None:
        one(desk, case_id)
        return case_of(_cases.take(staff_id=staff_id, case_id=case_id))
    free = CaseRow.objects.filter(desk=desk.value, state__in=OPEN, taken_by="")
    row = free.select_for_update(skip_locked=True).order_by("due_at", "id").first()
    return case_of(_cases.take(staff_id=staff_id, case_id=row.id)) if row is not None else None


def give_back(desk: Desk, *, staff_id: str, case_id: UUID) -> None:
    """Put a case back, for whoever takes it next."""
    mine = CaseRow.objects.filter(id=case_id, desk=desk.value, taken_by=staff_id, state__in=OPEN)
    if mine.update(taken_by="", taken_at=None) != 1:
        raise Conflict("taken")


def _rows(desk: Desk, mine: str, closed: bool, after: str) -> QuerySet[CaseRow]:
    rows = CaseRow.objects.filter(desk=desk.value)
    if closed:
        over = rows.filter(state__in=OVER, answered_at__isnull=False)
        return in_order(over, "answered_at", newest_first=True, after=after)
    return in_order(rows.filter(state__in=OPEN, taken_by=mine), "due_at", after=after)
