"""Checks of retention: every table has its term, what is past it is found, and goes (4.3.1).

A row of every table whose term has an age is written by the owner as if it were made long ago. What
the table asks of a row is read from the database itself, so that a new table is tried unasked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice, product
from typing import Any

from django.db import IntegrityError, connections, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from xingnuo.duties.retention import actions, queries
from xingnuo.kit import clock, ids
from xingnuo.proof import _stage as stage
from xingnuo.proof._register import check
from xingnuo.proof._stage import must, nothing
from xingnuo.proof.contracts import CheckKind, NotSo
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Table

# Lines are deleted by whole blocks of a signed chain, and none can be slipped into one.
_CHAINED = frozenset({"evidence_line", "ledger_transfer"})
_STATES = "gate_subject"  # whose row is the person
_PAST = timedelta(days=3)
_TRIES_MAX = 500
_WORD = re.compile(r"'([^']*)'::")
_COLUMNS = """
    SELECT column_name, data_type, coalesce(character_maximum_length, 64)
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s
        AND ((is_nullable = 'NO' AND column_default IS NULL) OR column_name = ANY (%s))
"""
_WORDS = """
    SELECT pg_get_constraintdef(k.oid), array(SELECT attname::text FROM pg_attribute a
        WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))
    FROM pg_constraint k WHERE k.contype = 'c' AND k.conrelid = %s::regclass
"""


@check("4.3.1", kind=CheckKind.STATIC)
def every_table_has_its_term() -> None:
    """Each table and item has a term of the policy; where it has an age, its start is said."""
    compiled = policy.in_force()
    terms = {term.what: term for term in queries.schedule()}
    nothing({table.name for table in policy.tables()} - set(terms), "tables without a term")
    nothing({f"item {one}" for one in compiled.items} - set(terms), "items without a term")
    nothing([term.what for term in terms.values() if not term.law], "terms without a law")
    nothing(queries.unscheduled(), "tables that do not say what starts their term")
    sweeping = {one.room for one in policy.holdings() if one.sweep is not None}
    aged = {table.name for table in policy.tables() if _is_aged(table)}
    kept = [one for one in aged if not any(one.startswith(f"{room}_") for room in sweeping)]
    nothing(kept, "tables whose room never deletes")


@check("4.3.1", kind=CheckKind.DYNAMIC)
def what_is_past_its_term_goes() -> None:
    """A row past its term, in every table that has one, is found; the sweep leaves none."""
    before = queries.overdue()
    with planted() as tables:
        found = queries.overdue()
        nothing([one for one in tables if found.get(one, 0) <= before.get(one, 0)], "not found")
        actions.sweep()
        left = queries.overdue()
        nothing([one for one in tables if left.get(one, 0)], "past their term after a sweep")


@contextmanager
def planted(only: Iterable[str] = ()) -> Iterator[list[str]]:
    """Put a row past its term into every table that has one; gives their names."""
    old = [one for one in policy.tables() if _is_aged(one) and one.name not in _CHAINED]
    done: list[tuple[Table, datetime]] = []
    try:
        for table in old:
            if not only or table.name in only:
                done.append((table, _plant(table)))
        yield [table.name for table, _ in done]
    finally:
        for table, at in done:
            _remove(table, at)


def _is_aged(table: Table) -> bool:
    return bool(table.starts)


def _plant(table: Table) -> datetime:
    compiled = policy.in_force()
    rule, named = compiled.retention[table.retention], dict[str, str]()
    if table.by_item:
        rule, item = next(
            (compiled.retention[one.retention], one.id)
            for one in compiled.items.values()
            if compiled.retention[one.retention].event == "created"
            and compiled.retention[one.retention].days
        )
        named[table.by_item] = item
    if table.only is not None:
        named[table.only[0]] = table.only[1]
    if "subject_id" in table.columns and table.name != _STATES:
        named["subject_id"] = str(stage.person().subject_id)
    at = clock.now() - timedelta(days=rule.days) - _PAST
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        for values in islice(_rows(table, at, named, cursor), _TRIES_MAX):
            names = sql.SQL(", ").join(map(sql.Identifier, values))
            marks = sql.SQL(", ").join(sql.Placeholder() for _ in values)
            asked = sql.SQL("INSERT INTO {} ({}) VALUES ({})")
            try:
                with transaction.atomic(using="owner"):
                    cursor.execute(
                        asked.format(sql.Identifier(table.name), names, marks),
                        list(values.values()),
                    )
                return at
            except IntegrityError:
                continue
    raise NotSo(f"{table.name}: no row can be made to try it with")


def _rows(
    table: Table, at: datetime, named: dict[str, str], cursor: Any
) -> Iterator[dict[str, Any]]:
    # Every choice of the words that the table's own rules allow, until one fits together.
    cursor.execute(_WORDS, [table.name])
    words: dict[str, list[Any]] = {
        names[0]: _WORD.findall(rule)
        for rule, names in cursor.fetchall()
        if len(names) == 1 and " = ANY " in rule
    }
    if table.apart is not None:
        column, others, _ = table.apart
        words[column] = [one for one in words[column] if one not in others]
    words |= {column: [word] for column, word in named.items()}
    cursor.execute(_COLUMNS, [table.name, [*table.starts, *words]])
    columns = cursor.fetchall()
    # Amounts stand in sums and bounds of each other, so each is tried as something and as nothing.
    words |= {name: [1, 0] for name, kind, _ in columns if kind == "bigint" and name not in words}
    chosen = [name for name, *_ in columns if words.get(name)]
    for choice in product(*(words[name] for name in chosen)):
        row = {name: _value(kind, most, at) for name, kind, most in columns}
        yield row | dict(zip(chosen, choice, strict=True))


def _value(kind: str, most: int, at: datetime) -> Any:
    match kind:
        case "uuid":
            return ids.uuid7()
        case "timestamp with time zone":
            return at
        case "date":
            return at.date()
        case "bytea":
            return b"\0"
        case "boolean":
            return False
        case "jsonb":
            return Jsonb({})
        case "ARRAY":
            return []
        case "xid8":
            return "1"
        case "text" | "character varying":
            return f"p{ids.digest(str(ids.uuid7()))}"[:most]
        case _:
            return 1


def _remove(table: Table, at: datetime) -> None:
    asked = sql.SQL("DELETE FROM {} WHERE {} = %s").format(
        sql.Identifier(table.name), sql.Identifier(table.starts[0])
    )
    with connections["owner"].cursor() as cursor:
        cursor.execute(asked, [at])


@check("4.3.1", kind=CheckKind.LIVE)
def nothing_is_past_its_term() -> None:
    """In no table is a row older than its term, nor one that ends with an erased person."""
    late = queries.overdue()
    must(not late, f"past their term: {', '.join(sorted(late))}")
