"""Jobs of this room, put into the queue with the transaction that needs them; ids alone travel."""

from __future__ import annotations

from uuid import UUID

from procrastinate.contrib.django import app

QUEUE = "accounts"
NOTICE_SMS = "accounts.notice_sms"
TELL_SIBLING = "accounts.tell_sibling"


def defer(name: str, **ids: UUID) -> None:
    """Put a job into the queue; a rollback takes it out again."""
    told = {key: str(value) for key, value in ids.items()}
    app.configure_task(name, queue=QUEUE).defer(**told)
