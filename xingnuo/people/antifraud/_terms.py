"""What is past its term goes: steps and cases, and what the AML law kept for its ten years."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import parts
from xingnuo.people.antifraud import _limits
from xingnuo.people.antifraud.models import HitRow, ProfileRow
from xingnuo.trust.policy import queries as policy


def sweep() -> int:
    """Delete events, steps, cases and records of the AML law past their terms; gives how many."""
    now, rules = clock.now(), policy.in_force().retention
    events = now - timedelta(days=_limits.EVENT_KEPT_DAYS)
    handled = now - timedelta(days=rules["handling_record"].days)
    by_law = now - timedelta(days=rules["aml_transaction"].days)
    most = _limits.SWEEP_ROWS_MAX
    return parts.delete("antifraud_sweep_events", events, most=most) + parts.delete(
        "antifraud_sweep_kept", handled, by_law, most=most
    )


def end_relation(subject_id: UUID) -> None:
    """Note when a customer left: the law keeps what it asks for ten years from then (AML 34)."""
    for model in (ProfileRow, HitRow):
        model.objects.of(subject_id).filter(relation_ended_at=None).update(
            relation_ended_at=clock.now()
        )
