"""How payments stand in the books: a group of transfers each, by ids that follow from the payment.

A repeat finds its own transfers done and moves nothing. Money is with its owner, in clearing, owed
by a channel, kept for a refund, or in suspense: never nowhere.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from xingnuo.kit import clock, ids
from xingnuo.money.ledger import actions as ledger
from xingnuo.money.ledger.contracts import (
    End,
    Hold,
    HoldEnd,
    HouseKind,
    Transfer,
    house,
)
from xingnuo.money.payments._core_contracts import PaymentKind, Rail, Way
from xingnuo.money.payments._core_models import AttemptRow, PaymentRow, RefundRow
from xingnuo.trust.gate.contracts import Permit

BALANCE = "balance"  # the kind of a person's payment account
# A payout that nobody has proved yet keeps its money held for as long as that takes.
HELD_FOR = timedelta(days=3650)
CLEARING = house(HouseKind.CLEARING)


def leg(of: UUID, name: str) -> UUID:
    """Give the id of a movement of a payment, the same each time."""
    return ids.derived(of.bytes + name.encode())


def balance_of(permit: Permit) -> UUID:
    """Give the balance account of the permit's subject; opened by the first use."""
    return ledger.open_account(permit, kind=BALANCE)


def reserve(permit: Permit, row: PaymentRow) -> None:
    """Set the discount of a payment aside."""
    _one(permit, row, "reserve", HouseKind.MARKETING, HouseKind.COUPON_RESERVED)


def release(permit: Permit, row: PaymentRow) -> None:
    """Give the discount back that was set aside for nothing."""
    _one(permit, row, "release", HouseKind.COUPON_RESERVED, HouseKind.MARKETING)


def _one(permit: Permit, row: PaymentRow, name: str, source: HouseKind, to: HouseKind) -> None:
    # A payer may take a coupon, lay it back and take it again: each is a movement of its own, and
    # the coupon's own step, held in this transaction, lets each happen once.
    move = _move(row, name, house(source), house(to), row.off_fen)
    ledger.done(ledger.post(permit, [replace(move, id=ids.uuid7())]))


def capture(permit: Permit, row: PaymentRow, rail: Rail) -> None:
    """Book a payment that is paid: from its source to its payee, discount and fee with it."""
    payable = row.amount_fen - row.off_fen
    source = _source(permit, row, rail)
    if row.kind == PaymentKind.TOP_UP.value:
        moves = [_move(row, "paid", source, balance_of(permit), payable)]
    elif row.payee_subject is None:
        moves = _to(row, source, row.payee_account, fee_from=row.payee_account)
    else:
        moves = _to(row, source, CLEARING, fee_from=CLEARING)
        net = row.amount_fen - row.fee_fen
        if net:
            moves.append(
                _move(row, "payee", CLEARING, row.payee_account, net, whose=row.payee_subject)
            )
    ledger.done(ledger.post(permit, moves))


def _to(row: PaymentRow, source: UUID, to: UUID, *, fee_from: UUID) -> list[Transfer]:
    moves = [_move(row, "paid", source, to, row.amount_fen - row.off_fen)]
    if row.off_fen:
        reserved = house(HouseKind.COUPON_RESERVED)
        moves.append(_move(row, "discount", reserved, to, row.off_fen))
    if row.fee_fen:
        moves.append(_move(row, "fee", fee_from, house(HouseKind.INCOME), row.fee_fen))
    return moves


def _source(permit: Permit, row: PaymentRow, rail: Rail) -> UUID:
    if row.way == Way.BALANCE.value:
        return balance_of(permit)
    return house(HouseKind.RECEIVABLE, rail.value)


def hold_payout(permit: Permit, row: PaymentRow, attempt: AttemptRow) -> None:
    """Hold the balance for a payout; it counts at once."""
    hold = Hold(
        id=leg(attempt.id, "hold"),
        subject_id=row.subject_id,
        from_id=balance_of(permit),
        to_id=house(HouseKind.BANK_FLOAT),
        amount_fen=attempt.amount_fen,
        expires_at=clock.now() + HELD_FOR,
        kind="payments.withdraw",
        ref_type="payment",
        ref_id=row.id,
    )
    ledger.done(ledger.place(permit, [hold]))


