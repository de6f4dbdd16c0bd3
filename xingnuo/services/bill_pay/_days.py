"""The day's files of operator and issuers, held against our orders: every difference a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import batched
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.partners.telecom import client as telecom
from xingnuo.partners.telecom.contracts import DayFile, DayFileBroken, DayFileNotReady, TopUpLine
from xingnuo.partners.telecom.contracts import TopUp as Answer
from xingnuo.partners.telecom.contracts import TopUpOutcome as Outcome
from xingnuo.partners.utility import client as utility
from xingnuo.services.bill_pay import _cases as cases
from xingnuo.services.bill_pay import _sending as sending
from xingnuo.services.bill_pay.contracts import OPERATOR, CaseKind
from xingnuo.services.bill_pay.models import NOBODY, DayRow, NumberRow

PARTIES = ("telecom", "utility")
LINES_AT_ONCE = 500
DAYS_BACK = 7  # a file that was not ready is asked for again so long


def compare_days() -> int:
    """Compare every file of the last days that was not compared yet; gives how many."""
    days = [clock.today() - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]
    return sum(compare(party, day=day) for party in PARTIES for day in days)


def compare(party: str, *, day: date) -> bool:
    """Compare a party's file of a day, once; its own transactions. Says whether it was there."""
    if DayRow.objects.filter(party=party, day_on=day).exists():
        return False
    fetch = telecom.day_file if party == "telecom" else utility.day_file
    try:
        with fetch(day) as file:
            _compare(party, day, file)
    except DayFileNotReady:
        return False
    except DayFileBroken:
        with transaction.atomic():
            number = f"{party}:{day.isoformat()}"
            cases.write(CaseKind.FILE_BROKEN, party=party, number=number, day=day)
        return False
    return True


def _compare(party: str, day: date, file: DayFile[TopUpLine]) -> None:
    count = sum(_lines(party, day, part) for part in batched(file.lines(), LINES_AT_ONCE))
    with transaction.atomic():
        for key in sorted(file.repeated):
            count += cases.write(CaseKind.LISTED_TWICE, party=party, number=key, day=day)
    listed = (_key(line.key) for line in file.lines())
    count += _not_listed(party, day, {key for key in listed if key is not None})
    with transaction.atomic():
        DayRow.objects.create(
            party=party, day_on=day, sha256=file.sha256, count=file.count,
            total_fen=file.total_fen, differences=count, at=clock.now(),
        )  # fmt: skip


def _lines(party: str, day: date, lines: Sequence[TopUpLine]) -> int:
    keys = [_key(line.key) for line in lines]
    wanted = [key for key in keys if key is not None]
    known = {row.number: row for row in NumberRow.objects.filter(number__in=wanted)}
    pairs = zip(keys, lines, strict=True)
    return sum(_line(party, day, line, known.get(key or NOBODY)) for key, line in pairs)


def _line(party: str, day: date, line: TopUpLine, known: NumberRow | None) -> bool:
    if known is None or _party(known) != party or known.amount_fen != line.amount_fen:
        stranger = known is None or _party(known) != party
        with transaction.atomic():
            return cases.write(
                CaseKind.NOT_OURS if stranger else CaseKind.WRONG_AMOUNT,
                party=party,
                number=line.key or line.reference,
                subject_id=None if known is None else known.subject_id,
                ours=None if known is None else known.amount_fen,
                theirs=line.amount_fen,
                day=day,
            )
    if known.done_at is None:
        # Signed as a whole: what is listed was done. Where we gave the money back it is a case.
        told = Answer(
            outcome=Outcome.DONE, reference=line.reference, amount_fen=line.amount_fen, at=line.at
        )
        sending.apply(subject_id=known.subject_id, order_id=known.number, answer=told)
    return False


def _not_listed(party: str, day: date, listed: Iterable[UUID]) -> int:
    since = datetime.combine(day, time(), clock.BEIJING)
    done = NumberRow.objects.filter(done_at__gte=since, done_at__lt=since + timedelta(days=1))
    mine = done.filter(party=OPERATOR) if party == "telecom" else done.exclude(party=OPERATOR)
    there, count = set(listed), 0
    for part in batched(mine.order_by("number").iterator(LINES_AT_ONCE), LINES_AT_ONCE):
        missing = [row for row in part if row.number not in there]
        with transaction.atomic():
            count += sum(
                cases.write(
                    CaseKind.NOT_THEIRS, party=party, number=row.number.hex,
                    subject_id=row.subject_id, ours=row.amount_fen, day=day,
                )
                for row in missing
            )  # fmt: skip
    return count


def _party(row: NumberRow) -> str:
    return "telecom" if row.party == OPERATOR else "utility"


def _key(text: str) -> UUID | None:
    try:
        return UUID(hex=text)
    except ValueError:
        return None
