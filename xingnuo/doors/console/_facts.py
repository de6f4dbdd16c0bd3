"""What a case page tells of its person: masked by the gate, with the record of this very case."""

from __future__ import annotations

from typing import Any

from xingnuo.doors.console._clock import at
from xingnuo.doors.console._queues import Queue
from xingnuo.doors.console._words import act_of
from xingnuo.kit.cases import Case
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Outcome, Shown
from xingnuo.trust.policy import queries as policy

LINES_READ_MAX = 200
MARK_CHARS = 8


def masked(actor: Actor, queue: Queue, case: Case) -> list[dict[str, Any]]:
    """Read the person's values under the queue's purpose; the server sends them masked."""
    if case.subject_id is None:
        return []
    items, reveals = policy.in_force().items, queue.reveals_of(case)
    if queue.person is not None:
        found = queue.person(actor, case)
    else:
        permit = gate.permit(actor, subject_id=case.subject_id, purpose=queue.purpose)
        found = gate_queries.read(permit)
    return [
        {
            "label": items[shown.item].name,
            "value": _covered(shown),
            "item": shown.item if shown.item in reveals else "",
        }
        for shown in found
    ]


def _covered(shown: Shown) -> str:
    # A purpose that processes plain values still shows none of them to an eye.
    plain = shown.outcome is Outcome.PLAIN
    return gate_queries.mask(shown.item, shown.text) if plain else shown.text


def record(case: Case) -> list[dict[str, str]]:
    """Give the evidence that names this case; the person's rows are already in force."""
    if case.subject_id is None:
        return []
    compiled = policy.in_force()
    lines = evidence.of_subject(case.subject_id, limit=LINES_READ_MAX)
    return [
        {
            "time": at(line.at),
            "mark": line.id.hex[-MARK_CHARS:],
            "title": act_of(compiled, line),
            "sub": line.actor_ref,
        }
        for line in lines
        if line.ref == case.id
    ]
