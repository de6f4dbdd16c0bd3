"""Day-end of the bank rail: debits and payouts in the bank's file, held against our books.

The file is the bank's signed statement; the change card's lines in it are the wallet's to hold.
What is unknown and in no file needs no proof of absence here: the bank, asked, says for certain
that it has nothing under a number, and then takes it once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, log
from xingnuo.money.ledger import actions as ledger
from xingnuo.money.ledger.contracts import HouseKind
from xingnuo.money.payments import _recon as recon
from xingnuo.money.payments import _recon_books as books
from xingnuo.money.payments import _recon_file as file
from xingnuo.money.payments import _recon_payouts as payouts
from xingnuo.money.payments._recon_file import Difference
from xingnuo.money.payments._recon_models import BillRow
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import (
    DayFile,
    DayFileBroken,
    DayFileNotReady,
    StatementLine,
)

RAIL = books.BANK
PART_LINES = 5_000
_WAYS = {"debit": "pay", "pay_out": "payout"}
logger = log.get("payments")


@dataclass(slots=True)
class _Sums:
    """What the lines of a file come to that are ours to hold."""

    lines: int = 0
    in_fen: int = 0
    out_fen: int = 0
    claimed: dict[UUID, int] = field(default_factory=dict)

    def add(self, line: StatementLine) -> None:
        self.lines += 1
        if line.kind == "debit":
            self.in_fen += line.amount_fen
        else:
            self.out_fen += line.amount_fen


def reconcile_bank(day: date) -> bool:
    """Hold the bank's file of a Beijing day against the books; gives whether it was taken.

    Its own transactions; a repeat changes nothing. A file that does not hold is a case. Raises
    `DayFileNotReady` where there is none yet.
    """
    ledger.open_house(HouseKind.SUSPENSE, books.suspense_name(RAIL))
    try:
        with bank.statement(day) as statement:
            _take(statement)
    except DayFileBroken:
        recon.tell(RAIL, day, "file_broken")
        return False
    except recon.Strange as strange:
        recon.tell(RAIL, day, str(strange))
        return False
    recon.prove(RAIL, day)
    for each in (day - timedelta(days=1), day):
        _missing(each)
    return True


def reconcile_bank_due() -> int:
    """Take every file of the last days that was not taken; gives how many there were."""
    taken = 0
    for back in range(recon.DAYS_BACK, 0, -1):
        day = clock.today() - timedelta(days=back)
        if BillRow.objects.filter(rail=RAIL, day=day, state="done").exists():
            continue
        try:
            taken += reconcile_bank(day)
        except DayFileNotReady:
            if back >= recon.LATE_DAYS:
                recon.tell(RAIL, day, "file_late")
    return taken


def _take(statement: DayFile[StatementLine]) -> None:
    with transaction.atomic(durable=True):
        recon.alone()
        file.ask("SELECT payments_bill_stage()")
        sums = _stage(statement)
        known = BillRow.objects.filter(rail=RAIL, day=statement.day).first()
        if known is not None:
            told = (sums.lines, sums.in_fen, sums.out_fen)
            if told != (known.lines, known.paid_fen, known.refunded_fen):
                raise recon.Strange("file_changed")
            return
        differences = _compare(statement.day, sums.claimed)
        if len(differences) > file.DIFFERENCES_MAX:
            raise recon.Strange("file_strange")
        others = [each for each in differences if each.code != books.FOUND]
        BillRow.objects.create(
            rail=RAIL,
            day=statement.day,
            state="proving",
            lines=sums.lines,
            paid_fen=sums.in_fen,
            refunded_fen=sums.out_fen,
            fee_fen=0,
            differing=len(others),
            sha256=statement.sha256,
            at=clock.now(),
        )
        books.found(RAIL, [each for each in differences if each.code == books.FOUND])
        books.book(RAIL, statement.day, others)
        recon.held(RAIL, statement.day)
    logger.info("bill_taken", count=sums.lines, code=RAIL)


def _stage(statement: DayFile[StatementLine]) -> _Sums:
    """Put the file's own lines of debits and payouts into the database, part by part."""
    sums = _Sums()
    for part in batched(statement.lines(), PART_LINES, strict=False):
        lines = [line for line in part if line.kind in _WAYS]
        for line in lines:
            sums.add(line)
        file.stage(iter(["".join(map(_row, lines)).encode()]))
        sums.claimed |= payouts.claimed(
            [number for line in lines if (number := _payout(line)) is not None]
        )
    return sums


def _row(line: StatementLine) -> str:
    # A line without a key of ours is known by the bank's number.
    text = line.key or line.reference
    if not text.isprintable():
        raise DayFileBroken("line")
    escaped = text.replace("\\", "\\\\")
    return f"{_WAYS[line.kind]}\t{escaped}\t{line.amount_fen}\n"


def _payout(line: StatementLine) -> UUID | None:
    try:
        return UUID(hex=line.key) if line.kind == "pay_out" else None
    except ValueError:
        return None


def _compare(day: date, claimed: Mapping[UUID, int]) -> list[Difference]:
    return file.differences(
        "SELECT * FROM payments_bank_match(%s, %s, %s, %s)",
        day,
        list(claimed),
        list(claimed.values()),
        file.DIFFERENCES_MAX + 1,
    )


def _missing(day: date) -> None:
    """Book what neither the file of its day nor the next one names: the cut-over is over."""
    own = payouts.done_on(day)
    with transaction.atomic(durable=True):
        recon.alone()
        found: Sequence[Difference] = file.unnamed(
            "SELECT * FROM payments_bank_missing(%s, %s, %s, %s)",
            day,
            list(own),
            list(own.values()),
            file.DIFFERENCES_MAX,
        )
        books.book(RAIL, day, found)
