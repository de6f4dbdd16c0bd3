"""Differences in the books: each is money in suspense and a case with an age, until it is settled.

House journals of nobody: a difference is between the house and a channel, no payer's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.money.ledger import actions as ledger
from xingnuo.money.ledger.contracts import HouseKind, Transfer, house
from xingnuo.money.payments import _core_books as books
from xingnuo.money.payments import _core_cases as cases
from xingnuo.money.payments._core_models import NOBODY, CaseRow
from xingnuo.money.payments._recon_file import Difference
from xingnuo.money.payments._recon_models import BillRow

FOUND, FILE_WRONG, ACCEPTED = "found", "file_wrong", "accepted"
BANK = "bank"
_LEAVING = ("refund", "payout")
_KIND = cases.Kind.BILL_DIFFERENCE.value


def suspense_name(rail: str) -> str:
    """Name a rail's suspense account: the bank's own holds the change card's differences."""
    return "bank_rail" if rail == BANK else rail


def suspense_of(rail: str) -> UUID:
    """Give the account in which a rail's differences wait."""
    return house(HouseKind.SUSPENSE, suspense_name(rail))


def signed(row: CaseRow) -> int:
    """Give by how much the channel's file says more money came to us than our books, in fen."""
    if row.ours_fen is None or row.theirs_fen is None:
        return 0
    sign = -1 if row.code.startswith(_LEAVING) else 1
    return sign * int(row.theirs_fen - row.ours_fen)


def book(rail: str, day: date, differences: Sequence[Difference]) -> None:
    """Open a case for each difference and put its money in suspense; caller's transaction."""
    rows = [_case(rail, day, each) for each in differences]
    numbers = [row.number for row in rows]
    known = CaseRow.objects.filter(kind=_KIND, rail=rail, number__in=numbers)
    taken = set(known.values_list("number", flat=True))
    for row in rows:
        row.number = _free(row, day, taken)
        taken.add(row.number)
    CaseRow.objects.bulk_create(rows)
    _post(filter(None, (_into_suspense(row) for row in rows)))


def _free(row: CaseRow, day: date, taken: set[str]) -> str:
    """Give a number that no case has: a channel may write one in several days, and both ways."""
    of_day = f"{row.number[:40]}@{day:%Y%m%d}"
    names = (row.number, of_day, f"{of_day}.{row.code[:14]}")
    return next(name for name in names if name not in taken)


def _case(rail: str, day: date, each: Difference) -> CaseRow:
    now = clock.now()
    return CaseRow(
        id=ids.uuid7(),
        kind=_KIND,
        state=cases.CaseState.OPEN.value,
        rail=rail,
        number=each.number,
        subject_id=each.subject_id or NOBODY,
        ours_fen=each.ours_fen,
        theirs_fen=each.theirs_fen,
        day=day,
        code=each.code,
        opened_at=now,
        due_at=now + cases.DUE,
    )


def found(rail: str, differences: Sequence[Difference]) -> None:
    """Close the cases of numbers that a later bill names after all; their money goes back."""
    numbers = [each.number for each in differences]
    rows = CaseRow.objects.select_for_update().filter(
        kind=_KIND, rail=rail, number__in=numbers, code__endswith="_missing"
    )
    for row in rows.exclude(state=cases.CaseState.CLOSED.value):
        settle(row, FOUND)


def settle(row: CaseRow, finding: str) -> None:
    """Close a difference: taken back where the file is wrong, income or loss where it is right."""
    back = _into_suspense(row)
    if back is not None:
        if finding == ACCEPTED:
            to = house(HouseKind.INCOME)
            of_suspense = suspense_of(row.rail)
            source = to if back.from_id == of_suspense else of_suspense
            target = of_suspense if source == to else to
            _post([_move(row.id, "accepted", source, target, back.amount_fen)])
        else:
            _post([_move(row.id, "taken_back", back.to_id, back.from_id, back.amount_fen)])
    row.state, row.finding = cases.CaseState.CLOSED.value, finding
    row.closed_at = clock.now()
    row.save(update_fields=["state", "finding", "closed_at", "closed_by"])


def _into_suspense(row: CaseRow) -> Transfer | None:
    amount = signed(row)
    suspense = suspense_of(row.rail)
    if not amount:
        return None
    # A payout leaves our money at the bank; everything else is owed by the channel.
    is_payout = row.code.startswith("payout")
    ours = house(HouseKind.BANK_FLOAT) if is_payout else house(HouseKind.RECEIVABLE, row.rail)
    source, target = (ours, suspense) if amount > 0 else (suspense, ours)
    return _move(row.id, "difference", source, target, abs(amount))


def fee(bill: BillRow) -> None:
    """Book what the channel kept for itself on a day."""
    if not bill.fee_fen:
        return
    kept = house(HouseKind.FEE, bill.rail), house(HouseKind.RECEIVABLE, bill.rail)
    source, target = kept if bill.fee_fen > 0 else kept[::-1]
    _post([_move(bill.id, "channel_fee", source, target, abs(bill.fee_fen))])


def _move(of: UUID, name: str, source: UUID, target: UUID, amount_fen: int) -> Transfer:
    return Transfer(
        id=books.leg(of, name),
        subject_id=NOBODY,
        from_id=source,
        to_id=target,
        amount_fen=amount_fen,
        kind=f"payments.{name}",
        ref_type="bill",
        ref_id=of,
    )


def _post(moves: Iterable[Transfer]) -> None:
    told = list(moves)
    if told:
        ledger.done(ledger.post_many(told))
