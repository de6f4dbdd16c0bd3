"""Export and erasure of a person with 10,000 records.

`xingnuo bench person [--json]`. Bars: a copy within 1 s; 0.2 s from the request to close to the
first refused read in another process, which reads the person's values all the while. Medians of
the rounds after the first, which loads the PDF writer and is printed apart; how long it takes to
the certificate of erasure is printed beside them.

With `--fides PYTHON`, an interpreter that has `ethyca-fides`, the same number of rows of one person
is asked for there too, and the ratio is part of the bar: our copy at least 100 times faster.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from itertools import batched
from pathlib import Path
from uuid import UUID

from django.db import transaction

from bench import report
from xingnuo.doors.worker.passage import SYSTEM
from xingnuo.duties.rights import actions as rights
from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.trust.consent import actions as consent
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Permit, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Form, Purpose
from xingnuo.trust.vault import actions as vault
from xingnuo.trust.vault.contracts import Sealable

EXPORT_BAR, UNREADABLE_BAR = 1.0, 0.2
ROUNDS = 5
VALUES, DECISIONS, LINES = 600, 400, 9000
WATCH = "--watch"
FIDES, FIDES_BAR = "--fides", 100
FIDES_NEEDS = ("XN_FIDES_POSTGRES", "XN_FIDES_REDIS")


def make_person() -> Actor:
    """Make a person of 10,000 records: values, decisions, and lines of what was done."""
    subject_id = ids.uuid7()
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=subject_id,
        session_id=ids.uuid7(),
        strength=Strength.REVERIFIED,
    )
    compiled = policy.in_force()
    with transaction.atomic():
        gate.open_subject(subject_id)
        gate.accept_policy(
            actor, subject_id=subject_id, version=compiled.version, text_hash=compiled.hash
        )
    with transaction.atomic():
        seal_values(gate.permit(actor, subject_id=subject_id, purpose="rights.copy"))
    purposes = [p for p in compiled.purposes.values() if ActorKind.SELF in p.actors]
    with transaction.atomic():
        session.set_subject(subject_id)
        for number in range(DECISIONS):
            decide(subject_id, purposes[number % len(purposes)])
        evidence.record_many([line(actor, purposes[n % len(purposes)]) for n in range(LINES)])
    return actor


def seal_values(permit: Permit) -> None:
    """Seal values of every item that is kept as one, again and again in another slot."""
    items = [item for item in policy.in_force().items.values() if item.form is Form.VALUE]
    rows = [
        Sealable(
            item=items[number % len(items)].id,
            key_class=items[number % len(items)].key_class.value,
            plain=f"第 {number} 项内容".encode(),
            slot=str(number // len(items)),
        )
        for number in range(VALUES)
    ]
    for some in batched(rows, 300):
        vault.put_many(permit, some)


def decide(subject_id: UUID, purpose: Purpose) -> None:
    """Leave one decision on a purpose, as its sheet would."""
    compiled = policy.in_force()
    consent.record(
        subject_id,
        scope=Scope(purpose=purpose.id, items=purpose.items),
        decision=Decision.GRANT,
        meaning=compiled.meaning(purpose.id),
        version=compiled.version,
        text_hash=compiled.hash,
        channel="h5",
        actor_kind="self",
    )


def line(actor: Actor, purpose: Purpose) -> Line:
    """Make a line as a look at the items of a purpose leaves it."""
    assert actor.subject_id is not None
    return Line(
        kind=Kind.VIEW,
        subject_id=actor.subject_id,
        outcome="done",
        actor_kind=actor.kind.value,
        session_id=actor.session_id,
        channel="h5",
        purpose=purpose.id,
        items=purpose.items[:8],
        policy_version=policy.in_force().version,
        permit_id=ids.uuid7(),
    )


def watch(subject_id: UUID) -> None:
    """Read a person's values without a pause; tell when the first read was refused."""
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=subject_id,
        session_id=ids.uuid7(),
        strength=Strength.REVERIFIED,
    )
    reads = 0
    while True:
        try:
            with transaction.atomic():
                permit = gate.permit(actor, subject_id=subject_id, purpose="rights.plain_view")
                if not queries.read(permit, ("nickname",)):
                    raise SystemExit("the values are gone without a refusal")
        except GateRefusal:
            print(time.monotonic_ns(), reads, flush=True)
            return
        reads += 1
        if reads == 1:
            print("reading", flush=True)


