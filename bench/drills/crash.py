"""Crashing: the process that erases a person is killed at every named point, then taken up again.

`xingnuo drill crash --seed N`. Whatever the point: the work ends, one certificate is given, nothing
of the person is left, nobody else is touched, and the record is whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import connections, transaction

from bench import report
from bench.drills import drill
from xingnuo.duties.rights import _erasing
from xingnuo.duties.rights import actions as rights
from xingnuo.duties.rights import queries as cases
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence import queries as record

KILLED = 137
SURVIVED = 1
# Every step of the erasure, killed before it and after it (before its commit).
STEPS = ("gate.destroy_keys", "_erase_rows", "gate.finish_erasure", "evidence.sign", "gate.record")
POINTS = tuple(f"{when} {step}" for step in STEPS for when in ("before", "after"))


def main() -> None:
    """Kill at each point, take the work up, and look."""
    told = drill.begin("crash")
    bystander = drill.make_person()
    for point in POINTS:
        _once(told, point)
        told.count("points")
    told.hold("nobody_else_is_touched", drill.read(bystander) == bystander.values)
    evidence.seal_blocks()
    told.hold("the_record_is_whole", record.verify().whole)
    told.end()


def _once(told: drill.Drill, point: str) -> None:
    person = drill.make_person()
    closing = drill.close(person)
    told.hold("the_process_was_killed", _killed(point, closing.case.id))
    for _ in range(2):
        rights.carry_out_erasure(drill.SYSTEM, case_id=closing.case.id)
    with transaction.atomic():
        told.hold("a_certificate", cases.receipt(closing.receipt_code).certificate is not None)
    told.hold("one_certificate", _lines(person.subject_id, "certificate") == 1)
    told.hold("nothing_is_left", drill.left(person) == 0)
    report.say(f"{point}：{'接着做完了' if all(told.invariants.values()) else '不成立'}")


def _lines(subject_id: UUID, kind: str) -> int:
    with connections["audit"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM evidence_line WHERE subject_id = %s AND kind = %s",
            [subject_id, kind],
        )
        return int(cursor.fetchone()[0])


def _killed(point: str, case_id: UUID) -> bool:
    # A process of its own, which shares no connection with this one.
    report.close()
    child = os.fork()
    if child == 0:
        try:
            _die_at(point, case_id)
        finally:
            os._exit(SURVIVED)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == KILLED


def _die_at(point: str, case_id: UUID) -> None:
    when, _, step = point.partition(" ")
    place, _, name = step.rpartition(".")
    owner = getattr(_erasing, place) if place else _erasing
    setattr(owner, name, _deadly(getattr(owner, name), is_before=when == "before"))
    rights.carry_out_erasure(drill.SYSTEM, case_id=case_id)


def _deadly(step: Callable[..., Any], *, is_before: bool) -> Callable[..., Any]:
    def killed(*values: Any, **named: Any) -> Any:
        if not is_before:
            step(*values, **named)
        # As kill -9 does: no handler runs, no transaction ends.
        os._exit(KILLED)

    return killed


if __name__ == "__main__":
    main()
