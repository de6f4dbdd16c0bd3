"""What the ledger tells: balances, statements, the books as a whole, and whether they hold.

Reads about a person need the subject in force and a permit; reads of the whole go by the auditor's
connection.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from xingnuo.kit.errors import NotFound
from xingnuo.money.ledger import _chain, _check, _reads
from xingnuo.money.ledger.contracts import (
    Balance,
    DaySum,
    Hold,
    HoldEnd,
    OpenRef,
    Standing,
    Statement,
    Transfer,
    Trial,
    Violation,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Permit
from xingnuo.trust.policy.contracts import Blocker

PAGE_MAX = 200
# What the auditor of another room may join with, in a statement of the audit connection.
TRANSFERS = "ledger_transfer"


def balance(permit: Permit, account_id: UUID) -> Balance:
    """Give how an account stands now."""
    gate.genuine(permit)
    found = _reads.standing(permit.subject_id, account_id).balances
    if not found:
        raise NotFound("account")
    return found[0]


def balances(permit: Permit) -> Standing:
    """Give every account of the subject with the open holds, of one instant."""
    gate.genuine(permit)
    return _reads.standing(permit.subject_id)


def as_of(permit: Permit, account_id: UUID, at: datetime) -> int:
    """Give what stood on an account at an instant, in fen."""
    gate.genuine(permit)
    _known(permit, account_id)
    return _reads.as_of(permit.subject_id, account_id, at)


def statement(
    permit: Permit,
    account_id: UUID,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Statement:
    """Give a page of an account's entries in [since, until), newest first; `after` continues."""
    gate.genuine(permit)
    _known(permit, account_id)
    return _reads.statement(
        permit.subject_id,
        account_id,
        since=since,
        until=until,
        after=after,
        limit=max(1, min(limit, PAGE_MAX)),
    )


def transfer_of(permit: Permit, transfer_id: UUID) -> Transfer | None:
    """Give a transfer of the subject as it was done."""
    gate.genuine(permit)
    return _reads.transfer(permit.subject_id, transfer_id)


def hold_of(permit: Permit, hold_id: UUID) -> tuple[Hold, HoldEnd | None] | None:
    """Give a hold of the subject and how it ended, if it did."""
    gate.genuine(permit)
    return _reads.hold(permit.subject_id, hold_id)


def house_balance(account_id: UUID) -> int:
    """Give what stands on a house account, in fen: roll-ups and what came since."""
    return sum(each.sum_fen for each in _reads.house_days(account_id, date.min, date.max))


def house_days(account_id: UUID, *, since: date, until: date) -> tuple[DaySum, ...]:
    """Give what moved on a house account, by Beijing days in [since, until)."""
    return _reads.house_days(account_id, since, until)


def trial_balance() -> Trial:
    """Give the trial balance of one instant."""
    return _check.trial()


def open_refs(older_than: timedelta) -> tuple[OpenRef, ...]:
    """Give clearing references that do not sum to zero after so long, oldest first."""
    return _check.open_refs(older_than)


def check() -> tuple[Violation, ...]:
    """Check the invariants of the books in one snapshot; nothing found means that all hold."""
    return _check.run()


def verify_chain() -> tuple[Violation, ...]:
    """Read every sealed row again and compare it with the chain."""
    return _chain.verify()


def export(subject_id: UUID) -> Mapping[str, list[dict[str, Any]]]:
    """Give a person's accounts, entries and holds, for the copy of their data."""
    return _reads.export(subject_id)


def blocks(subject_id: UUID) -> list[Blocker]:
    """Name what stands against closing: money on an account, or a hold that is open."""
    standing = _reads.standing(subject_id)
    found = []
    if any(each.posted_fen for each in standing.balances):
        found.append(Blocker(code="balance", sentence="账户里还有余额，请先转出。", href="/me/"))
    if standing.holds:
        found.append(
            Blocker(code="open_hold", sentence="还有未完成的交易，请等它结束。", href="/me/")
        )
    return found


def _known(permit: Permit, account_id: UUID) -> None:
    if not _reads.has_account(permit.subject_id, account_id):
        raise NotFound("account")
