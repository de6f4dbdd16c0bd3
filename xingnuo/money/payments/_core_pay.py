"""Paying: the payer's yes is used, money set aside and the number kept in one commit; then it goes.

No call leaves inside a transaction. Whoever dies between two steps leaves a state from which the
jobs go on: what was prepared and never sent is certainly unpaid, what was sent is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.db import planned, session
from xingnuo.money.payments import _agreements_bank as signing
from xingnuo.money.payments import _agreements_debits as debits
from xingnuo.money.payments import _core_books as books
from xingnuo.money.payments import _core_limits as limits
from xingnuo.money.payments import _core_people as people
from xingnuo.money.payments import _core_proof as proofs
from xingnuo.money.payments import _core_rails as rails
from xingnuo.money.payments import _core_rows as rows
from xingnuo.money.payments._cards_rows import HOUSE, alone, bound, slot, who
from xingnuo.money.payments._confirm_acts import use_confirmation
from xingnuo.money.payments._confirm_contracts import ConfirmWay
from xingnuo.money.payments._core_contracts import (
    PAID,
    AttemptState,
    NotPayable,
    Order,
    PaymentKind,
    PaymentShown,
    PaymentState,
    Rail,
    Screened,
    Way,
)
from xingnuo.money.payments._core_models import AttemptRow, PaymentRow
from xingnuo.money.payments._core_orders import WAYS, act_of_payment, known_order, write
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Event, EventKind, Outcome
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit, Strength
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

PAY, SERVICE, DEBIT = "payments.pay", "payments.service", "payments.auto_debit"
SENT = ("name", "card_number", "card_reserved_phone", "document_number")
CARD_ITEMS = ("card_number", "card_reserved_phone")
ROUTE = (Rail.ALIPAY, Rail.WECHAT, Rail.UNIONPAY)
_YES = "SELECT way FROM payments_confirmation WHERE subject_id = %s::uuid AND id = %s::uuid"
_EVENTS = {
    PaymentKind.PAY: EventKind.PAYMENT,
    PaymentKind.TRANSFER: EventKind.TRANSFER,
    PaymentKind.TOP_UP: EventKind.PAYMENT,
    PaymentKind.WITHDRAW: EventKind.WITHDRAW,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """How the payer wants to pay, and the door's own signals, kept nowhere."""

    way: Way
    card_id: UUID | None
    confirmation_id: UUID | None
    device: str
    address: str
    place_match: bool | None


@dataclass(frozen=True, slots=True)
class _Ready:
    """An attempt that is prepared and committed, with what it carries."""

    attempt: AttemptRow
    parcel: Parcel | None
    agreement_id: UUID | None = None


def pay(
    actor: Actor,
    *,
    payment_id: UUID,
    confirmation_id: UUID,
    way: Way,
    card_id: UUID | None = None,
    device: str = "",
    address: str = "",
    place_match: bool | None = None,
) -> PaymentShown:
    """Pay an order as its payer confirmed it. Opens its own transactions; safe to repeat.

    Gives it paid, back at its beginning with a code, or under way: then it goes on by itself.
    Raises `NotPayable`, `NotConfirmed`, `OtherThanConfirmed`, `OverLimit`, `Screened`,
    `NeedsReverify`, `NotPosted`, `NoSuchCard`, or the gate's refusal.
    """
    asked = _Asked(
        way=way,
        card_id=card_id,
        confirmation_id=confirmation_id,
        device=device,
        address=address,
        place_match=place_match,
    )
    tried: list[Rail] = []
    while True:
        told = _begin(actor, payment_id, asked, tried)
        if isinstance(told, PaymentShown):
            return told
        shown, is_permanent = _send(told)
        tried.append(Rail(told.attempt.rail))
        # Rule 6: another channel only after a definite no, and not for what would fail there too.
        again = shown.state is PaymentState.CREATED and not is_permanent and _route(shown, tried)
        if not again or shown.expires_at <= clock.now():
            return shown


def _begin(
    actor: Actor, payment_id: UUID, asked: _Asked, tried: list[Rail]
) -> PaymentShown | _Ready:
    stopped: Exception | None = None
    with transaction.atomic(durable=True):
        subject_id = who(actor)
        alone(subject_id, "pay")
        row = rows.found(subject_id, payment_id, hold=True)
        if row.state == PaymentState.PAYING.value or PaymentState(row.state) in PAID:
            return rows.shown(row)
        _payable(row, asked)
        if not tried:
            stopped = _screened(actor, row, asked)
        if stopped is None:
            return _prepared(actor, row, asked, tried)
    raise stopped


