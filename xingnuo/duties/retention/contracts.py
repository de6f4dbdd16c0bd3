"""What leaves the retention room: the schedule as the policy has it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """How long a table or an item is kept: by which rule, from what, for how many days."""

    what: str  # a table, or `item <id>`
    rule: str
    event: str
    days: int
    law: str
    told_by: tuple[str, ...]  # the columns whose earliest time starts it; none: an event does
