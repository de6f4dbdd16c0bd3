"""How the e-account stands in our books: a mirror of the bank's, fen by fen.

The bank alone says what moved, so the mirror has no floor and refuses no proof. What the bank owes
the person stands against one house account, whose sum is the bank's own total with the other sign.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from uuid import UUID

from xingnuo.kit import ids
from xingnuo.money.ledger import actions as ledger
from xingnuo.money.ledger import queries as ledger_queries
from xingnuo.money.ledger.contracts import HouseKind, Transfer, house
from xingnuo.money.payments import actions as payments
from xingnuo.services.wallet_card.contracts import RECIPIENT, MoveKind
from xingnuo.trust.gate.contracts import Permit

KIND = "wallet_card"
POCKETS = ("cash", "deposit", "fund")
AT_BANK = house(HouseKind.PAYABLE, RECIPIENT)
FLOAT = house(HouseKind.BANK_FLOAT)
SUSPENSE = house(HouseKind.SUSPENSE, "bank")
_K = MoveKind
# From which pocket into which; an empty name is outside the account.
LEGS: dict[MoveKind, tuple[str, str]] = {
    _K.TOP_UP: ("", "cash"),
    _K.WITHDRAW: ("cash", ""),
    _K.SPEND: ("cash", ""),
    _K.BUY_DEPOSIT: ("cash", "deposit"),
    _K.SELL_DEPOSIT: ("deposit", "cash"),
    _K.BUY_FUND: ("cash", "fund"),
    _K.SELL_FUND: ("fund", "cash"),
    _K.INCOME_DEPOSIT: ("", "deposit"),
    _K.INCOME_FUND: ("", "fund"),
}


def leg(of: str, name: str) -> UUID:
    """Give the id of a movement in the books, the same each time."""
    return ids.derived(f"wallet_card|{of}|{name}")


def open_pockets(permit: Permit) -> None:
    """Open the mirror of the permit's subject."""
    ledger.open_house(HouseKind.PAYABLE, RECIPIENT)
    for pocket in POCKETS:
        _pocket(permit, pocket)


def _pocket(permit: Permit, name: str) -> UUID:
    return ledger.open_account(permit, kind=KIND, name=name, nonneg=False)


def book(
    permit: Permit, *, number: UUID, kind: MoveKind, amount_fen: int, at: datetime | None
) -> None:
    """Book a movement that the bank proved; a repeat finds it done."""
    source, goal = (_pocket(permit, name) if name else AT_BANK for name in LEGS[kind])
    leg_of = partial(_transfer, permit, number=number, amount_fen=amount_fen, at=at)
    moves = [leg_of(name=kind.value, source=source, goal=goal)]
    if kind is MoveKind.SPEND:
        # The bank has paid it to our collection account: it is the person's payment balance now.
        balance = payments.open_balance(permit)
        moves.append(leg_of(name="credited", source=FLOAT, goal=balance))
    ledger.done(ledger.post(permit, moves))


def _transfer(
    permit: Permit,
    *,
    number: UUID,
    name: str,
    source: UUID,
    goal: UUID,
    amount_fen: int,
    at: datetime | None,
) -> Transfer:
    return Transfer(
        id=leg(number.hex, name),
        subject_id=permit.subject_id,
        from_id=source,
        to_id=goal,
        amount_fen=amount_fen,
        kind=f"wallet_card.{name}",
        group_id=leg(number.hex, "group"),
        ref_type="wallet_card_move",
        ref_id=number,
        event_at=at,
    )


def to_suspense(permit: Permit, *, line: str, kind: MoveKind, amount_fen: int) -> None:
    """Book what the bank lists and we did not ask for, until a person has found out why.

    `amount_fen` may be negative: less than we booked. Within the account nothing leaves it.
    """
    source, goal = LEGS[kind]
    if (source and goal) or not amount_fen:
        return
    came = amount_fen if goal else -amount_fen
    pair = (AT_BANK, SUSPENSE) if came > 0 else (SUSPENSE, AT_BANK)
    move = Transfer(
        id=leg(line, "suspense"),
        subject_id=permit.subject_id,
        from_id=pair[0],
        to_id=pair[1],
        amount_fen=abs(came),
        kind="wallet_card.suspense",
    )
    ledger.done(ledger.post(permit, [move]))


def pockets(permit: Permit) -> dict[str, int]:
    """Give what our books say of each pocket of the permit's subject, in fen."""
    found = {
        one.name: one.posted_fen
        for one in ledger_queries.balances(permit).balances
        if one.kind == KIND
    }
    return {name: found.get(name, 0) for name in POCKETS}
