"""Plans at size: no question reads the whole table, and the verifier keeps little in memory."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connections, transaction

from tests.trust.evidence.conftest import fetch, owner
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.trust.evidence import _sql, actions, queries

LINES, PEOPLE = 50_000, 500
LAST_ID = UUID(int=2**128 - 1)
# Ids rise with time, as UUIDv7 do; a fortieth of the lines are shares.
FILL = """
    INSERT INTO evidence_line (subject_id, id, at, kind, outcome, reason, actor_kind, actor_ref,
        channel, purpose, items, recipient, policy_version, count)
    SELECT lpad(to_hex(n %% %s + 1), 32, '0')::uuid,
           (lpad(to_hex(1700000000000 + n), 12, '0') || '70008000'
            || lpad(to_hex(n), 12, '0'))::uuid,
           now() - interval '1 minute' * (%s - n),
           CASE WHEN n %% 40 = 0 THEN 'share' WHEN n %% 3 = 0 THEN 'collect' ELSE 'permit' END,
           'done', '', 'system', '', 'worker', 'profile.manage', ARRAY['name', 'phone'],
           CASE WHEN n %% 40 = 0 THEN 'bank_' || n / 40 %% 20 ELSE '' END, '2.0', 1
    FROM generate_series(1, %s) AS n
"""


@pytest.fixture(scope="module", autouse=True)
def many_lines(own_database: Path) -> Iterator[None]:
    """Fill the table as the owner, seal it, and let the planner know."""
    owner(FILL, PEOPLE, LINES, LINES)
    while actions.seal_blocks():
        pass
    owner("ANALYZE evidence_line")
    owner("ANALYZE evidence_block")
    yield


def plan(statement: str, values: Any, *, using: str = "default") -> str:
    """Explain a statement as the role that runs it."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        if using == "default":
            session.set_subject(UUID(int=7))
            session.read_only()
        cursor.execute("EXPLAIN " + statement, values)
        return "\n".join(row[0] for row in cursor.fetchall())


NOW = clock.now()
ONE = {"subject": UUID(int=7), "limit": 50, "before": LAST_ID}
SPAN = {"since": NOW - timedelta(days=2), "until": NOW}
INCIDENT = {**SPAN, "item": "phone", "recipient": "bank_3", "after": UUID(int=0), "limit": 100}
START = (0, "0", UUID(int=0))
ASKED = [
    ("timeline", _sql.TIMELINE, {**ONE, "kinds": None, "since": None}, "default"),
    ("timeline by kind", _sql.TIMELINE, {**ONE, "kinds": ["share"], "since": NOW}, "default"),
    ("collected", _sql.COLLECTED, ONE, "default"),
    ("shared", _sql.SHARED, ONE, "default"),
    ("looked", _sql.LOOKED, ONE, "default"),
    ("counts", _sql.COUNTS, {**ONE, "since": NOW}, "default"),
    ("export", _sql.EXPORT, ONE, "default"),
    ("affected", _sql.AFFECTED, {**INCIDENT, "confidential": False}, "audit"),
    ("register", _sql.REGISTER, SPAN, "audit"),
    ("all lines in order", _sql.ALL_LINES, START, "audit"),
    ("a line by id", _sql.LINE_BY_ID, [ids.uuid7()], "audit"),
    ("the block of a line", _sql.BLOCK_OF, START, "audit"),
    ("last block", _sql.LAST_BLOCK, None, "default"),
]


@pytest.mark.parametrize(("what", "statement", "values", "using"), ASKED, ids=[a[0] for a in ASKED])
def test_no_question_reads_the_whole_table(
    what: str, statement: str, values: Any, using: str
) -> None:
    """With the planner's usual settings and 50,000 lines, each question goes by an index."""
    text = plan(statement, values, using=using)
    assert "Seq Scan" not in text and "Index" in text, text


def test_the_sealer_goes_by_its_index() -> None:
    """The sealer's function, planned as its own role, reads from the last block on."""
    body = fetch("SELECT prosrc FROM pg_proc WHERE proname = 'evidence_leaves'")[0][0]
    for name, value in {
        "after_epoch": "1::smallint", "after_txid": "'900'::xid8", "epoch_now": "1::smallint",
        "after_id": f"'{LAST_ID}'::uuid", "lines_max": "1024",
    }.items():  # fmt: skip
        body = body.replace(name, value)
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET LOCAL ROLE xn_batch")
        cursor.execute("EXPLAIN " + body.replace("%", "%%"))
        text = "\n".join(row[0] for row in cursor.fetchall())
    assert "evidence_line_place" in text and "Seq Scan" not in text, text


def test_it_verifies_in_bounded_memory() -> None:
    """Fifty blocks take no more memory than a few: lines and blocks pass by in portions."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = queries.verify()
    more_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert report.whole and report.lines == LINES and report.blocks == -(-LINES // 1024)
    assert more_kb < 12 * 1024


def test_each_question_answers_at_size() -> None:
    """The answers are those of the lines that were made."""
    alice = UUID(int=7)
    with transaction.atomic():
        session.set_subject(alice)
        session.read_only()
        assert len(queries.export(alice)["evidence_line"]) == LINES // PEOPLE
        assert {row.item for row in queries.collected(alice)} == {"name", "phone"}
    people = queries.affected(
        item="phone", recipient="bank_3", since=NOW - timedelta(days=40), until=NOW
    )
    assert people and sum(person.count for person in people) == LINES // 40 // 20 + 1
