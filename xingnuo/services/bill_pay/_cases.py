"""Cases of the room: what a person must look at, in a queue of its own, with nothing personal."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.cases import Case
from xingnuo.kit.db.queues import in_order, paged
from xingnuo.services.bill_pay.contracts import CaseKind
from xingnuo.services.bill_pay.models import NOBODY, CaseRow, OrderRow

DUE = timedelta(hours=24)
# What the order's own end settles; the others wait for a person.
_ENDS_WITH_ORDER = (CaseKind.UNKNOWN_OLD.value,)


def put(kind: CaseKind, row: OrderRow, *, theirs: int | None = None) -> None:
    """Open a case about an order, or leave the one that is open."""
    write(
        kind, party=row.party, number=row.id.hex, subject_id=row.subject_id,
        ours=row.amount_fen, theirs=theirs,
    )  # fmt: skip


def write(
    kind: CaseKind,
    *,
    party: str,
    number: str,
    subject_id: UUID | None = None,
    ours: int | None = None,
    theirs: int | None = None,
    day: date | None = None,
) -> bool:
    """Write a case, one for each kind, party and number; says whether it is new."""
    now = clock.now()
    _, is_new = CaseRow.objects.get_or_create(
        kind=kind.value,
        party=party,
        number=number[:64],
        defaults={
            "opened_at": now, "due_at": now + DUE, "subject_id": subject_id or NOBODY,
            "ours_fen": ours, "theirs_fen": theirs, "day_on": day,
        },
    )  # fmt: skip
    return is_new


def close(number: UUID) -> None:
    """Close what was open only because an order had no end."""
    CaseRow.objects.filter(number=number.hex, kind__in=_ENDS_WITH_ORDER, state="open").update(
        state="closed", closed_at=clock.now()
    )


def open_cases(*, after: str = "", limit: int = 25) -> tuple[tuple[Case, ...], str]:
    """Give a page of open cases, the most urgent first, and the mark that continues it."""
    rows = in_order(CaseRow.objects.filter(state="open"), "due_at", after=after)
    return paged(rows, "due_at", limit=limit)
