"""Top-ups, public bills, their records, and checked links, as on the pages."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import Done, In
from xingnuo.doors.porch.idempotency import HEADER, once
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput
from xingnuo.services.bill_pay import actions, queries
from xingnuo.services.bill_pay.contracts import AccountShown, OrderKind, OrderShown, OrderState

router = Router(tags=["bills"])
# These ask an operator or an issuer, outside any transaction.
IN_STEPS = ("life/top-ups", "life/accounts/found")


class Number(In):
    """A number to top up."""

    phone: str = Field(min_length=1, max_length=30, json_schema_extra={"writeOnly": True})


class AccountIn(In):
    """An account at an issuer."""

    issuer: str = Field(min_length=1, max_length=30)
    account: str = Field(min_length=1, max_length=60, json_schema_extra={"writeOnly": True})


class Chosen(In):
    """One of the offered amounts."""

    amount_fen: int = Field(strict=True)


class Bill(In):
    """A bill exactly as it was shown."""

    bill_no: str = Field(min_length=1, max_length=64)
    amount_fen: int = Field(strict=True)


class BillOrder(Schema):
    """How an order stands; it is paid by its payment."""

    id: UUID
    kind: OrderKind
    party: str
    state: OrderState
    carrier: str
    region: str
    offered_fen: list[int]
    amount_fen: int | None
    month: str
    payment_id: UUID | None
    reference: str
    seal: str
    paid_at: datetime | None
    ended_at: datetime | None


class BillAccount(Schema):
    """What an account owes; number, name and address are hidden in part."""

    id: UUID
    issuer: str
    number: str
    is_saved: bool
    bill_no: str
    due_fen: int
    balance_fen: int | None
    month: str
    name: str
    address: str
    asked_at: datetime


class RecordOut(Schema):
    """A line of the records."""

    order: BillOrder
    about: str


class LinkOut(Schema):
    """A link whose review is in date, and who is behind it."""

    code: str
    title: str
    about: str
    firm: str
    url: str
    policy_url: str


@router.post("/life/top-ups", response={200: BillOrder, **PROBLEMS})
def begin(request: HttpRequest, body: Number) -> OrderShown:
    """Ask the operator who serves a number, and which amounts it offers."""
    return actions.begin_top_up(me(request)[0], phone=body.phone, key=_key(request))


@router.put("/life/orders/{uuid:order}/amount", response={200: BillOrder, **PROBLEMS})
def choose(request: HttpRequest, order: UUID, body: Chosen) -> HttpResponse:
    """Choose an amount; the answer names the payment to confirm and pay."""
    actor, subject_id = me(request)

    def act() -> dict[str, object]:
        made = actions.choose_amount(actor, order_id=order, amount_fen=body.amount_fen)
        return _order(made)

    return once(request, subject_id, act)


@router.post("/life/accounts/found", response={200: BillAccount, **PROBLEMS})
def find(request: HttpRequest, body: AccountIn) -> AccountShown:
    """Ask an issuer what an account owes."""
    return actions.find_bill(me(request)[0], issuer=body.issuer, number=body.account)


@router.get("/life/accounts", response={200: list[BillAccount], **PROBLEMS})
def accounts(request: HttpRequest) -> tuple[AccountShown, ...]:
    """List the saved accounts."""
    return queries.saved_accounts(me(request)[0])


@router.put("/life/accounts/{uuid:account}/saved", response={200: Done, **PROBLEMS})
def save(request: HttpRequest, account: UUID) -> HttpResponse:
    """Keep an account for the next time."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.save_account(actor, account_id=account)
        return {"id": str(account), "state": "saved"}

    return once(request, subject_id, act)


@router.delete("/life/accounts/{uuid:account}", response={200: Done, **PROBLEMS})
def remove(request: HttpRequest, account: UUID) -> HttpResponse:
    """Delete an account with its number."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.remove_account(actor, account_id=account)
        return {"id": str(account), "state": "removed"}

    return once(request, subject_id, act)


@router.post("/life/accounts/{uuid:account}/orders", response={200: BillOrder, **PROBLEMS})
def take(request: HttpRequest, account: UUID, body: Bill) -> HttpResponse:
    """Take a bill as it was shown; the answer names the payment to confirm and pay."""
    actor, subject_id = me(request)

    def act() -> dict[str, object]:
        made = actions.pay_bill(
            actor, account_id=account, bill_no=body.bill_no, amount_fen=body.amount_fen
        )
        return _order(made)

    return once(request, subject_id, act)


@router.get("/life/orders/{uuid:order}", response={200: BillOrder, **PROBLEMS})
def order_of(request: HttpRequest, order: UUID) -> OrderShown:
    """Say how an order stands."""
    return queries.order(me(request)[0], order_id=order)


@router.get("/life/records", response={200: list[RecordOut], **PROBLEMS})
def records(request: HttpRequest) -> object:
    """List what was paid, newest first."""
    return queries.records(me(request)[0])


@router.get("/life/links", response={200: list[LinkOut], **PROBLEMS})
def links(request: HttpRequest) -> object:
    """List the links whose review is in date."""
    me(request)
    return [one.review for one in queries.links()]


def _order(made: OrderShown) -> dict[str, object]:
    return BillOrder.model_validate(made, from_attributes=True).model_dump(mode="json")


def _key(request: HttpRequest) -> UUID:
    """Make an id of the call's key: the person's own, so no two people share one."""
    sent = request.headers.get(HEADER, "")
    if not 8 <= len(sent) <= 64:
        raise BadInput({HEADER: "请带 8 到 64 位的请求编号"})
    _, subject_id = me(request)
    made = bytearray.fromhex(ids.digest(f"bill_pay|{subject_id}|{request.path}|{sent}")[:32])
    made[6], made[8] = made[6] & 0x0F | 0x80, made[8] & 0x3F | 0x80
    return UUID(bytes=bytes(made))
