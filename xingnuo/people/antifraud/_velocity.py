"""Sliding windows over the events: counted by one set function that gives numbers alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from xingnuo.kit.db import planned
from xingnuo.people.antifraud._facts import Counter, Value, counter
from xingnuo.people.antifraud._limits import COUNTED_ROWS_MAX
from xingnuo.people.antifraud.models import EventRow

_COUNT = (
    "SELECT antifraud_velocity(%s::uuid, %s::uuid, %s::text, %s::text, %s::text, %s::text,"
    " %s::timestamptz, %s::jsonb, %s::integer)"
)
_KNOWN = "counterparty_known"


class Degrees(NamedTuple):
    """How a person's devices and cards are shared: counts alone, of nobody in particular."""

    devices: int
    device_subjects: int
    cards: int
    card_subjects: int
    most_on_one: int


@lru_cache(maxsize=64)
def _spelled(names: frozenset[str]) -> tuple[tuple[str, ...], str]:
    found = tuple(sorted(name for name in names if name == _KNOWN or counter(name) is not None))
    return found, json.dumps([_spec(counter(name)) for name in found])


def _spec(asked: Counter | None) -> Mapping[str, object]:
    if asked is None:
        return {"m": "known", "k": None, "b": "subject", "s": 30 * 86_400}
    return {
        "m": asked.measure,
        "k": list(asked.kinds) or None,
        "b": asked.by,
        "s": asked.seconds,
    }


def counted(event: EventRow, asked: frozenset[str]) -> dict[str, Value]:
    """Count every window among the facts asked for, with this event in it.

    A key that is not known gives no figure.

    Whoever counts by the same person, device or card waits for this transaction, so that of many
    at once each sees the others.
    """
    names, spec = _spelled(asked)
    values: list[str | UUID | None] = [
        event.id,
        event.subject_id,
        event.device,
        event.card,
        event.counterparty,
        event.network,
        event.at.isoformat(),
        spec,
        str(COUNTED_ROWS_MAX),
    ]
    ((found,),) = planned.rows(_COUNT, values)
    facts: dict[str, Value] = {}
    for name, figure in zip(names, found or [], strict=True):
        facts[name] = (None if figure is None else bool(figure)) if name == _KNOWN else figure
    return facts


def degrees(subject_id: UUID, since: datetime) -> Degrees:
    """Count who shares the person's devices and cards since an instant."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM antifraud_graph(%s, %s)", [subject_id, since])
        return Degrees(*cursor.fetchone())
