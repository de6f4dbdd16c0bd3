"""Day-end: a channel's bill of a million lines held against a million payments of ours.

`xingnuo bench recon [--json]`. Bar: at most 60 seconds from asking for the file to the last booked
difference, the process never above 300 MB. The sandbox makes the file as Alipay does (GBK in a
zip, with totals), and the client fetches it and holds it against its totals; ours stand in the
database as captures would. Planted: lines of nobody and of other amounts; each must be found.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

from django.db import connections

from bench import _payers as payers
from bench import report
from xingnuo.doors.cli import programs
from xingnuo.kit import child, ids
from xingnuo.money.payments import actions
from xingnuo.money.payments.models import BillRow, CaseRow

BAR_SECONDS, BAR_MB = 60.0, 300
LINES = 1_000_000
DAY = date(2026, 6, 1)
STRANGERS, DEARER = 5, 7
START_SECONDS_MAX = 120
SAMPLE_SECONDS = 0.02
# Ours, by the same numbers and amounts as the file's; the last of the file are nobody's.
_NUMBER = "substr(encode(sha256(('alipay:' || %(day)s || ':' || i)::bytea), 'hex'), 1, 32)::uuid"
_OURS = (
    f"""INSERT INTO payments_number
        (number, subject_id, payment_id, rail, kind, is_open, made_at)
        SELECT {_NUMBER}, %(subject)s, gen_random_uuid(), 'alipay', 'pay', false, now()
        FROM generate_series(0, %(lines)s - 1) AS i""",
    f"""INSERT INTO payments_attempt (id, subject_id, payment_id, rail, state, amount_fen,
            channel_no, code, asked, expires_at, made_at, sent_at, ended_at)
        SELECT {_NUMBER}, %(subject)s, gen_random_uuid(), 'alipay', 'success',
            100 + i %% 10000 - CASE WHEN i < %(dearer)s THEN 1 ELSE 0 END,
            '', '', 0, now(), now(), now(), %(day)s::date + interval '1 hour'
        FROM generate_series(0, %(lines)s - 1) AS i""",
    "ANALYZE payments_number, payments_attempt",
)


class Peak:
    """The most memory that this process held resident while it was watched, in MB."""

    def __init__(self) -> None:
        self.mb = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Peak:
        """Begin to watch."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        pages = Path("/proc/self/statm")
        while not self._over.wait(SAMPLE_SECONDS):
            held = int(pages.read_text().split()[1]) * resource.getpagesize() / 1024**2
            self.mb = max(self.mb, held)


def ours(lines: int) -> None:
    """Put as many captures into the database as the file has lines."""
    values: dict[str, str | int | UUID] = {
        "day": DAY.isoformat(),
        "subject": ids.uuid7(),
        "lines": lines,
        "dearer": DEARER,
    }
    with connections["owner"].cursor() as cursor:
        for statement in _OURS:
            cursor.execute(statement, values if "%(" in statement else None)
    connections["owner"].close()


@contextmanager
def sandbox() -> Iterator[None]:
    """Run a sandbox of our own."""
    port, data_dir = int(os.environ["XN_SANDBOX_PORT"]), Path(os.environ["XN_DATA_DIR"])
    argv = programs.sandbox(data_dir, port).argv
    process = child.start(argv, log=data_dir / "logs" / "sandbox.log")
    try:
        deadline = time.monotonic() + START_SECONDS_MAX
        while not programs.answers(port, "/health"):
            if child.ended(process) or time.monotonic() > deadline:
                raise SystemExit((data_dir / "logs" / "sandbox.log").read_text()[-2000:])
            time.sleep(0.05)
        yield
    finally:
        child.end(process, ask=signal.SIGTERM, seconds=10)


def main() -> None:
    """Make both sides, reconcile, and look."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=LINES)
    lines: int = parser.parse_known_args()[0].lines
    with sandbox():
        report.say(f"{lines} lines, made on both sides")
        told = {"style": "alipay", "day": DAY.isoformat(), "lines": lines + STRANGERS}
        payers.outside("/channel/test/bills", told, seconds=START_SECONDS_MAX)
        ours(lines)
        with Peak() as peak:
            start = time.perf_counter()
            taken = actions.reconcile("alipay", DAY)
            seconds = time.perf_counter() - start
    row = BillRow.objects.get(rail="alipay", day=DAY)
    planted = STRANGERS + DEARER
    found = CaseRow.objects.filter(kind="bill_difference", day=DAY).count()
    report.say(f"  {seconds:.1f} s, peak {peak.mb:.0f} MB, {row.lines} lines, {found} differences")
    whole = taken and found == planted and row.lines == lines + STRANGERS
    report.result(
        name="recon",
        value=round(seconds, 1),
        unit=f"s for {row.lines} lines",
        bar=f"<= {BAR_SECONDS:.0f} s, <= {BAR_MB} MB resident, each planted difference found",
        holds=whole and seconds <= BAR_SECONDS and peak.mb <= BAR_MB,
        ratio_to=f"{BAR_MB} MB",
        ratio=round(peak.mb / BAR_MB, 2),
    )


if __name__ == "__main__":
    main()
