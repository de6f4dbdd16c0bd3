"""Queues of rooms that list all their open cases in one: the console parts them by who has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from xingnuo.doors.console._queues import PAGE
from xingnuo.kit.cases import Case, CasePage
from xingnuo.kit.errors import Conflict
from xingnuo.trust.gate.contracts import Actor

TAKE_TRIES = 5


class Lists(Protocol):
    """How a room gives a page of its open cases of one member ("": of nobody), the urgent first."""

    def __call__(
        self, actor: Actor, *, taken_by: str, after: str = "", limit: int = PAGE
    ) -> CasePage: ...


def take_of(
    lists: Lists, take: Callable[[Actor, UUID], Case], actor: Actor, case_id: UUID | None
) -> Case | None:
    """Take the named case, or the most urgent that nobody has; another's is passed over."""
    if case_id is not None:
        return take(actor, case_id)
    for case in lists(actor, taken_by="", limit=TAKE_TRIES).cases:
        try:
            return take(replace(actor, case_id=case.id), case.id)
        except Conflict:
            continue
    return None
