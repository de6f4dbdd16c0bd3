"""People in order of their ids, a page at a time: for duties that are owed to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db import connection

from xingnuo.trust.policy.contracts import SubjectState

PAGE_MAX = 1000


def people_after(last: UUID, *, states: Iterable[SubjectState], limit: int) -> list[UUID]:
    """Give the next subjects in these states after an id; nothing else of them is told."""
    wanted = [state.value for state in states]
    with connection.cursor() as cursor:
        cursor.execute("SELECT gate_people_after(%s, %s, %s)", [last, wanted, min(limit, PAGE_MAX)])
        return [row[0] for row in cursor.fetchall()]
