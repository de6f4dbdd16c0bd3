"""Cases of payments: what a person must look at, in a queue of its own, with nothing personal.

A difference in a file, an amount that is not ours, a refund that did not arrive, money of unknown
fate that grows old: each has an owner, an age and a clock, and one row however often it is seen.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.money.payments._core_models import NOBODY, AttemptRow, CaseRow, RefundRow

DUE = timedelta(hours=24)


class Kind(StrEnum):
    """What is amiss."""

    WRONG_AMOUNT = "wrong_amount"
    LATE_PAYOUT = "late_payout"
    REFUND_ABNORMAL = "refund_abnormal"
    UNKNOWN_OLD = "unknown_old"
    BILL_DIFFERENCE = "bill_difference"


class CaseState(StrEnum):
    """How far a case has come; a proof by hand takes two people."""

    OPEN = "open"
    PROPOSED = "proposed"
    CLOSED = "closed"


def open_case(kind: Kind, attempt: AttemptRow, *, ours: int, theirs: int | None) -> UUID:
    """Open a case about an order number, or give the one that is open."""
    return put(
        kind,
        rail=attempt.rail,
        number=attempt.id.hex,
        subject_id=attempt.subject_id,
        ours=ours,
        theirs=theirs,
    )


def open_refund_case(refund: RefundRow, *, ours: int, theirs: int | None) -> UUID:
    """Open a case about a refund that did not arrive as it should."""
    return put(
        Kind.REFUND_ABNORMAL,
        rail=refund.rail,
        number=refund.id.hex,
        subject_id=refund.subject_id,
        ours=ours,
        theirs=theirs,
    )


def put(
    kind: Kind,
    *,
    rail: str,
    number: str,
    subject_id: UUID | None,
    ours: int | None,
    theirs: int | None,
    day: date | None = None,
    code: str = "",
) -> UUID:
    """Write a case, one for each kind, rail and number."""
    now = clock.now()
    row, _ = CaseRow.objects.get_or_create(
        kind=kind.value,
        rail=rail,
        number=number,
        defaults={
            "id": ids.uuid7(),
            "state": CaseState.OPEN.value,
            "opened_at": now,
            "due_at": now + DUE,
            "subject_id": subject_id or NOBODY,
            "ours_fen": ours,
            "theirs_fen": theirs,
            "day": day,
            "code": code,
        },
    )
    return UUID(str(row.id))
