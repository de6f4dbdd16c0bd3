"""The books as a whole, read by the auditor in one snapshot: trial balance and invariants."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

from django.db import connections, transaction

from xingnuo.kit import clock
from xingnuo.money.ledger import _chain
from xingnuo.money.ledger.contracts import HouseKind, OpenRef, Trial, TrialLine, Violation, house

EXAMPLES_MAX = 5
SETTLED_AFTER = timedelta(days=1)  # on one node both journals of a reference commit together
_AUDIT = "audit"

# What came since the last roll-up, by house account.
_TAIL = """
    tail AS (
        SELECT l.account_id, l.amount FROM ledger_transfer AS t
        CROSS JOIN LATERAL (VALUES (t.from_id, -t.amount_fen), (t.to_id, t.amount_fen))
            AS l (account_id, amount)
        JOIN ledger_house AS h ON h.id = l.account_id
        WHERE (t.epoch, t.xid) > (SELECT epoch, xid FROM ledger_mark WHERE what = 'rollup')
    )
"""
_TRIAL = f"""
    WITH {_TAIL}, house AS (
        SELECT account_id, sum(amount) AS amount FROM (
            SELECT account_id, amount FROM tail
            UNION ALL SELECT account_id, sum_fen FROM ledger_rollup) AS x
        GROUP BY account_id
    )
    SELECT k.currency, true, h.kind, h.name, 1, coalesce(s.amount, 0)::bigint
    FROM ledger_house AS h JOIN ledger_book AS k ON k.number = h.book
    LEFT JOIN house AS s ON s.account_id = h.id
    UNION ALL
    SELECT k.currency, false, a.kind, '', count(*), sum(b.posted_fen)::bigint
    FROM ledger_balance AS b
    JOIN ledger_account AS a ON a.subject_id = b.subject_id AND a.id = b.account_id
    JOIN ledger_book AS k ON k.number = b.book
    GROUP BY k.currency, a.kind
    ORDER BY 1, 2 DESC, 3, 4
"""
_OPEN_REFS = """
    SELECT t.clearing_ref,
        sum(CASE WHEN t.to_id = %(clearing)s THEN t.amount_fen ELSE -t.amount_fen END)::bigint,
        min(t.at)
    FROM ledger_transfer AS t
    WHERE t.clearing_ref IS NOT NULL AND %(clearing)s IN (t.from_id, t.to_id)
    GROUP BY t.clearing_ref
    HAVING sum(CASE WHEN t.to_id = %(clearing)s THEN t.amount_fen ELSE -t.amount_fen END) <> 0
        AND min(t.at) < %(before)s
    ORDER BY 3 LIMIT 1000
