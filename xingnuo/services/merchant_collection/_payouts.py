"""Settlements as the bank's file names them: each by its key, for payments to hold against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import connection


def of(numbers: Sequence[UUID]) -> Mapping[UUID, int]:
    """Give the amounts in fen of those keys that are settlements not ended unpaid."""
    return _asked(list(numbers), None)


def done_on(day: date) -> Mapping[UUID, int]:
    """Give the settlements that ended paid on a Beijing day."""
    return _asked([], day)


def _asked(numbers: list[UUID], day: date | None) -> Mapping[UUID, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM merchant_collection_payouts(%s, %s)", [numbers, day])
        return dict(cursor.fetchall())
