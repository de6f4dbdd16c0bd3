"""Statements on every request's way: planned once per connection, with few trips to the server.

The driver plans a statement after some executions; once it has, the statement goes straight to the
server under the plan's name. Where somebody watches or injects faults (execute wrappers, a query
log), in a pipeline, or before there is a plan, it goes the usual way, to the same end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import Any, NamedTuple, cast
from uuid import UUID

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from psycopg import generators, pq
from psycopg.adapt import Transformer

PLANNED_AFTER = 3  # executions, after which the server keeps the plan
_IDLE, _IN_TRANSACTION = pq.TransactionStatus.IDLE, pq.TransactionStatus.INTRANS
_GOOD = (pq.ExecStatus.TUPLES_OK, pq.ExecStatus.COMMAND_OK)
_AT_ONCE = pq.PipelineStatus.OFF


class Asked(NamedTuple):
    """A planned statement that is to travel with others."""

    statement: str
    values: Sequence[str | UUID | None]
    plainly: Callable[[], AbstractContextManager[None]] = nullcontext  # tells its faults


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


def rows(
    statement: str, values: Sequence[str | UUID | None], *, using: str = DEFAULT_DB_ALIAS
) -> list[Any]:
    """Give all rows of one planned statement, none where it gives none.

    What `%s` stands for is sent as text, to which the server gives its type.
    """
    texts = _texts(values)
    result = at_once(statement, texts, using=using)
    if result is None:
        with cursor(using=using) as usual:
            usual.execute(statement, texts)
            return list(usual.fetchall()) if usual.description else []
    return _loaded(connections[using].connection, result) if result.ntuples else []


def at_once(statement: str, texts: Sequence[str | None], *, using: str) -> Any:
    """Run a statement straight by its plan; gives the binary result, or None where it may not be.

    Then nothing was sent. Raises what an ordinary cursor raises.
    """
    raw = _unwatched(using)
    # The driver begins a transaction with its first statement, so that one is left to it.
    if raw is None or raw.pgconn.transaction_status != _IN_TRANSACTION:
        return None
    plan = _plan(raw, statement, len(texts))
    if plan is None:
        return None
    with connections[using].wrap_database_errors:
        result = raw.pgconn.exec_prepared(plan, _told(texts), None, pq.Format.BINARY)
        if result.status not in _GOOD:
            raise psycopg.errors.error_from_result(result)
    return result


def settings(statements: str, *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Run `SET LOCAL` statements in one go, with the transaction's BEGIN where it is still to come.

    They hold no parameters and give no rows.
    """
    raw = _unwatched(using)
    begin = _begin(raw)
    if begin is None:
        with connections[using].cursor() as usual:
            usual.execute(statements)
        return
    with connections[using].wrap_database_errors:
        result = raw.pgconn.exec_((begin + statements).encode())
        if result.status != pq.ExecStatus.COMMAND_OK:
            raise psycopg.errors.error_from_result(result)


def settings_then_rows(
    statements: str, asked: Sequence[str], about: UUID, *, using: str = DEFAULT_DB_ALIAS
) -> list[list[Any]]:
    """Run `SET LOCAL` statements as `settings`, then give the rows of each planned statement.

    Each holds one `%s`, the id that all are about. All travel together, and what comes after one
    that fails is not run.
    """
    raw = _unwatched(using)
    begin = _begin(raw)
    plans = [] if begin is None else [_plan(raw, statement, 1) for statement in asked]
    if begin is None or None in plans:
        settings(statements, using=using)
        return [rows(statement, [about], using=using) for statement in asked]
    parts = [begin + statements, *(f"EXECUTE {plan.decode()} ('{about.hex}')" for plan in plans)]
    with connections[using].wrap_database_errors:
        raw.pgconn.send_query("; ".join(parts).encode())
        results = raw.wait(generators.execute(raw.pgconn))
        for result in results:
            if result.status not in _GOOD:
                raise psycopg.errors.error_from_result(result)
        return [_loaded(raw, result) for result in results[-len(plans) :]]


