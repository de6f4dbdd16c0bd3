"""Pushing to this browser: asked for, switched off in one tap, never needed."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _asking
from xingnuo.doors.web._pages import actor, person, show, subject
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices import queries as known
from xingnuo.trust.gate import queries as standing_of

PURPOSE = "notices.push"
SAID = {
    "denied": "浏览器没有允许通知。可在浏览器的网站设置里打开，或只用短信和站内消息。",
    "unavailable": "这个浏览器不能推送，只用短信和站内消息，其他不变。",
}


@require_GET
@person
def push(request: HttpRequest) -> HttpResponse:
    """Say what a push holds, and switch it for this browser."""
    on = _asking.is_on(standing_of.standing(subject(request)), PURPOSE)
    return show(
        request,
        "notices/push",
        {
            "on": on,
            "count": known.push_ends(subject(request)),
            "key": known.push_key() if on else "",
            "question": None if on else _asking.question(PURPOSE, to=request.path),
            "question_href": _asking.address(PURPOSE, to=request.path),
            "withdraw": reverse("consent_withdraw", args=[PURPOSE]),
        },
    )


@require_POST
@person
def subscribe(request: HttpRequest) -> HttpResponse:
    """Keep this browser's address, or say plainly why there is none."""
    outcome = request.POST.get("outcome", "unavailable")
    if outcome != "granted":
        messages.info(request, SAID.get(outcome, SAID["unavailable"]))
        return see_other(reverse("push"))
    notices.subscribe_push(
        actor(request),
        subject_id=subject(request),
        endpoint=request.POST.get("endpoint", ""),
        p256dh=request.POST.get("p256dh", ""),
        auth=request.POST.get("auth", ""),
    )
    messages.success(request, "这个浏览器会收到消息提醒。")
    return see_other(reverse("push"))


urlpatterns = [
    path("me/settings/push/", push, name="push"),
    path("me/settings/push/on/", subscribe, name="push_subscribe"),
]
