"""Reads of the books under row security."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection

from xingnuo.kit import clock
from xingnuo.kit.db import planned
from xingnuo.money.ledger import _batch
from xingnuo.money.ledger.contracts import (
    AccountState,
    Balance,
    DaySum,
    EntryShown,
    Hold,
    HoldEnd,
    HoldShown,
    Standing,
    Statement,
    Transfer,
)

_STATES = tuple(AccountState)
_FIRST, _LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
_INSTANT = timedelta(microseconds=1)  # the database tells instants no finer
# A transaction that began before the roll-up and is still open has ended by then.
_SETTLED = timedelta(minutes=10)
# One statement, so that balances and their holds are of one instant. A hold that is over does not
# count, though the sweep has not come yet.
_STANDING = """
    SELECT b.account_id, a.kind, a.name, b.posted_fen, b.held_fen, b.version, b.state, b.last_at,
        o.hold_id, o.amount_fen, o.expires_at
    FROM ledger_balance AS b
    JOIN ledger_account AS a ON a.subject_id = b.subject_id AND a.id = b.account_id
    LEFT JOIN ledger_open_hold AS o
        ON o.subject_id = b.subject_id AND o.account_id = b.account_id AND b.held_fen > 0
    WHERE b.subject_id = %s::uuid
"""
_ONE = " AND b.account_id = %s::uuid"
_HAS = """
    SELECT 1 FROM ledger_balance WHERE subject_id = %s::uuid AND account_id = %s::uuid
"""
_AS_OF = """
    SELECT v.version, e.version, e.balance_after_fen, e.amount_fen
    FROM (SELECT ledger_version_at(%s::uuid, %s::uuid, %s::timestamptz) AS version) AS v
    JOIN ledger_entry AS e ON e.subject_id = %s::uuid AND e.account_id = %s::uuid
        AND e.version IN (v.version, v.version + 1)
    ORDER BY e.version LIMIT 1
"""
_PAGE = """
    SELECT e.version, e.at, e.amount_fen, e.balance_after_fen, t.id, t.kind,
        CASE WHEN e.leg = 0 THEN t.to_id ELSE t.from_id END, t.group_id, t.clearing_ref,
        t.ref_type, t.ref_id, t.event_at
    FROM ledger_entry AS e
    JOIN ledger_transfer AS t ON t.subject_id = e.subject_id AND t.id = e.transfer_id
    WHERE e.subject_id = %(subject)s AND e.account_id = %(account)s
        AND e.version > %(above)s AND e.version <= %(upto)s
    ORDER BY e.version DESC LIMIT %(limit)s
"""
_SUMS = """
    SELECT coalesce(sum(e.amount_fen) FILTER (WHERE e.amount_fen > 0), 0)::bigint,
        coalesce(-sum(e.amount_fen) FILTER (WHERE e.amount_fen < 0), 0)::bigint
    FROM ledger_entry AS e
    WHERE e.subject_id = %(subject)s AND e.account_id = %(account)s
        AND e.version > %(above)s AND e.version <= %(upto)s
"""
_TRANSFER = """
    SELECT id, subject_id, from_id, to_id, amount_fen, kind, group_id, clearing_ref, ref_type,
        ref_id, event_at
    FROM ledger_transfer WHERE subject_id = %s AND id = %s
"""
_HOLD = """
    SELECT h.id, h.subject_id, h.from_id, h.to_id, h.amount_fen, h.expires_at, h.kind,
        h.clearing_ref, h.ref_type, h.ref_id, e.how, e.amount_fen, e.transfer_id
    FROM ledger_hold AS h
    LEFT JOIN ledger_hold_end AS e ON e.subject_id = h.subject_id AND e.hold_id = h.id
    WHERE h.subject_id = %s AND h.id = %s
