"""Jobs: put into the queue with the transaction that needs them; ids and codes alone travel.

A job carries no permit and nothing personal: it asks the gate when it runs, so that a withdrawal
in between holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from procrastinate.contrib.django import app

from xingnuo.kit import log
from xingnuo.kit.errors import XingnuoError

# When what is not known is asked about, in seconds after the last time; then every hour for ever.
_ASK_AFTER = (1, 2, 4, 8, 16, 32, 60, 300, 900, 3600)
_logger = log.get("jobs")
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


def ask_after(asked: int) -> timedelta:
    """Give the wait before an unknown is asked about again, after so many times; it never ends."""
    return timedelta(seconds=_ASK_AFTER[min(asked, len(_ASK_AFTER) - 1)])


def one_by_one(found: Iterable[tuple[UUID, UUID]], do: Callable[[UUID, UUID], object]) -> int:
    """Do something with each (subject, thing); gives how many. One that fails holds up no other.

    Only faults of the house are passed over, with a line; its job or the next round comes again.
    """
    count = 0
    for subject_id, thing_id in found:
        count += 1
        try:
            do(subject_id, thing_id)
        except XingnuoError as error:
            _logger.error("one_passed_over", code=error.code, action=do.__qualname__)
    return count
