"""What a room plugs into the console: one `Queue`, made in a file of its own.

A queue gives cases and clocks; whose data a case is about comes through the gate, under the
queue's purpose, for whoever holds the case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from xingnuo.kit.cases import Case, CasePage
from xingnuo.kit.errors import NotFound
from xingnuo.trust.gate.contracts import Actor, Shown

PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One way to decide a case; those of a case are drawn with equal weight."""

    code: str
    title: str
    reasons: tuple[tuple[str, str], ...]  # (declared code, words)
    two_person: bool = True  # it waits for a second person before it takes effect


class _Pages(Protocol):
    def __call__(
        self,
        *,
        actor: Actor,
        mine: str = "",
        closed: bool = False,
        after: str = "",
        limit: int = PAGE,
    ) -> CasePage: ...


class _Counts(Protocol):
    def __call__(
        self, *, actor: Actor, mine: str = "", closed: bool = False, overdue: bool = False
    ) -> int: ...


class _Takes(Protocol):
    def __call__(self, *, actor: Actor, case_id: UUID | None = None) -> Case | None: ...


class _Gives(Protocol):
    def __call__(self, *, actor: Actor, case_id: UUID) -> None: ...


def _no_sides(_: Case) -> tuple[tuple[str, str], ...]:
    return ()


def _no_facts(_: Actor, __: Case) -> tuple[tuple[str, str], ...]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """A work queue as the console serves it.

    `page` and `counted` tell of what nobody has (`mine=""`), of what one member has, or of what
    is `closed`; `take` without a case gives the most urgent; `decide` carries a choice out, and
    runs with whoever released it where two people are needed.
    """

    id: str
    title: str
    icon: str
    mark: str  # one letter before a case's number
    deadline: str  # the legal deadline, in words
    purpose: str
    kinds: Mapping[str, str]
    states: Mapping[str, str]
    page: _Pages
    counted: _Counts
    one: Callable[[Actor, UUID], Case]
    take: _Takes
    give_back: _Gives
    choices: Callable[[Case], tuple[Choice, ...]]
    decide: Callable[[Actor, Case, str, str, str], None]
    facts: Callable[[Actor, Case], tuple[tuple[str, str], ...]] = field(default=_no_facts)
    person: Callable[[Actor, Case], list[Shown]] | None = None  # None: all of the purpose
    photo: Callable[[Actor, Case, str], bytes | None] | None = None  # one side of a document
    sides: Callable[[Case], tuple[tuple[str, str], ...]] = field(default=_no_sides)
    lists_closed: bool = True  # the room tells of what is closed
    talks: bool = False  # its cases have messages, on a page of their own
    reports: bool = False  # its cases have reports to an authority, on a page of their own
    reveals: tuple[str, ...] = ()  # items that may be seen in plain for a reason
    plain: Callable[[Actor, Case, str], list[Shown]] | None = None  # None: as the purpose says
    look_ups: tuple[str, ...] = ()  # items by whose exact value a person may be matched
    attach: Callable[[UUID, UUID], None] | None = None  # a case of nobody gets its person

    def number(self, case: Case) -> str:
        """Give the short number by which people speak of a case."""
        return f"{self.mark}-{case.id.hex[-8:].upper()}"

    def reveals_of(self, case: Case) -> tuple[str, ...]:
        """Name the items of a case that may be seen in plain for a reason."""
        return self.reveals

    def is_open(self, case: Case) -> bool:
        """Say whether there is something to decide."""
        return bool(self.choices(case))


_plugged: dict[str, Queue] = {}


def plug(*queues: Queue) -> None:
    """Take in queues at start-up; they are served in this order."""
    _plugged.update({queue.id: queue for queue in queues})


def all_queues() -> Mapping[str, Queue]:
    """Give every queue, in the order in which they were plugged in."""
    return _plugged


def queue(queue_id: str) -> Queue:
    """Give one queue; raises `NotFound`."""
    try:
        return all_queues()[queue_id]
    except KeyError:
        raise NotFound("queue") from None
