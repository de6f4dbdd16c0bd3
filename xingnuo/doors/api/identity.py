"""Who somebody is: status, and every way to have it confirmed that the pages offer.

A repeat by its key does nothing. A face is one of three ways that weigh the same; none is forced.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import Done, In
from xingnuo.doors.porch.idempotency import HEADER, once
from xingnuo.kit import ids
from xingnuo.kit.cases import Case
from xingnuo.kit.errors import BadInput
from xingnuo.kit.pictures import BYTES_MAX, PictureTooLarge
from xingnuo.people.identity import actions, queries
from xingnuo.people.identity.contracts import (
    PRESENCE,
    SECOND,
    Check,
    Ground,
    Kind,
    ReadValues,
    Relation,
    Rule,
    State,
    Status,
)
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Tier

router = Router(tags=["identity"])
# These ask a source, or commit in steps of their own; `urls` opens no transaction around them.
IN_STEPS = (
    "identity/name", "identity/bank", "identity/bank/<uuidstr:check>", "identity/phone",
    "identity/photos", "identity/face", "identity/review", "identity/adult",
    "identity/checks/<uuidstr:check>/again",
)  # fmt: skip
WAYS = ((Tier.NAMED, (Kind.NAME_NUMBER,)), (Tier.CHECKED, SECOND), (Tier.PRESENT, PRESENCE))


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


class Phone(In):
    """A phone of the person's own."""

    phone: str = Field(min_length=1, max_length=30, json_schema_extra={"writeOnly": True})


class Confirmed(In):
    """What stands on the document, as the person read it themselves."""

    name: str = Field(min_length=1, max_length=200, json_schema_extra={"writeOnly": True})
    number: str = Field(min_length=1, max_length=60, json_schema_extra={"writeOnly": True})
    validity: str = Field(min_length=1, max_length=60, json_schema_extra={"writeOnly": True})


class More(In):
    """Further items that the law asks for in some cases; what is empty is left as it is."""

    sex: str = Field("", max_length=20)
    nationality: str = Field("", max_length=254)
    occupation: str = Field("", max_length=254)
    usual_address: str = Field("", max_length=254)
    work_address: str = Field("", max_length=254)
    email: str = Field("", max_length=254)


class ReadOut(Schema):
    """What our own machine read on the photos: a help for typing, never trusted."""

    is_done: bool
    name: str
    number: str
    validity: str


class RealNameWay(Schema):
    """The ways to one tier: each of them is enough, and they weigh the same."""

    tier: int
    kinds: list[Kind]


class LackingOut(Schema):
    """What the law asks for before a service, and is not there yet."""

    function: str
    items: list[str]


class RealNameCase(Schema):
    """A case that a person looks at, with its clock."""

    id: UUID
    kind: str
    state: str
    opened_at: datetime
    due_at: datetime


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


@router.get("/identity/ways", response={200: list[RealNameWay], **PROBLEMS})
def ways(request: HttpRequest) -> list[dict[str, object]]:
    """Name the ways to each tier; where a face is one, two others give the same."""
    return [{"tier": int(tier), "kinds": list(kinds)} for tier, kinds in WAYS]


@router.post("/identity/phone", response={200: CheckOut, **PROBLEMS})
def phone(request: HttpRequest, body: Phone) -> Check:
    """Have the telecoms say whether a phone is the person's; a yes makes it theirs here."""
    return actions.check_phone(me(request)[0], phone=body.phone, key=_key(request))


@router.post("/identity/photos", response={200: CheckOut, **PROBLEMS})
def photos(request: HttpRequest, front: File[UploadedFile], back: File[UploadedFile]) -> Check:
    """Take both sides of the document, JPEG, PNG or WebP of at most 8 MB each."""
    sides = {"front": _content(front), "back": _content(back)}
    return actions.upload_photos(me(request)[0], **sides, key=_key(request))


@router.get("/identity/photos/{uuid:check}", response={200: ReadOut, **PROBLEMS})
def read(request: HttpRequest, check: UUID) -> ReadValues:
    """Give what a machine read on the photos; needs a fresh proof of the person."""
    return queries.read_values(me(request)[0], check_id=check)


