"""Who somebody is: status, and the ways to have it confirmed. A repeat by its key does nothing."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import In
from xingnuo.doors.porch.idempotency import HEADER
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import actions, queries
from xingnuo.people.identity.contracts import Check, Ground, Kind, Rule, State, Status

router = Router(tags=["identity"])
# These ask a source in steps of their own; `urls` opens no transaction around them.
IN_STEPS = ("identity/name", "identity/bank", "identity/bank/<uuidstr:check>")


class CheckOut(Schema):
    """One check, without any value of it."""

    id: UUID
    kind: Kind
    state: State
    ground: Ground
    source: str
    began_at: datetime
    ended_at: datetime | None
    valid_until: datetime | None
    tries_left: int | None
    is_in_force: bool


class StatusOut(Schema):
    """How far the real name is confirmed."""

    state: str
    tier: int
    valid_until: datetime | None
    checks: list[CheckOut]


class Named(In):
    """A name and a document number, as they stand on the document."""

    name: str = Field(min_length=1, max_length=200, json_schema_extra={"writeOnly": True})
    number: str = Field(min_length=1, max_length=60, json_schema_extra={"writeOnly": True})
    rule: Rule = Rule.RESIDENT


class Card(In):
    """A bank card and the phone that stands at the bank."""

    card: str = Field(min_length=1, max_length=40, json_schema_extra={"writeOnly": True})
    phone: str = Field(min_length=1, max_length=30, json_schema_extra={"writeOnly": True})


class Code(In):
    """The code that the bank texted."""

    code: str = Field(min_length=1, max_length=64, json_schema_extra={"writeOnly": True})


class CounterOut(Schema):
    """A code to say at a counter, given once."""

    check_id: UUID
    code: str
    until: datetime


@router.get("/identity", response={200: StatusOut, **PROBLEMS})
def status(request: HttpRequest) -> Status:
    """Say how far the person's real name is confirmed."""
    return queries.status(me(request)[0])


@router.get("/identity/checks/{uuid:check}", response={200: CheckOut, **PROBLEMS})
def check(request: HttpRequest, check: UUID) -> Check:
    """Give one of the person's checks."""
    return queries.check(me(request)[0], check_id=check)


@router.post("/identity/name", response={200: CheckOut, **PROBLEMS})
def name(request: HttpRequest, body: Named) -> Check:
    """Have name and number confirmed by the authority."""
    return actions.check_name(
        me(request)[0], name=body.name, number=body.number, rule=body.rule, key=_key(request)
    )


@router.post("/identity/bank", response={200: CheckOut, **PROBLEMS})
def card(request: HttpRequest, body: Card) -> Check:
    """Ask the bank whether card, document, name and phone belong together."""
    return actions.begin_card(me(request)[0], card=body.card, phone=body.phone, key=_key(request))


@router.post("/identity/bank/{uuid:check}", response={200: CheckOut, **PROBLEMS})
def code(request: HttpRequest, check: UUID, body: Code) -> Check:
    """Hand the bank the code that it texted."""
    return actions.confirm_card(me(request)[0], check_id=check, code=body.code)


@router.post("/identity/video", response={200: CheckOut, **PROBLEMS})
def video(request: HttpRequest) -> Check:
    """Ask for a video call that a member of staff witnesses."""
    return actions.ask_video(me(request)[0], key=_key(request))


@router.post("/identity/counter", response={200: CounterOut, **PROBLEMS})
def counter(request: HttpRequest) -> object:
    """Ask for a code to say at a counter."""
    return actions.ask_counter(me(request)[0], key=_key(request))


@router.delete("/identity/checks/{uuid:check}", response={200: CheckOut, **PROBLEMS})
def give_up(request: HttpRequest, check: UUID) -> Check:
    """Give a check up that waits for the person or for staff."""
    with transaction.atomic():
        return actions.give_up(me(request)[0], check_id=check)


def _key(request: HttpRequest) -> UUID:
    """Make the check's id of the call's key: the person's own, so no two people share one."""
    sent = request.headers.get(HEADER, "")
    if not 8 <= len(sent) <= 64:
        raise BadInput({HEADER: "请带 8 到 64 位的请求编号"})
    _, subject_id = me(request)
    made = bytearray.fromhex(ids.digest(f"identity|{subject_id}|{request.path}|{sent}")[:32])
    made[6], made[8] = made[6] & 0x0F | 0x80, made[8] & 0x3F | 0x80
    return UUID(bytes=bytes(made))
