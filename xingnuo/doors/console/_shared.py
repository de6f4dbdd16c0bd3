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

STRETCH = 100  # cases read at a time
STRETCHES_MAX = 5
TAKE_TRIES = 5


class Lists(Protocol):
    """How a room gives a page of its open cases, most urgent first."""

    def __call__(self, actor: Actor, *, after: str = "", limit: int = PAGE) -> CasePage: ...


def page_of(
    lists: Lists, actor: Actor, *, mine: str, after: str = "", limit: int = PAGE
) -> CasePage:
    """Give a page of what one member has, or of what nobody has; reads a bounded stretch."""
    found: list[Case] = []
    last = CasePage(cases=())
    mark = after
    for _ in range(STRETCHES_MAX):
        last = lists(actor, after=mark, limit=limit)
        found += [case for case in last.cases if case.taken_by == mine]
        mark = last.after
        if len(found) >= limit or not mark:
            break
    return CasePage(
        cases=tuple(found),
        after=mark,
        open_count=last.open_count,
        overdue_count=last.overdue_count,
    )


def count_of(lists: Lists, actor: Actor, *, mine: str = "", overdue: bool = False) -> int:
    """Count what is open, what is overdue, or what one member has of the most urgent."""
    found = lists(actor, limit=STRETCH if mine else 1)
    if mine:
        return sum(case.taken_by == mine for case in found.cases)
    return found.overdue_count if overdue else found.open_count


def take_of(
    lists: Lists, take: Callable[[Actor, UUID], Case], actor: Actor, case_id: UUID | None
) -> Case | None:
    """Take the named case, or the most urgent that nobody has; another's is passed over."""
    if case_id is not None:
        return take(actor, case_id)
    free = page_of(lists, actor, mine="", limit=TAKE_TRIES).cases[:TAKE_TRIES]
    for case in free:
        try:
            return take(replace(actor, case_id=case.id), case.id)
        except Conflict:
            continue
    return None
