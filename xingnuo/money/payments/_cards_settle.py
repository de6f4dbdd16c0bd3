"""How a check of a card ends: one function takes the bank's word, whoever brings it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.money.payments import _cards_rows as rows
from xingnuo.money.payments._cards_banks import code_of
from xingnuo.money.payments._cards_rows import BIND, CARD, HOUSE
from xingnuo.money.payments._cards_states import CHECK_STEPS
from xingnuo.money.payments.contracts import Aim, CardState, CheckGround, CheckState
from xingnuo.money.payments.models import CardRow, CheckRow
from xingnuo.partners.bank.contracts import Answer, Outcome
from xingnuo.people.notices import actions as notices
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import GateRefusal

REFERENCE_CHARS_MAX = 64
_S, _G = CheckState, CheckGround
_ENDS: Mapping[Outcome, tuple[CheckState, CheckGround]] = MappingProxyType(
    {
        Outcome.CODE_SENT: (_S.CODE, _G.NONE),
        Outcome.CODE_WRONG: (_S.CODE, _G.NONE),
        Outcome.CONFIRMED: (_S.CONFIRMED, _G.NONE),
        Outcome.MISMATCH: (_S.REFUSED, _G.NOT_THE_SAME),
        Outcome.CARD_LOST: (_S.REFUSED, _G.CARD_LOST),
        Outcome.CARD_CLOSED: (_S.REFUSED, _G.CARD_CLOSED),
        Outcome.UNSUPPORTED: (_S.REFUSED, _G.UNSUPPORTED),
        Outcome.CODE_EXPIRED: (_S.REFUSED, _G.CODE_EXPIRED),
        Outcome.TOO_MANY: (_S.REFUSED, _G.CODE_SPENT),
        Outcome.REFUSED: (_S.REFUSED, _G.NOT_TAKEN),
    }
)
_UNKNOWN = (_S.UNKNOWN, _G.NONE)


def settle(subject_id: UUID, check_id: UUID, answer: Answer) -> CheckRow:
    """Put the bank's word down, in the caller's transaction; safe to repeat.

    A word that does not follow from where the check stands changes nothing.
    """
    row = rows.locked(subject_id, check_id)
    to, ground = _ENDS.get(answer.outcome, _UNKNOWN)
    if to not in CHECK_STEPS[CheckState(row.state)]:
        return row
    if answer.reference:
        row.reference = answer.reference[:REFERENCE_CHARS_MAX]
    if answer.outcome in (Outcome.CODE_SENT, Outcome.CODE_WRONG):
        row.tries_left = answer.tries_left
    if to is _S.CONFIRMED and row.aim == Aim.BIND.value:
        to, ground = _bound(row, answer.bank)
    rows.move(row, to, ground)
    if to is _S.REFUSED:
        rows.drop_typed(row)
    if to in (_S.CONFIRMED, _S.REFUSED):
        why = f"{row.aim}.{to.value}" + (f".{ground.value}" if ground else "")
        gate.record(HOUSE, subject_id=subject_id, kind=Kind.STATE, reason=why, ref=check_id)
    return row


def _is_first(subject_id: UUID) -> bool:
    # The unique key of a default card decides, should two be bound at once.
    return not CardRow.objects.of(subject_id).filter(is_default=True).exists()


def _bound(row: CheckRow, bank: str) -> tuple[CheckState, CheckGround]:
    """Make a confirmed card the person's, unless their leave for it ended meanwhile."""
    try:
        # A savepoint: a consent withdrawn meanwhile ends the check, and leaves nothing half done.
        with transaction.atomic():
            gate.permit(HOUSE, subject_id=row.subject_id, purpose=BIND, items=CARD)
    except GateRefusal:
        session.set_subject(row.subject_id)
        return _S.REFUSED, _G.WITHDRAWN
    session.set_subject(row.subject_id)
    CardRow.objects.create(
        id=row.id,
        subject_id=row.subject_id,
        state=CardState.BOUND.value,
        bank=code_of(bank),
        number_digest=row.number_digest,
        is_default=_is_first(row.subject_id),
        bound_at=clock.now(),
    )
    row.card_id = row.id
    notices.tell(row.subject_id, "card_bound", key=f"bound.{row.id}")
    session.set_subject(row.subject_id)
    return _S.CONFIRMED, _G.NONE
