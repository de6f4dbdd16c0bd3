"""The work queue of rights requests, as the console sees it: cases and clocks, nobody's data."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from xingnuo.duties.rights.contracts import CaseState
from xingnuo.duties.rights.models import CaseRow
from xingnuo.kit import clock
from xingnuo.kit.cases import Case, CasePage
from xingnuo.kit.db.queues import in_order, paged
from xingnuo.kit.errors import Conflict, NotFound

OPEN = (CaseState.RECEIVED.value, CaseState.WORKING.value)
CLOSED = (CaseState.REFUSED.value, CaseState.DONE.value)
COUNTED_MAX = 1000  # beyond this nobody needs the exact number, and counting costs


def page(*, mine: str = "", closed: bool = False, after: str = "", limit: int = 25) -> CasePage:
    """Give a page of what nobody has, of what one member has (`mine`), or of what is closed."""
    rows = _rows(mine, closed, after)
    found, mark = paged(rows, "done_at" if closed else "due_at", limit=limit, shown=shown)
    return CasePage(
        cases=found,
        after=mark,
        open_count=counted(mine=mine, closed=closed),
        overdue_count=counted(mine=mine, closed=closed, overdue=True),
    )


def counted(*, mine: str = "", closed: bool = False, overdue: bool = False) -> int:
    """Count cases of a tab, up to `COUNTED_MAX`."""
    if closed and overdue:
        return 0
    rows = _rows(mine, closed, "").order_by()
    if overdue:
        rows = rows.filter(due_at__lt=clock.now())
    return rows.values("id")[:COUNTED_MAX].count()


def one(case_id: UUID) -> Case:
    """Give one case; raises `NotFound`."""
    row = CaseRow.objects.filter(id=case_id).first()
    if row is None:
        raise NotFound("case")
    return shown(row)


def take(*, staff_id: str, case_id: UUID | None = None) -> Case | None:
    """Give a case to a member of staff: the named one, or the most urgent that nobody has.

    Raises `Conflict` when another member has the named one; two who take at once get two cases.
    """
    free = CaseRow.objects.filter(state__in=OPEN, taken_by="")
    if case_id is not None:
        row = CaseRow.objects.select_for_update().filter(id=case_id).first()
        if row is None:
            raise NotFound("case")
        if row.taken_by == staff_id:
            return shown(row)
        if row.taken_by or row.state not in OPEN:
            raise Conflict("taken")
    else:
        row = free.select_for_update(skip_locked=True).order_by("due_at", "id").first()
        if row is None:
            return None
    row.taken_by, row.taken_at = staff_id, clock.now()
    row.save(update_fields=["taken_by", "taken_at"])
    return shown(row)


def give_back(*, staff_id: str, case_id: UUID) -> None:
    """Put a case back, for whoever takes it next."""
    gone = CaseRow.objects.filter(id=case_id, taken_by=staff_id, state__in=OPEN).update(
        taken_by="", taken_at=None
    )
    if gone != 1:
        raise Conflict("taken")


def shown(row: CaseRow) -> Case:
    """Give a row as the console sees it."""
    return Case(
        id=row.id,
        kind=row.kind,
        state=row.state,
        opened_at=row.made_at,
        due_at=row.due_at,
        subject_id=row.subject_id,
        taken_by=row.taken_by,
    )


def _rows(mine: str, closed: bool, after: str) -> QuerySet[CaseRow]:
    if closed:
        over = CaseRow.objects.filter(state__in=CLOSED, done_at__isnull=False)
        return in_order(over, "done_at", newest_first=True, after=after)
    rows = CaseRow.objects.filter(state__in=OPEN, taken_by=mine)
    return in_order(rows, "due_at", after=after)
