"""Day-end: a channel's bill is held against our books, line by line, and nothing differs unseen.

A bill is taken whole and once. What it shows as paid and we did not know is proof; what we have
and it has not is looked for in the next day's bill first; every other difference is booked.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from xingnuo.kit import clock, log
from xingnuo.money.payments import _core_cases as cases
from xingnuo.money.payments import _core_proof as proofs
from xingnuo.money.payments import _recon_books as books
from xingnuo.money.payments import _recon_file as file
from xingnuo.money.payments._core_models import CaseRow
from xingnuo.money.payments._core_rails import Finding, Proof, Source
from xingnuo.money.payments._recon_models import BillRow
from xingnuo.partners.channel import client as channel
from xingnuo.partners.channel.contracts import Bill, BillBroken, BillNotReady, Style

DAYS_BACK = 7
LATE_DAYS = 3  # a bill that is not there by then is a person's work
_LOCK = 7_310_421  # one bill at a time: each is staged and compared in one transaction
logger = log.get("payments")


class Strange(Exception):
    """The bill differs in more lines than may be, or from what was taken of this day before."""


def reconcile(rail: str, day: date) -> bool:
    """Hold a channel's bill of a Beijing day against the books; gives whether it was taken.

    Its own transactions; a repeat changes nothing. A bill that does not hold is a case. Raises
    `BillNotReady` where there is none yet.
    """
    try:
        with channel.bill(Style(rail), day) as bill:
            _take(bill)
    except BillBroken:
        tell(rail, day, "file_broken")
        return False
    except Strange as strange:
        tell(rail, day, str(strange))
        return False
    prove(rail, day)
    for each in (day - timedelta(days=1), day):
        _missing(rail, each)
    _absent(rail)
    return True


def reconcile_due() -> int:
    """Take every bill of the last days that was not taken; gives how many there were."""
    taken = 0
    for style in Style:
        for back in range(DAYS_BACK, 0, -1):
            day = clock.today() - timedelta(days=back)
            if BillRow.objects.filter(rail=style.value, day=day, state="done").exists():
                continue
            try:
                taken += reconcile(style.value, day)
            except BillNotReady:
                if back >= LATE_DAYS:
                    tell(style.value, day, "file_late")
    return taken


def _take(bill: Bill) -> None:
    rail = bill.style.value
    with transaction.atomic(durable=True):
        alone()
        known = BillRow.objects.filter(rail=rail, day=bill.day).first()
        if known is not None:
            if _told(bill) != (known.lines, known.paid_fen, known.refunded_fen, known.fee_fen):
                raise Strange("file_changed")
            return
        differences = file.compare(bill)
        if len(differences) > file.DIFFERENCES_MAX:
            raise Strange("file_strange")
        after_all = [each for each in differences if each.code == books.FOUND]
        others = [each for each in differences if each.code != books.FOUND]
        row = _row(bill, differing=len(others))
        books.fee(row)
        books.found(rail, after_all)
        books.book(rail, bill.day, others)
        held(rail, bill.day)
    logger.info("bill_taken", count=bill.count, code=rail)


def alone() -> None:
    """Wait until no other file is being taken; until the end of the transaction."""
    file.ask("SELECT pg_advisory_xact_lock(%s)", _LOCK)


def _told(bill: Bill) -> tuple[int, int, int, int]:
    return bill.count, bill.paid_fen, bill.refunded_fen, bill.fee_fen


def _row(bill: Bill, *, differing: int) -> BillRow:
    count, paid, refunded, fee = _told(bill)
    row: BillRow = BillRow.objects.create(
        rail=bill.style.value,
        day=bill.day,
        state="proving",
        lines=count,
        paid_fen=paid,
        refunded_fen=refunded,
        fee_fen=fee,
        differing=differing,
        sha256=bill.sha256,
        at=clock.now(),
    )
    return row


def prove(rail: str, day: date) -> None:
    """Take what the bill shows as proof; a crash before the end is taken up by the next run."""
    if not BillRow.objects.filter(rail=rail, day=day, state="proving").exists():
        return
    for told in file.unproved(rail, day):
        is_pay = told.kind != "refund"
        proof = Proof(
            subject_id=told.subject_id,
            number=told.number,
            source=Source.BILL,
            finding=Finding.PAID if is_pay else Finding.REFUNDED,
            amount_fen=told.told_fen,
        )
        if is_pay:
            proofs.apply_proof(proof)
        else:
            proofs.apply_refund_proof(proof)
    BillRow.objects.filter(rail=rail, day=day, state="proving").update(state="done")


def _missing(rail: str, day: date) -> None:
    """Book what neither the bill of its day nor the next one names: the cut-over is over."""
    with transaction.atomic(durable=True):
        alone()
        books.book(rail, day, file.missing(rail, day))


def _absent(rail: str) -> None:
    """Rule 5: what is past its time and in no bill of its days took no money."""
    for number, subject_id in file.absent(rail):
        proofs.apply_proof(
            Proof(
                subject_id=subject_id,
                number=number,
                source=Source.BILL,
                finding=Finding.NOT_FOUND,
                code="in_no_bill",
            )
        )


def tell(rail: str, day: date, code: str) -> None:
    """Open a case about a file as a whole; nothing of it is booked."""
    number = f"{day:%Y%m%d}:{code}"
    cases.put(
        cases.Kind.BILL_DIFFERENCE,
        rail=rail,
        number=number,
        subject_id=None,
        ours=None,
        theirs=None,
        day=day,
        code=code,
    )
    logger.error("bill_not_taken", code=code)


def held(rail: str, day: date) -> None:
    """Close the cases of a file that could not be taken before and is taken now."""
    about = CaseRow.objects.filter(
        kind=cases.Kind.BILL_DIFFERENCE.value, rail=rail, day=day, code__startswith="file_"
    )
    about.exclude(state=cases.CaseState.CLOSED.value).update(
        state=cases.CaseState.CLOSED.value, finding=books.FOUND, closed_at=clock.now()
    )
