"""Jobs of this room, put into the queue with the transaction that needs them; ids alone travel."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import jobs

QUEUE = "accounts"
NOTICE_SMS = "accounts.notice_sms"
TELL_SIBLING = "accounts.tell_sibling"
TELL_VERSION = "accounts.tell_version"


def defer(name: str, **ids: UUID) -> None:
    """Put a job into the queue; a rollback takes it out again."""
    jobs.defer(name, queue=QUEUE, at=None, **ids)
