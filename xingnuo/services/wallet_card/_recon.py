"""A day's file of the bank against our books: each line matched, proved, or a case in suspense.

A file is read in parts of bounded size. What is done on both sides with the same amount is marked
in one statement; everything else goes line by line. A movement of ours that neither the file of
its day nor the next day's lists is missing: around midnight the two sides may differ by a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import batched
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import StatementLine
from xingnuo.services.wallet_card import _books as books
from xingnuo.services.wallet_card import _cases as cases
from xingnuo.services.wallet_card import _rows as rows
from xingnuo.services.wallet_card._apply import apply
from xingnuo.services.wallet_card._bank import Finding, Proof
from xingnuo.services.wallet_card.contracts import (
    DONE,
    INCOME,
    MoveKind,
    MoveState,
    Reconciled,
)
from xingnuo.services.wallet_card.models import DayRow, MoveRow, NumberRow, TokenRow

PART = 500
DAYS_BACK_MAX = 31
_KINDS = {kind.value: kind for kind in books.LEGS}
# Pay-outs and debits stand in the same file; they are held against payments' books.
_PAYMENTS = ("pay_out", "debit")
_INCOME = {kind.value for kind in INCOME}


@dataclass(slots=True)
class _Tally:
    day: date
    lines: int = 0
    matched: int = 0
    proved: int = 0
    income: int = 0
    differences: int = 0
    seen: set[str] = field(default_factory=set)


def reconcile(day: date) -> Reconciled:
    """Hold a day's file against our books, once; its own transactions, safe to repeat.

    Raises `DayFileNotReady` or `DayFileBroken`, with nothing marked as done.
    """
    known = DayRow.objects.filter(day=day).first()
    if known is not None:
        return _shown(known)
    tally = _Tally(day)
    with bank.statement(day) as file:
        for part in batched(file.lines(), PART, strict=False):
            _part(part, tally, file.repeated)
        sha256 = file.sha256
    tally.differences += _missing(day)
    row, _ = DayRow.objects.get_or_create(
        day=day,
        defaults={
            "lines": tally.lines,
            "matched": tally.matched,
            "proved": tally.proved,
            "income": tally.income,
            "differences": tally.differences,
            "sha256": sha256,
            "at": clock.now(),
        },
    )
    return _shown(row)


def reconcile_due() -> int:
    """Reconcile every day that is over and was not; gives how many. Stops at one not ready."""
    last = clock.today() - timedelta(days=1)
    newest = DayRow.objects.order_by("-day").values_list("day", flat=True).first()
    first = max(
        newest + timedelta(days=1) if newest else last, last - timedelta(days=DAYS_BACK_MAX)
    )
    days = (last - first).days + 1
    for ahead in range(days):
        reconcile(first + timedelta(days=ahead))
    return max(0, days)


def _part(part: Iterable[StatementLine], tally: _Tally, repeated: frozenset[str]) -> None:
    lines = [line for line in part if line.kind not in _PAYMENTS]
    tally.lines += len(lines)
    numbers = {number for line in lines if (number := _number(line)) is not None}
    known = {row.number: row for row in NumberRow.objects.filter(number__in=numbers)}
    listed: list[UUID] = []
    for line in lines:
        number = _number(line)
        row = known.get(number) if number else None
        again = line.key in repeated and line.key in tally.seen
        if line.key in repeated:
            tally.seen.add(line.key)
        if row is not None and not again and _agrees(row, line):
            listed.append(row.number)
            tally.matched += 1
        else:
            _one(line, row, tally, again=again)
    NumberRow.objects.filter(number__in=listed).update(matched_on=tally.day)


def _number(line: StatementLine) -> UUID | None:
    try:
        return UUID(hex=line.key)
    except ValueError:
        return None


def _agrees(row: NumberRow, line: StatementLine) -> bool:
    same = (row.kind, row.amount_fen) == (line.kind, line.amount_fen)
    return row.done_on is not None and same


def _one(line: StatementLine, row: NumberRow | None, tally: _Tally, *, again: bool) -> None:
    if row is not None and not again:
        _prove(line, row, tally)
    elif line.kind in _INCOME and not line.key and _income(line):
        tally.income += 1
    else:
        # A line that the file lists twice has two ids, so that neither hides the other.
        place = f"{tally.day}|{tally.lines}|{line.reference}" if again else line.reference
        _stranger(line, place, fen=line.amount_fen)
        tally.differences += 1


def _prove(line: StatementLine, row: NumberRow, tally: _Tally) -> None:
    """Take a line as proof of a number; what differs from our books is booked to suspense."""
    if row.kind == line.kind:
        apply(
            Proof(
                subject_id=row.subject_id,
                number=row.number,
                finding=Finding.DONE,
                amount_fen=line.amount_fen,
                reference=line.reference,
                account=line.account,
                at=line.at,
            )
        )
    with transaction.atomic():
        permit = rows.keeping(row.subject_id)
        rows.with_subject(permit)
        move = rows.move_of(row.subject_id, row.number)
        is_done = MoveState(move.state) in DONE
    NumberRow.objects.filter(number=row.number).update(matched_on=tally.day)
    if is_done and (move.kind, move.amount_fen) == (line.kind, line.amount_fen):
        tally.proved += 1
        return
    ours = move.amount_fen if is_done and move.kind == line.kind else 0
    _stranger(line, line.reference, fen=line.amount_fen - ours, ours=ours)
    tally.differences += 1


def _income(line: StatementLine) -> bool:
    """Book an income that the bank brought; False where the account is nobody's."""
    owner = TokenRow.objects.filter(token=line.account).first()
    if owner is None:
        return False
    number = books.leg(f"{line.account}|{line.reference}", "income")
    with transaction.atomic():
        permit = rows.keeping(owner.subject_id)
        rows.with_subject(permit)
        MoveRow.objects.get_or_create(
            id=number,
            subject_id=owner.subject_id,
            defaults={
                "account_id": owner.account_id,
                "kind": line.kind,
                "state": MoveState.DONE.value,
                "amount_fen": line.amount_fen,
                "reference": line.reference[:64],
                "made_at": line.at,
                "ended_at": line.at,
            },
        )
        kind = MoveKind(line.kind)
        books.book(permit, number=number, kind=kind, amount_fen=line.amount_fen, at=line.at)
    return True


