"""What drills share: the seed, people to harm, and the closing line for machines."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass, field
from typing import NoReturn
from uuid import UUID

from django.db import transaction

from bench import report
from xingnuo.duties.rights import actions as rights
from xingnuo.duties.rights.contracts import Closing
from xingnuo.kit import ids
from xingnuo.people.accounts import _sessions
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.gate.contracts import Actor, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

SYSTEM = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
ITEMS = ("nickname", "email")


@dataclass
class Drill:
    """A drill under way: what must hold, and what was counted."""

    name: str
    seed: int
    invariants: dict[str, bool] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def hold(self, name: str, holds: bool) -> None:
        """Note whether an invariant held this time; once broken it stays broken."""
        self.invariants[name] = self.invariants.get(name, True) and holds

    def count(self, name: str, number: int = 1) -> None:
        """Count something."""
        self.counts[name] = self.counts.get(name, 0) + number

    def end(self) -> NoReturn:
        """Print the closing line and leave with 1 when an invariant broke."""
        holds = bool(self.invariants) and all(self.invariants.values())
        line = {
            "name": self.name,
            "seed": self.seed,
            "holds": holds,
            "invariants": self.invariants,
            "counts": self.counts,
        }
        report.close()
        print(json.dumps(line, ensure_ascii=False), flush=True)
        sys.exit(0 if holds else 1)


def begin(name: str) -> Drill:
    """Read the seed from the command line and make ids replay by it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--json", action="store_true")
    told, _ = parser.parse_known_args()
    ids.seed(told.seed)
    report.say(f"种子 {told.seed}")
    return Drill(name, told.seed)


@dataclass(frozen=True, slots=True)
class Person:
    """A subject of the drill, freshly proved, with values of their own."""

    actor: Actor
    values: dict[str, str]

    @property
    def subject_id(self) -> UUID:
        """Give the person's id."""
        assert self.actor.subject_id is not None
        return self.actor.subject_id


def make_person() -> Person:
    """Make a person who accepted the policy, signed in, and filled in two items."""
    subject_id = ids.uuid7()
    actor = Actor(
        kind=ActorKind.SELF,
        subject_id=subject_id,
        session_id=ids.uuid7(),
        strength=Strength.REVERIFIED,
    )
    compiled = policy.in_force()
    values = {"nickname": f"演练{ids.random_bytes(4).hex()}", "email": "drill@example.com"}
    with transaction.atomic():
        gate.open_subject(subject_id)
        gate.accept_policy(
            actor, subject_id=subject_id, version=compiled.version, text_hash=compiled.hash
        )
        assert actor.session_id is not None
        _sessions.begin(
            subject_id,
            session_id=actor.session_id,
            device_id=ids.uuid7(),
            label="Android · Chrome",
            provider_session="",
        )
    with transaction.atomic():
        sheet = queries.sheet("profile.manage")
        items = (*(item.id for item in sheet.needed), *ITEMS)
        scope = Scope(purpose="profile.manage", items=items)
        gate.decide(
            actor,
            subject_id=subject_id,
            scope=scope,
            decision=Decision.GRANT,
            text_hash=sheet.text_hash,
        )
        permit = gate.permit(actor, subject_id=subject_id, purpose="profile.manage", items=ITEMS)
        gate.collect(permit, values)
    return Person(actor, values)


def read(person: Person) -> dict[str, str]:
    """Give the person's values in plain, as they see them after a fresh proof."""
    with transaction.atomic():
        permit = gate.permit(
            person.actor, subject_id=person.subject_id, purpose="rights.plain_view", items=ITEMS
        )
        return {shown.item: shown.text for shown in queries.read(permit)}


def close(person: Person) -> Closing:
    """Ask for the person's account to be closed."""
    with transaction.atomic():
        return rights.close(person.actor, subject_id=person.subject_id, key=ids.uuid7())


def left(person: Person) -> int:
    """Count what the vault still holds of a person."""
    with transaction.atomic():
        return sum(queries.residue(person.subject_id).values())
