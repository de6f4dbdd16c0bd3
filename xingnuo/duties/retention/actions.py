"""What retention does: every room deletes what is past its term, and a receipt says how much."""

from __future__ import annotations

from django.db import DatabaseError, transaction

from xingnuo.kit import log
from xingnuo.kit.errors import Unavailable, XingnuoError
from xingnuo.trust.evidence import actions as evidence
from xingnuo.trust.evidence.contracts import Kind, Line
from xingnuo.trust.policy import queries as policy

PURPOSE = "retention.expire"
logger = log.get("retention")


def sweep() -> dict[str, int]:
    """Let every room delete what is past its term; gives how many rows went, by room.

    Safe to repeat and to stop anywhere. One room's fault keeps no other from its sweep; raises
    `Unavailable` afterwards, so that the job comes again.
    """
    gone: dict[str, int] = {}
    failed: list[str] = []
    for holding in policy.holdings():
        if holding.sweep is None:
            continue
        try:
            gone[holding.room] = holding.sweep()
        except (DatabaseError, XingnuoError) as fault:
            logger.error("sweep_failed", room=holding.room, error_type=type(fault).__name__)
            failed.append(holding.room)
    _receipt({room: count for room, count in gone.items() if count})
    if failed:
        raise Unavailable("sweep")
    return gone


def _receipt(gone: dict[str, int]) -> None:
    version = policy.in_force().version
    lines = [
        Line(
            kind=Kind.RETENTION,
            outcome="done",
            reason=f"swept.{room}",
            channel="worker",
            purpose=PURPOSE,
            policy_version=version,
            count=count,
        )
        for room, count in gone.items()
    ]
    if lines:
        with transaction.atomic():
            evidence.record_many(lines)
