"""A bill in the database: its lines staged in bounded memory, compared there, differences told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from xingnuo.partners.channel.contracts import Bill

# A file that differs in more lines than people can look at is not taken: it is one case.
DIFFERENCES_MAX = 5_000
_STAGED = "COPY pg_temp.payments_bill_staged (kind, number, amount_fen) FROM STDIN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A number on which file and books differ; amounts in fen, each never negative."""

    kind: str  # pay | refund | payout
    number: str
    code: str
    subject_id: UUID | None
    ours_fen: int
    theirs_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A number of ours about which a bill is proof."""

    kind: str
    number: UUID
    subject_id: UUID
    told_fen: int


def compare(bill: Bill) -> list[Difference]:
    """Stage a bill and compare it, in the caller's transaction; gives one more than may be."""
    ask("SELECT payments_bill_stage()")
    stage(bill.rows())
    return differences(
        "SELECT * FROM payments_bill_match(%s, %s, %s)",
        bill.style.value,
        bill.day,
        DIFFERENCES_MAX + 1,
    )


def differences(statement: str, *values: Any) -> list[Difference]:
    """Ask for what a staged file and the books differ in."""
    return [_difference(*row) for row in ask(statement, *values)]


def missing(rail: str, day: date) -> list[Difference]:
    """Give ours of a day that neither its bill nor the next one names."""
    statement = "SELECT * FROM payments_bill_missing(%s, %s, %s)"
    return unnamed(statement, rail, day, DIFFERENCES_MAX)


def unnamed(statement: str, *values: Any) -> list[Difference]:
    """Ask for what is ours and in no file of its days."""
    return [
        Difference(
            kind=kind,
            number=number.hex,
            code=f"{kind}_missing",
            subject_id=subject_id,
            ours_fen=ours,
            theirs_fen=0,
        )
        for kind, number, subject_id, ours in ask(statement, *values)
    ]


def unproved(rail: str, day: date) -> list[Told]:
    """Give what a bill of a day proves and is not booked yet."""
    found = ask("SELECT * FROM payments_bill_unproved(%s, %s)", rail, day)
    return [Told(kind=row[0], number=row[1], subject_id=row[2], told_fen=row[3]) for row in found]


def absent(rail: str) -> list[tuple[UUID, UUID]]:
    """Give numbers and payers of unknown fate that no bill of their days names."""
    found = ask("SELECT * FROM payments_bill_absent(%s, %s)", rail, DIFFERENCES_MAX)
    return [(number, subject_id) for number, subject_id in found]


def stage(rows: Iterator[bytes]) -> None:
    """Copy rows of a file into the table that `payments_bill_stage` made."""
    with connection.cursor() as cursor, cursor.copy(_STAGED) as copy:
        for part in rows:
            copy.write(part)


def _difference(*row: Any) -> Difference:
    kind, number, code, subject_id, ours, theirs = row
    return Difference(
        kind=kind,
        number=number,
        code=code,
        subject_id=subject_id,
        ours_fen=ours,
        theirs_fen=theirs,
    )


def ask(statement: str, *values: Any) -> list[Any]:
    """Run one statement and give its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