def _stranger(line: StatementLine, place: str, *, fen: int, ours: int | None = None) -> None:
    """Book to suspense what a line says beyond our books, with a case for a person."""
    owner = TokenRow.objects.filter(token=line.account).first()
    with transaction.atomic():
        if owner is not None and line.kind in _KINDS:
            permit = rows.keeping(owner.subject_id)
            books.to_suspense(permit, line=place, kind=_KINDS[line.kind], amount_fen=fen)
        cases.put(
            cases.Kind.STRANGER,
            place,
            subject_id=owner.subject_id if owner else None,
            ours=ours,
            theirs=line.amount_fen,
            day=clock.beijing(line.at).date(),
        )


def _missing(day: date) -> int:
    """Open a case for what neither the file of its day nor the next one listed; gives how many."""
    unlisted = NumberRow.objects.filter(
        done_on__lt=day, done_on__gte=day - timedelta(days=DAYS_BACK_MAX), matched_on__isnull=True
    ).exclude(kind__in=[MoveKind.OPEN.value, MoveKind.CLOSE.value])
    found = 0
    for row in unlisted.order_by("done_on", "number").iterator(chunk_size=PART):
        cases.put(
            cases.Kind.MISSING,
            row.number.hex,
            subject_id=row.subject_id,
            ours=row.amount_fen,
            theirs=None,
            day=row.done_on,
        )
        found += 1
    return found


def _shown(row: DayRow) -> Reconciled:
    return Reconciled(
        day=row.day,
        lines=row.lines,
        matched=row.matched,
        proved=row.proved,
        income=row.income,
        differences=row.differences,
    )
