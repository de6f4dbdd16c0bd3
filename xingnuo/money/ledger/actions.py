"""What the ledger does: the one caller of the functions that write the books.

A permit is first; everything runs in the caller's transaction unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction

from xingnuo.kit import clock, ids
from xingnuo.kit.errors import Conflict, NotFound, Refused
from xingnuo.money.ledger import _arrays, _batch, _batcher, _check, _upkeep
from xingnuo.money.ledger.contracts import (
    AccountState,
    Hold,
    HoldEnd,
    HouseKind,
    NotEmpty,
    NotPosted,
    Transfer,
    Verdict,
    Violation,
    house,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Permit

BOOK = 1  # the one ledger of today: CNY
_STATES = tuple(AccountState)
_OPEN = "SELECT ledger_open(%s, %s, %s::smallint, %s, %s, %s, %s, %s)"


class ForeignJournal(Refused):
    """A permit opens the journal of its own subject, and credits out of clearing tied to it."""

    code = "foreign_journal"
    message = "这笔款不属于这次授权。"
    remedy = "请重新发起。"


def open_account(
    permit: Permit,
    *,
    kind: str,
    name: str = "",
    nonneg: bool = True,
    ceiling_fen: int | None = None,
) -> UUID:
    """Open an account of the permit's subject, or give the one of this kind and name."""
    gate.genuine(permit)
    values = [permit.subject_id, ids.uuid7(), BOOK, _arrays.code(kind), name and _arrays.code(name)]
    return UUID(str(_batch.fetch(_OPEN, *values, nonneg, ceiling_fen, clock.skew())[0][0]))


def open_house(kind: HouseKind, name: str) -> UUID:
    """Write a further account of the house into the catalogue, once; gives its id."""
    account_id = house(kind, name)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_house (id, book, kind, name) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [account_id, BOOK, kind.value, _arrays.code(name)],
        )
    return account_id


def post(permit: Permit, transfers: Sequence[Transfer]) -> tuple[Verdict, ...]:
    """Post transfers of the permit's subject, and credits out of clearing that are tied to them.

    Each gets its verdict, in order; the members of a group are done all or none.
    """
    _own_journals(permit, transfers)
    return tuple(_batch.post(transfers))


def place(permit: Permit, holds: Sequence[Hold]) -> tuple[Verdict, ...]:
    """Place holds on accounts of the permit's subject; they count at once."""
    _own(permit, [each.subject_id for each in holds])
    return tuple(_batch.hold(holds))


def end(permit: Permit, ends: Sequence[HoldEnd]) -> tuple[Verdict, ...]:
    """Commit holds, in whole or in part, or void them; each ends once."""
    _own(permit, [each.subject_id for each in ends])
    return tuple(_batch.end(ends))


def done(verdicts: Iterable[Verdict]) -> None:
    """Raise `NotPosted` unless every verdict is done, so that the transaction is undone."""
    told = tuple(verdicts)
    if any(each is not Verdict.DONE for each in told):
        raise NotPosted(told)


def lock(permit: Permit, accounts: Iterable[tuple[UUID, UUID]]) -> None:
    """Lock (subject, account) pairs in the one order, before several calls of one transaction."""
    gate.genuine(permit)
    _batch.lock(accounts)


def set_state(permit: Permit, account_id: UUID, *, to: AccountState) -> None:
    """Freeze, free or close an account; only an empty one closes, and for good."""
    gate.genuine(permit)
    values = (permit.subject_id, account_id, _STATES.index(to))
    told = _batch.fetch("SELECT ledger_set_state(%s, %s, %s::smallint)", *values)[0][0]
    verdict = _batch.VERDICTS[told]
    if verdict is Verdict.NO_ACCOUNT:
        raise NotFound("account")
    if verdict is Verdict.SHORT:
        raise NotEmpty
    if verdict is not Verdict.DONE:
        raise Conflict("account_closed")


def set_ceiling(permit: Permit, account_id: UUID, *, ceiling_fen: int | None) -> None:
    """Set the most that may stand on an account; what stands there already stays."""
    gate.genuine(permit)
    values = (permit.subject_id, account_id, ceiling_fen)
    if not _batch.fetch("SELECT ledger_set_ceiling(%s, %s, %s)", *values)[0][0]:
        raise NotFound("account")


def post_many(transfers: Sequence[Transfer]) -> tuple[Verdict, ...]:
    """Post transfers of many subjects: settlement and day end, by the worker alone."""
    return tuple(_batch.post(transfers))


def place_many(holds: Sequence[Hold]) -> tuple[Verdict, ...]:
    """Place holds of many subjects, by the worker alone."""
    return tuple(_batch.hold(holds))


def end_many(ends: Sequence[HoldEnd]) -> tuple[Verdict, ...]:
    """End holds of many subjects, by the worker alone."""
    return tuple(_batch.end(ends))


class Batcher(_batcher.Batcher):
    """Posts for many callers at once, by a connection of its own, committed when it answers."""

    def post(self, permit: Permit, transfers: Sequence[Transfer]) -> tuple[Verdict, ...]:
        """Post as `post` does, in a transaction of the batcher's; waits for the verdicts.

        Raises `QueueFull` when there is no room, and `Busy` when it is not known whether it was
        done: a repeat with the same ids gets the first answer.
        """
        _own_journals(permit, transfers)
        return self.wait(transfers)


_shared = Batcher()


def batcher() -> Batcher:
    """Give the process's batcher, begun with its first use."""
    _shared.start()
    return _shared


def expire_holds() -> int:
    """End holds whose time is over, in parts; gives on how many accounts."""
    return _upkeep.expire_holds()


def roll_up() -> int:
    """Add what moved on house accounts since the last time; gives how many transfers."""
    return _upkeep.roll_up()


def seal_blocks() -> int:
    """Seal every row whose transaction is over into hash-chained blocks; gives how many rows."""
    return _upkeep.seal_blocks()


def prune() -> int:
    """Delete transactions past the ten years of the law, a few passes at a time."""
    return _upkeep.prune()


def check_period() -> tuple[Violation, ...]:
    """Check the books of one instant and say loudly what does not hold."""
    found = _check.run()
    _upkeep.tell(found)
    return found


def close_accounts(subject_id: UUID) -> int:
    """Close every empty account of a subject whose relation ends; gives how many.

    The books stay as long as the law asks for (AML 34), seen by nobody.
    """
    rows = _batch.fetch(
        "SELECT account_id FROM ledger_balance WHERE subject_id = %s AND state <> 2", subject_id
    )
    closed = _STATES.index(AccountState.CLOSED)
    with transaction.atomic():
        for (account_id,) in rows:
            _batch.fetch(
                "SELECT ledger_set_state(%s, %s, %s::smallint)", subject_id, account_id, closed
            )
    return len(rows)


def _own(permit: Permit, subjects: Iterable[UUID]) -> None:
    gate.genuine(permit)
    if any(each != permit.subject_id for each in subjects):
        raise ForeignJournal


def _own_journals(permit: Permit, transfers: Sequence[Transfer]) -> None:
    gate.genuine(permit)
    own = permit.subject_id
    tied = {each.clearing_ref for each in transfers if each.subject_id == own} - {None}
    clearing = house(HouseKind.CLEARING)
    for each in transfers:
        if each.subject_id != own and (each.from_id != clearing or each.clearing_ref not in tied):
            raise ForeignJournal
