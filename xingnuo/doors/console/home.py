"""A member's start page and their own standing: what to do, what to sign, what to learn."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from xingnuo.doors.console import _queues
from xingnuo.doors.console._clock import day
from xingnuo.doors.console._pages import counted, current, member, show, staff, with_query
from xingnuo.doors.console._releases import may_release, waiting_for
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries
from xingnuo.people.permissions.contracts import Course


@require_GET
@staff()
def home(request: HttpRequest) -> HttpResponse:
    """Show the queues of the member's roles, and what waits for a second person."""
    who = member(request)
    wanted = {queue for role in queries.roles_of(who) for queue in role.queues}
    work = [
        {
            "queue": queue,
            "free": counted(request, queue),
            "late": counted(request, queue, overdue=True),
            "mine": counted(request, queue, mine=who.code),
        }
        for queue in _queues.all_queues().values()
        if queue.id in wanted
    ]
    waiting = len(waiting_for(request, who)) if may_release(who) else None
    return show(
        request,
        "home",
        {"work": work, "waiting": waiting, "budget": queries.budget(who.id)},
    )


@require_GET
@staff()
def standing(request: HttpRequest) -> HttpResponse:
    """Show the member's own undertaking, training and breaches."""
    who = member(request)
    return show(
        request,
        "standing",
        {
            "undertaking": queries.undertaking_now(),
            "signed": _until(who.undertaking_until),
            "courses": [
                {"course": course, **_until(until)} for course, until in queries.courses_of(who.id)
            ],
            "budget": queries.budget(who.id),
        },
    )


def _until(until: Any) -> dict[str, str]:
    now = clock.now()
    if until is None:
        return {"word": "还没有", "tone": "bad", "until": ""}
    if until <= now:
        return {"word": "已过期", "tone": "bad", "until": day(until)}
    near = (until - now).days < queries.STAFF_RENEWAL_DAYS
    return {
        "word": "快到期" if near else "有效",
        "tone": "warn" if near else "good",
        "until": day(until),
    }


@require_http_methods(["GET", "POST"])
@staff()
def undertaking(request: HttpRequest) -> HttpResponse:
    """Read the confidentiality text and sign it, with a passkey touched just now."""
    text_now = queries.undertaking_now()
    if not queries.is_fresh(current(request)):
        return see_other(with_query("/ops/verify/", next="/ops/me/undertaking/"))
    if request.method == "GET":
        return show(request, "undertaking", {"text": text_now})
    until = permissions.sign_undertaking(
        current(request), text_hash=text(request, "text_hash", limit=64)
    )
    messages.success(request, f"已签署，有效期到 {day(until)}。")
    return see_other("/ops/me/")


@require_http_methods(["GET", "POST"])
@staff()
def training(request: HttpRequest, course: str) -> HttpResponse:
    """Read a course and answer its questions."""
    known = queries.course(course)
    if request.method == "GET":
        return show(request, "training", {"course": known, "asked": _asked(known, {}, {})})
    given = {
        number: text(request, f"q{number}", limit=2, needed=False)
        for number in range(len(known.questions))
    }
    answers = tuple(
        int(given[number]) if given[number].isdecimal() else None for number in sorted(given)
    )
    try:
        until = permissions.take_course(current(request), course_id=course, answers=answers)
    except BadInput as error:
        asked = _asked(known, given, error.fields)
        wrong = [(f"id_q{one[1:]}", f"第 {int(one[1:]) + 1} 题再想一想") for one in error.fields]
        shown = {"course": known, "asked": asked, "wrong": wrong}
        return show(request, "training", shown, status=422)
    messages.success(request, f"培训通过，有效期到 {day(until)}。")
    return see_other("/ops/me/")


def _asked(course: Course, given: dict[int, str], wrong: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "name": f"q{number}",
            "label": f"{number + 1}. {question.text}",
            "options": [(str(place), words) for place, words in enumerate(question.answers)],
            "value": given.get(number, ""),
            "error": wrong.get(f"q{number}", ""),
        }
        for number, question in enumerate(course.questions)
    ]


urlpatterns = [
    path("ops/", home, name="ops_home"),
    path("ops/me/", standing, name="ops_me"),
    path("ops/me/undertaking/", undertaking, name="ops_undertaking"),
    path("ops/me/training/<slug:course>/", training, name="ops_training"),
]
