"""The chain of sealed blocks, read again: any changed, missing or added row is found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connections, transaction

from xingnuo.money.ledger.contracts import Violation

FOUND_MAX = 100
_AUDIT = "audit"
_PAGE = 200
_PASSES = """
    SELECT DISTINCT upto_epoch, upto_xid::text, upto_xid FROM ledger_seal
    WHERE (upto_epoch, upto_xid) > (%s::smallint, %s::text::xid8)
    ORDER BY 1, 3 LIMIT %s
"""
# One pass of the sealer: its blocks as they stand beside what its rows give now.
_PASS = """
    WITH now_there AS (
        SELECT x.shard, count(*)::integer AS n,
            string_agg(x.leaf, ''::bytea ORDER BY x.epoch, x.xid, x.leaf) AS leaves
        FROM ledger_leaves(%(after_epoch)s::smallint, %(after_xid)s::text::xid8,
            %(epoch)s::smallint, %(xid)s::text::xid8) AS x
        GROUP BY x.shard
    )
    SELECT coalesce(s.shard, n.shard), s.number,
        s.number IS NOT NULL AND n.n IS NOT DISTINCT FROM s.n AND ledger_block_hash(s.shard,
            s.number, s.prev, s.upto_epoch, s.upto_xid, s.n, s.sealed_at, n.leaves) = s.sha256
    FROM (SELECT * FROM ledger_seal
          WHERE upto_epoch = %(epoch)s AND upto_xid = %(xid)s::text::xid8) AS s
    FULL JOIN now_there AS n ON n.shard = s.shard
    ORDER BY 1, 2
"""
_MARKS = "SELECT what, epoch, xid::text FROM ledger_mark WHERE what IN ('seal', 'prune')"
_BETWEEN = """
    SELECT count(*) FROM ledger_leaves(%s::smallint, %s::text::xid8, %s::smallint, %s::text::xid8)
"""
_LINKS = """
    SELECT x.shard, x.number FROM (
        SELECT shard, number, prev, upto_epoch, upto_xid,
            lag(sha256, 1, ''::bytea) OVER w AS before, lag(number, 1, 0::bigint) OVER w AS last,
            lag(upto_epoch, 1, 0::smallint) OVER w AS last_epoch,
            lag(upto_xid, 1, '0'::xid8) OVER w AS last_xid
        FROM ledger_seal WINDOW w AS (PARTITION BY shard ORDER BY number)) AS x
    WHERE x.prev <> x.before OR x.number <> x.last + 1
        OR (x.upto_epoch, x.upto_xid) <= (x.last_epoch, x.last_xid)
    LIMIT %s
"""


def verify() -> tuple[Violation, ...]:
    """Read the whole chain again in one snapshot, in bounded memory."""
    with transaction.atomic(using=_AUDIT):
        _ask("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        return tuple(run())


def run() -> list[Violation]:
    """Compare every pass with its rows, inside the caller's snapshot."""
    wrong = [(shard, number, "does not follow the block before") for shard, number in _broken()]
    marks = {what: (epoch, int(xid)) for what, epoch, xid in _ask(_MARKS)}
    last = (0, 0)
    for epoch, xid in _passes():
        # What is past its term is gone; its blocks still chain.
        if (epoch, xid) > marks["prune"]:
            wrong += _faults(last, (epoch, xid))
        last = (epoch, xid)
        if len(wrong) >= FOUND_MAX:
            break
    else:
        stray = _ask(_BETWEEN, (*_told(last), *_told(max(marks["seal"], last))))[0][0]
        if stray:
            wrong.append((-1, stray, "rows were left out by the sealer"))
    return [
        Violation(invariant="I19", what=what, count=1, examples=(f"{shard}/{number}",))
        for shard, number, what in wrong[:FOUND_MAX]
    ]


def _faults(after: tuple[int, int], upto: tuple[int, int]) -> Iterator[tuple[int, int, str]]:
    values = {"after_epoch": after[0], "after_xid": str(after[1]), "epoch": upto[0]}
    for shard, number, holds in _ask(_PASS, {**values, "xid": str(upto[1])}):
        if not holds:
            yield shard, number or 0, "does not fit its rows"


def _passes() -> Iterator[tuple[int, int]]:
    last = (0, 0)
    while rows := _ask(_PASSES, (*_told(last), _PAGE)):
        for epoch, xid, _ in rows:
            last = (epoch, int(xid))
            yield last


def _broken() -> list[tuple[int, int]]:
    return [(shard, number) for shard, number in _ask(_LINKS, (FOUND_MAX,))]


def _told(place: tuple[int, int]) -> tuple[int, str]:
    return place[0], str(place[1])


def _ask(statement: str, values: Sequence[Any] | dict[str, Any] | None = None) -> list[Any]:
    with connections[_AUDIT].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []
