"""The cast of every test: Alice owns, Bob is allowed, Charlie is nobody. Each is new every time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction as django_transaction

from xingnuo.kit import ids
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit, Platform, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, Tier

SYSTEM = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)


@dataclass(frozen=True, slots=True)
class Person:
    """A subject made for one test, and the actor who is that person."""

    subject_id: UUID
    actor: Actor

    def on(self, os: str, version: str = "", vendor: str = "") -> Actor:
        """Give the person on another device."""
        return replace(self.actor, platform=Platform(os=os, version=version, vendor=vendor))

    def with_strength(self, strength: Strength) -> Actor:
        """Give the person proved to another strength."""
        return replace(self.actor, strength=strength)


@contextmanager
def transaction() -> Iterator[None]:
    """Run one transaction as a door would."""
    with django_transaction.atomic():
        yield


def make_person(
    *,
    accepted: bool = True,
    state_strength: Strength = Strength.SIGNED_IN,
    tier: Tier = Tier.PRESENT,
) -> Person:
    """Make a fresh subject: policy accepted and real name confirmed unless said otherwise."""
    subject_id = ids.uuid7()
    person = Person(
        subject_id,
        Actor(
            kind=ActorKind.SELF,
            subject_id=subject_id,
            session_id=ids.uuid7(),
            strength=state_strength,
        ),
    )
    with transaction():
        gate.open_subject(subject_id)
        if tier:
            gate.set_tier(SYSTEM, subject_id=subject_id, tier=tier, cause="test")
    if accepted:
        compiled = policy.in_force()
        with transaction():
            gate.accept_policy(
                person.actor,
                subject_id=subject_id,
                version=compiled.version,
                text_hash=compiled.hash,
            )
    return person


def agree(
    person: Person, purpose: str, *, optional: tuple[str, ...] = (), recipient: str = ""
) -> None:
    """Let a person agree to a purpose by its sheet."""
    with transaction():
        sheet = gate_queries.sheet(purpose, recipient=recipient)
        items = (*(item.id for item in sheet.needed), *optional)
        gate.decide(
            person.actor,
            subject_id=person.subject_id,
            scope=Scope(purpose=purpose, items=items, recipient=recipient),
            decision=Decision.GRANT,
            text_hash=sheet.text_hash,
        )


def permit(person: Person, purpose: str, items: tuple[str, ...] | None = None) -> Permit:
    """Ask for a permit as the person; must run inside a transaction."""
    return gate.permit(person.actor, subject_id=person.subject_id, purpose=purpose, items=items)


def fill(person: Person, purpose: str, values: Mapping[str, str], *, slot: str = "") -> None:
    """Collect values for a person under a purpose."""
    with transaction():
        gate.collect(permit(person, purpose, tuple(values)), values, slot=slot)


def document_number() -> str:
    """Make a resident's number of nobody: a real district, a birth date, the right check digit."""
    drawn = int.from_bytes(ids.random_bytes(6))
    born = date(1950, 1, 1) + timedelta(days=drawn % 18_000)
    body = f"110105{born:%Y%m%d}{drawn // 18_000 % 1000:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
    rest = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
    return body + "10X98765432"[rest]


def phone() -> str:
    """Make a phone number of nobody, in the range kept for tests."""
    return f"199{int.from_bytes(ids.random_bytes(4)) % 10**8:08d}"
