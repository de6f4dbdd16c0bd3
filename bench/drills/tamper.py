"""Tampering: one bit of the sealed record is changed behind everybody's back, again and again.

`xingnuo drill tamper --seed N`. Every change must be found; mended, the record must be whole.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connections, transaction

from bench import report
from bench.drills import drill
from xingnuo.trust.evidence import actions, queries

FLIPS = 120
PEOPLE = 4
TABLES = ("evidence_line", "evidence_block")
NUMBERS = {"smallint": 14, "integer": 30, "bigint": 62}


def main() -> None:
    """Build a record, then change it bit by bit."""
    told = drill.begin("tamper")
    chance = random.Random(told.seed)
    for _ in range(PEOPLE):
        drill.make_person()
        actions.seal_blocks()
    # The verifier alone must find it, not the table's own rule.
    ask("ALTER TABLE evidence_block DROP CONSTRAINT evidence_block_shape")
    told.hold("whole_before", queries.verify().whole)
    every = [(table, name, kind) for table in TABLES for name, kind in columns(table)]
    while told.counts.get("flips", 0) < FLIPS:
        one_flip(told, chance, *chance.choice(every))
    told.hold("whole_after_mending", queries.verify().whole)
    told.counts["columns"] = len(every)
    report.say(f"改动 {told.counts['flips']} 处，发现 {told.counts['found']} 处")
    told.end()


def one_flip(told: drill.Drill, chance: random.Random, table: str, name: str, kind: str) -> None:
    """Change one bit of one column of one row, look, and mend it."""
    places = ask(f"SELECT ctid::text, {name} FROM {table} ORDER BY 1")
    place, value = chance.choice(places)
    other = changed(value, kind, chance)
    if other is None or other == value:
        return
    try:
        moved = put(table, name, kind, place, other)
    except IntegrityError:
        return  # another block bears this number
    found = not queries.verify().whole
    put(table, name, kind, moved, value)
    told.count("flips")
    told.count("found", int(found))
    told.hold("every_change_is_found", found)
    if not found:
        report.say(f"没有发现：{table}.{name}")


def changed(value: Any, kind: str, chance: random.Random) -> Any:
    """Give a value with a bit of it changed, or None where it has none."""
    if value is None or value in ("", [], b""):
        return None
    if kind == "text[]":
        at = chance.randrange(len(value))
        other = changed(value[at], "text", chance)
        return other and [*value[:at], other, *value[at + 1 :]]
    if kind in ("text", "character varying"):
        at = chance.randrange(len(value))
        return value[:at] + chr(ord(value[at]) ^ 1 or 2) + value[at + 1 :]
    if kind in NUMBERS:
        return value ^ (1 << chance.randrange(NUMBERS[kind]))
    if kind == "xid8":
        return str(int(value) ^ (1 << chance.randrange(40)))
    if kind.startswith("timestamp"):
        return value + timedelta(microseconds=1 << chance.randrange(40))
    raw = bytearray(value.bytes if kind == "uuid" else bytes(value))
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return UUID(bytes=bytes(raw)) if kind == "uuid" else bytes(raw)


def columns(table: str) -> list[tuple[str, str]]:
    """Give the columns of a table with their types."""
    return ask(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
        f" WHERE attrelid = '{table}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1"
    )


def put(table: str, name: str, kind: str, place: str, value: Any) -> str:
    """Write a value as the owner, past every rule; gives where the row stands now."""
    as_kind = "::text::xid8" if kind == "xid8" else ""
    statement = f"UPDATE {table} SET {name} = %s{as_kind} WHERE ctid = %s::tid RETURNING ctid::text"
    with transaction.atomic(using="owner"):
        return str(ask(statement, str(value) if as_kind else value, place)[0][0])


def ask(statement: str, *values: Any) -> list[Any]:
    """Ask as the owner."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall()) if cursor.description else []


if __name__ == "__main__":
    main()
