"""What the console's bench fills the rooms' queues with: 100,000 open items each, and more."""

from __future__ import annotations

from django.db import connections

OPEN = 100_000  # of each queue, that nobody has
MINE = 2_000  # that the member has
OVER = 100_000  # that are closed, where the console lists them
# Every queue of the console, by what makes its rows: {who}, {state} and how many come in.
_RIGHTS = """
    INSERT INTO rights_case (id, subject_id, kind, state, made_at, due_at, done_at, ground,
                             receipt_digest, taken_by)
    SELECT gen_random_uuid(), gen_random_uuid(), 'correct', %(state)s, now(),
        now() + n * interval '7 seconds', CASE WHEN %(state)s = 'done' THEN now() END, '', '',
        %(who)s
    FROM generate_series(1, %(count)s) AS n
"""
_IDENTITY = """
    INSERT INTO identity_case (id, subject_id, kind, state, level, source, relation, opened_at,
                               due_at, taken_by, decided_by, ground)
    SELECT gen_random_uuid(), gen_random_uuid(), (ARRAY['counter', 'document_photo'])[1 + n %% 2],
        %(state)s, n %% 3, '', '', now(), now() + (n - 3000) * interval '7 seconds', %(who)s, '', ''
    FROM generate_series(1, %(count)s) AS n
"""
_ANTIFRAUD = """
    INSERT INTO antifraud_case (id, kind, state, subject_id, ref, level, opened_by, opened_at,
                                due_at, taken_by, verdict, reason, decided_by)
    SELECT gen_random_uuid(), (%(kinds)s::text[])[1 + n %% cardinality(%(kinds)s::text[])],
        %(state)s, gen_random_uuid(), gen_random_uuid(), 1, '', now(),
        now() + (n - 3000) * interval '7 seconds', %(who)s, 'pending', '', ''
    FROM generate_series(1, %(count)s) AS n
"""
_SUPPORT = """
    INSERT INTO support_case (id, subject_id, desk, kind, topic, state, proof, level, rule, ground,
                              opened_at, counted_from, due_at, answered_at, closed_at, taken_by,
                              call_tries)
    SELECT gen_random_uuid(), gen_random_uuid(), %(desk)s, 'question', 'account', %(state)s, 'none',
        n %% 3, 'question', '', now(), now(), now() + (n - 3000) * interval '7 seconds',
        CASE WHEN %(state)s = 'closed' THEN now() - n * interval '1 second' END,
        CASE WHEN %(state)s = 'closed' THEN now() END, %(who)s, 0
    FROM generate_series(1, %(count)s) AS n
"""
# queue → (rows, what is told beside, state of what is open, taken and over); "" where none is
FILLS: dict[str, tuple[str, dict[str, object], tuple[str, str, str]]] = {
    "rights": (_RIGHTS, {}, ("received", "received", "done")),
    "identity": (_IDENTITY, {}, ("waiting", "taken", "")),
    "risk": (_ANTIFRAUD, {"kinds": ["risk_review", "objection"]}, ("open", "taken", "")),
    "aml": (
        _ANTIFRAUD,
        {"kinds": ["aml_large", "aml_suspicious", "sanctions_hit"]},
        ("open", "taken", ""),
    ),
    **{
        desk: (_SUPPORT, {"desk": desk}, ("open", "open", "closed"))
        for desk in ("tickets", "complaints", "requests")
    },
}
TABLES = ("rights_case", "identity_case", "antifraud_case", "support_case")


def fill(member: str) -> None:
    """Fill every queue, with some cases of one member and, where they are listed, closed ones."""
    with connections["owner"].cursor() as cursor:
        for rows, told, (free, taken, over) in FILLS.values():
            for state, who, count in ((free, "", OPEN), (taken, member, MINE), (over, "", OVER)):
                if state:
                    cursor.execute(rows, {**told, "state": state, "who": who, "count": count})
        for table in TABLES:
            cursor.execute(f"VACUUM ANALYZE {table}")
