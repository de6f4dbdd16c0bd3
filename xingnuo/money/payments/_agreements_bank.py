"""An agreement at the bank: told by its number before the first debit, ended when it ends here.

The bank does nothing twice under one key, so telling it again is safe and needs no state of ours.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from xingnuo.kit import ids
from xingnuo.kit.db import session
from xingnuo.kit.errors import Unavailable
from xingnuo.money.payments import _agreements
from xingnuo.money.payments._cards_rows import CARD, HOUSE, bound, slot
from xingnuo.money.payments.contracts import AgreementState, DebitRefused, WhyNot
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import MoneyOutcome
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.sharing import actions as sharing


def at_bank(subject_id: UUID, agreement_id: UUID) -> None:
    """See that the bank knows a live agreement with its limits; own transaction, safe to repeat.

    Raises `DebitRefused` where it is not live or the bank will not have it, `Unavailable` while the
    bank has not said, or the gate's refusal.
    """
    with transaction.atomic(durable=True):
        session.set_subject(subject_id)
        agreement = _agreements.found(subject_id, agreement_id)
        if agreement.state != AgreementState.ACTIVE.value:
            raise DebitRefused(WhyNot.NOT_ACTIVE)
        permit = gate.permit(
            HOUSE,
            subject_id=subject_id,
            purpose=_agreements.PURPOSE,
            items=_agreements.ITEMS,
            recipient=_agreements.RECIPIENT,
        )
        card = bound(subject_id, agreement.card_id)
        parcel = sharing.pack(permit, _agreements.ITEMS, slots=dict.fromkeys(CARD, slot(card.id)))
    answer = bank.sign_agreement(
        parcel,
        agreement=agreement_id.hex,
        per_fen=agreement.limit_fen,
        day_fen=agreement.month_limit_fen,
        key=agreement_id.hex,
    )
    if answer.outcome in (MoneyOutcome.DECLINED, MoneyOutcome.REFUSED):
        raise DebitRefused(WhyNot.NOT_ACTIVE)
    if answer.outcome is not MoneyOutcome.DONE:
        raise Unavailable("bank")


def end_at_bank(*, subject_id: UUID, agreement_id: UUID) -> None:
    """Have the bank debit nothing more under an agreement; by the worker, until the bank says so.

    Raises `Unavailable` while it has not, so that the job comes again.
    """
    with transaction.atomic():
        session.set_subject(subject_id)
        if _agreements.found(subject_id, agreement_id).state == AgreementState.ACTIVE.value:
            return
    key = ids.derived(agreement_id.bytes + b"end").hex
    answer = bank.end_agreement(agreement=agreement_id.hex, key=key)
    # One that it never knew has nothing to end.
    if answer.outcome not in (MoneyOutcome.DONE, MoneyOutcome.DECLINED):
        raise Unavailable("bank")
