"""Balance, orders, payments, bills and coupons, as on the pages.

A payment is made in four steps: an order (its id is the client's, made once), the choice of way
and discount with the question that follows, the payer's yes under `/confirmations/`, and the pay.
"""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import Done, In
from xingnuo.doors.porch.address import address_of
from xingnuo.doors.porch.idempotency import once
from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    AMOUNT_MAX_FEN,
    TITLE_CHARS_MAX,
    CouponShown,
    Order,
    Payee,
    PaymentKind,
    PaymentShown,
    PaymentState,
    RefundShown,
    RefundState,
    Way,
)
from xingnuo.trust.gate.contracts import Actor

router = Router(tags=["payments"])
# These look somebody up, or ask a channel in steps.
IN_STEPS = ("payments", "payments/<uuidstr:payment>/pay")
LINES_MAX = 100
_MONTH = re.compile(r"(2\d{3})-(0[1-9]|1[0-2])")
_TITLES = {"top_up": "余额充值", "withdraw": "余额提现", "transfer": "转账"}


class BalanceOut(Schema):
    """What stands on the balance; what is on its way to a card is held."""

    available_fen: int
    held_fen: int


class NewOrder(In):
    """An order of the person's own making: what moves their balance.

    `id` is made by the client and kept before it is sent: a repeat gives the same payment.
    """

    id: UUID
    kind: Literal["top_up", "withdraw", "transfer"]
    amount_fen: int = Field(gt=0, le=AMOUNT_MAX_FEN, strict=True)
    phone: str = Field("", max_length=30, json_schema_extra={"writeOnly": True})
    note: str = Field("", max_length=TITLE_CHARS_MAX)


class PaymentOut(Schema):
    """A payment as it stands; `paying` goes on by itself and ends by proof alone."""

    id: UUID
    kind: PaymentKind
    service: str
    way: Way | None
    state: PaymentState
    amount_fen: int
    off_fen: int
    payable_fen: int
    refunded_fen: int
    code: str
    made_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class OrderOut(PaymentOut):
    """An order with what is shown of it; another person is shown by a mask."""

    title: str
    payee: str


class Choice(In):
    """The way to pay, and the discount."""

    way: Literal["card", "balance"]
    card_id: UUID | None = None
    coupon_id: UUID | None = None


class Asked(Schema):
    """The question whose yes pays: answer it under `/confirmations/`."""

    confirmation_id: UUID
    payable_fen: int
    expires_at: datetime


class Pay(In):
    """The payer's yes."""

    confirmation_id: UUID


class RefundOut(Schema):
    """A refund: `money_fen` goes back to where the money came from."""

    id: UUID
    state: RefundState
    amount_fen: int
    money_fen: int
    coupon_fen: int
    made_at: datetime
    ended_at: datetime | None


class CouponOut(Schema):
    """A discount that may be used once."""

    id: UUID
    campaign: str
    off_fen: int
    least_fen: int
    service: str
    valid_until: datetime


class ServiceSum(Schema):
    """What was paid to one service."""

    service: str
    fen: int


class MonthSums(Schema):
    """A month in figures."""

    month: date
    out_fen: int
    in_fen: int
    by_service: list[ServiceSum]
    by_day: list[int]


@router.get("/balance", response={200: BalanceOut, **PROBLEMS})
def balance(request: HttpRequest) -> object:
    """Say what may be spent."""
    return queries.balance(me(request)[0])


@router.get("/coupons", response={200: list[CouponOut], **PROBLEMS})
def coupons(request: HttpRequest) -> tuple[CouponShown, ...]:
    """List the coupons that may be used."""
    return queries.coupons(me(request)[0])


@router.post("/payments", response={200: PaymentOut, **PROBLEMS})
def order(request: HttpRequest, body: NewOrder) -> PaymentShown:
    """Write an order down; its id is the key by which a repeat is the same order."""
    actor, _ = me(request)
    kind = PaymentKind(body.kind)
    payee = _payee(actor, kind, body.phone)
    with transaction.atomic():
        return actions.create(
            actor,
            order=Order(
                id=body.id,
                kind=kind,
                service=kind.value,
                amount_fen=body.amount_fen,
                payee=payee,
                title=body.note.strip() or _TITLES[body.kind],
            ),
        )


