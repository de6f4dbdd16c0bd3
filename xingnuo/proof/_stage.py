"""A small cast and short ways for checks, through public drawers alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.proof.contracts import NotSo
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.evidence.contracts import Entry, Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import (
    Actor,
    GateRefusal,
    Permit,
    Platform,
    Reason,
    Standing,
    Strength,
)
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind, SubjectState, Tier

SYSTEM = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)


@dataclass(frozen=True, slots=True)
class Person:
    """A subject made for a check, and the actor who is that person."""

    subject_id: UUID
    actor: Actor

    def on(self, os: str, version: str = "", vendor: str = "") -> Person:
        """Give the person on another device."""
        platform = Platform(os=os, version=version, vendor=vendor)
        return replace(self, actor=replace(self.actor, platform=platform))

    def proved(self, strength: Strength = Strength.REVERIFIED) -> Person:
        """Give the person who just proved who they are."""
        return replace(self, actor=replace(self.actor, strength=strength))


def must(so: object, words: str) -> None:
    """Find that something is not so; the words name codes and ids, never a value."""
    if not so:
        raise NotSo(words)


def nothing(found: object, words: str) -> None:
    """Find that something is there which must not be; `found` holds codes, never values."""
    if found:
        raise NotSo(f"{words}: {found}"[:200])


def person(
    *,
    accepted: bool = True,
    strength: Strength = Strength.SIGNED_IN,
    tier: Tier = Tier.PRESENT,
) -> Person:
    """Make a fresh subject, policy accepted and real name confirmed unless said otherwise."""
    subject_id = ids.uuid7()
    actor = Actor(
        kind=ActorKind.SELF, subject_id=subject_id, session_id=ids.uuid7(), strength=strength
    )
    made = Person(subject_id, actor)
    with transaction.atomic():
        gate.open_subject(subject_id)
        if tier:
            gate.set_tier(SYSTEM, subject_id=subject_id, tier=tier, cause="proof")
        if accepted:
            accept(made)
    return made


@cache
def reader() -> Person:
    """Give one person who accepted the policy, for checks that change nothing about them."""
    return person()


def accept(who: Person) -> None:
    """Accept the version in force; runs in the caller's transaction."""
    compiled = policy.in_force()
    gate.accept_policy(
        who.actor, subject_id=who.subject_id, version=compiled.version, text_hash=compiled.hash
    )


def decide(
    who: Person,
    purpose: str,
    decision: Decision = Decision.GRANT,
    *,
    optional: tuple[str, ...] | None = None,
    recipient: str = "",
) -> None:
    """Decide on a purpose by its sheet; every optional item is taken along unless some are
    named.
    """
    asked = gate_queries.sheet(purpose, recipient=recipient)
    taken = tuple(item.id for item in asked.optional) if optional is None else optional
    with transaction.atomic():
        gate.decide(
            who.actor,
            subject_id=who.subject_id,
            scope=Scope(
                purpose=purpose,
                items=(*(item.id for item in asked.needed), *taken),
                recipient=recipient,
            ),
            decision=decision,
            text_hash=asked.text_hash,
        )


def allow(who: Person, permission: str, *, on: bool = True) -> None:
    """Give or take back a device permission."""
    with transaction.atomic():
        gate.set_permission(
            who.actor, subject_id=who.subject_id, permission=permission, on=on, text_hash=""
        )


def permit(
    who: Person, purpose: str, items: tuple[str, ...] | None = None, *, recipient: str = ""
) -> Permit:
    """Ask for a permit as the person; runs in the caller's transaction."""
    return gate.permit(
        who.actor, subject_id=who.subject_id, purpose=purpose, items=items, recipient=recipient
    )


def fill(who: Person, purpose: str, values: Mapping[str, str]) -> None:
    """Collect values of a person under a purpose."""
    with transaction.atomic():
        gate.collect(permit(who, purpose, tuple(values)), values)


def shown(who: Person, purpose: str = "rights.copy") -> dict[str, str]:
    """Read what a purpose shows of a person, by item."""
    with transaction.atomic():
        return {one.item: one.text for one in gate_queries.read(permit(who, purpose))}


def reason(call: Callable[[], object]) -> Reason | None:
    """Run something in a transaction of its own; gives the gate's reason, or None if it passed."""
    try:
        with transaction.atomic():
            call()
    except GateRefusal as refusal:
        return refusal.reason
    return None


def refused(call: Callable[[], object], *reasons: Reason, words: str) -> None:
    """Find that the gate refuses, and for one of the reasons."""
    found = reason(call)
    if found not in reasons:
        raise NotSo(f"{words}: {found.value if found else 'it passed'}")


def passes(call: Callable[[], object], words: str) -> None:
    """Find that the gate lets something pass."""
    found = reason(call)
    if found is not None:
        raise NotSo(f"{words}: {found.value}")


def asks(
    who: Person, purpose: str, items: tuple[str, ...] | None = None, *, recipient: str = ""
) -> Callable[[], Permit]:
    """Give the call that asks for a permit, to be run by `reason`, `refused` or `passes`."""
    return lambda: permit(who, purpose, items, recipient=recipient)


def move(who: Person, *states: SubjectState) -> None:
    """Move a person through states, as the house does it."""
    with transaction.atomic():
        for state in states:
            gate.change_state(SYSTEM, subject_id=who.subject_id, to=state, cause="proof")


def lines(who: Person, *kinds: Kind) -> list[Entry]:
    """Give a person's evidence of some kinds, newest first."""
    with transaction.atomic():
        session.set_subject(who.subject_id)
        return evidence.of_subject(who.subject_id, kinds=kinds or None, limit=200)


@contextmanager
def as_subject(who: Person) -> Iterator[None]:
    """Run a query about a person in a transaction that sees their rows."""
    with transaction.atomic():
        session.set_subject(who.subject_id)
        yield


def staff(kind: ActorKind, *, undertaking: bool = True) -> Actor:
    """Give a member of staff, with a signed undertaking in date or without one."""
    until = clock.now() + timedelta(days=1) if undertaking else None
    return Actor(
        kind=kind,
        staff_id="staff.proof",
        strength=Strength.REVERIFIED,
        channel="console",
        undertaking_until=until,
        case_id=ids.uuid7(),
    )


def standing(who: Person) -> Standing:
    """Give how a person stands."""
    with transaction.atomic():
        return gate_queries.standing(who.subject_id)


def sheet(purpose: str) -> str:
    """Give the hash of a purpose's sheet as it is shown now."""
    return gate_queries.sheet(purpose).text_hash
