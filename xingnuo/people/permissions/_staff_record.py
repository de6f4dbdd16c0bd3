"""Evidence of what staff do: who, which act, on what; never about a customer, never a value."""

from __future__ import annotations

from uuid import UUID

from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import NOBODY, Kind, Line


def leave(
    act: str,
    *,
    by: str,
    ref: UUID | None = None,
    outcome: str = "done",
    kind: Kind = Kind.OPERATOR,
    channel: str = "console",
    purpose: str = "",
) -> None:
    """Leave one line about an act of staff, in the caller's transaction."""
    evidence.record(
        Line(
            kind=kind,
            subject_id=NOBODY,
            outcome=outcome,
            reason=act,
            actor_kind="staff",
            actor_ref=by,
            channel=channel,
            purpose=purpose,
            ref=ref,
        )
    )
