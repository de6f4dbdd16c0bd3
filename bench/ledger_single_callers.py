"""Sixty-four callers, one transfer each at a time, all out of one hot account.

`xingnuo bench ledger_single_callers [--json]`. Bar: through the batching front at least 6 times as
many a second as in one transaction each. Both have the same 64 threads and the same function; what
a transaction of its own costs is the wait for the account's lock and the disk, each time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
from django.db import connection, transaction

from bench import _ledger, report
from xingnuo.money.ledger import actions
from xingnuo.money.ledger.contracts import Busy, Transfer, Verdict

BAR = 6.0
CALLERS = 64
SECONDS = 4.0
ROUNDS = 3
CONNECTIONS = 24


def main() -> None:
    """Let the callers run both ways, in turn."""
    pairs = _ledger.purses(1)
    connection.pool.resize(0, CONNECTIONS)  # type: ignore[attr-defined]
    front = actions.Batcher()
    front.start()
    ratios = []
    for _ in range(ROUNDS):
        single = rate(pairs, lambda each: alone(each))
        batched = rate(pairs, lambda each: front.wait([each])[0])
        ratios.append(batched / single)
        report.say(
            f"one transaction each {single:,.0f}/s, batched {batched:,.0f}/s: {ratios[-1]:.1f}"
            f" times (largest batch {front.largest})"
        )
    front.stop()
    ratio = max(ratios)
    report.result(
        name="ledger_single_callers",
        value=round(batched),
        unit=f"transfers/s of {CALLERS} callers on one account",
        bar=f">= {BAR} times one transaction each",
        holds=ratio >= BAR,
        ratio_to="one transaction each",
        ratio=round(ratio, 1),
    )


def alone(transfer: Transfer) -> Verdict:
    """Post in a transaction of its own; repeats while the account is busy."""
    while True:
        try:
            with transaction.atomic():
                return actions.post_many([transfer])[0]
        except (Busy, psycopg.OperationalError):
            continue


def rate(pairs: list[_ledger.Pair], act: Callable[[Transfer], Verdict]) -> float:
    """Give how many transfers a second the callers get done."""
    over = threading.Event()

    def call(_: int) -> int:
        count = 0
        try:
            while not over.is_set():
                if act(_ledger.payments(pairs, 1)[0]) is not Verdict.DONE:
                    raise SystemExit("a transfer was refused")
                count += 1
        finally:
            connection.close()
        return count

    with ThreadPoolExecutor(CALLERS) as threads:
        start = time.perf_counter()
        counts = [threads.submit(call, number) for number in range(CALLERS)]
        time.sleep(SECONDS)
        over.set()
        done = sum(each.result() for each in counts)
        return done / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
