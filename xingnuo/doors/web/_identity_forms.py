"""What the forms of 实名认证 share: consent first, keys, files, and errors beside their fields."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from xingnuo.doors.porch.forms import uuid_or_404
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _asking
from xingnuo.doors.web._pages import actor, show, subject, with_query
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput
from xingnuo.kit.pictures import BYTES_MAX, PictureTooLarge
from xingnuo.people.identity import queries
from xingnuo.people.identity.contracts import Check, Kind, Rule, State, Status
from xingnuo.trust.gate import queries as standing_of
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy.contracts import SubjectState

type Pair = tuple[str, str]  # purpose, recipient

NAME: tuple[Pair, ...] = (
    ("identity.real_name", ""),
    ("identity.real_name", "population_service"),
)
REVIEW: tuple[Pair, ...] = (("identity.real_name", ""), ("identity.review", ""))
CARD: tuple[Pair, ...] = (("identity.card_check", ""), ("identity.card_check", "card_check"))
PHONE: tuple[Pair, ...] = (
    ("identity.phone_check", ""),
    ("identity.phone_check", "telecom_check"),
)
FACE: tuple[Pair, ...] = (("identity.face_check", ""),)
PHOTOS: tuple[Pair, ...] = (("identity.document_photo", ""),)
WITNESS: tuple[Pair, ...] = (("identity.review", ""),)
SUPPLEMENT: tuple[Pair, ...] = (("identity.supplement", ""),)


def stands(request: HttpRequest) -> Status:
    """Give how the person stands, in a transaction of its own."""
    with transaction.atomic():
        return queries.status(actor(request))


def first(
    request: HttpRequest,
    pairs: tuple[Pair, ...],
    here: str,
    *,
    proved: bool = False,
    of_age: bool = False,
) -> HttpResponse | None:
    """Lead to what comes first: the closed gate's page, a proof, or a question not yet answered.

    `of_age` lets whoever proved to have come of age go on, without a question: they ask for it.
    """
    with transaction.atomic():
        known = standing_of.standing(subject(request))
    if known.state is SubjectState.MINOR:
        may = of_age and stands(request).in_force(Kind.AGE) is not None
        return None if may else see_other(reverse("real_name_minor"))
    if proved and actor(request).strength < Strength.REVERIFIED:
        return see_other(with_query(reverse("reverify"), next=here))
    for purpose, recipient in pairs:
        if not _asking.is_on(known, purpose, recipient):
            return see_other(_asking.address(purpose, recipient=recipient, to=here))
    return None


def form(
    request: HttpRequest,
    name: str,
    context: Mapping[str, object] | None = None,
    *,
    bad: BadInput | None = None,
    typed: tuple[str, ...] = (),
) -> HttpResponse:
    """Draw a form with a fresh key; after a mistake with what was typed and what to change."""
    fields = bad.fields if bad else {}
    shown = {
        "key": str(ids.uuid7()) if bad is None else request.POST.get("key", "")[:36],
        "errors": fields,
        "faults": [(f"id_{field}", words) for field, words in fields.items()],
        "typed": {one: request.POST.get(one, "")[:200] for one in typed},
        **(context or {}),
    }
    return show(request, f"identity/{name}", shown, status=bad.status if bad else 200)


def key_of(request: HttpRequest) -> UUID:
    """Give the form's key, by which a repeat does nothing twice."""
    return uuid_or_404(request.POST.get("key", "")[:40])


def rule_of(request: HttpRequest) -> Rule:
    """Give the kind of document that was chosen."""
    try:
        return Rule(request.POST.get("rule", Rule.RESIDENT.value))
    except ValueError:
        raise BadInput({"rule": "请从给出的证件里选一种"}) from None


def file_of(request: HttpRequest, name: str) -> bytes:
    """Give the bytes of one uploaded file, bounded before they are read."""
    found = request.FILES.getlist(name)
    if len(found) != 1:
        raise BadInput({name: "请选择一张照片"})
    if (found[0].size or 0) > BYTES_MAX:
        raise PictureTooLarge("bytes")
    content: bytes = found[0].read()
    return content


def result(check: Check) -> HttpResponse:
    """Lead to a check's own page, or to its next step."""
    if check.state is State.STARTED:
        step = {"card": "real_name_code", "document_photo": "real_name_confirm"}
        if check.kind.value in step:
            return see_other(reverse(step[check.kind.value], args=[check.id]))
    return see_other(reverse("real_name_check", args=[check.id]))
