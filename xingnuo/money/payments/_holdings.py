"""What the room hands to the registry: the copy of a person's rows, their end, what blocks it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Model

from xingnuo.kit.db import session
from xingnuo.money.payments import _agreements, _cards, _confirm_password
from xingnuo.money.payments._cards_rows import BIND
from xingnuo.money.payments._core_sweep import standing
from xingnuo.money.payments.contracts import AgreementState, CardState, DebitState
from xingnuo.money.payments.models import (
    AgreementRow,
    AttemptRow,
    CardRow,
    CheckRow,
    ConfirmationRow,
    CouponRow,
    DebitRow,
    EventRow,
    PasswordRow,
    PaymentRow,
    RefundRow,
    ResetRow,
)
from xingnuo.trust.policy.contracts import Blocker

_TABLES: tuple[type[Model], ...] = (
    DebitRow,
    AgreementRow,
    ConfirmationRow,
    ResetRow,
    PasswordRow,
    CardRow,
    CheckRow,
    CouponRow,
)
# Kept by law past the relation's end, sealed from other use (AML 34).
_KEPT: tuple[type[Model], ...] = (PaymentRow, AttemptRow, RefundRow, EventRow)
# Left out of a person's copy: whoever finds the copy must not be able to try it.
_WITHHELD = {
    "payments_password": ("text",),
    "payments_card": ("number_digest",),
    "payments_card_check": ("number_digest",),
}


def export(subject_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Give every row of a person, without what could be tried against a guess."""
    session.set_subject(subject_id)
    return {
        each._meta.db_table: [
            {
                name: kept
                for name, kept in row.items()
                if name not in _WITHHELD.get(each._meta.db_table, ())
            }
            for row in each._default_manager.of(subject_id).values()  # type: ignore[attr-defined]
        ]
        for each in (*_TABLES, *_KEPT)
    }


def erase(subject_id: UUID) -> int:
    """Delete every row of a subject in the caller's transaction."""
    session.set_subject(subject_id)
    return sum(
        each._default_manager.of(subject_id).delete()[0]  # type: ignore[attr-defined]
        for each in _TABLES
    )


def blocks(subject_id: UUID) -> list[Blocker]:
    """Name debits, payments and refunds under way: only proof ends them."""
    session.set_subject(subject_id)
    moving = DebitRow.objects.of(subject_id).filter(state=DebitState.TRYING.value)
    if not moving.exists():
        return standing(subject_id)
    return [
        *standing(subject_id),
        Blocker(
            code="debit_under_way",
            sentence="有一笔自动扣款还没有结果",
            href="/me/settings/auto-debit/",
        ),
    ]


def ends(subject_id: UUID, purpose: str) -> int:
    """Let go of what rests on a consent that was taken back; gives how many rows ended."""
    if purpose == _confirm_password.PURPOSE:
        return _confirm_password.forget(subject_id)
    if purpose not in (_agreements.PURPOSE, BIND):
        return 0
    open_ones = [AgreementState.ACTIVE.value, AgreementState.DRAFT.value]
    live = list(AgreementRow.objects.of(subject_id).filter(state__in=open_ones).select_for_update())
    for agreement in live:
        _agreements.cancel(agreement)
    if purpose == _agreements.PURPOSE:
        return len(live)
    cards = list(
        CardRow.objects.of(subject_id).filter(state=CardState.BOUND.value).select_for_update()
    )
    for card in cards:
        _cards.unbind(card)
    return len(live) + len(cards)
