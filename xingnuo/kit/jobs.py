"""Jobs: put into the queue with the transaction that needs them; ids and codes alone travel.

A job carries no permit and nothing personal: it asks the gate when it runs, so that a withdrawal
in between holds.
"""

from __future__ import annotations

import re
from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django import app

_CODE = re.compile(r"[a-z][a-z0-9_.:-]{0,59}")


def defer(
    name: str, *, queue: str = "default", at: datetime | None = None, **arguments: UUID | str | int
) -> None:
    """Put a job into the queue, to run now or not before `at`; a rollback takes it out again.

    Arguments are ids, declared codes or counts: anything else raises `ValueError`.
    """
    told: dict[str, str | int] = {}
    for key, value in arguments.items():
        if isinstance(value, str) and not _CODE.fullmatch(value):
            raise ValueError(f"a job takes ids and codes alone: {key}")
        told[key] = str(value) if isinstance(value, UUID) else value
    app.configure_task(name, queue=queue, schedule_at=at).defer(**told)
