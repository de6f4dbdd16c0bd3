"""Moving money of the card: looked at, confirmed, on record with its number, then sent."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import actions as payments
from xingnuo.money.payments.contracts import Act, Challenge
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Event, EventKind, Outcome
from xingnuo.services.wallet_card import _limits as limits
from xingnuo.services.wallet_card import _rows as rows
from xingnuo.services.wallet_card._send import send
from xingnuo.services.wallet_card.contracts import (
    MONEY,
    RECIPIENT,
    USE,
    MoveDiffers,
    MoveKind,
    MoveShown,
    Screened,
)
from xingnuo.services.wallet_card.models import AccountRow, MoveRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Permit, Strength

_EVENTS = {
    MoveKind.WITHDRAW: EventKind.WITHDRAW,
    MoveKind.SELL_DEPOSIT: EventKind.REDEEM,
    MoveKind.SELL_FUND: EventKind.REDEEM,
}
ACT_PREFIX = "wallet_"
CREDITED = "payments.service"


def act_of(account_id: UUID, *, kind: MoveKind, amount_fen: int, number: UUID) -> Act:
    """Give what the person says yes to: this kind, this amount, this account."""
    return Act(
        kind=f"{ACT_PREFIX}{kind.value}",
        amount_fen=amount_fen,
        payee=f"wallet_card:{account_id}",
        ref=number,
    )


def ask(actor: Actor, *, kind: MoveKind, amount_fen: int, number: UUID) -> Challenge:
    """Ask for the person's yes to a movement, in the caller's transaction; nothing moves yet.

    Raises `NoAccount`, `OverLimit`, `Short`, `BadInput`, or the gate's refusal.
    """
    subject_id = rows.who(actor)
    _movable(kind, amount_fen)
    account = rows.open_account(subject_id)
    permit = _permit(actor, subject_id, kind)
    limits.ensure(permit, kind, amount_fen)
    act = act_of(account.id, kind=kind, amount_fen=amount_fen, number=number)
    return payments.ask_confirmation(actor, subject_id=subject_id, act=act)


def move(
    actor: Actor,
    *,
    kind: MoveKind,
    amount_fen: int,
    number: UUID,
    confirmation_id: UUID,
    device: str = "",
    address: str = "",
) -> MoveShown:
    """Move money as the person confirmed it. Opens its own transactions; safe to repeat.

    Gives it done, declined with a code, or unknown: then it goes on by itself. Raises
    `NotConfirmed`, `OtherThanConfirmed`, `OverLimit`, `Short`, `Screened`, `NeedsReverify`,
    `MoveDiffers`, `NoAccount`, or the gate's refusal.
    """
    _movable(kind, amount_fen)
    stopped: Exception | None = None
    with transaction.atomic(durable=True):
        subject_id = rows.who(actor)
        rows.alone(subject_id)
        known = MoveRow.objects.of(subject_id).filter(id=number).first()
        if known is not None:
            return _same(known, kind, amount_fen)
        account = rows.open_account(subject_id)
        permit = _permit(actor, subject_id, kind)
        limits.ensure(permit, kind, amount_fen)
        event = Event(
            kind=_EVENTS.get(kind, EventKind.PAYMENT),
            amount_fen=amount_fen,
            device=device,
            address=address,
            counterparty=RECIPIENT,
            ref=number,
        )
        stopped = _screened(actor, event)
        if stopped is None:
            act = act_of(account.id, kind=kind, amount_fen=amount_fen, number=number)
            _prepare(permit, account, act, kind=kind, confirmation_id=confirmation_id)
    if stopped is not None:
        raise stopped
    return send(subject_id, number)


def _movable(kind: MoveKind, amount_fen: int) -> None:
    if kind not in MONEY:
        raise BadInput({"kind": "没有这种操作"})
    if type(amount_fen) is not int or amount_fen <= 0:
        raise BadInput({"amount": "请填大于 0 的金额"})


def _same(known: MoveRow, kind: MoveKind, amount_fen: int) -> MoveShown:
    if (known.kind, known.amount_fen) != (kind.value, amount_fen):
        raise MoveDiffers("number")
    return rows.move_shown(known)


def _permit(actor: Actor, subject_id: UUID, kind: MoveKind) -> Permit:
    if kind is MoveKind.SPEND:
        # What is spent becomes payment balance first, which is a service of its own.
        gate.permit(actor, subject_id=subject_id, purpose=CREDITED, items=("account_id",))
    return gate.permit(
        actor, subject_id=subject_id, purpose=USE, items=("card_number",), recipient=RECIPIENT
    )


def _screened(actor: Actor, event: Event) -> Exception | None:
    """Have the movement looked at; what stops it is told after the commit that keeps the look."""
    assert actor.subject_id is not None, "a person moves their own money"
    decision = antifraud.screen(actor, subject_id=actor.subject_id, event=event)
    if decision.outcome is Outcome.STEP_UP and actor.strength < Strength.REVERIFIED:
        return NeedsReverify()
    if decision.outcome in (Outcome.REFUSE, Outcome.REVIEW):
        return Screened(decision.outcome.name.lower())
    return None


def _prepare(
    permit: Permit, account: AccountRow, act: Act, *, kind: MoveKind, confirmation_id: UUID
) -> None:
    """Use the yes up and write the number: one commit, before anything is sent."""
    rows.with_subject(permit)
    payments.use_confirmation(permit, confirmation_id, act)
    rows.with_subject(permit)
    rows.write(account, number=act.ref, kind=kind, amount_fen=act.amount_fen)
