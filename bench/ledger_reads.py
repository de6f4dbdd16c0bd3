"""Balance and past balance over many entries: the 99th percentile, and the plans at ten times more.

`xingnuo bench ledger_reads [--json] [--entries N]`. Bars: p99 under 5 ms each at 10,000,000
entries (`--entries 10000000`; 1,000,000 where nothing is said, which takes a minute), and every
statement on the way reads by its key at a tenth of the entries as at all of them. Half of all
entries stand on one busy account, the others are spread over 2,000. Each read is its own
transaction with the subject set, by an ordinary connection of the app. Entries are copied in
bulk, as many transfers of the past would have left them.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, connections, transaction

from bench import _ledger, report
from xingnuo.kit.db import session
from xingnuo.money.ledger import _reads

BAR_MS = 5.0
READS = 3000
SPREAD = 2000
START = datetime(2030, 1, 1, tzinfo=UTC)  # after the accounts were opened
FLAG = "--entries"
# Entries of one fen a second, with their transfers, on accounts that were opened before.
FILL = """
    WITH made AS MATERIALIZED (
        SELECT gen_random_uuid() AS id, b.subject_id, b.account_id, b.version + v AS version,
            b.posted_fen + v AS after, %(start)s + v * interval '1 second' AS at
        FROM ledger_balance AS b CROSS JOIN generate_series(%(from)s, %(upto)s) AS v
        WHERE b.account_id = ANY(%(accounts)s)
    ), moved AS (
        INSERT INTO ledger_transfer (subject_id, id, from_id, to_id, amount_fen, kind, ref_type, at,
            fingerprint, epoch, xid)
        SELECT subject_id, id, %(bank)s, account_id, 1, 'bench', '', at, '', 1, '3' FROM made
    )
    INSERT INTO ledger_entry
        (subject_id, transfer_id, leg, account_id, amount_fen, version, balance_after_fen, at)
    SELECT m.subject_id, m.id, l.leg, l.account_id, l.amount, l.version, l.after, m.at
    FROM made AS m CROSS JOIN LATERAL (VALUES
        (0, %(bank)s::uuid, -1, NULL::bigint, NULL::bigint),
        (1, m.account_id, 1, m.version, m.after)) AS l (leg, account_id, amount, version, after)
"""


def main() -> None:
    """Fill a tenth, note the plans, fill the rest, and read."""
    entries = int(sys.argv[sys.argv.index(FLAG) + 1]) if FLAG in sys.argv else 1_000_000
    busy, crowd = _ledger.purses(1, fen=1)[0], _ledger.purses(SPREAD, fen=1)
    # A transfer leaves two entries, one of them on the house.
    half = entries // 4
    fill(busy, crowd, 1, half // 10)
    few = plans(busy)
    fill(busy, crowd, half // 10 + 1, half)
    many = plans(busy)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry")
        stood = cursor.fetchone()[0]
    report.say(f"{stood:,} entries; busiest account {half:,}; plans unchanged: {few == many}")
    worst = 0.0
    for name in ("balance", "as_of"):
        for which, pairs in (("busy", [busy]), ("spread", crowd)):
            told = measure(name, pairs, half if which == "busy" else half // SPREAD)
            worst = max(worst, told)
            report.say(f"{name} of {which}: p99 {told:.2f} ms")
    report.result(
        name="ledger_reads",
        value=round(worst, 2),
        unit=f"ms p99, the slowest kind, at {stood} entries",
        bar=f"p99 < {BAR_MS} ms, plans unchanged from a tenth of the entries",
        holds=worst < BAR_MS and few == many and all("Seq Scan" not in each for each in many),
    )


def fill(busy: _ledger.Pair, crowd: list[_ledger.Pair], low: int, high: int) -> None:
    """Copy entries in, half of them on the busy account."""
    part = 100_000
    with connections["owner"].cursor() as cursor:
        for start in range(low, high + 1, part):
            some: dict[str, Any] = {"from": start, "upto": min(start + part - 1, high)}
            some["accounts"] = [busy[1]]
            cursor.execute(FILL, {**some, "start": START, "bank": _ledger.BANK})
        step = (low - 1) // SPREAD, high // SPREAD
        for start in range(step[0] + 1, step[1] + 1, part // SPREAD):
            upto = min(start + part // SPREAD - 1, step[1])
            some = {"from": start, "upto": upto, "accounts": [each for _, each in crowd]}
            cursor.execute(FILL, {**some, "start": START, "bank": _ledger.BANK})
        cursor.execute("ANALYZE ledger_entry, ledger_transfer, ledger_balance, ledger_account")


def plans(pair: _ledger.Pair) -> list[str]:
    """Give the shape of the plan of every statement of both reads, without costs."""
    subject, account = pair
    entry = "SELECT * FROM ledger_entry AS e WHERE e.subject_id = %s AND e.account_id = %s"
    asked: list[tuple[str, list[Any]]] = [
        (_reads._STANDING + _reads._ONE, [subject, account]),
        (f"{entry} AND e.version = 1000", [subject, account]),
        (f"{entry} AND e.version IS NOT NULL ORDER BY e.version DESC LIMIT 1", [subject, account]),
        (_reads._AS_OF, [subject, account, START.isoformat(), subject, account]),
    ]
    shapes = []
    with transaction.atomic():
        session.set_subject(subject)
        for statement, values in asked:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN (COSTS OFF) {statement}", values)
                lines = [line for (line,) in cursor.fetchall()]
            shapes.append("\n".join(line for line in lines if "->" in line or "Index" in line))
    return shapes


def measure(name: str, pairs: list[_ledger.Pair], length: int) -> float:
    """Give the 99th percentile in ms of reads of drawn accounts at drawn instants."""
    chance = random.Random(20261123)
    took = []
    for _ in range(READS):
        subject, account = chance.choice(pairs)
        at = START + timedelta(seconds=chance.randrange(max(length, 1)))
        start = time.perf_counter()
        with transaction.atomic():
            session.set_subject(subject)
            if name == "balance":
                _reads.standing(subject, account)
            elif _reads.as_of(subject, account, at) < 1:
                raise SystemExit("a past balance is wrong")
        took.append((time.perf_counter() - start) * 1000)
    return statistics.quantiles(took, n=100)[98]


if __name__ == "__main__":
    main()
