"""The invariants of payments against the books (I9–I18), read by the auditor in one snapshot."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import connections, transaction

from xingnuo.money.ledger.contracts import HouseKind, Violation, house
from xingnuo.money.ledger.queries import TRANSFERS
from xingnuo.money.payments._recon_books import suspense_of

_AUDIT = "audit"
EXAMPLES_MAX = 5
_PAID = "('success', 'part_refunded', 'refunded')"
_TAKEN = "('success', 'late_success')"
_DIFFERENCE = """(CASE WHEN k.code LIKE 'refund%%' OR k.code LIKE 'payout%%' THEN -1 ELSE 1 END
    * coalesce(k.theirs_fen - k.ours_fen, 0))"""
_OWN = f"""
    SELECT a.rail, a.amount_fen AS fen FROM payments_attempt AS a
    JOIN payments_payment AS p ON p.subject_id = a.subject_id AND p.id = a.payment_id
    WHERE a.state IN {_TAKEN} AND p.kind <> 'withdraw'
    UNION ALL
    SELECT r.rail, -(r.amount_fen - r.coupon_fen) FROM payments_refund AS r
    WHERE r.state = 'done' AND r.rail <> ''
"""
_HOUSE = f"""
    SELECT sum(CASE WHEN t.to_id = v.id THEN t.amount_fen ELSE -t.amount_fen END) AS fen
    FROM {TRANSFERS} AS t WHERE v.id IN (t.from_id, t.to_id)
