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
from xingnuo.trust.policy.contracts import Compiled, RetentionRule, Role, SubjectState, Table

# Sweeps run by the hour; long terms are counted by the day.
GRACE_SHORT, GRACE_LONG, LONG_DAYS = timedelta(hours=2), timedelta(days=1), 30
AGES = frozenset({"created", "session_end"})
ROW_AGES = AGES | {"transaction", "purpose_end"}
FOR_EVER_DAYS = 36_500  # from here on a rule says: as long as the house stands
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
        if _has_age(table, compiled.retention[table.retention])
        and not (table.starts or table.goes_with)
    )


def _has_age(table: Table, rule: RetentionRule) -> bool:
    # A term that a law sets for an institution runs on after its person has left.
    after_the_end = rule.event == "relation_end" and rule.role is Role.OBLIGOR
    aged = rule.event in ROW_AGES or (after_the_end and table.database == "default")
    return aged and 0 < rule.days < FOR_EVER_DAYS


def overdue() -> dict[str, int]:
    """Count by table what is kept past its term; nothing is there when all is well.

    Reads as the owner, who sees every person's rows, in a transaction that can change nothing.
    """
    compiled = policy.in_force()
    found: dict[str, int] = {}
    with transaction.atomic(using=_OWNER), connections[_OWNER].cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        for table, count in (*_aged(compiled, cursor), *_of_the_erased(compiled, cursor)):
            found[table] = found.get(table, 0) + count
    return {table: count for table, count in found.items() if count}


def _aged(compiled: Compiled, cursor: Any) -> Iterator[tuple[str, int]]:
    for table in policy.tables():
        rule = compiled.retention[table.retention]
        if table.by_item:
            yield table.name, _old_values(compiled, table, cursor)
        elif table.starts and _has_age(table, rule):
            yield table.name, _old_rows(compiled, table, cursor)


def _cut(days: int) -> datetime:
    return clock.now() - timedelta(days=days) - (GRACE_LONG if days >= LONG_DAYS else GRACE_SHORT)


def _old_rows(compiled: Compiled, table: Table, cursor: Any) -> int:
    condition = sql.SQL("least({}) < %s").format(_columns(table.starts))
    values: list[Any] = [_cut(compiled.retention[table.retention].days)]
    if table.only is not None:
        condition += sql.SQL(" AND {} = %s").format(sql.Identifier(table.only[0]))
        values.append(table.only[1])
    if table.apart is None:
        return _count(table, condition, values, cursor)
    column, named, rule_id = table.apart
    named_ones = sql.SQL("{} = ANY (%s)").format(sql.Identifier(column))
    others = condition + sql.SQL(" AND NOT ") + named_ones
    later = [_cut(compiled.retention[rule_id].days), *values[1:], list(named)]
    return _count(table, others, [*values, list(named)], cursor) + _count(
        table, condition + sql.SQL(" AND ") + named_ones, later, cursor
    )


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


def _of_the_erased(compiled: Compiled, cursor: Any) -> Iterator[tuple[str, int]]:
    # What ends with the relation must be gone once a person was erased.
    stay = policy.lasting(compiled)
    bound = [
        table
        for table in policy.tables()
        if "subject_id" in table.columns and table.database == "default" and table.name not in stay
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
