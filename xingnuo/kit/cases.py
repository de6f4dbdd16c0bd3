"""Cases: how a room shows its work queue to the console, with nothing personal in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One piece of work that waits for a member of staff."""

    id: UUID
    kind: str  # a declared code of the room
    state: str
    opened_at: datetime
    due_at: datetime
    subject_id: UUID | None = None  # None where the case is about no one person
    taken_by: str = ""  # staff id; empty while nobody has it
    level: int = 0  # a higher level is more urgent


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """One page of a queue, most urgent first; `after` continues it, `total` is capped."""

    cases: tuple[Case, ...]
    after: str = ""  # opaque mark of the last row, empty at the end
    open_count: int = 0
    overdue_count: int = 0


def case_of(row: Any) -> Case:
    """Give a queue row whose columns are named as a case's fields."""
    return Case(
        id=row.id,
        kind=row.kind,
        state=row.state,
        opened_at=row.opened_at,
        due_at=row.due_at,
        subject_id=row.subject_id,
        taken_by=row.taken_by,
        level=row.level,
    )