def _payee(actor: Actor, kind: PaymentKind, phone: str) -> Payee:
    if kind is not PaymentKind.TRANSFER:
        with transaction.atomic():
            return actions.own_balance(actor)
    if not phone:
        raise BadInput({"phone": "请填写对方的手机号"})
    return actions.find_payee(actor, phone=phone)


@router.get("/payments/{uuid:payment}", response={200: OrderOut, **PROBLEMS})
def one(request: HttpRequest, payment: UUID) -> dict[str, object]:
    """Give a payment as it stands."""
    return _told(queries.order_line(me(request)[0], payment_id=payment))


def _told(line: queries.BillLine) -> dict[str, object]:
    shown = PaymentOut.model_validate(line.payment, from_attributes=True).model_dump()
    return {**shown, "title": line.title, "payee": line.payee}


@router.post("/payments/{uuid:payment}/question", response={200: Asked, **PROBLEMS})
def question(request: HttpRequest, payment: UUID, body: Choice) -> HttpResponse:
    """Choose way and discount, and be asked for the yes to exactly that amount and payee."""
    actor, subject_id = me(request)

    def act() -> dict[str, object]:
        ready = actions.choose(
            actor,
            payment_id=payment,
            way=Way(body.way),
            card_id=body.card_id,
            coupon_id=body.coupon_id,
        )
        asked = actions.ask_confirmation(
            actor, subject_id=subject_id, act=actions.act_of_payment(ready)
        )
        return {
            "confirmation_id": str(asked.id),
            "payable_fen": ready.payable_fen,
            "expires_at": asked.expires_at.isoformat(),
        }

    return once(request, subject_id, act)


@router.post("/payments/{uuid:payment}/pay", response={200: PaymentOut, **PROBLEMS})
def pay(request: HttpRequest, payment: UUID, body: Pay) -> PaymentShown:
    """Pay as it was chosen and confirmed; a repeat gives how it stands."""
    actor, _ = me(request)
    with transaction.atomic():
        known = queries.payment(actor, payment_id=payment)
    return actions.pay(
        actor,
        payment_id=payment,
        confirmation_id=body.confirmation_id,
        way=known.way or Way.BALANCE,
        card_id=known.card_id,
        address=address_of(request),
    )


@router.delete("/payments/{uuid:payment}", response={200: Done, **PROBLEMS})
def cancel(request: HttpRequest, payment: UUID) -> HttpResponse:
    """Close an order that is not paid."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        done = actions.cancel(actor, payment_id=payment)
        return {"id": str(done.id), "state": done.state.value}

    return once(request, subject_id, act)


@router.get("/payments/{uuid:payment}/refunds", response={200: list[RefundOut], **PROBLEMS})
def refunds(request: HttpRequest, payment: UUID) -> tuple[RefundShown, ...]:
    """List what came back of a payment."""
    return queries.refunds(me(request)[0], payment_id=payment)


@router.get("/bills", response={200: list[OrderOut], **PROBLEMS})
def bills(
    request: HttpRequest, month: str = "", after: UUID | None = None, limit: int = 20
) -> list[dict[str, object]]:
    """List payments, newest first; `after` is the last id of the page before."""
    if not 1 <= limit <= LINES_MAX:
        raise BadInput({"limit": f"请填 1 到 {LINES_MAX}"})
    day = _month(month) if month else None
    found = queries.bills(me(request)[0], month=day, after=after, limit=limit)
    return [_told(line) for line in found]


@router.get("/bills/month", response={200: MonthSums, **PROBLEMS})
def month(request: HttpRequest, month: str = "") -> dict[str, object]:
    """Give a month in figures, this one unless another is named."""
    day = _month(month) if month else clock.today()
    told = queries.month(me(request)[0], day=day)
    sums = [{"service": service, "fen": fen} for service, fen in told.by_service]
    return {**asdict(told), "by_service": sums}


def _month(typed: str) -> date:
    found = _MONTH.fullmatch(typed)
    if found is None:
        raise BadInput({"month": "请写成 2026-11"})
    return date(int(found[1]), int(found[2]), 1)
