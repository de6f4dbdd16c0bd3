"""What goes on by itself: unknowns are asked about for ever, and the bank's notices are taken."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock, jobs
from xingnuo.kit.db import session
from xingnuo.partners.bank import client as bank
from xingnuo.services.wallet_card import _cases as cases
from xingnuo.services.wallet_card import _rows as rows
from xingnuo.services.wallet_card._apply import apply, is_live
from xingnuo.services.wallet_card._bank import Finding, proof_of
from xingnuo.services.wallet_card._send import again, unsent
from xingnuo.services.wallet_card.contracts import MoveState
from xingnuo.services.wallet_card.models import AccountRow, MoveRow, NumberRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal

OLD = timedelta(hours=1)  # an unknown of this age is shown to a person
ASKED_AT_ONCE_MAX = 200
_SPREAD = timedelta(minutes=5)


def ask(*, subject_id: UUID, number: UUID) -> None:
    """Ask what became of a number that is still open; its own transactions, safe to repeat."""
    known = NumberRow.objects.filter(number=number).first()
    if known is None or not known.is_open:
        return
    account, row = _seen(subject_id, number)
    if row.state == MoveState.PREPARED.value:
        unsent(subject_id, number)
        return
    if not is_live(row):
        return
    proof = proof_of(subject_id, number, bank.money_status(number.hex))
    if proof.finding is Finding.NOT_KNOWN:
        try:
            proof = again(account, row)
        except GateRefusal as refusal:
            # The consent is gone: nothing more is sent, and the question stays open.
            gate.refused(refusal)
    apply(proof)
    _age(subject_id, number)


def _seen(subject_id: UUID, number: UUID) -> tuple[AccountRow, MoveRow]:
    with transaction.atomic():
        session.set_subject(subject_id)
        row = rows.move_of(subject_id, number)
        return rows.account_of(subject_id, row.account_id), row


def _age(subject_id: UUID, number: UUID) -> None:
    with transaction.atomic():
        session.set_subject(subject_id)
        row = rows.move_of(subject_id, number)
        if is_live(row) and clock.now() - row.made_at > OLD:
            cases.put(
                cases.Kind.UNKNOWN_OLD,
                number.hex,
                subject_id=subject_id,
                ours=row.amount_fen,
                theirs=None,
            )


def ask_due() -> int:
    """Ask about every open number whose time has come and whose job was lost; gives how many."""
    late = clock.now() - timedelta(seconds=30)
    due = NumberRow.objects.filter(is_open=True, ask_at__lt=late).order_by("ask_at")
    found = list(due.values_list("subject_id", "number")[:ASKED_AT_ONCE_MAX])
    return jobs.one_by_one(found, _ask_now)


def _ask_now(subject_id: UUID, number: UUID) -> None:
    later = clock.now() + _SPREAD
    NumberRow.objects.filter(number=number).update(ask_at=later)
    ask(subject_id=subject_id, number=number)


def bank_notice(headers: Mapping[str, str], body: bytes) -> bool:
    """Take what the bank tells of a number of ours; its own transactions, safe to repeat.

    False where the number is none of the card's. Raises `NotAuthentic`.
    """
    notice = bank.receive(headers, body)
    try:
        number = UUID(hex=notice.key)
    except ValueError:
        return False
    known = NumberRow.objects.filter(number=number).first()
    if known is None:
        return False
    apply(proof_of(known.subject_id, number, notice.answer))
    return True
