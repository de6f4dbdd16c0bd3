"""The desk of support: the words of a case, answers, authority, hand-overs, the calendar."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.console._clock import at, left
from xingnuo.doors.console._pages import (
    actor,
    held,
    inert,
    member,
    only_cleared,
    picture,
    queue_of,
    show,
    staff,
)
from xingnuo.doors.console._queues import Queue
from xingnuo.doors.porch.forms import text, uuid_or_404
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit import ids
from xingnuo.kit.cases import Case
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.support import actions, queries
from xingnuo.people.support.contracts import BODIES, Author, HandState, Kind, Proof, TooLong
from xingnuo.trust.gate.contracts import Actor

TYPED_CHARS_MAX = 20_000
HANDOVER = "support.handover"
_HANDS = {
    HandState.PROPOSED: "等另一位同事复核",
    HandState.DECLINED: "复核没有通过",
    HandState.RELEASED: "已放行，准备送出",
    HandState.UNKNOWN: "已送出，等对方确认",
    HandState.ACCEPTED: "对方已收到",
    HandState.CORRECTION: "对方要求补正，请另行提交",
    HandState.CORRECTED: "已补正，见另一次转交",
    HandState.REJECTED: "对方没有受理",
}
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def _mine(request: HttpRequest, queue: str, case: UUID) -> tuple[Queue, Case, Actor]:
    known = queue_of(request, queue)
    only_cleared(request, known)
    if not known.talks:
        raise NotFound("queue")
    found = held(request, known, case)
    return known, found, actor(request, known, found.id)


@require_http_methods(["GET", "POST"])
@staff()
def talk(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Show the words of a case to whoever has it, and take an answer or a question back."""
    known, found, acting = _mine(request, queue, case)
    if request.method == "GET":
        return _page(request, known, found, acting)
    act = text(request, "act", limit=10)
    if act not in ("answer", "ask"):
        raise BadInput({"act": "请选择答复或请客户补充"})
    does = actions.answer if act == "answer" else actions.ask
    try:
        does(
            acting,
            case_id=found.id,
            key=uuid_or_404(text(request, "key")),
            text=text(request, "text", limit=TYPED_CHARS_MAX, needed=False),
            canned=text(request, "canned", limit=24, needed=False),
        )
    except (BadInput, TooLong) as error:
        return _page(request, known, found, acting, wrong=error.fields, status=422)
    if act == "answer":
        messages.success(request, f"{known.number(found)}：已答复，已通知客户。")
        return see_other(f"/ops/q/{known.id}/?tab=mine")
    messages.success(request, "已请客户补充；时限照走。")
    return see_other(request.path)


