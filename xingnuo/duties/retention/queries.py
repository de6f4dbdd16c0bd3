"""What is kept how long, by the policy in force, and whether anything is there past its term."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connections, transaction
from psycopg import sql

from xingnuo.duties.retention.contracts import Term
from xingnuo.kit import clock
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled, SubjectState, Table

# Sweeps run by the hour; long terms are counted by the day.
GRACE_SHORT, GRACE_LONG, LONG_DAYS = timedelta(hours=2), timedelta(days=1), 30
AGES = frozenset({"created", "session_end"})
FOR_EVER_DAYS = 36_500  # from here on a rule says: as long as the house stands
AFTER_ERASURE = frozenset({"handling_record", "erasure_proof"})
_OWNER = "owner"
_PAGE = 1000
_NOBODY = UUID(int=0)


def schedule() -> tuple[Term, ...]:
    """Give the term of every table and every item, derived from the policy."""
    compiled = policy.in_force()
    tables = [(table.name, table.retention, table.starts) for table in policy.tables()]
    items = [(f"item {item.id}", item.retention, ()) for item in compiled.items.values()]
    return tuple(_term(compiled, *one) for one in (*tables, *items))


def _term(compiled: Compiled, what: str, rule_id: str, told_by: tuple[str, ...]) -> Term:
    rule = compiled.retention[rule_id]
    return Term(
        what=what,
        rule=rule.id,
        event=rule.event,
        days=rule.days,
        law=rule.law,
        told_by=told_by,
    )


def unscheduled() -> tuple[str, ...]:
    """Name the tables whose rule has an age and which do not say what starts it."""
    compiled = policy.in_force()
    return tuple(
        table.name
        for table in policy.tables()
        if compiled.retention[table.retention].event in AGES
        and compiled.retention[table.retention].days < FOR_EVER_DAYS
        and not (table.starts or table.goes_with)
    )


def overdue() -> dict[str, int]:
    """Count by table what is kept past its term; nothing is there when all is well.

    Reads as the owner, who sees every person's rows, in a transaction that can change nothing.
    """
    compiled = policy.in_force()
    found: dict[str, int] = {}
    with transaction.atomic(using=_OWNER), connections[_OWNER].cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        for table, count in (*_aged(compiled, cursor), *_of_the_erased(cursor)):
            found[table] = found.get(table, 0) + count
    return {table: count for table, count in found.items() if count}


def _aged(compiled: Compiled, cursor: Any) -> Iterator[tuple[str, int]]:
    for table in policy.tables():
        rule = compiled.retention[table.retention]
        if table.by_item:
            yield table.name, _old_values(compiled, table, cursor)
        elif table.starts and rule.event in AGES and rule.days < FOR_EVER_DAYS:
            yield table.name, _old_rows(table, _cut(rule.days), cursor)


def _cut(days: int) -> datetime:
    return clock.now() - timedelta(days=days) - (GRACE_LONG if days >= LONG_DAYS else GRACE_SHORT)


def _old_rows(table: Table, before: datetime, cursor: Any) -> int:
    condition = sql.SQL("least({}) < %s").format(_columns(table.starts))
    values: list[Any] = [before]
    if table.only is not None:
        condition += sql.SQL(" AND {} = %s").format(sql.Identifier(table.only[0]))
        values.append(table.only[1])
    return _count(table, condition, values, cursor)


def _old_values(compiled: Compiled, table: Table, cursor: Any) -> int:
    count = 0
    for rule in compiled.retention.values():
        named = [item.id for item in compiled.items.values() if item.retention == rule.id]
        if rule.event in AGES and rule.days and named:
            condition = sql.SQL("{} = ANY (%s) AND least({}) < %s").format(
                sql.Identifier(table.by_item), _columns(table.starts)
            )
            count += _count(table, condition, [named, _cut(rule.days)], cursor)
    return count


def _of_the_erased(cursor: Any) -> Iterator[tuple[str, int]]:
    # What ends with the relation must be gone once a person was erased.
    bound = [
        table
        for table in policy.tables()
        if table.subject and table.database == "default" and table.retention not in AFTER_ERASURE
    ]
    for people in _erased():
        for table in bound:
            yield table.name, _count(table, sql.SQL("subject_id = ANY (%s)"), [people], cursor)


def _erased() -> Iterator[list[UUID]]:
    last = _NOBODY
    while page := gate.people_after(last, states=(SubjectState.ERASED,), limit=_PAGE):
        yield page
        last = page[-1]


def _count(table: Table, condition: sql.Composable, values: list[Any], cursor: Any) -> int:
    asked = sql.SQL("SELECT count(*) FROM {} WHERE ").format(sql.Identifier(table.name))
    cursor.execute(asked + condition, values)
    return int(cursor.fetchone()[0])


def _columns(names: Iterable[str]) -> sql.Composable:
    return sql.SQL(", ").join(map(sql.Identifier, names))
