"""Jobs of this room, put into the queue with the transaction that needs them; ids alone travel."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import jobs

QUEUE = "accounts"
TELL_SIBLING = "accounts.tell_sibling"


def defer(name: str, **ids: UUID) -> None:
    """Put a job into the queue; a rollback takes it out again."""
    jobs.defer(name, queue=QUEUE, at=None, **ids)
