"""Restoring: backups older than an erasure are brought back, and nobody comes back with them.

`xingnuo drill restore --seed N`. The mistake is made on purpose: data and keys are both restored
from before the erasure. The erased must stay unreadable, the others must read as they were.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

from django.db import transaction

from bench import report
from bench.drills import drill
from xingnuo.duties.rights import actions as rights
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence import queries as record
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.policy.contracts import SubjectState

PEOPLE = 10
ERASED = 3


def main() -> None:
    """Back up, erase some, restore, and read everyone."""
    told = drill.begin("restore")
    people = [drill.make_person() for _ in range(PEOPLE)]
    gone = random.Random(told.seed).sample(people, ERASED)
    folder = Path(os.environ["XN_DATA_DIR"]) / "backups"
    _xingnuo("backup", "--folder", str(folder))
    sealed = b"".join(path.read_bytes() for path in folder.iterdir())
    told.hold(
        "backups_hold_nothing_in_the_clear",
        not any(value.encode() in sealed for one in people for value in one.values.values()),
    )
    for person in gone:
        closing = drill.close(person)
        rights.carry_out_erasure(drill.SYSTEM, case_id=closing.case.id)
    later = drill.make_person()
    evidence.seal_blocks()
    report.close()
    _xingnuo("restore", "--data", "latest", "--keys", "latest", "--folder", str(folder), "--yes")
    for person in people:
        erased = person in gone
        name = "the_erased_stay_unreadable" if erased else "the_others_read_as_before"
        told.hold(name, _is_gone(person) if erased else drill.read(person) == person.values)
        told.count("erased" if erased else "others")
    with transaction.atomic():
        told.hold("what_came_later_is_not_there", gate.state_of(later.subject_id) is None)
    told.hold("the_record_is_whole", record.verify().whole)
    told.end()


def _is_gone(person: drill.Person) -> bool:
    with transaction.atomic():
        state = gate.state_of(person.subject_id)
    return state is SubjectState.ERASED and drill.left(person) == 0


def _xingnuo(*argv: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xingnuo.doors.cli.main", *argv],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise SystemExit(f"{argv[0]}: {done.stdout}{done.stderr}")
    report.say(done.stdout.strip())


if __name__ == "__main__":
    main()
