"""Both sides' books at the end of the money drill, held against each other to the fen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connections

from bench import _payers as payers

RAILS = ("alipay", "wechat", "unionpay")
_PEOPLE = """
    WITH moved AS (
        SELECT p.subject_id, CASE WHEN p.kind = 'top_up' THEN p.amount_fen
            WHEN p.way = 'balance' THEN -(p.amount_fen - p.off_fen) ELSE 0 END AS fen
        FROM payments_payment AS p WHERE p.state IN ('success', 'part_refunded', 'refunded')
        UNION ALL
        SELECT p.payee_subject, p.amount_fen - p.fee_fen FROM payments_payment AS p
        WHERE p.kind IN ('pay', 'transfer')
            AND p.state IN ('success', 'part_refunded', 'refunded')
        UNION ALL
        SELECT p.payee_subject, -r.amount_fen FROM payments_refund AS r
        JOIN payments_payment AS p ON p.subject_id = r.subject_id AND p.id = r.payment_id
        WHERE NOT r.is_late
        UNION ALL
        SELECT r.subject_id, r.amount_fen - r.coupon_fen FROM payments_refund AS r
        WHERE r.rail = '')
    SELECT b.subject_id FROM ledger_balance AS b
    LEFT JOIN (SELECT m.subject_id, sum(m.fen) AS fen FROM moved AS m GROUP BY 1) AS m
        ON m.subject_id = b.subject_id
    WHERE b.subject_id = ANY(%s) AND (b.posted_fen <> coalesce(m.fen, 0) OR b.held_fen <> 0)
"""


def ask(statement: str, *values: Any) -> list[Any]:
    """Read rows of all people as the auditor."""
    with connections["audit"].cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def attempts() -> list[tuple[str, str, str, int]]:
    """Give number, rail, state and amount of every order number."""
    rows = ask("SELECT id, rail, state, amount_fen FROM payments_attempt")
    return [(row[0].hex, row[1], row[2], row[3]) for row in rows]


def differences() -> list[str]:
    """Name every order or refund on which a channel and we do not agree."""
    ours = {
        (rail, number): fen
        for number, rail, state, fen in attempts()
        if state in ("success", "late_success")
    }
    back = {
        (row[1], row[0].hex): row[2]
        for row in ask(
            "SELECT id, rail, amount_fen - coupon_fen FROM payments_refund"
            " WHERE state = 'done' AND rail <> ''"
        )
    }
    theirs: dict[tuple[str, str], int] = {}
    given: dict[tuple[str, str], int] = {}
    for rail in RAILS:
        told = payers.outside(f"/books/{rail}.json")
        theirs |= {
            (rail, each["order_no"]): each["amount_fen"]
            for each in told["orders"]
            if each["state"] == "paid"
        }
        given |= {
            (rail, each["refund_no"]): each["amount_fen"]
            for each in told["refunds"]
            if each["state"] == "done"
        }
    paid_out = [each for each in payers.outside("/books/bank.json")["entries"]
                if each["kind"] == "pay_out"]  # fmt: skip
    theirs |= {("bank", each["key"]): each["amount_fen"] for each in paid_out}
    twice = [] if len(paid_out) == len({each["key"] for each in paid_out}) else ["pay_out twice"]
    return [*_unlike(ours, theirs), *_unlike(back, given), *twice]


def _unlike(ours: dict[tuple[str, str], int], theirs: dict[tuple[str, str], int]) -> list[str]:
    keys = ours.keys() | theirs.keys()
    return [
        f"{rail} {number}: {ours.get((rail, number))} / {theirs.get((rail, number))}"
        for rail, number in sorted(keys)
        if ours.get((rail, number)) != theirs.get((rail, number))
    ]


def wrong_balances(people: Iterable[UUID]) -> list[UUID]:
    """Name who has another balance than their payments come to, or money still held."""
    return [row[0] for row in ask(_PEOPLE, list(people))]


def states(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Give the states of payments."""
    rows = ask("SELECT id, state FROM payments_payment WHERE id = ANY(%s)", list(ids))
    return {row[0]: row[1] for row in rows}
