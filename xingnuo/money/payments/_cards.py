"""A person's cards: which there are, which is first, and taking one out."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.money.payments import _agreements
from xingnuo.money.payments import _cards_rows as rows
from xingnuo.money.payments._cards_banks import BANKS
from xingnuo.money.payments._cards_states import card_step
from xingnuo.money.payments.contracts import (
    OPEN_CHECKS,
    AgreementShown,
    CardInUse,
    CardShown,
    CardState,
    CheckShown,
)
from xingnuo.money.payments.models import CardRow, CheckRow
from xingnuo.people.notices import actions as notices
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.gate.contracts import Actor, Permit

LAST_DIGITS = 4
NUMBER = "card_number"
type Busy = Callable[[UUID, UUID], str]
_busy: list[Busy] = []


def watch_cards(busy: Busy) -> None:
    """Let a part of the house say why a card may not be taken out: `busy(subject_id, card_id)`.

    It gives a Chinese sentence while something of the card's is not settled, else nothing.
    """
    if busy not in _busy:
        _busy.append(busy)


def cards(permit: Permit) -> tuple[CardShown, ...]:
    """Give the person's cards, the default one first; the permit must allow the card's number."""
    numbers = {
        one.slot: one.text[-LAST_DIGITS:] for one in gate_queries.read(permit, (NUMBER,), slot=None)
    }
    session.set_subject(permit.subject_id, permit_id=permit.id)
    mine = CardRow.objects.of(permit.subject_id).filter(state=CardState.BOUND.value)
    return tuple(
        CardShown(
            id=row.id,
            bank=BANKS[row.bank].name,
            last_four=numbers.get(rows.slot(row.id), ""),
            is_default=row.is_default,
            channels=BANKS[row.bank].channels,
            bound_at=row.bound_at,
        )
        for row in mine.order_by("-is_default", "-bound_at", "-id")
    )


def my_cards(actor: Actor) -> tuple[CardShown, ...]:
    """Give the cards of the person who looks at their own."""
    subject_id = rows.who(actor)
    if not CardRow.objects.of(subject_id).filter(state=CardState.BOUND.value).exists():
        return ()
    permit = gate.permit(actor, subject_id=subject_id, purpose=rows.BIND, items=(NUMBER,))
    return cards(permit)


def my_checks(actor: Actor) -> tuple[CheckShown, ...]:
    """Give the person's checks that are still open, newest first."""
    mine = CheckRow.objects.of(rows.who(actor))
    waiting = mine.filter(state__in=[state.value for state in OPEN_CHECKS], aim="bind")
    return tuple(rows.shown(row) for row in waiting.order_by("-began_at"))


def check(actor: Actor, *, check_id: UUID) -> CheckShown:
    """Give one of the person's checks; another's and a missing one look the same."""
    return rows.shown(rows.found(rows.who(actor), check_id))


def set_default_card(actor: Actor, *, card_id: UUID) -> None:
    """Use this card first from now on."""
    subject_id = rows.who(actor)
    rows.alone(subject_id, "cards")
    row = rows.bound(subject_id, card_id, hold=True)
    _make_default(row)


def _make_default(row: CardRow) -> None:
    mine = CardRow.objects.of(row.subject_id)
    mine.filter(is_default=True).exclude(id=row.id).update(is_default=False)
    row.is_default = True
    row.save(update_fields=["is_default"])


def unbind_card(actor: Actor, *, card_id: UUID, end_agreements: bool = False) -> None:
    """Take a card out: its number is deleted, and the person is told. Needs a fresh proof.

    Raises `CardInUse` while a payment by it is not settled (`detail` is `unsettled`), and where
    agreements debit it and the person did not say that they end too (`agreements`).
    """
    subject_id = rows.proved(actor)
    rows.alone(subject_id, "cards")
    row = rows.bound(subject_id, card_id, hold=True)
    if why := busy_with(subject_id, card_id):
        raise CardInUse("unsettled", message=why)
    live = _agreements.live_on(subject_id, card_id, hold=True)
    if live and not end_agreements:
        raise CardInUse("agreements", message=f"有 {len(live)} 项自动扣款用着这张卡。")
    for agreement in live:
        _agreements.cancel(agreement)
    unbind(row)


def busy_with(subject_id: UUID, card_id: UUID) -> str:
    """Say what of a card's is not settled yet, or nothing."""
    reasons = (_agreements.unsettled_on, *_busy)
    for busy in reasons:
        if why := busy(subject_id, card_id):
            session.set_subject(subject_id)
            return why
    session.set_subject(subject_id)
    return ""


def agreements_on(actor: Actor, *, card_id: UUID) -> tuple[AgreementShown, ...]:
    """Give the live agreements that debit a card of the person's."""
    subject_id = rows.who(actor)
    rows.bound(subject_id, card_id)
    return tuple(map(_agreements.shown, _agreements.live_on(subject_id, card_id)))


def unbind(row: CardRow) -> None:
    """Take a card out whatever hangs on it; the number goes from the vault now."""
    was_default = row.is_default
    row.state = card_step(CardState(row.state), CardState.UNBOUND).value
    row.is_default, row.number_digest, row.unbound_at = False, "", clock.now()
    row.save()
    rows.drop(row.subject_id, row.id)
    following = CardRow.objects.of(row.subject_id).filter(state=CardState.BOUND.value)
    newest = following.order_by("-bound_at", "-id").first()
    if was_default and newest is not None:
        _make_default(newest)
    notices.tell(row.subject_id, "card_unbound", key=f"unbound.{row.id}")
    gate.record(
        rows.HOUSE, subject_id=row.subject_id, kind=Kind.STATE, reason="card.unbound", ref=row.id
    )