def end_payout(permit: Permit, attempt: AttemptRow, *, is_paid: bool) -> None:
    """End the hold of a payout by what was proved."""
    end = HoldEnd(
        hold_id=leg(attempt.id, "hold"),
        subject_id=attempt.subject_id,
        how=End.COMMIT if is_paid else End.VOID,
        transfer_id=leg(attempt.id, "payout") if is_paid else None,
    )
    ledger.done(ledger.end(permit, [end]))


def to_suspense(permit: Permit, attempt: AttemptRow, amount_fen: int) -> None:
    """Book money that came when none was due, until it goes back."""
    name = attempt.rail
    move = Transfer(
        id=leg(attempt.id, "suspense"),
        subject_id=attempt.subject_id,
        from_id=house(HouseKind.RECEIVABLE, name),
        to_id=house(HouseKind.SUSPENSE, name),
        amount_fen=amount_fen,
        kind="payments.suspense",
        ref_type="payment",
        ref_id=attempt.payment_id,
    )
    ledger.done(ledger.post(permit, [move]))


def take_back(
    permit: Permit, row: PaymentRow, refund: RefundRow, *, balance: UUID | None = None
) -> None:
    """Take a refund from its payee: to the payer's `balance`, or kept for the channel to pay.

    The permit is the payee's, or the payer's where a house account received the money. Raises
    `NotPosted` where the payee has not enough.
    """
    goal = balance or house(HouseKind.REFUND_PAYABLE, refund.rail)
    source = row.payee_account
    moves = []
    if row.payee_subject is not None:
        moves.append(
            _back(refund, "back", source, CLEARING, refund.amount_fen, whose=row.payee_subject)
        )
        source = CLEARING
    money = refund.amount_fen - refund.coupon_fen
    if money:
        moves.append(_back(refund, "money", source, goal, money))
    if refund.coupon_fen:
        marketing = house(HouseKind.MARKETING)
        moves.append(_back(refund, "coupon", source, marketing, refund.coupon_fen))
    ledger.done(ledger.post(permit, moves))


def keep_late(permit: Permit, refund: RefundRow) -> None:
    """Set money in suspense aside for its way back."""
    suspense = house(HouseKind.SUSPENSE, refund.rail)
    payable = house(HouseKind.REFUND_PAYABLE, refund.rail)
    move = _back(refund, "late", suspense, payable, refund.amount_fen)
    ledger.done(ledger.post(permit, [move]))


def given_back(permit: Permit, refund: RefundRow) -> None:
    """Book that the channel has given a refund to the payer."""
    money = refund.amount_fen - refund.coupon_fen
    payable = house(HouseKind.REFUND_PAYABLE, refund.rail)
    receivable = house(HouseKind.RECEIVABLE, refund.rail)
    ledger.done(ledger.post(permit, [_back(refund, "given", payable, receivable, money)]))


def _move(
    row: PaymentRow, name: str, source: UUID, to: UUID, amount: int, *, whose: UUID | None = None
) -> Transfer:
    # What is booked at one instant is one group; a reservation and its release stand alone.
    return Transfer(
        id=leg(row.id, name),
        subject_id=whose or row.subject_id,
        from_id=source,
        to_id=to,
        amount_fen=amount,
        kind=f"payments.{name}",
        group_id=None if name in ("reserve", "release") else leg(row.id, "group"),
        clearing_ref=row.id if row.payee_subject else None,
        ref_type="payment",
        ref_id=row.id,
    )


def _back(
    refund: RefundRow, name: str, source: UUID, to: UUID, amount: int, *, whose: UUID | None = None
) -> Transfer:
    alone = name in ("given", "late")
    return Transfer(
        id=leg(refund.id, name),
        subject_id=whose or refund.subject_id,
        from_id=source,
        to_id=to,
        amount_fen=amount,
        kind=f"payments.refund_{name}",
        group_id=None if alone else leg(refund.id, "group"),
        clearing_ref=None if alone else refund.id,
        ref_type="refund",
        ref_id=refund.id,
    )
