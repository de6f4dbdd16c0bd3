"""Bank cards, the payment password, confirmations and auto-debits, as on the pages."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import Done, In
from xingnuo.doors.porch.address import address_of
from xingnuo.doors.porch.idempotency import HEADER, once
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    AgreementKind,
    AgreementShown,
    AgreementState,
    Aim,
    CardShown,
    CheckGround,
    CheckShown,
    CheckState,
    Confirmed,
    ConfirmWay,
    PasswordShown,
)

router = Router(tags=["cards"])
# These ask a bank in steps, or count a try that no rollback may take back.
IN_STEPS = (
    "cards/bindings",
    "cards/checks/<uuidstr:binding>",
    "confirmations/<uuidstr:confirmation>",
)


class CardOut(Schema):
    """A bound card, without its number."""

    id: UUID
    bank: str
    last_four: str
    is_default: bool
    channels: list[str]
    bound_at: datetime


class CardCheck(Schema):
    """How far a check of a card is."""

    id: UUID
    aim: Aim
    state: CheckState
    ground: CheckGround
    tries_left: int | None


class BoundCard(In):
    """A bank card and the phone that stands at the bank."""

    card: str = Field(min_length=1, max_length=40, json_schema_extra={"writeOnly": True})
    phone: str = Field(min_length=1, max_length=30, json_schema_extra={"writeOnly": True})


class CardCode(In):
    """The code that the bank texted."""

    code: str = Field(min_length=1, max_length=64, json_schema_extra={"writeOnly": True})


class NewPassword(In):
    """Six digits, typed twice."""

    password: str = Field(min_length=1, max_length=20, json_schema_extra={"writeOnly": True})
    again: str = Field(min_length=1, max_length=20, json_schema_extra={"writeOnly": True})


class PasswordOut(Schema):
    """Whether a payment password stands; nothing of itself."""

    is_set: bool
    wrong_count: int
    locked_until: datetime | None


class Yes(In):
    """The payer's yes: by password, or by the device's answer as JSON text."""

    password: str = Field("", max_length=20, json_schema_extra={"writeOnly": True})
    answer: str = Field("", max_length=16_384, json_schema_extra={"writeOnly": True})


class CardQuestion(Schema):
    """A question to the payer: exactly this is confirmed."""

    id: UUID
    kind: str
    amount_fen: int
    payee: str
    ref: UUID
    expires_at: datetime
    ways: list[ConfirmWay]


class ConfirmedOut(Schema):
    """A yes that counts once, for a few minutes."""

    id: UUID
    expires_at: datetime


class Draft(In):
    """An agreement to be signed."""

    kind: AgreementKind
    card_id: UUID
    limit_fen: int
    month_limit_fen: int
    until: date


class Sign(In):
    """The payer's yes by which an agreement is signed."""

    confirmation_id: UUID


class AgreementOut(Schema):
    """An agreement with its limits."""

    id: UUID
    kind: AgreementKind
    payee: str
    payee_name: str
    card_id: UUID
    limit_fen: int
    month_limit_fen: int
    until: date
    state: AgreementState


class DraftOut(Schema):
    """A draft, and the question whose yes signs it."""

    agreement: AgreementOut
    confirmation_id: UUID


@router.get("/cards", response={200: list[CardOut], **PROBLEMS})
def cards(request: HttpRequest) -> tuple[CardShown, ...]:
    """List the bound cards, the default one first."""
    return queries.my_cards(me(request)[0])


@router.post("/cards/bindings", response={200: CardCheck, **PROBLEMS})
def begin(request: HttpRequest, body: BoundCard) -> CheckShown:
    """Ask the bank whether card, document, name and phone belong together."""
    return actions.begin_card(
        me(request)[0],
        number=body.card,
        phone=body.phone,
        key=_key(request),
        address=address_of(request),
    )


@router.post("/cards/checks/{uuid:binding}", response={200: CardCheck, **PROBLEMS})
def code(request: HttpRequest, binding: UUID, body: CardCode) -> CheckShown:
    """Hand the bank the code that it texted."""
    return actions.confirm_card(me(request)[0], check_id=binding, code=body.code)


@router.get("/cards/checks/{uuid:binding}/state", response={200: CardCheck, **PROBLEMS})
def check(request: HttpRequest, binding: UUID) -> CheckShown:
    """Say how far a check is."""
    return queries.check(me(request)[0], check_id=binding)


@router.put("/cards/{uuid:bound}/default", response={200: Done, **PROBLEMS})
def default(request: HttpRequest, bound: UUID) -> HttpResponse:
    """Use this card first from now on."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.set_default_card(actor, card_id=bound)
        return {"id": str(bound), "state": "default"}

    return once(request, subject_id, act)


@router.delete("/cards/{uuid:bound}", response={200: Done, **PROBLEMS})
def unbind(request: HttpRequest, bound: UUID, end_agreements: bool = False) -> HttpResponse:
    """Take a card out; its number is deleted."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.unbind_card(actor, card_id=bound, end_agreements=end_agreements)
        return {"id": str(bound), "state": "unbound"}

    return once(request, subject_id, act)