def _page(
    request: HttpRequest,
    queue: Queue,
    case: Case,
    acting: Actor,
    *,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    base = f"/ops/q/{queue.id}/{case.id}/"
    thread = queries.thread_at_desk(acting, case.id)
    topic, proof = queries.topic_of(case.id)
    is_compliance = acting.kind.value == "compliance"
    word, tone = left(case.due_at)
    context: dict[str, Any] = {
        "queue": queue,
        "number": queue.number(case),
        "base": base,
        "clock": (word, tone),
        "topic": topic,
        "thread": [
            {
                "who": "客户" if one.author is Author.PERSON else one.staff_id,
                "at": at(one.sent_at),
                "text": one.text,
                "href": f"{base}files/{one.id}/" if one.is_file else "",
            }
            for one in thread
        ],
        "call": queries.call_at_desk(acting, case.id),
        "canned": list(queries.CANNED.items()),
        "proof": proof if is_compliance and proof == Proof.WAITING.value else "",
        "transactions": topic.transactions,
        "hands": [
            {"body": one.body_name, "law": one.law, "state": _HANDS[one.state]}
            for one in queries.handovers(acting, case.id)
        ],
        "may_hand": is_compliance and case.kind == Kind.COMPLAINT.value,
        "bodies": list(BODIES.items()),
        "grounds": [(code, f"{why}（{law}）") for code, (why, law) in queries.GROUNDS.items()],
        "bars": list(queries.FORBIDDEN.items()),
        "key": str(ids.uuid7()),
        "wrong": [(f"id_{key}", words) for key, words in (wrong or {}).items()],
        "errors": wrong or {},
        "typed": request.POST.get("text", "")[:TYPED_CHARS_MAX] if wrong else "",
    }
    return show(request, "talk", context, status=status)


@require_GET
@staff()
def talk_file(request: HttpRequest, queue: str, case: UUID, message: UUID) -> HttpResponse:
    """Give a picture, marked with who looks, or a recording of a case to whoever has it."""
    _, found, acting = _mine(request, queue, case)
    content, kind = queries.file_at_desk(acting, found.id, message)
    if kind.startswith("image/"):
        return picture(request, content)
    return inert(HttpResponse(content, content_type=kind))


@require_POST
@staff()
def call(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Begin a call about a case, or check the code that the person reads from their app."""
    known, found, acting = _mine(request, queue, case)
    here = f"/ops/q/{known.id}/{found.id}/talk/"
    typed = text(request, "code", limit=12, needed=False)
    if not typed:
        actions.begin_call(acting, case_id=found.id)
        messages.success(request, "通话暗号已显示给客户，10 分钟内有效。")
    elif actions.prove_call(acting, case_id=found.id, typed=typed):
        messages.success(request, "暗号一致，可以谈这张工单。")
    else:
        messages.error(request, "暗号不一致。没有核实前，不谈工单里的内容。")
    return see_other(here)


@require_GET
@staff()
def transactions(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Show the transactions of a case that is about transactions, masked."""
    known, found, acting = _mine(request, queue, case)
    rows = queries.read_transactions(acting, found.id)
    context = {
        "queue": known,
        "number": known.number(found),
        "base": f"/ops/q/{known.id}/{found.id}/",
        "rows": [(one.item, one.text) for one in rows],
    }
    return show(request, "transactions", context)


@require_POST
@staff("compliance")
def authority(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Say whether a power of attorney holds."""
    known, found, acting = _mine(request, queue, case)
    said = text(request, "answer", limit=10)
    if said not in ("accept", "refuse"):
        raise BadInput({"answer": "请选择通过或不通过"})
    actions.check_authority(acting, case_id=found.id, accept=said == "accept")
    messages.success(request, "已记下授权书的审核结果。")
    return see_other(f"/ops/q/{known.id}/{found.id}/talk/")


@require_POST
@staff("compliance")
def hand_over(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Propose to hand a complaint over; another member releases it."""
    known, found, acting = _mine(request, queue, case)
    given = {
        name: text(request, name, limit=24, needed=False) for name in ("body", "ground", "bar")
    }
    try:
        made = actions.propose_handover(acting, case_id=found.id, **given)
    except BadInput as error:
        return _page(request, known, found, acting, wrong=error.fields, status=422)
    permissions.propose(
        kind=HANDOVER,
        ref=found.id,
        choice=made.body,
        reason=made.ground,
        by=member(request).code,
    )
    messages.success(request, "已提交，等另一位同事复核后送出。")
    return see_other(f"/ops/q/{known.id}/{found.id}/talk/")


@require_http_methods(["GET", "POST"])
@staff("compliance")
def calendar(request: HttpRequest) -> HttpResponse:
    """Show the working days that were entered, and take a year's notice with its source."""
    known = queue_of(request, "complaints")
    if request.method == "GET":
        return _calendar(request)
    typed = {
        name: text(request, name, limit=800, needed=False)
        for name in ("year", "off", "worked", "source")
    }
    try:
        count = actions.enter_days(
            actor(request, known, None),
            year=_year(typed["year"]),
            off=_days("off", typed["off"]),
            worked=_days("worked", typed["worked"]),
            source=typed["source"],
        )
    except BadInput as error:
        return _calendar(request, typed, error.fields)
    permissions.leave("calendar.entered", by=member(request).code)
    messages.success(request, f"已录入 {count} 天。未办结的工单只会提前，不会推后。")
    return see_other("/ops/calendar/")


def _year(typed: str) -> int:
    if not (typed.isdecimal() and 2025 <= int(typed) <= 2099):
        raise BadInput({"year": "填四位年份"})
    return int(typed)


def _days(name: str, typed: str) -> tuple[date, ...]:
    found = []
    for one in typed.replace(",", " ").replace("，", " ").split():
        parts = _DAY.fullmatch(one)
        try:
            found.append(date(*(int(part) for part in parts.groups())) if parts else date.max)
        except ValueError:
            raise BadInput({name: "日期写成 2027-02-05 这样，用空格隔开"}) from None
        if parts is None:
            raise BadInput({name: "日期写成 2027-02-05 这样，用空格隔开"})
    return tuple(dict.fromkeys(found))


def _calendar(
    request: HttpRequest, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None
) -> HttpResponse:
    context = {
        "years": [
            (f"{year} 年", f"{one.source}{'（暂定，待补录调休）' if one.provisional else ''}")
            for year, one in sorted(queries.YEARS.items())
        ],
        "rows": [
            {
                "day": one.day.isoformat(),
                "word": "上班" if one.is_worked else "放假",
                "source": one.source,
                "by": one.entered_by,
                "at": at(one.entered_at),
            }
            for one in queries.entered_days()
        ],
        "typed": typed or {},
        "errors": wrong or {},
        "wrong": [(f"id_{key}", words) for key, words in (wrong or {}).items()],
        "at": "calendar",
    }
    return show(request, "calendar", context, status=422 if wrong else 200)


_CASE = "ops/q/<slug:queue>/<uuid:case>/"
urlpatterns = [
    path("ops/calendar/", calendar, name="ops_calendar"),
    path(f"{_CASE}talk/", talk, name="ops_talk"),
    path(f"{_CASE}files/<uuid:message>/", talk_file, name="ops_talk_file"),
    path(f"{_CASE}call/", call, name="ops_call"),
    path(f"{_CASE}transactions/", transactions, name="ops_transactions"),
    path(f"{_CASE}authority/", authority, name="ops_authority"),
    path(f"{_CASE}hand-over/", hand_over, name="ops_hand_over"),
]
