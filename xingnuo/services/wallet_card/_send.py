"""From what is prepared to the bank's answer: mark as sent, ask, take the answer as proof.

No call leaves inside a transaction. Whoever dies between two steps leaves a state from which the
jobs go on: what was prepared and never sent is certainly not done, what was sent is asked about.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit.db import session
from xingnuo.money.payments import queries as payments
from xingnuo.services.wallet_card import _rows as rows
from xingnuo.services.wallet_card._apply import apply, decline
from xingnuo.services.wallet_card._bank import Proof, ask_for, proof_of
from xingnuo.services.wallet_card.contracts import OPEN, RECIPIENT, MoveKind, MoveShown, MoveState
from xingnuo.services.wallet_card.models import AccountRow, MoveRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, Permit
from xingnuo.trust.sharing import actions as sharing
from xingnuo.trust.sharing.contracts import Parcel

ASKED = ("name", "document_number", "phone", "card_number")


def opening_permit(actor: Actor, subject_id: UUID) -> Permit:
    """Ask for the leave to have the bank open an account; raises the gate's refusal."""
    return gate.permit(actor, subject_id=subject_id, purpose=OPEN, items=ASKED, recipient=RECIPIENT)


def packed(permit: Permit, card_id: UUID) -> Parcel:
    """Pack what the bank asks for, with the number of the bound card."""
    return sharing.pack(permit, ASKED, slots={"card_number": payments.card_slot(card_id)})


def send(subject_id: UUID, number: UUID, parcel: Parcel | None = None) -> MoveShown:
    """Send a prepared request and take the answer; its own transactions."""
    rows.pause("after_prepared")
    with transaction.atomic(durable=True):
        session.set_subject(subject_id)
        known = rows.move_of(subject_id, number)
        account = rows.account_of(subject_id, known.account_id, hold=True)
        row = rows.move_of(subject_id, number, hold=True)
        if row.state != MoveState.PREPARED.value:
            return rows.move_shown(row)
        rows.move(row, MoveState.SENT)
        rows.ask_again(row)
    rows.pause("after_sent")
    proof = _asked(account, row, parcel, is_first=True)
    rows.pause("after_send")
    return apply(proof)


def again(account: AccountRow, row: MoveRow) -> Proof:
    """Send a request once more under its own number, since the bank may never have heard of it.

    Raises the gate's refusal where an opening's consent is gone by now: then it stays open, and is
    a person's case.
    """
    parcel = None
    if row.kind == MoveKind.OPEN.value:
        with transaction.atomic(durable=True):
            permit = opening_permit(rows.HOUSE, row.subject_id)
            parcel = packed(permit, account.card_id)
    return _asked(account, row, parcel, is_first=False)


def _asked(account: AccountRow, row: MoveRow, parcel: Parcel | None, *, is_first: bool) -> Proof:
    answer = ask_for(
        MoveKind(row.kind),
        number=row.id,
        token=account.token,
        amount_fen=row.amount_fen,
        parcel=parcel,
    )
    return proof_of(row.subject_id, row.id, answer, is_first=is_first)


def unsent(subject_id: UUID, number: UUID) -> None:
    """End a request whose process died before it was sent: certainly not done."""
    with transaction.atomic(durable=True):
        session.set_subject(subject_id)
        known = rows.move_of(subject_id, number)
        account = rows.account_of(subject_id, known.account_id, hold=True)
        row = rows.move_of(subject_id, number, hold=True)
        if row.state == MoveState.PREPARED.value:
            decline(account, row, "not_sent")
