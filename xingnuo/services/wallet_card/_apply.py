"""The one function through which every proof goes: answer, notice, query, line of the file.

It holds account and movement, compares amounts, moves forward alone, books, and commits.
"""

from __future__ import annotations

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Direction, Movement, MovementKind, PartyKind
from xingnuo.services.wallet_card import _books as books
from xingnuo.services.wallet_card import _cases as cases
from xingnuo.services.wallet_card import _rows as rows
from xingnuo.services.wallet_card._bank import Finding, Proof
from xingnuo.services.wallet_card.contracts import (
    DONE,
    LIVE,
    AccountState,
    MoveKind,
    MoveShown,
    MoveState,
)
from xingnuo.services.wallet_card.models import AccountRow, MoveRow, TokenRow
from xingnuo.trust.gate.contracts import Permit

_M = MoveState
_FED = {
    MoveKind.TOP_UP: (MovementKind.TOP_UP, Direction.IN),
    MoveKind.WITHDRAW: (MovementKind.WITHDRAW, Direction.OUT),
    MoveKind.SPEND: (MovementKind.TRANSFER, Direction.OUT),
    MoveKind.BUY_DEPOSIT: (MovementKind.SUBSCRIBE, Direction.OUT),
    MoveKind.BUY_FUND: (MovementKind.SUBSCRIBE, Direction.OUT),
    MoveKind.SELL_DEPOSIT: (MovementKind.REDEEM, Direction.IN),
    MoveKind.SELL_FUND: (MovementKind.REDEEM, Direction.IN),
}


def apply(proof: Proof) -> MoveShown:
    """Take a proof about a number and give its movement; opens its own transaction."""
    with transaction.atomic(durable=True):
        permit = rows.keeping(proof.subject_id)
        rows.with_subject(permit)
        known = rows.move_of(proof.subject_id, proof.number)
        account = rows.account_of(proof.subject_id, known.account_id, hold=True)
        row = rows.move_of(proof.subject_id, proof.number, hold=True)
        _take(permit, account, row, proof)
        return rows.move_shown(row)


def _take(permit: Permit, account: AccountRow, row: MoveRow, proof: Proof) -> None:
    state = MoveState(row.state)
    if proof.finding is Finding.DONE:
        if state in DONE:
            return
        if proof.amount_fen != row.amount_fen or not _fits(account, row, proof):
            _case(cases.Kind.WRONG_AMOUNT, row, theirs=proof.amount_fen)
            _unknown(row)
            return
        _done(permit, account, row, proof)
    elif proof.finding is Finding.DECLINED:
        if state in DONE:
            _case(cases.Kind.CONTRADICTION, row, theirs=0)
        elif state in (_M.SENT, _M.UNKNOWN):
            decline(account, row, proof.code)
    else:
        _unknown(row)


def _fits(account: AccountRow, row: MoveRow, proof: Proof) -> bool:
    """Say whether the proof names this account; one that is opened must be named."""
    if row.kind == MoveKind.OPEN.value:
        return bool(proof.account)
    return proof.account in ("", account.token)


def _case(kind: cases.Kind, row: MoveRow, *, theirs: int | None) -> None:
    cases.put(kind, row.id.hex, subject_id=row.subject_id, ours=row.amount_fen, theirs=theirs)


def _unknown(row: MoveRow) -> None:
    state = MoveState(row.state)
    if state is _M.SENT:
        rows.move(row, _M.UNKNOWN)
    if state in (_M.SENT, _M.UNKNOWN):
        rows.ask_again(row)


def _done(permit: Permit, account: AccountRow, row: MoveRow, proof: Proof) -> None:
    row.reference = proof.reference[:64]
    state = MoveState(row.state)
    if state is _M.PREPARED:
        rows.move(row, _M.SENT)  # the bank's word itself shows that it was sent
    if state is _M.DECLINED:
        # It is the person's own account at the bank: what happened there is booked as it happened.
        _case(cases.Kind.LATE, row, theirs=proof.amount_fen)
        rows.move(row, _M.LATE)
    else:
        row.code = ""
        rows.move(row, _M.DONE)
    rows.close_number(row, done_on=rows.day_of(proof.at))
    kind = MoveKind(row.kind)
    if kind is MoveKind.OPEN:
        _opened(permit, account, row, proof)
    elif kind is MoveKind.CLOSE:
        if account.state == AccountState.OPEN.value:
            account.closed_at = clock.now()
            rows.move_account(account, AccountState.CLOSED)
    else:
        books.book(permit, number=row.id, kind=kind, amount_fen=row.amount_fen, at=proof.at)
        _feed(permit, row)
    rows.with_subject(permit)


def _opened(permit: Permit, account: AccountRow, row: MoveRow, proof: Proof) -> None:
    now = clock.now()
    mine = AccountRow.objects.of(account.subject_id).exclude(id=account.id)
    if mine.filter(state__in=[AccountState.OPENING.value, AccountState.OPEN.value]).exists():
        _case(cases.Kind.CONTRADICTION, row, theirs=0)  # two live accounts: a person looks
        return
    account.token, account.opened_at, account.code = proof.account[:64], now, ""
    rows.move_account(account, AccountState.OPEN)
    books.open_pockets(permit)
    TokenRow.objects.get_or_create(
        token=account.token,
        defaults={"subject_id": account.subject_id, "account_id": account.id, "made_at": now},
    )


def decline(account: AccountRow, row: MoveRow, code: str) -> None:
    """End a request that certainly did nothing; both are held by the caller."""
    row.code = code or "declined"
    rows.move(row, _M.DECLINED)
    rows.close_number(row)
    if row.kind == MoveKind.OPEN.value and account.state == AccountState.OPENING.value:
        account.code = row.code
        rows.move_account(account, AccountState.DECLINED)


def _feed(permit: Permit, row: MoveRow) -> None:
    kind, direction = _FED[MoveKind(row.kind)]
    antifraud.feed_movement(
        permit,
        movement=Movement(
            kind=kind,
            amount_fen=row.amount_fen,
            direction=direction,
            channel="card_bank",
            counterparty_kind=PartyKind.OWN,
            cross_border=False,
            ref=row.id,
            at=clock.now(),
        ),
    )


def is_live(row: MoveRow) -> bool:
    """Say whether a request has no end yet."""
    return MoveState(row.state) in LIVE