"""
# Each statement names the rows that break a rule, as text; none means that it holds.
_RULES: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "I10",
        "more than one capture, or refunds that are not what the payment says",
        f"""SELECT p.id::text FROM payments_payment AS p
            LEFT JOIN (SELECT r.subject_id, r.payment_id, sum(r.amount_fen) AS fen
                FROM payments_refund AS r WHERE NOT r.is_late GROUP BY 1, 2) AS r
            ON r.subject_id = p.subject_id AND r.payment_id = p.id
            WHERE coalesce(r.fen, 0) <> p.refunded_fen OR p.refunded_fen > p.amount_fen
                OR p.refunded_fen > 0 AND p.state NOT IN {_PAID}
            UNION ALL
            SELECT a.payment_id::text FROM payments_attempt AS a WHERE a.state = 'success'
            GROUP BY a.subject_id, a.payment_id HAVING count(*) > 1""",
    ),
    (
        "I11",
        "more than one live attempt, or a live one of a payment that is not under way",
        """SELECT a.payment_id::text FROM payments_attempt AS a
           JOIN payments_payment AS p ON p.subject_id = a.subject_id AND p.id = a.payment_id
           WHERE a.state IN ('prepared', 'sent', 'unknown', 'closing')
           GROUP BY a.subject_id, a.payment_id, p.state
           HAVING count(*) > 1 OR p.state <> 'paying'""",
    ),
    (
        "I12",
        "a payment that went on after its end, or came to it twice",
        """SELECT x.payment_id::text FROM (
               SELECT e.payment_id, e.event, lag(e.event) OVER (
                   PARTITION BY e.subject_id, e.payment_id ORDER BY e.at, e.id) AS before
               FROM payments_event AS e) AS x
           WHERE x.before IN ('failed', 'closed', 'refunded')
               OR x.before = 'success' AND x.event NOT IN ('part_refunded', 'refunded')
               OR x.before = 'part_refunded' AND x.event NOT IN ('part_refunded', 'refunded')""",
    ),
    (
        "I13",
        "a payment that is paid without its movement, or moved without being paid",
        f"""SELECT p.id::text FROM payments_payment AS p
            LEFT JOIN (SELECT DISTINCT t.subject_id, t.ref_id FROM {TRANSFERS} AS t
                WHERE t.kind = 'payments.paid') AS t
            ON t.subject_id = p.subject_id AND t.ref_id = p.id
            WHERE p.kind <> 'withdraw' AND (p.state IN {_PAID}) <> (t.ref_id IS NOT NULL)
            UNION ALL
            SELECT p.id::text FROM payments_payment AS p
            LEFT JOIN (SELECT DISTINCT t.subject_id, t.ref_id FROM {TRANSFERS} AS t
                WHERE t.kind = 'payments.withdraw') AS t
            ON t.subject_id = p.subject_id AND t.ref_id = p.id
            WHERE p.kind = 'withdraw' AND (p.state IN {_PAID}) <> (t.ref_id IS NOT NULL)
            UNION ALL
            SELECT p.id::text FROM payments_payment AS p
            WHERE p.way IN ('card', 'agreement') AND p.state IN {_PAID} AND NOT EXISTS (
                SELECT FROM payments_attempt AS a WHERE a.subject_id = p.subject_id
                    AND a.payment_id = p.id AND a.state = 'success')""",
    ),
    (
        "I14",
        "a notice that was taken twice",
        """SELECT i.event_id FROM payments_inbox AS i GROUP BY i.rail, i.event_id
           HAVING count(*) > 1""",
    ),
    (
        "I15",
        "a payment whose last event is not its state",
        """SELECT p.id::text FROM payments_payment AS p
           LEFT JOIN LATERAL (SELECT e.event FROM payments_event AS e
               WHERE e.subject_id = p.subject_id AND e.payment_id = p.id
               ORDER BY e.at DESC, e.id DESC LIMIT 1) AS e ON true
           WHERE coalesce(e.event, 'created') <> p.state""",
    ),
    (
        "I16",
        "a bill that is not our bookings of it and the listed differences",
        f"""SELECT b.rail || ' ' || b.day FROM payments_bill AS b
            LEFT JOIN (SELECT x.rail, x.day, sum(
                    CASE WHEN x.kind = 'pay' THEN x.asked_fen ELSE -x.asked_fen END) AS fen
                FROM payments_billed AS x GROUP BY 1, 2) AS o
            ON o.rail = b.rail AND o.day = b.day
            LEFT JOIN (SELECT k.rail, k.day, sum({_DIFFERENCE}) AS fen FROM payments_case AS k
                WHERE k.kind = 'bill_difference' AND k.code NOT LIKE '%%_missing'
                GROUP BY 1, 2) AS d ON d.rail = b.rail AND d.day = b.day
            WHERE coalesce(o.fen, 0) + coalesce(d.fen, 0) <> b.paid_fen - b.refunded_fen""",
    ),
    (
        "I16",
        "a number in a bill that is not booked, and nobody has a case of it",
        f"""SELECT b.number::text FROM payments_billed AS b
            LEFT JOIN payments_attempt AS a ON a.subject_id = b.subject_id AND a.id = b.number
            LEFT JOIN payments_refund AS r ON r.subject_id = b.subject_id AND r.id = b.number
            WHERE b.is_proof AND NOT coalesce(a.state IN {_TAKEN}, r.state = 'done', false)
                AND NOT EXISTS (SELECT FROM payments_case AS k
                    WHERE k.rail = b.rail AND k.number = replace(b.number::text, '-', '')
                        AND k.state <> 'closed')""",
    ),
    (
        "I16",
        "a receivable that is not our bookings, the fees and the listed differences",
        f"""SELECT v.rail FROM unnest(%(rails)s::text[], %(receivable)s::uuid[])
                AS v (rail, id)
            WHERE -coalesce(({_HOUSE}), 0) <>
                coalesce((SELECT sum(o.fen) FROM ({_OWN}) AS o WHERE o.rail = v.rail), 0)
                - coalesce((SELECT sum(b.fee_fen) FROM payments_bill AS b
                    WHERE b.rail = v.rail), 0)
                + coalesce((SELECT sum({_DIFFERENCE}) FROM payments_case AS k
                    WHERE k.kind = 'bill_difference' AND k.rail = v.rail
                        AND k.code NOT LIKE 'payout%%'
                        AND k.finding NOT IN ('found', 'file_wrong')), 0)""",
    ),
    (
        "I17",
        "a suspense account that is not its open exceptions",
        f"""SELECT v.rail FROM unnest(%(rails)s::text[], %(suspense)s::uuid[]) AS v (rail, id)
            WHERE coalesce(({_HOUSE}), 0) <> coalesce((
                SELECT sum({_DIFFERENCE}) FROM payments_case AS k
                WHERE k.kind = 'bill_difference' AND k.rail = v.rail
                    AND k.state <> 'closed'), 0)""",
    ),
    (
        "I18",
        "a discount that was not set aside, used or released once",
        f"""SELECT p.id::text FROM payments_payment AS p
            LEFT JOIN (SELECT t.subject_id, t.ref_id,
                    count(*) FILTER (WHERE t.kind = 'payments.reserve') AS kept,
                    count(*) FILTER (WHERE t.kind = 'payments.release') AS freed,
                    count(*) FILTER (WHERE t.kind = 'payments.discount') AS used
                FROM {TRANSFERS} AS t WHERE t.ref_type = 'payment'
                GROUP BY 1, 2) AS t ON t.subject_id = p.subject_id AND t.ref_id = p.id
            WHERE coalesce(t.kept, 0) - coalesce(t.freed, 0) <>
                    CASE WHEN p.coupon_id IS NULL OR p.state IN ('failed', 'closed')
                        THEN 0 ELSE 1 END
                OR p.coupon_id IS NOT NULL
                    AND (p.state IN {_PAID}) <> (coalesce(t.used, 0) = 1)""",
    ),
)
_RAILS = ("alipay", "wechat", "unionpay", "bank")


def check() -> tuple[Violation, ...]:
    """Check payments against the books; nothing found means that I10 to I18 hold."""
    values: dict[str, list[str] | list[UUID]] = {
        "rails": list(_RAILS),
        "receivable": [house(HouseKind.RECEIVABLE, rail) for rail in _RAILS],
        "suspense": [suspense_of(rail) for rail in _RAILS],
    }
    found: list[Violation] = []
    with transaction.atomic(using=_AUDIT), connections[_AUDIT].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        for invariant, what, statement in _RULES:
            cursor.execute(statement, values)
            rows: list[Any] = cursor.fetchall()
            if rows:
                some = tuple(str(row[0]) for row in rows[:EXAMPLES_MAX])
                found.append(
                    Violation(invariant=invariant, what=what, count=len(rows), examples=some)
                )
    return tuple(found)
