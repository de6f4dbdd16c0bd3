"""Reading decisions: the newest of each scope, and the whole history of a person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from xingnuo.kit.db import planned
from xingnuo.trust.consent.contracts import Decided, Decision, Snapshot
from xingnuo.trust.consent.models import DecisionRow

_COLUMNS = "id, scope, decision, items, meaning, version, text_hash, channel, actor_kind, at"
# One index scan: for each scope, the newest decision. It is on every permit's way, so the gate asks
# it together with its own question and has the answer read by `told`.
NEWEST = f"""
    SELECT DISTINCT ON (scope) {_COLUMNS} FROM consent_decision
    WHERE subject_id = %s ORDER BY scope, id DESC
"""


def _decided(row: tuple[Any, ...]) -> Decided:
    return Decided(
        id=row[0],
        scope=row[1],
        decision=Decision(row[2]),
        items=tuple(row[3]),
        meaning=row[4],
        version=row[5],
        text_hash=row[6],
        channel=row[7],
        actor_kind=row[8],
        at=row[9],
    )


def snapshot(subject_id: UUID) -> Snapshot:
    """Give the newest decision of every scope of a subject."""
    return told(planned.rows(NEWEST, [subject_id]))


def told(rows: Iterable[tuple[Any, ...]]) -> Snapshot:
    """Read the rows of `NEWEST`."""
    return {row[1]: _decided(row) for row in rows}


def history(subject_id: UUID, *, scope: str = "", limit: int = 200) -> list[Decided]:
    """Give a person's decisions, newest first, of one scope or of all."""
    rows = DecisionRow.objects.of(subject_id).order_by("-id")
    if scope:
        rows = rows.filter(scope=scope)
    names = [name.strip() for name in _COLUMNS.split(",")]
    return [_decided(row) for row in rows.values_list(*names)[:limit]]


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every decision row of a person for the copy of their data."""
    rows = DecisionRow.objects.of(subject_id).order_by("id")
    return {"consent_decision": list(rows.values())}