def erase(actor: Actor) -> float:
    """Close and erase a person; gives the seconds until another process is refused."""
    assert actor.subject_id is not None
    argv = [sys.executable, "-m", "bench.person", WATCH, str(actor.subject_id)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as watcher:
        assert watcher.stdout is not None
        if watcher.stdout.readline().strip() != "reading":
            raise SystemExit("the other process cannot read the person")
        try:
            start = time.monotonic_ns()
            with transaction.atomic():
                case = rights.close(actor, subject_id=actor.subject_id, key=ids.uuid7()).case
            closed = time.monotonic_ns() - start
            refused_at, reads = watcher.stdout.readline().split()
        finally:
            watcher.terminate()
    rights.carry_out_erasure(SYSTEM, case_id=case.id)
    done = time.monotonic_ns() - start
    residue = queries.residue(actor.subject_id)
    if any(residue.values()):
        raise SystemExit(f"left behind: {residue}")
    unreadable = int(refused_at) - start
    report.say(
        f"closed in {closed / 1e6:.0f} ms; refused elsewhere after {unreadable / 1e6:.0f} ms"
        f" ({reads} reads before it); erased with certificate after {done / 1e6:.0f} ms"
    )
    return unreadable / 1e9


def export(actor: Actor) -> float:
    """Make the person's copy; gives its seconds."""
    assert actor.subject_id is not None
    start = time.perf_counter()
    with transaction.atomic():
        copy = rights.copy(actor, subject_id=actor.subject_id)
    seconds = time.perf_counter() - start
    rows = sum(copy.tables.values())
    report.say(f"copy of {rows} rows, {len(copy.content) // 1024} KB, in {seconds * 1000:.0f} ms")
    return seconds


def fides() -> float | None:
    """Ask Fides for as many rows of one person; gives its seconds, or None where it is left out."""
    if FIDES not in sys.argv:
        return None
    python = sys.argv[sys.argv.index(FIDES) + 1]
    missing = [name for name in FIDES_NEEDS if not os.environ.get(name)]
    if missing or not Path(python).exists():
        report.say(f"Fides left out: {', '.join(missing) or f'no interpreter {python}'}")
        return None
    program = Path(__file__).with_name("peers") / "fides_person.py"
    rows = VALUES + DECISIONS + LINES
    argv = [python, str(program), str(rows)]
    done = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    if done.returncode != 0:
        raise SystemExit("Fides did not carry out the request")
    told = json.loads(done.stdout.splitlines()[-1])
    seconds = float(told["seconds"])
    report.say(f"Fides {told['version']}: access request over {rows} rows in {seconds:.3f} s")
    return seconds


def main() -> None:
    """Export and erase one person after the other."""
    exports, ends = [], []
    for _ in range(1 + ROUNDS):
        actor = make_person()
        exports.append(export(actor))
        ends.append(erase(actor))
    value, unreadable = statistics.median(exports[1:]), statistics.median(ends[1:])
    report.say(f"first in a process: copy {exports[0]:.3f} s, unreadable after {ends[0]:.3f} s")
    report.say(f"medians after it: copy {value:.3f} s, unreadable after {unreadable:.3f} s")
    peer = fides()
    ratio = round(peer / value, 1) if peer else None
    faster = f", >= {FIDES_BAR} times faster than Fides" if peer else ""
    report.result(
        name="person",
        value=round(value, 3),
        unit="s per copy",
        bar=f"copy <= {EXPORT_BAR} s, unreadable elsewhere <= {UNREADABLE_BAR} s{faster}",
        holds=value <= EXPORT_BAR
        and unreadable <= UNREADABLE_BAR
        and (ratio is None or ratio >= FIDES_BAR),
        ratio_to="Fides" if peer else "",
        ratio=ratio,
    )


if __name__ == "__main__":
    if WATCH in sys.argv:
        watch(UUID(sys.argv[-1]))
        report.close()
    else:
        main()
