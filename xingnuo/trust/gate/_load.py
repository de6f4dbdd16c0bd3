"""What the gate loads before it decides: the rules in force and the facts of a subject."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from xingnuo.kit.db import planned, session
from xingnuo.trust.consent import queries as consent
from xingnuo.trust.consent.contracts import POLICY, Decision, Snapshot
from xingnuo.trust.gate._decide import Facts
from xingnuo.trust.gate._rules import Rules, build
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState, Tier

_STANDING = "SELECT state, tier FROM gate_subject WHERE subject_id = %s"
_built: dict[str, Rules] = {}


def rules_in_force() -> Rules:
    """Give the rules of the published version in force now.

    Raises `NoPolicy` when no published version can be read: then nothing is permitted.
    """
    compiled = policy.in_force()
    rules = _built.get(compiled.hash)
    if rules is None:
        rules = build(compiled, policy.unpublished())
        _built[compiled.hash] = rules
    return rules


def forget_rules() -> None:
    """Drop built rules, for tests that declare more than is published."""
    _built.clear()


def facts_of(subject_id: UUID) -> Facts | None:
    """Load a subject's state and newest decisions; the subject must be set in the transaction."""
    known = planned.rows(_STANDING, [subject_id])
    return _facts(known, consent.snapshot(subject_id)) if known else None


def enter(subject_id: UUID, permit_id: UUID) -> Facts | None:
    """Set subject and permit for the transaction, and load the facts in the same trip."""
    asked = (_STANDING, consent.NEWEST)
    known, newest = session.enter(subject_id, permit_id=permit_id, asked=asked)
    return _facts(known, consent.told(newest)) if known else None


def _facts(known: list[Any], decisions: Snapshot) -> Facts:
    accepted = decisions.get(POLICY)
    granted = accepted is not None and accepted.decision is Decision.GRANT
    return Facts(
        state=SubjectState(known[0][0]),
        accepted=accepted.version if accepted and granted else "",
        decisions=decisions,
        tier=Tier(known[0][1]),
    )
