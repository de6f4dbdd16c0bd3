"""Queues: how a room orders its work queue, and gives it page by page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from xingnuo.kit.cases import Case, case_of
from xingnuo.kit.errors import NotFound


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


def _mark(after: str) -> tuple[datetime, UUID]:
    at, _, case_id = after.partition("|")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise NotFound("mark")
        return moment, UUID(case_id)
    except ValueError:
        raise NotFound("mark") from None
