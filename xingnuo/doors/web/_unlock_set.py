"""Setting a way: consent, then a fresh proof, then the form of this way."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _unlock_forms
from xingnuo.doors.web._pages import actor, show, with_query
from xingnuo.kit.errors import BadInput
from xingnuo.people.accounts import queries as accounts
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock.contracts import NAMES, AnswerRefused, Way
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Strength

DONE = {
    Way.BIOMETRIC: "这台设备可以用指纹或面容解锁了。指纹和面容没有离开设备。",
    Way.PASSWORD: "密码已设好。我们只留了一段算不回去的摘要。",
    Way.PATTERN: "手势已设好。我们只留了一段算不回去的摘要。",
}


def set_page(
    request: HttpRequest, way: Way, *, faults: list[tuple[str, str]] | None = None
) -> HttpResponse:
    """Show the form, or lead to what must come before it."""
    with transaction.atomic():
        before = _before(request, way)
        shown = queries.one(actor(request), way=way)
    if before:
        return see_other(before)
    context = {
        "way": way.value,
        "name": NAMES[way],
        "is_change": shown.set_at is not None,
        "faults": faults or [],
        "errors": dict(faults or []),
        "back": reverse("unlock_way", args=[way.value]),
    }
    return show(request, "unlock/set", context, status=422 if faults else 200)


def _before(request: HttpRequest, way: Way) -> str:
    who = actor(request)
    overview = reverse("unlock_way", args=[way.value])
    here = reverse("unlock_set", args=[way.value])
    if not queries.is_agreed(who, way=way):
        # Not back to here: after a no, this page would ask again at once.
        return with_query(reverse("consent", args=[way.purpose]), next=overview)
    if way is Way.BIOMETRIC and who.platform.os == "ios":
        if queries.lacks_face(who):
            return overview
        assert who.subject_id is not None
        if "face_id" not in gate.standing(who.subject_id).permissions_on:
            return with_query(reverse("permission", args=["face_id"]), next=overview)
    if who.strength < Strength.REVERIFIED:
        return with_query(reverse("reverify"), next=here)
    return ""


def set_sent(request: HttpRequest, way: Way) -> HttpResponse:
    """Take the form: set the way, or show what to mend."""
    if actor(request).strength < Strength.REVERIFIED:
        return set_page(request, way)
    try:
        _set(request, way)
    except BadInput as bad:
        faults = [(name and f"id_{name}", words) for name, words in bad.fields.items()]
        return set_page(request, way, faults=faults)
    except AnswerRefused as refused:
        return set_page(request, way, faults=[("", f"{refused.message_text}{refused.remedy_text}")])
    messages.success(request, DONE[way])
    return see_other(reverse("unlock_way", args=[way.value]))


def _set(request: HttpRequest, way: Way) -> None:
    who, typed = actor(request), _unlock_forms.typed(request, way)
    if way is Way.BIOMETRIC:
        device = accounts.label_of(request.headers.get("User-Agent", ""))
        actions.add_credential(who, answer=typed, device=device)
        return
    if way is Way.PATTERN and typed != request.POST.get("again", ""):
        raise BadInput({"again": "两次画的不一样，请再画一次"})
    with transaction.atomic():
        if way is Way.PASSWORD:
            actions.set_password(who, typed=typed)
        else:
            actions.set_pattern(who, typed=typed)


def create_options(request: HttpRequest) -> JsonResponse:
    """Give a fresh challenge for adding this device."""
    return JsonResponse(actions.begin_credential(actor(request)))
