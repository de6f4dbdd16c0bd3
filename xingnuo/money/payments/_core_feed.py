"""What payments tell the rooms beside them: antifraud's totals, and the payer."""

from __future__ import annotations

from uuid import UUID

from xingnuo.kit import clock
from xingnuo.kit.db import session
from xingnuo.money.payments._core_contracts import PaymentKind, Rail
from xingnuo.money.payments._core_models import EventRow, PaymentRow
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.antifraud.contracts import Direction, Movement, MovementKind, PartyKind
from xingnuo.trust.gate.contracts import Permit

_KINDS = {
    PaymentKind.PAY: (MovementKind.PAYMENT, Direction.OUT, PartyKind.ENTITY),
    PaymentKind.TRANSFER: (MovementKind.TRANSFER, Direction.OUT, PartyKind.PERSON),
    PaymentKind.TOP_UP: (MovementKind.TOP_UP, Direction.IN, PartyKind.OWN),
    PaymentKind.WITHDRAW: (MovementKind.WITHDRAW, Direction.OUT, PartyKind.OWN),
}


def movement(permit: Permit, row: PaymentRow, rail: Rail) -> None:
    """Count a payment among the payer's movements of the day (AML, large values)."""
    kind, direction, party = _KINDS[PaymentKind(row.kind)]
    antifraud.feed_movement(
        permit,
        movement=Movement(
            kind=kind,
            amount_fen=row.amount_fen - row.off_fen,
            direction=direction,
            channel=rail.value or "balance",
            counterparty_kind=party,
            cross_border=False,
            ref=row.id,
            at=clock.now(),
        ),
    )


def told(*, subject_id: UUID, event_id: UUID) -> None:
    """Mark an event of the outbox as told, after what hears of it has run."""
    session.set_subject(subject_id)
    EventRow.objects.of(subject_id).filter(id=event_id, told_at__isnull=True).update(
        told_at=clock.now()
    )
