"""Queues: how a room orders its work queue, and gives it page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from xingnuo.kit import clock
from xingnuo.kit.cases import Case, CasePage, case_of
from xingnuo.kit.errors import NotFound

COUNTED_MAX = 1_000  # a queue counts no further


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
    rows: QuerySet[Any] | Sequence[Any],
    field: str,
    *,
    limit: int,
    shown: Callable[[Any], Case] = case_of,
) -> tuple[tuple[Case, ...], str]:
    """Give a page of ordered rows, and the mark after its last where more follow."""
    found = list(rows[: limit + 1])
    mark = ""
    if len(found) > limit:
        last = found[limit - 1]
        at = getattr(last, field)
        mark = f"{at.isoformat()}|{last.id}" if at else ""
    return tuple(shown(row) for row in found[:limit]), mark


def pile(
    rows: QuerySet[Any],
    *,
    taken_by: str | None = None,
    after: str = "",
    limit: int,
    shown: Callable[[Any], Case] = case_of,
) -> CasePage:
    """Give a page of open cases by when they are due: of nobody (""), of one member, or of all."""
    if taken_by is not None:
        rows = rows.filter(taken_by=taken_by)
    found, mark = paged(in_order(rows, "due_at", after=after), "due_at", limit=limit, shown=shown)
    late = rows.filter(due_at__lt=clock.now())
    return CasePage(
        cases=found,
        after=mark,
        open_count=rows.order_by().values("id")[:COUNTED_MAX].count(),
        overdue_count=late.order_by().values("id")[:COUNTED_MAX].count(),
    )


def _mark(after: str) -> tuple[datetime, UUID]:
    at, _, case_id = after.partition("|")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise NotFound("mark")
        return moment, UUID(case_id)
    except ValueError:
        raise NotFound("mark") from None