def _payable(row: PaymentRow, asked: _Asked) -> None:
    if row.state != PaymentState.CREATED.value or row.expires_at <= clock.now():
        raise NotPayable(row.state)
    if asked.way not in WAYS[PaymentKind(row.kind)]:
        raise NotPayable("way")


def _screened(actor: Actor, row: PaymentRow, asked: _Asked) -> Exception | None:
    """Have the payment looked at; what stops it is told after the commit that keeps the look."""
    event = Event(
        kind=_EVENTS[PaymentKind(row.kind)],
        amount_fen=row.amount_fen - row.off_fen,
        device=asked.device,
        address=asked.address,
        counterparty=row.payee,
        counterparty_name=_payee_name(row),
        place_match=asked.place_match,
        ref=row.id,
    )
    decision = antifraud.screen(actor, subject_id=row.subject_id, event=event)
    if decision.outcome is Outcome.STEP_UP and actor.strength < Strength.REVERIFIED:
        return NeedsReverify()
    if decision.outcome in (Outcome.REFUSE, Outcome.REVIEW):
        return Screened(decision.outcome.name.lower())
    return None


def _payee_name(row: PaymentRow) -> str:
    """Give the name that lists are held against: a person's own, which the payer sees masked."""
    if row.kind == PaymentKind.TRANSFER.value and row.payee_subject is not None:
        return people.name_of(row.payee_subject) or ""
    return rows.record_of(rows.keeping(row.subject_id), row.id)["payee"]


def _prepared(
    actor: Actor, row: PaymentRow, asked: _Asked, tried: list[Rail]
) -> PaymentShown | _Ready:
    tier = gate_queries.tier_of(row.subject_id)
    limits.ensure(row, asked.way, tier=tier, confirmed=_confirmed(row, asked))
    over = _rail(row, asked, tried)
    permit = _permit(actor, row, over)
    if not tried and asked.confirmation_id is not None:
        use_confirmation(permit, asked.confirmation_id, act_of_payment(rows.shown(row)))
        rows.with_subject(permit)
    row.way, row.card_id = asked.way.value, asked.card_id
    if over is Rail.NONE:
        proofs.settle(permit, row, over)
        return rows.shown(row)
    parcel = _parcel(permit, row, asked.card_id)
    return _Ready(_attempt(permit, row, over), parcel)


def _confirmed(row: PaymentRow, asked: _Asked) -> ConfirmWay | None:
    found = planned.rows(_YES, [row.subject_id, asked.confirmation_id])
    return ConfirmWay(found[0][0]) if found and found[0][0] else None


def _rail(row: PaymentRow, asked: _Asked, tried: Iterable[Rail]) -> Rail:
    if row.kind == PaymentKind.WITHDRAW.value:
        return Rail.BANK
    if asked.way is Way.BALANCE:
        return Rail.NONE
    left = _route(row, tried)
    if not left:
        raise NotPayable("route")
    return left[0]


def _route(row: PaymentRow | PaymentShown, tried: Iterable[Rail]) -> tuple[Rail, ...]:
    """Give the channels that are left, of those to which the payer agreed.

    Where they agreed to none the first is given, so that the gate says what is missing.
    """
    with transaction.atomic():
        session.set_subject(row.subject_id)
        known = gate_queries.standing(row.subject_id)
    agreed = {
        one.recipient for one in known.decisions if one.purpose == PAY and one.decision == "grant"
    }
    may = [rail for rail in ROUTE if rails.recipient_of(rail) in agreed] or ROUTE[:1]
    done = set(tried)
    return tuple(rail for rail in may if rail not in done)


def _permit(actor: Actor, row: PaymentRow, over: Rail) -> Permit:
    if over is Rail.NONE:
        return gate.permit(actor, subject_id=row.subject_id, purpose=SERVICE, items=("account_id",))
    return gate.permit(
        actor,
        subject_id=row.subject_id,
        purpose=PAY,
        items=SENT,
        recipient=rails.recipient_of(over),
    )


def _parcel(permit: Permit, row: PaymentRow, card_id: UUID | None) -> Parcel:
    if card_id is None:
        raise NotPayable("card")
    card = bound(row.subject_id, card_id)
    return sharing.pack(permit, SENT, slots=dict.fromkeys(CARD_ITEMS, slot(card.id)))


