"""What evidence costs on the hot path: actions with their lines against the same without.

`xingnuo bench evidence_cost [--json]`. Bar: at most 1.3 times. Each action is one transaction of
the app role under row security with one real commit, done in turns with and without evidence:
a consent decision (one row, one line), and a permit with a collection (permit, sealed value, two
lines), the latter also beside a sealer at work. The worst median counts. Shown beside it, without
a bar: one bare row put in by hand, the least that any transaction can do.
"""

from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from unittest.mock import patch
from uuid import UUID

from django.db import connection, connections, transaction

from bench import report
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.trust.consent import actions as consent
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.evidence import actions
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

BAR = 1.3
PAIRS = 600
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


def bare_row(actor: Actor) -> None:
    """Put one row in by hand, and record it."""
    subject_id, row = _subject(actor), ids.uuid7()
    session.set_subject(subject_id)
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [subject_id, row, clock.now(), "bench.act", 100])
    actions.record(_line(actor, Kind.COLLECT, row))


def decision(actor: Actor) -> None:
    """Record a consent decision, and its evidence."""
    session.set_subject(_subject(actor))
    decided = consent.record(
        _subject(actor),
        scope=Scope(purpose="notices.promotion"),
        decision=Decision.REFUSE,
        meaning="0" * 64,
        version="2.0",
        text_hash="0" * 64,
        channel="h5",
        actor_kind="self",
    )
    actions.record(_line(actor, Kind.CONSENT, decided.id))


def collection(actor: Actor) -> None:
    """Ask for a permit and collect one item: the gate records both."""
    permit = gate.permit(actor, subject_id=_subject(actor), purpose="accounts.sign_in")
    gate.collect(permit, {"nickname": "somebody"})


def _line(actor: Actor, kind: Kind, row: UUID) -> Line:
    return Line(
        kind=kind,
        subject_id=_subject(actor),
        outcome="done",
        actor_kind="self",
        session_id=actor.session_id,
        channel="h5",
        purpose="profile.manage",
        items=("name", "phone", "email"),
        policy_version="2.0",
        permit_id=row,
        ref=row,
    )


def _subject(actor: Actor) -> UUID:
    assert actor.subject_id is not None
    return actor.subject_id


def make_person() -> Actor:
    """Make a subject who has accepted the policy."""
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=ids.uuid7(),
        session_id=ids.uuid7(),
        strength=Strength.REVERIFIED,
    )
    compiled = policy.in_force()
    with transaction.atomic():
        gate.open_subject(_subject(actor))
        gate.accept_policy(
            actor, subject_id=_subject(actor), version=compiled.version, text_hash=compiled.hash
        )
    return actor


def once(action: Callable[[Actor], None], actor: Actor, *, evidence: bool) -> float:
    """Do an action in a transaction, with or without its evidence; gives its seconds."""
    with ExitStack() as muted:
        if not evidence:
            muted.enter_context(patch.object(actions, "record", lambda line: None))
        start = time.perf_counter()
        with transaction.atomic():
            action(actor)
        return time.perf_counter() - start


def measure(what: str, action: Callable[[Actor], None], people: list[Actor]) -> tuple[float, float]:
    """Give the median ratio of paired actions, and the µs that evidence adds."""
    times: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(PAIRS + 20):
        # Whoever goes second finds warm caches, so they take turns; the first rounds warm up.
        for evidence in (False, True) if turn % 2 else (True, False):
            seconds = once(action, people[turn % len(people)], evidence=evidence)
            if turn >= 20:
                times[evidence].append(seconds)
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
    """Measure each action, then the last one beside a sealer."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(TABLE)
    people = [make_person() for _ in range(20)]
    measure("one bare row (no bar)", bare_row, people)
    figures = [
        measure("a consent decision", decision, people),
        measure("a permit and a collection", collection, people),
    ]
    over = threading.Event()
    sealer = threading.Thread(target=sealing, args=[over])
    sealer.start()
    try:
        figures.append(measure("the same beside a sealer", collection, people))
    finally:
        over.set()
        sealer.join()
    ratio, added_us = max(figures)
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
