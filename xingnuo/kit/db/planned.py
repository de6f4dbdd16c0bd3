"""Statements on every request's way: planned once per connection."""

from __future__ import annotations

from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

PLANNED_AFTER = 3  # executions, after which the server keeps the plan


def cursor(*, using: str = DEFAULT_DB_ALIAS) -> CursorWrapper:
    """Give a cursor whose statement the server plans once per connection and role.

    Planning under row security costs half of a short read; results are binary, so no bytes travel
    as hexadecimal text. Django's wrappers around statements stay in force.
    """
    connection = connections[using]
    connection.ensure_connection()
    raw: Any = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = PLANNED_AFTER
    planned = psycopg.Cursor(raw)
    planned.format = psycopg.pq.Format.BINARY
    return cast(CursorWrapper, connection._prepare_cursor(planned))  # type: ignore[attr-defined]
