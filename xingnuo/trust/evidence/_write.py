"""Putting lines into the table: one statement, planned once on each connection.

A line is on the way of everything the house does. So once the driver has a plan for the statement,
a single line goes straight to it; where somebody watches or injects faults (execute wrappers, a
query log), in a pipeline, or for many lines, it goes the usual way, to the same end.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
from django.db import DatabaseError, OperationalError, connections
from psycopg import pq

from xingnuo.kit import clock
from xingnuo.kit.db import planned
from xingnuo.kit.db.faults import constraint_of
from xingnuo.kit.errors import Unavailable
from xingnuo.trust.evidence import _sql
from xingnuo.trust.evidence.contracts import Line, NotRecorded

_PLACES = len(_sql.LINE_COLUMNS.split(","))
_UNTYPED = (0,) * _PLACES
_ROW = "(" + ", ".join(f"${place}" for place in range(1, _PLACES + 1)) + ")"
_NUMBERED = {
    False: f"{_sql.INSERT}{_ROW}".encode(),
    True: f"{_sql.INSERT}{_ROW}{_sql.COALESCE}".encode(),
}


def coalesces(line: Line) -> bool:
    """Tell whether a line counts once an hour only."""
    return line.coalesce and line.session_id is not None


def insert(lines: Sequence[Line], *, coalesce: bool, using: str) -> None:
    """Insert lines of one subject; raises `NotRecorded` without repeating what they said."""
    values = [value for line in lines for value in _texts(line)]
    try:
        if len(lines) == 1 and _insert_at_once(values, coalesce=coalesce, using=using):
            return
        rows = ", ".join([_sql.ONE_LINE] * len(lines))
        with planned.cursor(using=using) as cursor:
            cursor.execute(_sql.INSERT + rows + (_sql.COALESCE if coalesce else ""), values)
    except (OperationalError, psycopg.OperationalError):
        raise Unavailable("database") from None
    except DatabaseError as error:
        # The driver's text may quote a value, so it stops here.
        raise NotRecorded(constraint_of(error)) from None
    except psycopg.Error as error:
        raise NotRecorded(error.diag.constraint_name or "") from None


def _insert_at_once(values: list[str | None], *, coalesce: bool, using: str) -> bool:
    connection = connections[using]
    raw: Any = connection.connection
    if connection.execute_wrappers or connection.queries_logged or raw is None:
        return False
    # The driver begins a transaction with its first statement, so that one is left to it. What it
    # has planned and not yet forgotten (it does at a rollback) it tells nobody but itself.
    if raw.pgconn.transaction_status != pq.TransactionStatus.INTRANS:
        return False
    plan = raw._prepared._names.get((_NUMBERED[coalesce], _UNTYPED))
    if plan is None or raw.pgconn.pipeline_status != pq.PipelineStatus.OFF:
        return False
    told = [None if value is None else value.encode() for value in values]
    if any(b"\0" in value for value in told if value):
        raise psycopg.DataError  # libpq would end the text there
    result = raw.pgconn.exec_prepared(plan, told)
    if result.status != pq.ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(result)
    return True


def _texts(line: Line) -> tuple[str | None, ...]:
    at = line.at or clock.now()
    return (
        line.subject_id.hex,
        line.id.hex,
        at.isoformat(),
        line.kind.value,
        line.outcome,
        line.reason,
        line.actor_kind,
        line.actor_ref,
        _id(line.session_id),
        line.channel,
        line.purpose,
        _array(line.items),
        line.recipient,
        line.policy_version,
        _id(line.permit_id),
        _id(line.ref),
        str(line.count),
        _key(line, int(at.timestamp()) // 3600) if coalesces(line) else None,
    )


def _id(value: UUID | None) -> str | None:
    return None if value is None else value.hex


# Purposes name the same lists of items again and again.
@lru_cache(maxsize=256)
def _array(items: tuple[str, ...]) -> str:
    return "{" + ",".join([_quoted(item) for item in items]) + "}"


@lru_cache(maxsize=256)
def _in_order(items: tuple[str, ...]) -> str:
    return ",".join(sorted(items))


def _quoted(item: str) -> str:
    return '"' + item.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _key(line: Line, hour: int) -> str:
    items = _in_order(line.items)
    told = f"{line.session_id}|{line.kind}|{line.purpose}|{line.recipient}|{items}|{hour}"
    return sha256(told.encode()).hexdigest()[:32]