@contextmanager
def beside(first: Asked, other: Asked, *, using: str = DEFAULT_DB_ALIAS) -> Iterator[list[Any]]:
    """Give the rows of a statement while another, sent with it, is at work on the server.

    Leaving the block waits for the other. What either raises is told by its own `plainly`, and the
    other is not run after a first that fails.
    """
    raw = _unwatched(using)
    both = (first, other)
    plans = [_plan(raw, one.statement, len(one.values)) for one in both] if raw else [None]
    if None in plans or raw.pgconn.transaction_status != _IN_TRANSACTION:
        yield _alone(first, using)
        _alone(other, using)
        return
    told = []
    for one in both:
        with one.plainly(), connections[using].wrap_database_errors:
            told.append(_told(_texts(one.values)))
    with _pipeline(raw) as pgconn:
        for plan, values in zip(plans, told, strict=True):
            pgconn.send_query_prepared(plan, values, None, pq.Format.BINARY)
            pgconn.send_flush_request()  # or the server keeps the first rows back for the others
        pgconn.pipeline_sync()
        results = []
        try:
            with first.plainly(), connections[using].wrap_database_errors:
                results = raw.wait(_received(pgconn, 1))
                _checked(results[0])
            yield _loaded(raw, results[0]) if results[0].ntuples else []
        finally:
            with other.plainly(), connections[using].wrap_database_errors:
                results += raw.wait(_received(pgconn, 2))  # its own, and that of the end
    with other.plainly(), connections[using].wrap_database_errors:
        _checked(results[-2])


def _alone(one: Asked, using: str) -> list[Any]:
    with one.plainly():
        return rows(one.statement, one.values, using=using)


@contextmanager
def _pipeline(raw: Any) -> Iterator[Any]:
    pgconn = raw.pgconn
    pgconn.enter_pipeline_mode()
    try:
        yield pgconn
    finally:
        try:
            pgconn.exit_pipeline_mode()
        except psycopg.Error:
            raw.close()  # nobody knows what is still to come on it
            raise


def _received(pgconn: Any, due: int) -> Any:
    yield from generators.send(pgconn)
    results: list[Any] = []
    while len(results) < due:
        result, *_ = yield from generators.fetch_many(pgconn)
        results.append(result)
    return results


def _checked(result: Any) -> None:
    if result.status not in _GOOD:
        raise psycopg.errors.error_from_result(result)


def _texts(values: Sequence[str | UUID | None]) -> list[str | None]:
    return [value.hex if isinstance(value, UUID) else value for value in values]


def _told(texts: Sequence[str | None]) -> list[bytes | None]:
    told = [None if text is None else text.encode() for text in texts]
    for value in told:
        if value is not None and b"\0" in value:
            raise psycopg.DataError  # libpq would end the text there
    return told


def _unwatched(using: str) -> Any:
    # Execute wrappers and query logs see every statement; a pipeline must keep its order.
    connection = connections[using]
    raw: Any = connection.connection
    if connection.execute_wrappers or connection.queries_logged or raw is None:
        return None
    connection.validate_no_broken_transaction()
    return raw if raw.pgconn.pipeline_status == _AT_ONCE else None


def _begin(raw: Any) -> str | None:
    # What goes before statements: BEGIN, nothing within a transaction; None where neither is so.
    state = raw and raw.pgconn.transaction_status
    if state == _IN_TRANSACTION:
        return ""
    # What the driver itself would send before the first statement is then BEGIN and nothing else.
    plain = raw and raw.isolation_level is raw.read_only is raw.deferrable is None
    return "BEGIN; " if state == _IDLE and plain and not raw.autocommit else None


def _plan(raw: Any, statement: str, places: int) -> Any:
    # The driver tells only itself what it has planned and not yet forgotten (at a rollback).
    return raw._prepared._names.get((_numbered(statement), (0,) * places))


@lru_cache(maxsize=256)
def _numbered(statement: str) -> bytes:
    # As the driver sends it.
    first, *rest = statement.split("%s")
    return "".join([first, *(f"${n}{part}" for n, part in enumerate(rest, 1))]).encode()


def _loaded(raw: Any, result: Any) -> list[Any]:
    loader = Transformer(raw)
    loader.set_pgresult(result)
    return loader.load_rows(0, result.ntuples, tuple)
