"""Rows of the room: whose they are, found and held one by one, moved by the tables of steps."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from uuid import UUID

from django.db import connection

from xingnuo.kit import clock, points
from xingnuo.kit.db import session
from xingnuo.kit.keyed import Keyed
from xingnuo.money.payments import actions as payments
from xingnuo.services.merchant_collection.contracts import (
    LIVING,
    MERCHANT_STEPS,
    SETTLEMENT_STEPS,
    ForbiddenMerchantStep,
    Form,
    MerchantShown,
    MerchantState,
    NoSuchMerchant,
    SettlementState,
)
from xingnuo.services.merchant_collection.models import MerchantRow, SettlementRow
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Permit, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind

HOUSE = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
REGION, ONBOARD, COLLECT, SETTLE = (
    f"merchant_collection.{each}" for each in ("region", "onboard", "collect", "settle")
)
SERVICE = QUEUE = "merchant_collection"
NAME, ADDRESS, CODE = "enterprise_name", "work_address", "enterprise_code"
keyed = Keyed("merchant_collection")
_LIVING = [state.value for state in LIVING]


def who(actor: Actor, purpose: str = ONBOARD) -> UUID:
    """Give the person who acts for themselves, signed in, and set the subject."""
    if actor.kind is not ActorKind.SELF or actor.subject_id is None:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose=purpose, actor=actor)
    if actor.strength < Strength.SIGNED_IN:
        raise GateRefusal(Reason.TOO_WEAK, purpose=purpose, actor=actor)
    session.set_subject(actor.subject_id)
    return actor.subject_id


def alone(subject_id: UUID, about: str) -> None:
    """Let nobody else do the same with this person until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"merchant_collection.{about}:{subject_id}"],
        )


def living(subject_id: UUID, *, hold: bool = False) -> MerchantRow | None:
    """Give the person's merchant that is neither refused nor closed; the subject is set."""
    rows = MerchantRow.objects.of(subject_id).filter(state__in=_LIVING)
    row: MerchantRow | None = (rows.select_for_update() if hold else rows).first()
    return row


def standing(
    subject_id: UUID, *states: MerchantState, hold: bool = False, merchant_id: UUID | None = None
) -> MerchantRow:
    """Give the person's merchant in one of these states; raises `NoSuchMerchant`."""
    rows = MerchantRow.objects.of(subject_id).filter(state__in=[state.value for state in states])
    if merchant_id is not None:
        rows = rows.filter(id=merchant_id)
    row: MerchantRow | None = (rows.select_for_update() if hold else rows).first()
    if row is None:
        raise NoSuchMerchant
    return row


def _step[S: StrEnum](table: Mapping[S, frozenset[S]], now: S, to: S) -> str:
    if to not in table[now]:
        raise ForbiddenMerchantStep(f"{now}>{to}")
    return to.value


def move(row: MerchantRow, to: MerchantState, *, ground: str = "") -> None:
    """Move a merchant by the table of steps."""
    row.state = _step(MERCHANT_STEPS, MerchantState(row.state), to)
    row.ground = ground
    if to in (MerchantState.REFUSED, MerchantState.CLOSED):
        row.ended_at = clock.now()
    row.save()


def move_settlement(row: SettlementRow, to: SettlementState) -> None:
    """Move a settlement by the table of steps."""
    row.state = _step(SETTLEMENT_STEPS, SettlementState(row.state), to)
    if to is SettlementState.SENT:
        row.sent_at = clock.now()
    if to in (SettlementState.DONE, SettlementState.DECLINED):
        row.ended_at = clock.now()
    row.save()


def keeping(subject_id: UUID) -> Permit:
    """Ask for the leave under which the person's account in the books is moved (AML 34)."""
    return payments.keeping(subject_id)


def of_house(subject_id: UUID, purpose: str, items: tuple[str, ...]) -> Permit:
    """Ask for leave of the house's own, by the merchant's consent."""
    return gate.permit(HOUSE, subject_id=subject_id, purpose=purpose, items=items)


def slot(merchant_id: UUID) -> str:
    """Give the place of a shop's name and address in the vault."""
    return str(merchant_id)


def place_slot(merchant_id: UUID) -> str:
    """Give the place of a shop's registered place in the vault."""
    return f"{merchant_id}.place"


def pause(point: str) -> None:
    """Stand at a named point of this room, where a drill may end the process."""
    points.pause(f"merchant_collection.{point}")


def shown(row: MerchantRow) -> MerchantShown:
    """Give a merchant as it leaves the room."""
    return MerchantShown(
        id=row.id,
        subject_id=row.subject_id,
        state=MerchantState(row.state),
        region=row.region,
        form=Form(row.form) if row.form else None,
        category=row.category,
        card_id=row.card_id,
        account_id=row.account_id,
        fee_bp=row.fee_bp,
        ground=row.ground,
        opened_at=row.opened_at,
    )
