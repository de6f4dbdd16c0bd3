"""A merchant's own system: codes of one order, refunds, the day, settlements, as on the pages."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import In
from xingnuo.doors.porch.idempotency import HEADER, once
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import (
    CodeKind,
    CodeShown,
    CodeState,
    NoSuchMerchant,
    RefundShown,
    Report,
    SaleShown,
    SettlementShown,
    SettlementState,
)

router = Router(tags=["merchant"])


class CodeOut(Schema):
    """A code; `url` is what the picture holds."""

    id: UUID
    kind: CodeKind
    state: CodeState
    amount_fen: int | None
    url: str
    payment_id: UUID | None
    expires_at: datetime | None


class Charge(In):
    """An order to be paid by a code, once."""

    amount_fen: int = Field(strict=True)


class SaleOut(Schema):
    """A payment that came in."""

    id: UUID
    amount_fen: int
    fee_fen: int
    refunded_fen: int
    settlement_id: UUID | None
    paid_at: datetime


class GiveBack(In):
    """How much of a sale goes back to its payer."""

    amount_fen: int = Field(strict=True)


class SaleRefund(Schema):
    """Money that was given back."""

    id: UUID
    sale_id: UUID
    amount_fen: int
    is_done: bool
    made_at: datetime


class ReportOut(Schema):
    """A day in figures, by the hours of Beijing."""

    day: date
    count: int
    gross_fen: int
    fee_fen: int
    refund_fen: int
    net_fen: int
    hours: list[int]


class SettlementOut(Schema):
    """Money on its way to the card."""

    id: UUID
    state: SettlementState
    until_on: date
    gross_fen: int
    fee_fen: int
    refund_fen: int
    net_fen: int


@router.post("/merchant/codes", response={200: CodeOut, **PROBLEMS})
def charge(request: HttpRequest, body: Charge) -> HttpResponse:
    """Make a code of one order; the same key gives the same code."""
    actor, subject_id = me(request)

    def act() -> dict[str, object]:
        made = actions.charge(actor, code_id=_key(request), amount_fen=body.amount_fen)
        shown = CodeOut.model_validate(made, from_attributes=True)
        return shown.model_dump(mode="json")

    return once(request, subject_id, act)


@router.get("/merchant/codes/{uuid:qr}", response={200: CodeOut, **PROBLEMS})
def code(request: HttpRequest, qr: UUID) -> CodeShown:
    """Say whether a code is paid."""
    return queries.code(me(request)[0], code_id=qr)


@router.get("/merchant/static-code", response={200: CodeOut, **PROBLEMS})
def static_code(request: HttpRequest) -> CodeShown:
    """Give the code on the wall."""
    found = queries.static_code(me(request)[0])
    if found is None:
        raise NoSuchMerchant
    return found


@router.get("/merchant/sales", response={200: list[SaleOut], **PROBLEMS})
def sales(request: HttpRequest, after: UUID | None = None) -> tuple[SaleShown, ...]:
    """List what came in, newest first."""
    return queries.sales(me(request)[0], after=after)


@router.post("/merchant/sales/{uuid:sale}/refunds", response={200: SaleRefund, **PROBLEMS})
def give_back(request: HttpRequest, sale: UUID, body: GiveBack) -> HttpResponse:
    """Give a part or all of a sale back; the same key does it once."""
    actor, subject_id = me(request)

    def act() -> dict[str, object]:
        made = actions.refund(
            actor, sale_id=sale, refund_id=_key(request), amount_fen=body.amount_fen
        )
        return SaleRefund.model_validate(made, from_attributes=True).model_dump(mode="json")

    return once(request, subject_id, act)


@router.get("/merchant/sales/{uuid:sale}/refunds", response={200: list[SaleRefund], **PROBLEMS})
def refunds(request: HttpRequest, sale: UUID) -> tuple[RefundShown, ...]:
    """List what was given back of a sale."""
    return queries.refunds(me(request)[0], sale_id=sale)


@router.get("/merchant/report", response={200: ReportOut, **PROBLEMS})
def report(request: HttpRequest, day: date) -> Report:
    """Give a day in figures."""
    return queries.report(me(request)[0], day=day)


@router.get("/merchant/settlements", response={200: list[SettlementOut], **PROBLEMS})
def settlements(request: HttpRequest) -> tuple[SettlementShown, ...]:
    """List what went to the card."""
    return queries.settlements(me(request)[0])


def _key(request: HttpRequest) -> UUID:
    """Make an id of the call's key: the person's own, so no two people share one."""
    sent = request.headers.get(HEADER, "")
    if not 8 <= len(sent) <= 64:
        raise BadInput({HEADER: "请带 8 到 64 位的请求编号"})
    _, subject_id = me(request)
    made = bytearray.fromhex(ids.digest(f"merchant|{subject_id}|{request.path}|{sent}")[:32])
    made[6], made[8] = made[6] & 0x0F | 0x80, made[8] & 0x3F | 0x80
    return UUID(bytes=bytes(made))
