"""Cases: what a person must look at, one row however often it is seen, with nothing personal."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.kit.cases import Case
from xingnuo.kit.db.queues import in_order, paged
from xingnuo.services.wallet_card.models import NOBODY, CaseRow

DUE = timedelta(hours=24)
OPEN = "open"


class Kind(StrEnum):
    """What is amiss."""

    WRONG_AMOUNT = "wrong_amount"  # the bank proved another amount than was asked
    LATE = "late"  # done after it was declined
    CONTRADICTION = "contradiction"  # declined after it was done
    UNKNOWN_OLD = "unknown_old"
    STRANGER = "stranger"  # a line of the file that is no movement of ours
    MISSING = "missing"  # a movement of ours that no file lists


def put(
    kind: Kind,
    number: str,
    *,
    subject_id: UUID | None,
    ours: int | None,
    theirs: int | None,
    day: date | None = None,
) -> None:
    """Write a case, one for each kind and number."""
    now = clock.now()
    CaseRow.objects.get_or_create(
        kind=kind.value,
        number=number[:64],
        defaults={
            "id": ids.uuid7(),
            "state": OPEN,
            "opened_at": now,
            "due_at": now + DUE,
            "subject_id": subject_id or NOBODY,
            "ours_fen": ours,
            "theirs_fen": theirs,
            "day": day,
        },
    )


def page(*, after: str = "", limit: int = 25) -> tuple[tuple[Case, ...], str]:
    """Give a page of the open cases, the most urgent first, and the mark that continues it."""
    waiting = CaseRow.objects.filter(state=OPEN)
    return paged(in_order(waiting, "due_at", after=after), "due_at", limit=limit)
