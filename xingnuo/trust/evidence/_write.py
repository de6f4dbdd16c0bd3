"""Putting lines into the table: one statement, planned once on each connection."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from uuid import UUID

from django.db import DatabaseError, OperationalError

from xingnuo.kit import clock
from xingnuo.kit.db import planned
from xingnuo.kit.db.faults import constraint_of
from xingnuo.kit.db.planned import Asked
from xingnuo.kit.errors import Unavailable
from xingnuo.trust.evidence import _sql
from xingnuo.trust.evidence.contracts import Line, NotRecorded

_AFTER = {False: "", True: _sql.COALESCE}
_ONE = {coalesce: _sql.INSERT + _sql.ONE_LINE + after for coalesce, after in _AFTER.items()}


def coalesces(line: Line) -> bool:
    """Tell whether a line counts once an hour only."""
    return line.coalesce and line.session_id is not None


def insert(lines: Sequence[Line], *, coalesce: bool, using: str) -> None:
    """Insert lines of one subject; raises `NotRecorded` without repeating what they said."""
    values = [value for line in lines for value in _texts(line)]
    with plainly():
        if len(lines) == 1:
            planned.rows(_ONE[coalesce], values, using=using)
            return
        rows = ", ".join([_sql.ONE_LINE] * len(lines))
        with planned.cursor(using=using) as cursor:
            cursor.execute(_sql.INSERT + rows + _AFTER[coalesce], values)


def asked(line: Line) -> Asked:
    """Give the insertion of one line, to travel with other statements."""
    return Asked(_ONE[coalesces(line)], _texts(line), plainly)


@contextmanager
def plainly() -> Iterator[None]:
    """Tell a fault without repeating what a line said."""
    try:
        yield
    except OperationalError:
        raise Unavailable("database") from None
    except DatabaseError as error:
        # The driver's text may quote a value, so it stops here.
        raise NotRecorded(constraint_of(error)) from None


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
