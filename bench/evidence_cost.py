"""What evidence costs on the hot path: an insert action with its line against the same without.

`xingnuo bench evidence_cost [--json]`. Bar: at most 1.3 times. Both run as the app role under row
security, one transaction and one real commit each, in turns, once alone and once with a sealer at
work beside them; the worse of the two medians counts.
"""

from __future__ import annotations

import statistics
import threading
import time
from uuid import UUID

from django.db import connection, connections, transaction

from bench import report
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.trust.evidence import actions
from xingnuo.trust.evidence.contracts import Kind, Line

BAR = 1.3
PAIRS = 1500
TABLE = """
    CREATE TABLE bench_action (
        subject_id uuid NOT NULL, id uuid NOT NULL, at timestamptz NOT NULL,
        purpose text NOT NULL, amount_fen bigint NOT NULL, PRIMARY KEY (subject_id, id));
    ALTER TABLE bench_action ENABLE ROW LEVEL SECURITY;
    CREATE POLICY one_subject ON bench_action TO xn_app
        USING (subject_id = nullif(current_setting('xn.subject', true), '')::uuid);
    GRANT SELECT, INSERT ON bench_action TO xn_app;
"""
INSERT = "INSERT INTO bench_action VALUES (%s, %s, %s, %s, %s)"


def act(subject_id: UUID, *, evidence: bool) -> float:
    """Do one action in one transaction, with or without its evidence; gives its seconds."""
    start = time.perf_counter()
    with transaction.atomic():
        session.set_subject(subject_id)
        row = ids.uuid7()
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [subject_id, row, clock.now(), "bench.act", 100])
        if evidence:
            actions.record(line(subject_id, row))
    return time.perf_counter() - start


def line(subject_id: UUID, row: UUID) -> Line:
    """Make a line with all that a collection says."""
    return Line(
        kind=Kind.COLLECT,
        subject_id=subject_id,
        outcome="done",
        actor_kind="self",
        session_id=subject_id,
        channel="h5",
        purpose="profile.manage",
        items=("name", "phone", "email"),
        policy_version="2.0",
        permit_id=row,
        ref=row,
    )


def measure(what: str) -> tuple[float, float]:
    """Give the ratio of the medians of paired actions, and the µs that evidence adds."""
    times: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(PAIRS):
        # Whoever goes second finds warm caches, so they take turns.
        for evidence in (False, True) if turn % 2 else (True, False):
            times[evidence].append(act(ids.uuid7(), evidence=evidence))
    bare, full = statistics.median(times[False]) * 1e6, statistics.median(times[True]) * 1e6
    ratio = statistics.median(f / b for b, f in zip(times[False], times[True], strict=True))
    report.say(f"{what}: {bare:.0f} µs without, {full:.0f} µs with evidence: {ratio:.2f}×")
    return ratio, full - bare


def sealing(over: threading.Event) -> None:
    """Seal as the worker does, only more often, until told to end."""
    while not over.wait(0.5):
        actions.seal_blocks()
    connections.close_all()


def main() -> None:
    """Measure alone, then beside a sealer."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLE)
    for _ in range(50):
        act(ids.uuid7(), evidence=True)
    alone, added_us = measure("alone")
    over = threading.Event()
    sealer = threading.Thread(target=sealing, args=[over])
    sealer.start()
    try:
        beside, _ = measure("beside a sealer")
    finally:
        over.set()
        sealer.join()
    ratio = max(alone, beside)
    report.result(
        name="evidence_cost",
        value=round(added_us, 1),
        unit="µs per action",
        bar=f"<= {BAR} x without evidence",
        holds=ratio <= BAR,
        ratio_to="the same action without evidence",
        ratio=round(ratio, 3),
    )


if __name__ == "__main__":
    main()
