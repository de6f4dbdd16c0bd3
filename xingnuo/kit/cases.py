"""Cases: how a room shows its work queue to the console, with nothing personal in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from xingnuo.kit.errors import NotFound


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One piece of work that waits for a member of staff."""

    id: UUID
    kind: str  # a declared code of the room
    state: str
    opened_at: datetime
    due_at: datetime
    subject_id: UUID | None = None  # None where the case is about no one person
    taken_by: str = ""  # staff id; empty while nobody has it
    level: int = 0  # a higher level is more urgent


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One page of a queue, most urgent first; `after` continues it, `total` is capped."""

    cases: tuple[Case, ...]
    after: str = ""  # opaque mark of the last row, empty at the end
    open_count: int = 0
    overdue_count: int = 0


def case_of(row: Any) -> Case:
    """Give a queue row whose columns are named as a case's fields."""
    return Case(
        id=row.id,
        kind=row.kind,
        state=row.state,
        opened_at=row.opened_at,
        due_at=row.due_at,
        subject_id=row.subject_id,
        taken_by=row.taken_by,
        level=row.level,
    )


def in_order(
    rows: QuerySet[Any], field: str, *, newest_first: bool = False, after: str = ""
) -> QuerySet[Any]:
    """Order a queue by an instant and then by id, and go on after a mark of `paged`.

    Raises `NotFound` for a mark that is none.
    """
    sign, ahead = ("-", "lt") if newest_first else ("", "gt")
    rows = rows.order_by(f"{sign}{field}", f"{sign}id")
    if not after:
        return rows
    at, case_id = _mark(after)
    # The first bound alone walks the index; the second settles ties.
    return rows.filter(**{f"{field}__{ahead}e": at}).filter(
        Q(**{f"{field}__{ahead}": at}) | Q(**{field: at, f"id__{ahead}": case_id})
    )


def paged(
    rows: QuerySet[Any], field: str, *, limit: int, shown: Callable[[Any], Case] = case_of
) -> tuple[tuple[Case, ...], str]:
    """Give a page of ordered rows, and the mark after its last where more follow."""
    found = list(rows[: limit + 1])
    mark = ""
    if len(found) > limit:
        last = found[limit - 1]
        at = getattr(last, field)
        mark = f"{at.isoformat()}|{last.id}" if at else ""
    return tuple(shown(row) for row in found[:limit]), mark


def _mark(after: str) -> tuple[datetime, UUID]:
    at, _, case_id = after.partition("|")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise NotFound("mark")
        return moment, UUID(case_id)
    except ValueError:
        raise NotFound("mark") from None