"""
# Each statement names the rows that break a rule, as text; none means that it holds.
_RULES: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "I1",
        "a ledger does not sum to zero",
        f"""SELECT currency FROM ({_TRIAL}) AS trial (currency, own, kind, name, n, amount)
            GROUP BY currency HAVING sum(amount) <> 0""",
    ),
    (
        "I2",
        "a transfer without two opposite entries of its accounts",
        """SELECT coalesce(t.id, e.transfer_id)::text FROM ledger_transfer AS t
           FULL JOIN (
               SELECT subject_id, transfer_id, count(*) AS n,
                   max(account_id::text) FILTER (WHERE leg = 0) AS source,
                   max(account_id::text) FILTER (WHERE leg = 1) AS target,
                   sum(amount_fen) FILTER (WHERE leg = 0) AS given,
                   sum(amount_fen) FILTER (WHERE leg = 1) AS taken, count(DISTINCT at) AS times
               FROM ledger_entry GROUP BY subject_id, transfer_id) AS e
           ON e.subject_id = t.subject_id AND e.transfer_id = t.id
           WHERE e.n IS DISTINCT FROM 2 OR e.source IS DISTINCT FROM t.from_id::text
               OR e.target IS DISTINCT FROM t.to_id::text OR e.given IS DISTINCT FROM -t.amount_fen
               OR e.taken IS DISTINCT FROM t.amount_fen::numeric OR e.times <> 1""",
    ),
    (
        "I3",
        "a balance that is not the sum of its dense entries",
        """SELECT b.account_id::text FROM ledger_balance AS b
           LEFT JOIN (
               SELECT subject_id, account_id, count(*) AS n, min(version) AS low,
                   max(version) AS high, sum(amount_fen) AS amount,
                   (array_agg(balance_after_fen - amount_fen ORDER BY version))[1] AS opening,
                   (array_agg(balance_after_fen ORDER BY version DESC))[1] AS last_after,
                   max(at) AS last_at
               FROM ledger_entry WHERE version IS NOT NULL GROUP BY subject_id, account_id) AS e
           ON e.subject_id = b.subject_id AND e.account_id = b.account_id
           WHERE e.n IS NULL AND (b.version <> 0 OR b.posted_fen <> 0) AND b.last_at > (
                   SELECT max(at) - interval '3652 days' FROM ledger_mark)
               OR e.n IS NOT NULL AND (e.high <> b.version OR e.n <> e.high - e.low + 1
                   OR e.last_after <> b.posted_fen OR e.opening + e.amount <> b.posted_fen
                   OR e.low = 1 AND e.opening <> 0 OR e.last_at > b.last_at)""",
    ),
    (
        "I3",
        "an entry whose balance does not follow from the one before",
        """SELECT x.account_id::text FROM (
               SELECT account_id, balance_after_fen - amount_fen AS opening,
                   lag(balance_after_fen) OVER w AS before
               FROM ledger_entry WHERE version IS NOT NULL
               WINDOW w AS (PARTITION BY subject_id, account_id ORDER BY version)) AS x
           WHERE x.before IS NOT NULL AND x.before <> x.opening""",
    ),
    (
        "I3",
        "a versioned entry of the house, or an entry of nobody's account",
        """SELECT e.account_id::text FROM ledger_entry AS e
           LEFT JOIN ledger_house AS h ON h.id = e.account_id
           LEFT JOIN ledger_balance AS b
               ON b.subject_id = e.subject_id AND b.account_id = e.account_id
           WHERE (h.id IS NULL) = (e.version IS NULL) OR (h.id IS NULL) = (b.account_id IS NULL)""",
    ),
    (
        "I3",
        "a roll-up that is not the sum of its entries",
        """SELECT coalesce(u.account_id, s.account_id)::text FROM ledger_rollup AS u
           FULL JOIN (
               SELECT e.account_id, (t.at AT TIME ZONE 'Asia/Shanghai')::date AS day_on,
                   sum(e.amount_fen) AS amount, count(*) AS n
               FROM ledger_entry AS e
               JOIN ledger_transfer AS t ON t.subject_id = e.subject_id AND t.id = e.transfer_id
               WHERE e.version IS NULL AND (t.epoch, t.xid) <= (
                   SELECT epoch, xid FROM ledger_mark WHERE what = 'rollup')
               GROUP BY 1, 2) AS s
           ON s.account_id = u.account_id AND s.day_on = u.day_on
           WHERE (u.sum_fen IS DISTINCT FROM s.amount OR u.entries IS DISTINCT FROM s.n)
               AND coalesce(u.day_on, s.day_on) >= (
                   SELECT (max(at) - interval '3650 days')::date FROM ledger_mark)""",
    ),
    (
        "I4",
        "an entry older than the one before it",
        """SELECT x.account_id::text FROM (
               SELECT account_id, at, lag(at) OVER w AS before
               FROM ledger_entry WHERE version IS NOT NULL
               WINDOW w AS (PARTITION BY subject_id, account_id ORDER BY version)) AS x
           WHERE x.at < x.before""",
    ),
    (
        "I5",
        "an account below its floor",
        """SELECT b.account_id::text FROM ledger_balance AS b
           WHERE b.nonneg AND (b.posted_fen - b.held_fen < 0 OR EXISTS (
               SELECT FROM ledger_entry AS e
               WHERE e.subject_id = b.subject_id AND e.account_id = b.account_id
                   AND e.balance_after_fen < 0))
               OR b.nonneg <> (SELECT a.nonneg FROM ledger_account AS a
                   WHERE a.subject_id = b.subject_id AND a.id = b.account_id)""",
    ),
    (
        "I6",
        "held money that is not the sum of the open holds",
        """SELECT b.account_id::text FROM ledger_balance AS b
           LEFT JOIN (
               SELECT h.subject_id, h.from_id, sum(h.amount_fen) AS amount FROM ledger_hold AS h
               WHERE NOT EXISTS (SELECT FROM ledger_hold_end AS e
                   WHERE e.subject_id = h.subject_id AND e.hold_id = h.id)
               GROUP BY 1, 2) AS o
           ON o.subject_id = b.subject_id AND o.from_id = b.account_id
           WHERE b.held_fen <> coalesce(o.amount, 0)
           UNION ALL
           SELECT coalesce(o.hold_id, h.id)::text FROM ledger_open_hold AS o
           FULL JOIN (SELECT * FROM ledger_hold AS x WHERE NOT EXISTS (
               SELECT FROM ledger_hold_end AS e
               WHERE e.subject_id = x.subject_id AND e.hold_id = x.id)) AS h
           ON h.subject_id = o.subject_id AND h.id = o.hold_id
           WHERE o.hold_id IS NULL OR h.id IS NULL OR o.amount_fen <> h.amount_fen
               OR o.account_id <> h.from_id OR o.expires_at <> h.expires_at""",
    ),
    (
        "I7",
        "a hold's end that does not fit the hold or its transfer",
        """SELECT e.hold_id::text FROM ledger_hold_end AS e
           LEFT JOIN ledger_hold AS h ON h.subject_id = e.subject_id AND h.id = e.hold_id
           LEFT JOIN ledger_transfer AS t
               ON t.subject_id = e.subject_id AND t.id = e.transfer_id
           WHERE h.id IS NULL OR e.amount_fen > h.amount_fen OR e.how = 0 AND (
               t.id IS NULL OR t.amount_fen <> e.amount_fen
               OR t.from_id <> h.from_id OR t.to_id <> h.to_id)""",
    ),
    (
        "I8",
        "what was refused stands in the books as well",
        """SELECT t.id::text FROM ledger_dead AS d
           JOIN ledger_transfer AS t ON t.subject_id = d.subject_id AND t.id = d.id
           WHERE d.about = 1 AND d.fingerprint = t.fingerprint""",
    ),
)


def run() -> tuple[Violation, ...]:
    """Check every rule in one snapshot, then the chain."""
    found: list[Violation] = []
    with snapshot():
        for invariant, what, statement in _RULES:
            rows = _ask(statement)
            if rows:
                some = tuple(str(row[0]) for row in rows[:EXAMPLES_MAX])
                found.append(
                    Violation(invariant=invariant, what=what, count=len(rows), examples=some)
                )
        late = _open_refs(SETTLED_AFTER)
        if late:
            some = tuple(str(each.clearing_ref) for each in late[:EXAMPLES_MAX])
            what = "a clearing reference that does not sum to zero"
            found.append(Violation(invariant="I1", what=what, count=len(late), examples=some))
        found += _past_balances()
        found += _chain.run()
    return tuple(found)


def trial() -> Trial:
    """Give the trial balance of one instant."""
    with snapshot():
        rows = _ask(_TRIAL)
    return Trial(
        lines=tuple(
            TrialLine(
                currency=row[0],
                is_house=row[1],
                kind=row[2],
                name=row[3],
                accounts=row[4],
                sum_fen=row[5],
            )
            for row in rows
        )
    )


def open_refs(older_than: timedelta) -> tuple[OpenRef, ...]:
    """Give clearing references that do not sum to zero after so long."""
    with snapshot():
        return _open_refs(older_than)


@contextmanager
def snapshot() -> Iterator[None]:
    """Read everything inside as of one instant, by the auditor's connection."""
    with transaction.atomic(using=_AUDIT):
        _ask("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


# As-of over every account: the answer by halving is the answer by replaying all entries.
_PAST = """
    SELECT e.account_id::text FROM (
        SELECT subject_id, account_id, at, max(version) AS version, sum(sum(amount_fen)) OVER (
            PARTITION BY subject_id, account_id ORDER BY at) AS amount,
            first_value(min(version)) OVER (
                PARTITION BY subject_id, account_id ORDER BY at) AS low
        FROM ledger_entry WHERE version IS NOT NULL GROUP BY subject_id, account_id, at) AS e
    JOIN ledger_entry AS v ON v.subject_id = e.subject_id AND v.account_id = e.account_id
        AND v.version = e.version
    JOIN ledger_entry AS f ON f.subject_id = e.subject_id AND f.account_id = e.account_id
        AND f.version = e.low
    WHERE v.balance_after_fen <> e.amount + f.balance_after_fen - f.amount_fen
"""


def _past_balances() -> list[Violation]:
    rows = _ask(_PAST)
    if not rows:
        return []
    some = tuple(str(row[0]) for row in rows[:EXAMPLES_MAX])
    what = "a balance of a past instant that no replay gives"
    return [Violation(invariant="I20", what=what, count=len(rows), examples=some)]


def _open_refs(older_than: timedelta) -> tuple[OpenRef, ...]:
    values = {"clearing": house(HouseKind.CLEARING), "before": clock.now() - older_than}
    return tuple(
        OpenRef(clearing_ref=row[0], sum_fen=row[1], since=row[2])
        for row in _ask(_OPEN_REFS, values)
    )


def _ask(statement: str, values: Any = None) -> list[Any]:
    with connections[_AUDIT].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []
