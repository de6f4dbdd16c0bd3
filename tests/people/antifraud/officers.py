"""Officers and events of the antifraud tests."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests import cast
from xingnuo.kit import clock, ids
from xingnuo.people.antifraud import actions
from xingnuo.people.antifraud.contracts import Decision, Event, EventKind
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy.contracts import ActorKind


def officer(kind: ActorKind = ActorKind.RISK, *, case_id: UUID | None = None) -> Actor:
    """Give a member of staff with an undertaking in date."""
    return Actor(
        kind=kind,
        staff_id=str(ids.uuid7()),
        strength=Strength.REVERIFIED,
        channel="console",
        undertaking_until=clock.now() + timedelta(days=30),
        case_id=case_id,
    )


def screened(person: cast.Person, kind: EventKind = EventKind.PAYMENT, **told: Any) -> Decision:
    """Screen an event of a person in a transaction of its own."""
    with cast.transaction():
        return actions.screen(
            person.actor, subject_id=person.subject_id, event=Event(kind=kind, **told)
        )


def document(*rules: dict[str, Any], step_up: int = 40, review: int = 70, refuse: int = 100) -> str:
    """Write a rule set."""
    filled = [
        {"id": f"r{at}", "reason": "burst", "score": 10, "outcome": "accept", **rule}
        for at, rule in enumerate(rules)
    ]
    return json.dumps({"step_up": step_up, "review": review, "refuse": refuse, "rules": filled})


def live(*rules: dict[str, Any], **steps: int) -> int:
    """Let a rule set in by two people; gives its number."""
    first, second = officer(), officer()
    drafted = actions.draft_rules(first, document=document(*rules, **steps))
    actions.propose_rules(first, number=drafted.number)
    return actions.release_rules(second, number=drafted.number).number
