"""Risk decisions in line: 200 a second for as long as it takes to tell.

`xingnuo bench risk [--json]`. Bar: p99 at most 50 ms, counted from the moment at which a decision
was due, so that a queue that builds up shows. Processes like the web's decide, each in one
transaction with one commit: the law's check with its evidence, lists, the windows of the rules in
force, and the record. Half of the people let device signals count.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from uuid import UUID

from django.db import connections, transaction

from bench import report
from xingnuo.kit import ids
from xingnuo.people.antifraud import actions
from xingnuo.people.antifraud.contracts import Event, EventKind
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

RATE = 200
PROCESSES = 4
SECONDS = int(os.environ.get("XN_BENCH_SECONDS", "20"))
PEOPLE = 200
WARM = 100  # decisions of each process before it is timed
BAR_MS = 50.0
DEVICE_CHECK = "antifraud.device_check"


def person(*, signals: bool) -> Actor:
    """Make a person, who lets device signals count or not."""
    subject_id = ids.uuid7()
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=subject_id,
        session_id=ids.uuid7(),
        strength=Strength.UNLOCKED,
    )
    compiled = policy.in_force()
    with transaction.atomic():
        gate.open_subject(subject_id)
        gate.accept_policy(
            actor, subject_id=subject_id, version=compiled.version, text_hash=compiled.hash
        )
        if signals:
            sheet = gate_queries.sheet(DEVICE_CHECK)
            gate.decide(
                actor,
                subject_id=subject_id,
                scope=Scope(purpose=DEVICE_CHECK, items=("ip_address", "device_model")),
                decision=Decision.GRANT,
                text_hash=sheet.text_hash,
            )
    return actor


def decide(actor: Actor, at: int) -> None:
    """Decide on one payment as a door would, with its commit."""
    subject_id = actor.subject_id
    assert isinstance(subject_id, UUID), "a person without a subject"
    event = Event(
        kind=EventKind.PAYMENT if at % 3 else EventKind.TRANSFER,
        amount_fen=1_00 + at % 50_000,
        device=f"device {subject_id}",
        address=f"10.{at % 200}.{at % 7}.9",
        card=f"card {subject_id}",
        counterparty=f"shop {at % 500}",
        device_known=True,
    )
    with transaction.atomic():
        actions.screen(actor, subject_id=subject_id, event=event)


def worker(share: int, actors: list[Actor], warm: Barrier, told: Queue[list[float]]) -> None:
    """Decide at a steady pace; tell how late each answer was."""
    for at in range(WARM):
        decide(actors[at % len(actors)], at)
    warm.wait()
    step, late = PROCESSES / RATE, []
    first = time.monotonic() + 1 + share * step / PROCESSES
    for at in range(SECONDS * RATE // PROCESSES):
        due = first + at * step
        wait = due - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        decide(actors[(at * PROCESSES + share) % len(actors)], at)
        late.append((time.monotonic() - due) * 1000)
    told.put(late)
    report.close()


def main() -> None:
    """Make the people, then let the processes decide."""
    actors = [person(signals=at % 2 == 0) for at in range(PEOPLE)]
    for connection in connections.all(initialized_only=True):
        connection.close()
    report.close()
    context = multiprocessing.get_context("fork")
    told: Queue[list[float]] = context.Queue()
    warm = context.Barrier(PROCESSES)
    workers = [
        context.Process(target=worker, args=(share, actors, warm, told))
        for share in range(PROCESSES)
    ]
    for each in workers:
        each.start()
    late = sorted(time_ms for _ in workers for time_ms in told.get(timeout=SECONDS + 120))
    for each in workers:
        each.join()
    p99 = late[int(len(late) * 0.99)]
    report.say(f"{len(late)} decisions: median {statistics.median(late):.1f} ms, p99 {p99:.1f} ms")
    report.result(
        name="risk",
        value=round(p99, 2),
        unit="ms p99",
        bar=f"<= {BAR_MS} at {RATE}/s",
        holds=p99 <= BAR_MS and len(late) == SECONDS * RATE,
    )


if __name__ == "__main__":
    main()
