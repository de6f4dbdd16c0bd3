"""Opening the account at the bank, and closing it: each by a fresh proof of who asks."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.money.payments import queries as payments
from xingnuo.money.payments.contracts import NoSuchCard
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.services.wallet_card import _books as books
from xingnuo.services.wallet_card import _rows as rows
from xingnuo.services.wallet_card._send import opening_permit, packed, send
from xingnuo.services.wallet_card.contracts import (
    AccountShown,
    AccountState,
    MoveKind,
    NotEmpty,
)
from xingnuo.services.wallet_card.models import AccountRow, MoveRow
from xingnuo.trust.gate.contracts import Actor, Strength


def open_card(actor: Actor, *, card_id: UUID, number: UUID) -> AccountShown:
    """Have the bank open an account on a bound card. Its own transactions; safe to repeat.

    An account that lives already is given as it is. Gives it open, declined with a code, or
    opening: then it goes on by itself. Raises `NeedsReverify`, `NoSuchCard`, or the gate's refusal.
    """
    with transaction.atomic(durable=True):
        subject_id = _proved(actor)
        rows.alone(subject_id)
        mine = payments.my_cards(actor)
        rows.who(actor)
        known = rows.account_now(subject_id)
        repeated = AccountRow.objects.of(subject_id).filter(id=number).first()
        if repeated is not None:
            return rows.account_shown(repeated)
        if known is not None and known.state in (AccountState.OPENING, AccountState.OPEN):
            return rows.account_shown(known)
        if card_id not in [card.id for card in mine]:
            raise NoSuchCard
        permit = opening_permit(actor, subject_id)
        rows.with_subject(permit)
        account = AccountRow.objects.create(
            id=number,
            subject_id=subject_id,
            state=AccountState.OPENING.value,
            card_id=card_id,
            made_at=clock.now(),
        )
        rows.write(account, number=number, kind=MoveKind.OPEN, amount_fen=0)
        parcel = packed(permit, card_id)
    send(subject_id, number, parcel)
    return _now(subject_id, number)


def close_card(actor: Actor, *, number: UUID) -> AccountShown:
    """Have the bank close the empty account. Its own transactions; safe to repeat.

    Raises `NeedsReverify`, `NotEmpty` while our books show money or something has no end, or
    `NoAccount`. What the bank declines leaves the account open.
    """
    with transaction.atomic(durable=True):
        subject_id = _proved(actor)
        rows.alone(subject_id)
        repeated = MoveRow.objects.of(subject_id).filter(id=number).first()
        if repeated is not None:
            return rows.account_shown(rows.account_of(subject_id, repeated.account_id))
        account = rows.open_account(subject_id)
        permit = rows.keeping(subject_id)
        held = books.pockets(permit)
        rows.with_subject(permit)
        under_way = MoveRow.objects.of(subject_id).filter(state__in=rows.LIVE_STATES)
        if any(fen > 0 for fen in held.values()) or under_way.exists():
            raise NotEmpty
        rows.write(account, number=number, kind=MoveKind.CLOSE, amount_fen=0)
    send(subject_id, number)
    return _now(subject_id, account.id)


def _proved(actor: Actor) -> UUID:
    subject_id = rows.who(actor)
    if actor.strength < Strength.REVERIFIED:
        raise NeedsReverify
    return subject_id


def _now(subject_id: UUID, account_id: UUID) -> AccountShown:
    with transaction.atomic():
        permit = rows.keeping(subject_id)
        rows.with_subject(permit)
        return rows.account_shown(rows.account_of(subject_id, account_id))
