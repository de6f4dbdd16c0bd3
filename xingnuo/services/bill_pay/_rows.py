"""Rows of orders and accounts: found and held one by one, moved by the tables of steps."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import connection

from xingnuo.kit import clock, jobs, points
from xingnuo.kit.db import session
from xingnuo.services.bill_pay._states import order_step
from xingnuo.services.bill_pay.contracts import (
    OPERATOR,
    NoSuchOrder,
    OrderKind,
    OrderShown,
    OrderState,
)
from xingnuo.services.bill_pay.models import AccountRow, NumberRow, OrderRow
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind

HOUSE = Actor(kind=ActorKind.SYSTEM, channel="worker", strength=Strength.SIGNED_IN)
TOP_UP, QUERY, PAY = "bill_pay.topup", "bill_pay.query", "bill_pay.pay"
RECORDS, DISCARD = "bill_pay.records", "bill_pay.discard"
QUEUE = "bill_pay"


def who(actor: Actor, purpose: str) -> UUID:
    """Give the person who acts for themselves, signed in, and set the subject."""
    if actor.kind is not ActorKind.SELF or actor.subject_id is None:
        raise GateRefusal(Reason.ACTOR_NOT_ALLOWED, purpose=purpose, actor=actor)
    if actor.strength < Strength.SIGNED_IN:
        raise GateRefusal(Reason.TOO_WEAK, purpose=purpose, actor=actor)
    session.set_subject(actor.subject_id)
    return actor.subject_id


def alone(subject_id: UUID) -> None:
    """Let nobody else begin something for this person until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bill_pay:{subject_id}"]
        )


def found(subject_id: UUID, order_id: UUID, *, hold: bool = False) -> OrderRow:
    """Give an order of a person; another's and a missing one look the same."""
    rows = OrderRow.objects.of(subject_id).filter(id=order_id)
    row: OrderRow | None = (rows.select_for_update(no_key=True) if hold else rows).first()
    if row is None:
        raise NoSuchOrder
    return row


def account_of(subject_id: UUID, account_id: UUID, *, hold: bool = False) -> AccountRow:
    """Give an account of a person; another's and a missing one look the same."""
    rows = AccountRow.objects.of(subject_id).filter(id=account_id)
    row: AccountRow | None = (rows.select_for_update(no_key=True) if hold else rows).first()
    if row is None:
        raise NoSuchOrder
    return row


def move(row: OrderRow, to: OrderState, *, code: str = "") -> None:
    """Move an order by the table; one that is over is asked about no more."""
    row.state = order_step(OrderState(row.state), to).value
    row.code = code or row.code
    now = clock.now()
    if to is OrderState.PREPARED:
        row.paid_at = now
    if to is OrderState.SENT:
        row.sent_at = now
    if to in (OrderState.DONE, OrderState.DECLINED, OrderState.CLOSED):
        row.ended_at = now
        NumberRow.objects.filter(number=row.id).update(is_open=False, ask_at=None)
    row.save()


def open_number(row: OrderRow) -> None:
    """Note whose a key is, before it goes anywhere, and have it looked after."""
    at = clock.now() + timedelta(seconds=30)
    assert row.amount_fen is not None, "an order that is paid has an amount"
    NumberRow.objects.get_or_create(
        number=row.id,
        defaults={
            "subject_id": row.subject_id,
            "party": row.party,
            "amount_fen": row.amount_fen,
            "ask_at": at,
            "made_at": clock.now(),
        },
    )
    jobs.defer("bill_pay.ask", queue=QUEUE, at=at, subject_id=row.subject_id, number=row.id)


def ask_again(row: OrderRow) -> None:
    """Note the next time at which an undecided order is asked about; no count ever ends it."""
    at = clock.now() + jobs.ask_after(row.asked)
    row.asked += 1
    row.save(update_fields=["asked"])
    NumberRow.objects.filter(number=row.id, is_open=True).update(ask_at=at)
    jobs.defer("bill_pay.ask", queue=QUEUE, at=at, subject_id=row.subject_id, number=row.id)


def number_of(key: UUID) -> NumberRow | None:
    """Say whose a key is."""
    known: NumberRow | None = NumberRow.objects.filter(number=key).first()
    return known


def pause(point: str) -> None:
    """Stand at a named point of this room, where a drill may end the process."""
    points.pause(f"bill_pay.{point}")


def purpose_of(row: OrderRow) -> tuple[str, tuple[str, ...]]:
    """Give the purpose under which an order leaves, and exactly what it takes along."""
    if row.party == OPERATOR:
        return TOP_UP, ("topup_phone", "topup_amount")
    return PAY, ("bill_account", "bill_amount")


def shown(row: OrderRow) -> OrderShown:
    """Give an order as it leaves the room."""
    return OrderShown(
        id=row.id,
        kind=OrderKind(row.kind),
        party=row.party,
        state=OrderState(row.state),
        carrier=row.carrier,
        region=row.region,
        offered_fen=tuple(row.offered),
        amount_fen=row.amount_fen,
        bill_no=row.bill_no,
        month=row.month,
        payment_id=row.payment_id,
        reference=row.reference,
        seal=row.seal,
        code=row.code,
        made_at=row.made_at,
        paid_at=row.paid_at,
        ended_at=row.ended_at,
    )
