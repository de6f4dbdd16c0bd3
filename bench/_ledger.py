"""What the benches of the ledger share: subjects in bulk, raw connections, medians of turns."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.db import connection, transaction

from xingnuo.kit import ids
from xingnuo.kit.db import roles
from xingnuo.money.ledger import actions
from xingnuo.money.ledger.contracts import HouseKind, Transfer, Verdict, house

BANK = house(HouseKind.BANK_FLOAT)
FEE = house(HouseKind.FEE)
Pair = tuple[UUID, UUID]  # subject, account
_OPEN = """
    SELECT ledger_open(s, a, 1::smallint, 'wallet', '', true, NULL, interval '0')
    FROM unnest(%s::uuid[], %s::uuid[]) AS x (s, a)
"""


def purses(count: int, *, fen: int = 10**9) -> list[Pair]:
    """Make (subject, account) pairs that hold so much each."""
    made = [(ids.uuid7(), ids.uuid7()) for _ in range(count)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_OPEN, [[subject for subject, _ in made], [each for _, each in made]])
        gifts = [
            Transfer(
                id=ids.uuid7(),
                subject_id=subject,
                from_id=BANK,
                to_id=account,
                amount_fen=fen,
                kind="bench",
            )
            for subject, account in made
        ]
        told = actions.post_many(gifts)
    if set(told) != {Verdict.DONE}:
        raise SystemExit(f"opening failed: {set(told)}")
    return made


def payments(pairs: list[Pair], count: int) -> list[Transfer]:
    """Make transfers of one fen out of accounts, in turn."""
    return [
        Transfer(
            id=ids.uuid7(),
            subject_id=subject,
            from_id=account,
            to_id=FEE,
            amount_fen=1,
            kind="bench",
        )
        for subject, account in (pairs[number % len(pairs)] for number in range(count))
    ]


def params(role: str) -> dict[str, Any]:
    """Give what a driver of its own needs to connect as a role."""
    return roles.connection_params(Path(os.environ["XN_DATA_DIR"]), role, os.environ["XN_DB_NAME"])


def connect(role: str) -> psycopg.Connection[Any]:
    """Give a bare connection of a role."""
    return psycopg.connect(**params(role), autocommit=True)


def seconds(act: Callable[[], object]) -> float:
    """Give how long an act takes."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start