"""
_EXPORTED = {
    "ledger_account": """
        SELECT a.id, a.kind, a.name, a.at, b.posted_fen, b.held_fen, b.state
        FROM ledger_account AS a JOIN ledger_balance AS b
            ON b.subject_id = a.subject_id AND b.account_id = a.id
        WHERE a.subject_id = %s ORDER BY a.id""",
    "ledger_entry": """
        SELECT e.account_id, e.version, e.at, e.amount_fen, e.balance_after_fen,
            t.id AS transfer_id, t.kind, t.ref_type, t.ref_id
        FROM ledger_entry AS e
        JOIN ledger_transfer AS t ON t.subject_id = e.subject_id AND t.id = e.transfer_id
        WHERE e.subject_id = %s AND e.version IS NOT NULL ORDER BY e.account_id, e.version""",
    "ledger_hold": """
        SELECT h.id, h.from_id, h.amount_fen, h.kind, h.at, h.expires_at, e.how, e.at AS ended_at
        FROM ledger_hold AS h
        LEFT JOIN ledger_hold_end AS e ON e.subject_id = h.subject_id AND e.hold_id = h.id
        WHERE h.subject_id = %s ORDER BY h.id""",
}  # fmt: skip


def standing(subject_id: UUID, account_id: UUID | None = None) -> Standing:
    """Give accounts and open holds of a subject, or one account's."""
    if account_id is None:
        rows = planned.rows(_STANDING, [subject_id])
    else:
        rows = planned.rows(_STANDING + _ONE, [subject_id, account_id])
    now = clock.now()
    accounts: dict[UUID, tuple[Any, ...]] = {row[0]: row for row in rows}
    over = dict.fromkeys(accounts, 0)
    holds = []
    for row in rows:
        if row[8] is not None and row[10] > now:
            holds.append(
                HoldShown(id=row[8], account_id=row[0], amount_fen=row[9], expires_at=row[10])
            )
        elif row[8] is not None:
            over[row[0]] += row[9]
    return Standing(
        balances=tuple(
            Balance(
                account_id=row[0],
                kind=row[1],
                name=row[2],
                posted_fen=row[3],
                held_fen=row[4] - over[row[0]],
                version=row[5],
                state=_STATES[row[6]],
                last_at=row[7],
            )
            for row in sorted(accounts.values(), key=lambda row: row[0])
        ),
        holds=tuple(sorted(holds, key=lambda hold: hold.id)),
    )


def has_account(subject_id: UUID, account_id: UUID) -> bool:
    """Tell whether an account is the subject's."""
    return bool(planned.rows(_HAS, [subject_id, account_id]))


def as_of(subject_id: UUID, account_id: UUID, at: datetime) -> int:
    """Give the balance at an instant: that of the last version not later than it."""
    return _at(subject_id, account_id, at)[1]


def _at(subject_id: UUID, account_id: UUID, at: datetime) -> tuple[int, int]:
    # (version, balance); before the first entry that is kept, what stood before that entry.
    rows = planned.rows(_AS_OF, [subject_id, account_id, at.isoformat(), subject_id, account_id])
    if not rows:
        return 0, 0
    version, found, after, amount = rows[0]
    return (version, after) if found == version else (version, after - amount)


def statement(
    subject_id: UUID,
    account_id: UUID,
    *,
    since: datetime | None,
    until: datetime | None,
    after: int | None,
    limit: int,
) -> Statement:
    """Give a page of entries, with the balances and sums of the whole span."""
    low = _at(subject_id, account_id, (since or _FIRST) - _INSTANT)
    high = _at(subject_id, account_id, (until or _LAST) - _INSTANT)
    span = {"subject": subject_id, "account": account_id, "above": low[0], "upto": high[0]}
    came, went = _fetch(_SUMS, span)[0]
    upto = high[0] if after is None else min(high[0], after - 1)
    rows = _fetch(_PAGE, {**span, "upto": upto, "limit": limit + 1})
    names = EntryShown.__dataclass_fields__
    entries = tuple(EntryShown(**dict(zip(names, row, strict=True))) for row in rows[:limit])
    return Statement(
        account_id=account_id,
        opening_fen=low[1],
        closing_fen=high[1],
        in_fen=came,
        out_fen=went,
        entries=entries,
        after=entries[-1].version if len(rows) > limit else None,
    )


def transfer(subject_id: UUID, transfer_id: UUID) -> Transfer | None:
    """Give a transfer of a subject."""
    rows = _batch.fetch(_TRANSFER, subject_id, transfer_id)
    if not rows:
        return None
    return Transfer(**dict(zip(Transfer.__dataclass_fields__, rows[0], strict=True)))


def hold(subject_id: UUID, hold_id: UUID) -> tuple[Hold, HoldEnd | None] | None:
    """Give a hold of a subject with its end."""
    rows = _batch.fetch(_HOLD, subject_id, hold_id)
    if not rows:
        return None
    row = rows[0]
    names = Hold.__dataclass_fields__
    shown = Hold(**dict(zip(names, row[:10], strict=True)))
    if row[10] is None:
        return shown, None
    how = _batch.WAYS[row[10]]
    return shown, HoldEnd(
        hold_id=hold_id,
        subject_id=subject_id,
        how=how,
        amount_fen=row[11] or None,
        transfer_id=row[12],
    )


def house_days(account_id: UUID, since: date, until: date) -> tuple[DaySum, ...]:
    """Give a house account's days; one is final when the roll-up has passed its end."""
    rows = _batch.fetch("SELECT * FROM ledger_house_days(%s, %s, %s)", account_id, since, until)
    return tuple(
        DaySum(
            day=day,
            sum_fen=total,
            entries=entries,
            is_final=clock.beijing(rolled_at - _SETTLED).date() > day,
        )
        for day, total, entries, rolled_at in rows
    )


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give a person's own side of the books."""
    told: dict[str, list[dict[str, Any]]] = {}
    for table, asked in _EXPORTED.items():
        with connection.cursor() as cursor:
            cursor.execute(asked, [subject_id])
            names = [column.name for column in cursor.description]
            told[table] = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return told


def _fetch(statement: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
