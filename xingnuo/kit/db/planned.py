"""Statements on every request's way: planned once per connection."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from psycopg import pq

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
    planned.format = pq.Format.BINARY
    return cast(CursorWrapper, connection._prepare_cursor(planned))  # type: ignore[attr-defined]


def rows(statement: str, values: Sequence[Any], *, using: str = DEFAULT_DB_ALIAS) -> list[Any]:
    """Give all rows of one planned statement; with nobody watching, straight from the driver."""
    raw = _unwatched(using)
    if raw is None or raw.prepare_threshold is None:
        with cursor(using=using) as usual:
            usual.execute(statement, values)
            return list(usual.fetchall())
    with connections[using].wrap_database_errors:
        return psycopg.Cursor(raw).execute(statement, values, binary=True).fetchall()


def settings(statements: str, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Run `SET LOCAL` statements in one go, with the transaction's BEGIN where it is still to come.

    They hold no parameters and give no rows.
    """
    raw = _unwatched(using)
    state = raw and raw.pgconn.transaction_status
    is_new = state == pq.TransactionStatus.IDLE and _begins_plainly(raw)
    if not is_new and state != pq.TransactionStatus.INTRANS:
        with connections[using].cursor() as usual:
            usual.execute(statements)
        return
    with connections[using].wrap_database_errors:
        result = raw.pgconn.exec_(f"{'BEGIN; ' if is_new else ''}{statements}".encode())
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)


def _unwatched(using: str) -> Any:
    # Execute wrappers and query logs see every statement; a pipeline must keep its order.
    connection = connections[using]
    raw: Any = connection.connection
    if connection.execute_wrappers or connection.queries_logged or raw is None:
        return None
    connection.validate_no_broken_transaction()
    return None if raw.pgconn.pipeline_status != pq.PipelineStatus.OFF else raw


def _begins_plainly(raw: Any) -> bool:
    # What the driver itself would send before the first statement is then BEGIN and nothing else.
    return not raw.autocommit and raw.isolation_level is raw.read_only is raw.deferrable is None