@router.get("/payment-password", response={200: PasswordOut, **PROBLEMS})
def password(request: HttpRequest) -> PasswordShown:
    """Say whether a payment password stands."""
    return queries.password(me(request)[0])


@router.put("/payment-password", response={200: Done, **PROBLEMS})
def set_password(request: HttpRequest, body: NewPassword) -> HttpResponse:
    """Set the first payment password; one that stands is reset on the pages."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.set_payment_password(actor, typed=body.password, again=body.again)
        return {"state": "set"}

    # The key's fingerprint is not of what was sent: six digits behind a plain hash are no secret.
    return once(request, subject_id, act, content=b"payment-password")


@router.get("/confirmations/{uuid:confirmation}/question", response={200: CardQuestion, **PROBLEMS})
def question(request: HttpRequest, confirmation: UUID) -> dict[str, object]:
    """Give what is asked: amount and payee first."""
    asked = queries.challenge(me(request)[0], challenge_id=confirmation)
    told = {name: getattr(asked.act, name) for name in ("kind", "amount_fen", "payee", "ref")}
    return {**told, "id": asked.id, "expires_at": asked.expires_at, "ways": sorted(asked.ways)}


@router.post("/confirmations/{uuid:confirmation}/options", response={200: dict, **PROBLEMS})
def options(request: HttpRequest, confirmation: UUID) -> dict[str, object]:
    """Give a device its question, which stands for this act alone."""
    return actions.device_options(me(request)[0], challenge_id=confirmation)


@router.post("/confirmations/{uuid:confirmation}", response={200: ConfirmedOut, **PROBLEMS})
def confirm(request: HttpRequest, confirmation: UUID, body: Yes) -> Confirmed:
    """Say yes; a wrong try is counted whatever the answer."""
    return actions.confirm(
        me(request)[0], challenge_id=confirmation, password=body.password, answer=body.answer
    )


@router.get("/auto-debits", response={200: list[AgreementOut], **PROBLEMS})
def agreements(request: HttpRequest) -> tuple[AgreementShown, ...]:
    """List agreements: live ones first, then those that are over."""
    return queries.agreements(me(request)[0])


@router.post("/auto-debits", response={200: DraftOut, **PROBLEMS})
def draft(request: HttpRequest, body: Draft) -> HttpResponse:
    """Write an agreement down, and ask for the person's yes to its limit and payee."""
    actor, subject_id = me(request)

    def act() -> dict[str, object]:
        made = actions.draft_agreement(
            actor,
            kind=body.kind,
            card_id=body.card_id,
            limit_fen=body.limit_fen,
            month_limit_fen=body.month_limit_fen,
            until=body.until,
            key=_key(request),
        )
        asked = actions.ask_confirmation(actor, subject_id=subject_id, act=actions.act_of(made))
        shown = AgreementOut.model_validate(made, from_attributes=True).model_dump(mode="json")
        return {"agreement": shown, "confirmation_id": str(asked.id)}

    return once(request, subject_id, act)


@router.post("/auto-debits/{uuid:agreement}/signature", response={200: Done, **PROBLEMS})
def sign(request: HttpRequest, agreement: UUID, body: Sign) -> HttpResponse:
    """Sign a draft by the payer's yes."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.sign_agreement(actor, agreement_id=agreement, confirmation_id=body.confirmation_id)
        return {"id": str(agreement), "state": AgreementState.ACTIVE.value}

    return once(request, subject_id, act)


@router.delete("/auto-debits/{uuid:agreement}", response={200: Done, **PROBLEMS})
def stop(request: HttpRequest, agreement: UUID) -> HttpResponse:
    """Stop an agreement in one step."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.cancel_agreement(actor, agreement_id=agreement)
        return {"id": str(agreement), "state": AgreementState.CANCELLED.value}

    return once(request, subject_id, act)


def _key(request: HttpRequest) -> UUID:
    """Make an id of the call's key: the person's own, so no two people share one."""
    sent = request.headers.get(HEADER, "")
    if not 8 <= len(sent) <= 64:
        raise BadInput({HEADER: "请带 8 到 64 位的请求编号"})
    _, subject_id = me(request)
    made = bytearray.fromhex(ids.digest(f"payments|{subject_id}|{request.path}|{sent}")[:32])
    made[6], made[8] = made[6] & 0x0F | 0x80, made[8] & 0x3F | 0x80
    return UUID(bytes=bytes(made))
