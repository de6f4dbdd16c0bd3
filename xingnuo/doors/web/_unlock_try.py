"""One page for two ends: unlocking the app, and proving oneself before a sensitive step."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from xingnuo.doors.porch.replies import put_cookie, safe_next, see_other
from xingnuo.doors.web import _unlock_forms, _unlock_words
from xingnuo.doors.web._pages import actor, session_of, show, with_query
from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock.contracts import NAMES, Act, Outcome, Verdict, Way, WayShown

STATUS = {Outcome.WRONG: 422, Outcome.WAIT: 429, Outcome.LOCKED: 403}
PAGES = {Act.UNLOCK: "unlock", Act.REVERIFY: "reverify"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, and in which field it is mended."""

    words: str
    field: str = ""
    status: int = 422
    wait_seconds: int = 0


def page(
    request: HttpRequest, act: Act, *, wanted: str = "", fault: Fault | None = None
) -> HttpResponse:
    """Show the wanted or chosen way first, the others one tap away."""
    with transaction.atomic():
        usable = queries.usable(actor(request))
    shown = next((one for one in usable if one.way.value == wanted), usable[0] if usable else None)
    to = safe_next(request, reverse("home"))
    context = {
        "act": act.value,
        "next": to,
        "way": shown,
        "name": NAMES[shown.way] if shown else "",
        "standing": _unlock_words.standing(shown) if shown and not fault else "",
        "others": [_other(one, act, to) for one in usable if one is not shown],
        "options": reverse(f"{PAGES[act]}_options"),
        "fault": fault,
        "faults": [(fault.field, fault.words)] if fault else [],
    }
    answer = show(request, "unlock/prove", context, status=fault.status if fault else 200)
    if fault and fault.wait_seconds:
        answer["Retry-After"] = str(fault.wait_seconds)
    return answer


def _other(shown: WayShown, act: Act, to: str) -> dict[str, str]:
    back = "" if to == reverse("home") else to
    return {
        "title": f"改用{NAMES[shown.way]}",
        "sub": _unlock_words.standing(shown) or _unlock_words.ABOUT[shown.way],
        "icon": _unlock_words.ICONS[shown.way],
        "href": with_query(reverse(PAGES[act]), way=shown.way.value, next=back),
    }


def tried(request: HttpRequest, act: Act) -> HttpResponse:
    """Try what was sent: on success the session goes on with a new token."""
    way = _unlock_forms.way_of(request.POST.get("way", ""))
    try:
        verdict = _verdict(request, way, _unlock_forms.typed(request, way), act)
    except BadInput as bad:
        name, words = next(iter(bad.fields.items()))
        return page(request, act, wanted=way.value, fault=Fault(words, name and f"id_{name}"))
    if verdict.outcome is not Outcome.RIGHT:
        fault = Fault(
            _unlock_words.cost_of(verdict),
            _unlock_words.FIELDS[way],
            STATUS[verdict.outcome],
            verdict.wait_seconds,
        )
        return page(request, act, wanted=way.value, fault=fault)
    if act is Act.REVERIFY:
        messages.success(request, "已验证是你本人，5 分钟内有效。")
    return _through(request, verdict)


def _verdict(request: HttpRequest, way: Way, typed: str, act: Act) -> Verdict:
    who, current = actor(request), session_of(request)
    if way is Way.BIOMETRIC:
        return actions.try_answer(who, current=current, answer=typed, act=act)
    return actions.try_secret(who, current=current, way=way, typed=typed, act=act)


def _through(request: HttpRequest, verdict: Verdict) -> HttpResponse:
    assert verdict.session is not None, "a right try without its session"
    answer = see_other(safe_next(request, reverse("home")))
    left = verdict.session.expires_at - clock.now()
    put_cookie(answer, settings.SESSION_COOKIE, verdict.token, seconds=int(left.total_seconds()))
    return answer


def options(request: HttpRequest, act: Act) -> JsonResponse:
    """Give a fresh challenge for this session and this act."""
    return JsonResponse(actions.begin_answer(actor(request), act=act))
