"""What a partner is, and the world that all partners share."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sandbox.ground.faults import Faults
from sandbox.ground.http import Route
from sandbox.ground.outbox import Outbox
from sandbox.ground.settings import Settings
from sandbox.ground.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One running sandbox."""

    settings: Settings
    store: Store
    faults: Faults
    outbox: Outbox
    partners: Sequence[Partner]
    stopping: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """One institution of the outside world: what it stores, where it answers, what it tells.

    `outgoing` names operations that the partner begins itself, with the faults each can show.
    """

    id: str
    title: str
    summary: str
    schema: str
    routes: Sequence[Route]
    books: Callable[[World], Mapping[str, Any]]
    start: Callable[[World], None] | None = None
    links: Sequence[tuple[str, str]] = ()
    outgoing: Mapping[str, frozenset[str]] = field(default_factory=dict)