def _attempt(permit: Permit, row: PaymentRow, over: Rail) -> AttemptRow:
    """Write the number, hold what leaves, and move on: one commit, before anything is sent."""
    now = clock.now()
    attempt: AttemptRow = AttemptRow.objects.create(
        id=proofs.new_number(),
        subject_id=row.subject_id,
        payment_id=row.id,
        rail=over.value,
        state=AttemptState.PREPARED.value,
        amount_fen=row.amount_fen - row.off_fen,
        expires_at=row.expires_at,
        made_at=now,
    )
    if row.kind == PaymentKind.WITHDRAW.value:
        books.hold_payout(permit, row, attempt)
    rows.open_number(attempt.id, row, rail=over, kind="pay")
    rows.move(row, PaymentState.PAYING)
    rows.send_soon(attempt)
    return attempt


def _send(ready: _Ready) -> tuple[PaymentShown, bool]:
    """Mark the attempt as sent, send it, and take the answer as proof."""
    attempt = ready.attempt
    with transaction.atomic(durable=True):
        rows.keeping(attempt.subject_id)
        row = rows.found(attempt.subject_id, attempt.payment_id, hold=True)
        held = rows.attempt_of(attempt.subject_id, attempt.id, hold=True)
        if held.state != AttemptState.PREPARED.value:
            return rows.shown(row), True
        rows.move_attempt(held, AttemptState.SENT)
        rows.ask_again(held)
    rows.pause("after_sent")
    proof = rails.pay(held, ready.parcel, ready.agreement_id)
    rows.pause("after_send")
    return proofs.apply_proof(proof), proof.permanent


def debit(*, subject_id: UUID, order: Order, agreement_id: UUID, ref: UUID) -> PaymentShown:
    """Debit what falls due under an agreement, by the worker; its own transactions.

    `ref` is the debit that was announced. The bank is told of the agreement first, once by its
    number. Raises `DebitRefused`, `Screened`, `OrderDiffers`, or the gate's refusal.
    """
    signing.at_bank(subject_id, agreement_id)
    stopped: Exception | None = None
    with transaction.atomic(durable=True):
        alone(subject_id, "pay")
        permit = gate.permit(HOUSE, subject_id=subject_id, purpose=DEBIT, items=("card_number",))
        if (known := known_order(subject_id, order)) is not None:
            return rows.shown(known)
        stopped = _screened_debit(subject_id, order)
        if stopped is None:
            rows.with_subject(permit)
            due = debits.due_debit(
                permit, agreement_id=agreement_id, amount_fen=order.amount_fen, ref=ref
            )
            row = write(subject_id, order)
            row.way, row.card_id = Way.AGREEMENT.value, due.card_id
            row.agreement_id = agreement_id
            row.save(update_fields=["agreement_id"])
            ready = _Ready(_attempt(permit, row, Rail.BANK), None, agreement_id)
    if stopped is not None:
        raise stopped
    shown, _ = _send(ready)
    return shown


def _screened_debit(subject_id: UUID, order: Order) -> Exception | None:
    # Nobody is there to prove anew who they are: what asks for more than a yes is not debited.
    event = Event(
        kind=EventKind.PAYMENT,
        amount_fen=order.amount_fen,
        counterparty=order.payee.id,
        counterparty_name=order.payee.name,
        ref=order.id,
    )
    outcome = antifraud.screen(HOUSE, subject_id=subject_id, event=event).outcome
    return None if outcome is Outcome.ACCEPT else Screened(outcome.name.lower())


def unsent(*, subject_id: UUID, number: UUID) -> None:
    """End an attempt whose process died before it was sent: certainly unpaid."""
    with transaction.atomic(durable=True):
        permit = rows.keeping(subject_id)
        row = rows.found(subject_id, rows.attempt_of(subject_id, number).payment_id, hold=True)
        attempt = rows.attempt_of(subject_id, number, hold=True)
        if attempt.state != AttemptState.PREPARED.value:
            return
        attempt.code = "not_sent"
        rows.move_attempt(attempt, AttemptState.DECLINED)
        proofs.unpaid(permit, row, attempt)


def again(attempt: AttemptRow) -> rails.Proof:
    """Send a bank's attempt once more under its own key, since it may never have heard of it.

    Its own transaction; the bank does nothing twice. Raises the gate's refusal where the payer has
    withdrawn by now: then the number stays open and is a person's case.
    """
    with transaction.atomic(durable=True):
        session.set_subject(attempt.subject_id)
        row = rows.found(attempt.subject_id, attempt.payment_id)
        parcel = None
        if row.agreement_id is None:
            parcel = _parcel(_permit(HOUSE, row, Rail.BANK), row, row.card_id)
    return rails.pay(attempt, parcel, row.agreement_id)
