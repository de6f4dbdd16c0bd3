"""How the device permissions stand, and who of the staff stands how."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from xingnuo.kit import ids
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions._staff_looks import budget
from xingnuo.people.permissions._staff_looks import shown as reveal_shown
from xingnuo.people.permissions._staff_read import (
    breaches_of,
    by_code,
    course,
    courses_of,
    member,
    members,
    roles_of,
    undertaking_now,
)
from xingnuo.people.permissions._staff_releases import STAFF_KINDS, of_ref, waiting
from xingnuo.people.permissions._staff_releases import of_kind as releases_of
from xingnuo.people.permissions._staff_releases import one as release
from xingnuo.people.permissions._staff_rules import BREACHES, NOTE_CHARS_MIN, REASONS, ROLES
from xingnuo.people.permissions._staff_rules import RENEWAL_DAYS as STAFF_RENEWAL_DAYS
from xingnuo.people.permissions._staff_sessions import is_fresh
from xingnuo.people.permissions.contracts import Permission, Setting
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Actor, Platform
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Bound, DevicePermission

__all__ = [
    "BREACHES",
    "NOTE_CHARS_MIN",
    "REASONS",
    "ROLES",
    "STAFF_KINDS",
    "STAFF_RENEWAL_DAYS",
    "breaches_of",
    "budget",
    "by_code",
    "course",
    "courses_of",
    "is_fresh",
    "member",
    "members",
    "of_ref",
    "of_subject",
    "one",
    "release",
    "releases_of",
    "reveal_shown",
    "roles_of",
    "undertaking_now",
    "waiting",
]

_SETTING = {"grant": Setting.ON, "refuse": Setting.REFUSED, "withdraw": Setting.WITHDRAWN}
_OS = {"android": "Android", "ios": "iOS", "web": "网页版"}


def of_subject(actor: Actor, *, subject_id: UUID) -> tuple[Permission, ...]:
    """List every declared permission with its setting; those of other platforms come marked."""
    standing = gate.standing(subject_id)
    declared = policy.in_force().permissions.values()
    return tuple(
        _shown(known, actor.platform, standing.permission_decisions.get(known.id))
        for known in declared
    )


def one(actor: Actor, *, subject_id: UUID, permission: str) -> Permission:
    """Give one permission; raises `NotFound` for one that the policy does not declare."""
    for shown in of_subject(actor, subject_id=subject_id):
        if shown.id == permission:
            return shown
    raise NotFound(permission)


def _shown(
    known: DevicePermission, platform: Platform, decided: tuple[str, datetime] | None
) -> Permission:
    decision, at = decided if decided is not None else ("", None)
    return Permission(
        id=known.id,
        name=known.name,
        why=known.why,
        refusal_cost=known.refusal_cost,
        by_hand=known.by_hand,
        applies=gate.permission_applies(known.id, platform),
        bounds_text="、".join(_bound(bound) for bound in known.bounds),
        setting=_SETTING.get(decision, Setting.NEVER_ASKED),
        since=at,
        text_hash=ids.digest("|".join((known.name, known.why, known.refusal_cost))),
        purposes=known.purposes,
        items=known.items,
    )


def _bound(bound: Bound) -> str:
    name = _OS.get(bound.os, bound.os)
    vendor = f"（{bound.vendor.upper()}）" if bound.vendor else ""
    if bound.min_version and bound.below_version:
        return f"{name} {bound.min_version} 到 {bound.below_version} 之前{vendor}"
    if bound.min_version:
        return f"{name} {bound.min_version} 及以上{vendor}"
    return (
        f"{name} {bound.below_version} 之前{vendor}" if bound.below_version else f"{name}{vendor}"
    )
