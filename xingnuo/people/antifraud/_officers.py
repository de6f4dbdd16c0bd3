"""Who of the staff may do what here: risk officers their part, compliance theirs, nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from xingnuo.kit import clock
from xingnuo.people.antifraud._states import CONFIDENTIAL, CaseKind, Family, ListKind
from xingnuo.people.antifraud.contracts import StaffOnly
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy.contracts import ActorKind

_RISK = frozenset(CaseKind) - CONFIDENTIAL
KINDS: dict[ActorKind, frozenset[CaseKind]] = {
    ActorKind.RISK: _RISK,
    ActorKind.COMPLIANCE: CONFIDENTIAL,
}


def staff_of(actor: Actor, *kinds: ActorKind) -> str:
    """Give the id of a member of staff of one of the kinds, with an undertaking in date.

    Anyone else is told that there is no such thing: both look the same.
    """
    signed = actor.undertaking_until is not None and actor.undertaking_until > clock.now()
    if actor.kind not in kinds or not actor.staff_id or not signed:
        raise StaffOnly
    return actor.staff_id


def risk(actor: Actor) -> str:
    """Give the id of a risk officer."""
    return staff_of(actor, ActorKind.RISK)


def compliance(actor: Actor) -> str:
    """Give the id of a compliance officer."""
    return staff_of(actor, ActorKind.COMPLIANCE)


def proposer(actor: Actor, kind: ListKind) -> str:
    """Give the id of who may hand in or release a list: sanctions are compliance's."""
    return compliance(actor) if kind is ListKind.SANCTIONS else risk(actor)


def author(actor: Actor, family: Family) -> str:
    """Give the id of who may write or release rules: patterns are compliance's."""
    return compliance(actor) if family is Family.AML else risk(actor)


def cases_of(actor: Actor, kinds: Iterable[CaseKind] = ()) -> frozenset[CaseKind]:
    """Give the kinds of cases that the officer may see, of those asked for."""
    staff_of(actor, *KINDS)
    own = KINDS[actor.kind]
    return own & frozenset(kinds) if kinds else own