@router.post("/identity/photos/{uuid:check}", response={200: CheckOut, **PROBLEMS})
def confirm(request: HttpRequest, check: UUID, body: Confirmed) -> HttpResponse:
    """Say what stands on the document; then a member of staff looks at the photos."""
    actor, subject_id = me(request)

    def act() -> dict[str, object]:
        given = {"name": body.name, "number": body.number, "validity": body.validity}
        after = actions.confirm_photos(actor, check_id=check, **given)
        return CheckOut.from_orm(after).model_dump(mode="json")

    return once(request, subject_id, act)


@router.post("/identity/face", response={200: CheckOut, **PROBLEMS})
def face(request: HttpRequest, face: File[UploadedFile]) -> Check:
    """Have one picture of the face compared once; it is kept nowhere here."""
    return actions.check_face(me(request)[0], image=_content(face), key=_key(request))


@router.post("/identity/review", response={200: CheckOut, **PROBLEMS})
def review(request: HttpRequest, body: Named) -> Check:
    """Have a person look at a name that no machine matches."""
    actor, _ = me(request)
    actions.refuse_if_minor(actor, number=body.number, rule=body.rule)
    with transaction.atomic():
        return actions.ask_review(
            actor, name=body.name, number=body.number, rule=body.rule, key=_key(request)
        )


@router.post("/identity/reused", response={200: Done, **PROBLEMS})
def reused(request: HttpRequest) -> HttpResponse:
    """Ask a person to look at a document number that stands for another account."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.ask_reused(actor)
        return {"state": "waiting"}

    return once(request, subject_id, act)


@router.get("/identity/cases", response={200: list[RealNameCase], **PROBLEMS})
def cases(request: HttpRequest) -> list[Case]:
    """Give the person's own cases, newest first."""
    return list(queries.my_cases(me(request)[0]))


@router.get("/identity/lacking", response={200: list[LackingOut], **PROBLEMS})
def lacking(request: HttpRequest) -> list[dict[str, object]]:
    """Say which services wait for further items that the law asks for."""
    _, subject_id = me(request)
    found = {one: queries.lacking(subject_id, one) for one in policy.in_force().functions}
    return [{"function": one, "items": list(items)} for one, items in found.items() if items]


@router.put("/identity/more", response={200: Done, **PROBLEMS})
def more(request: HttpRequest, body: More) -> HttpResponse:
    """Take further items that the law asks for in some cases."""
    actor, subject_id = me(request)
    values = {item: value for item, value in body.model_dump().items() if value}

    def act() -> dict[str, str]:
        if not values:
            raise BadInput({"body": "请至少填写一项"})
        actions.supplement(actor, values=values)
        return {"state": "kept"}

    return once(request, subject_id, act)


@router.post("/identity/adult", response={200: CheckOut, **PROBLEMS})
def adult(request: HttpRequest, body: Named) -> Check:
    """Have it confirmed that the person has come of age, where their gate was closed for it."""
    return actions.prove_age(
        me(request)[0], name=body.name, number=body.number, rule=body.rule, key=_key(request)
    )


@router.post("/identity/reopen", response={200: Done, **PROBLEMS})
def reopen(request: HttpRequest) -> HttpResponse:
    """Open the account again, once the authority and a member of staff said yes."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.reopen(actor)
        return {"state": "active"}

    return once(request, subject_id, act)


@router.post("/identity/guardian", response={200: Done, **PROBLEMS})
def guardian(
    request: HttpRequest, relation: Form[Relation], proof: File[UploadedFile]
) -> HttpResponse:
    """Take a guardian's word that this is a minor's account, with proof of the relation."""
    actor, subject_id = me(request)
    content = _content(proof)

    def act() -> dict[str, str]:
        case_id = actions.tell_of_minor(
            actor, subject_id=subject_id, relation=relation, proof=content
        )
        return {"id": str(case_id), "state": "waiting"}

    return once(request, subject_id, act, content=relation.value.encode() + content)


@router.post("/identity/checks/{uuid:check}/again", response={200: CheckOut, **PROBLEMS})
def again(request: HttpRequest, check: UUID) -> Check:
    """Ask the source once more what became of a check."""
    actor, subject_id = me(request)
    actions.resume(subject_id=subject_id, check_id=check)
    with transaction.atomic():
        return queries.check(actor, check_id=check)


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


def _content(file: UploadedFile) -> bytes:
    if (file.size or 0) > BYTES_MAX:
        raise PictureTooLarge("bytes")
    return bytes(file.read())
