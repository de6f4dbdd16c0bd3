"""Steps that wait for a second person, whatever room they are of, in one shape.

A source tells what waits and carries it out; who proposed a step never releases it: the room's
action refuses, and so does its table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest

from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions.contracts import Member

PAGE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step that waits: what it is, and who proposed it."""

    id: UUID
    source: str
    title: str
    lines: tuple[tuple[str, str], ...]
    proposed_by: str
    proposed_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What came of a release; `once` is shown on the very next page and never again."""

    said: str
    once: str = ""
    to: str = "/ops/releases/"  # where the next page is


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where steps of one kind come from, and how they are released or refused."""

    id: str
    title: str
    allowed: Callable[[Member], bool]
    waiting: Callable[[HttpRequest], tuple[Step, ...]]
    one: Callable[[HttpRequest, UUID], Step]
    release: Callable[[HttpRequest, UUID], Done]
    refuse: Callable[[HttpRequest, UUID], Done]


_plugged: list[Source] = []


def plug(*found: Source) -> None:
    """Take in kinds of releases at start-up."""
    _plugged.extend(one for one in found if one not in _plugged)


def sources() -> tuple[Source, ...]:
    """Give every kind of release."""
    return tuple(_plugged)


def may_release(who: Member) -> bool:
    """Say whether any step could wait for a member."""
    return any(source.allowed(who) for source in sources())


def waiting_for(request: HttpRequest, who: Member) -> list[Step]:
    """Give what waits and what the member proposed, the most urgent first."""
    found = [
        step for source in sources() if source.allowed(who) for step in source.waiting(request)
    ]
    return sorted(found, key=lambda step: (step.due_at, step.id))[:PAGE]


def source_of(who: Member, source_id: str) -> Source:
    """Give a source that the member may see; raises `NotFound`."""
    for source in sources():
        if source.id == source_id and source.allowed(who):
            return source
    raise NotFound("source")
