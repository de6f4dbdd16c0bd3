"""The ends of a subject: sealed by law, or erased for ever."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit.db import session
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.gate._deciding import change_state, close_decisions
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy.contracts import SubjectState
from xingnuo.trust.vault import actions as vault
from xingnuo.trust.vault import queries as vault_queries


def begin_erasure(actor: Actor, *, subject_id: UUID, cause: str) -> None:
    """Close the gate for good: with this transaction every read fails, on every process."""
    change_state(actor, subject_id=subject_id, to=SubjectState.ERASING, cause=cause)
    _record(actor, subject_id, Kind.ERASE_REQUESTED)


def destroy_keys(actor: Actor, *, subject_id: UUID) -> None:
    """Destroy the subject's keys and leave the tombstone; safe to repeat.

    Runs outside the data transaction's fate: keys go first, in their own database.
    """
    vault.destroy_keys(subject_id)
    session.set_subject(subject_id)
    _record(actor, subject_id, Kind.KEYS_DESTROYED)


def finish_erasure(actor: Actor, *, subject_id: UUID, rows: int) -> dict[str, int]:
    """Purge values and look-ups, mark the subject erased, and give the residue found (all zero)."""
    gone = vault.purge(subject_id)
    if change_state(actor, subject_id=subject_id, to=SubjectState.ERASED, cause="erased") is not (
        SubjectState.ERASED
    ):
        close_decisions(actor, subject_id=subject_id)
    _record(actor, subject_id, Kind.PURGED, count=gone + rows)
    return vault_queries.residue(subject_id)


def seal(actor: Actor, *, subject_id: UUID) -> None:
    """Re-wrap what the law keeps so that running services cannot open it any more."""
    vault.seal_subject(subject_id)
    change_state(actor, subject_id=subject_id, to=SubjectState.SEALED, cause="sealed")
    _record(actor, subject_id, Kind.SEALED)


def _record(actor: Actor, subject_id: UUID, kind: Kind, *, count: int = 1) -> None:
    session.set_subject(subject_id)
    evidence.record(
        Line(
            kind=kind,
            subject_id=subject_id,
            outcome="done",
            actor_kind=actor.kind.value,
            actor_ref=actor.staff_id,
            session_id=actor.session_id,
            channel=actor.channel,
            count=count,
        )
    )
