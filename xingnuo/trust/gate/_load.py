"""What the gate loads before it decides: the rules in force and the facts of a subject."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit.db import planned
from xingnuo.trust.consent import queries as consent
from xingnuo.trust.consent.contracts import POLICY, Decision
from xingnuo.trust.gate._decide import Facts
from xingnuo.trust.gate._rules import Rules, build
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState, Tier

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
    known = planned.rows("SELECT state, tier FROM gate_subject WHERE subject_id = %s", [subject_id])
    if not known:
        return None
    decisions = consent.snapshot(subject_id)
    accepted = decisions.get(POLICY)
    granted = accepted is not None and accepted.decision is Decision.GRANT
    return Facts(
        state=SubjectState(known[0][0]),
        accepted=accepted.version if accepted and granted else "",
        decisions=decisions,
        tier=Tier(known[0][1]),
    )
