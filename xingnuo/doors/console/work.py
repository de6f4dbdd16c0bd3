"""The working day: a queue in tabs, taking the next case, looking at it, deciding."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from xingnuo.doors.console import _facts, _releases
from xingnuo.doors.console._clock import at, left
from xingnuo.doors.console._pages import (
    actor,
    count_word,
    counted,
    held,
    member,
    only_cleared,
    queue_of,
    show,
    staff,
    with_query,
)
from xingnuo.doors.console._queues import Choice, Queue
from xingnuo.doors.console._release_case import PREFIX, proposed
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit.cases import Case, CasePage
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate

TABS = (("free", "待领取"), ("mine", "我的"), ("two", "双人复核"), ("closed", "已办结"))
MARK_CHARS_MAX = 120
OVER = ("done", "approved", "refused", "answered", "closed")


@require_GET
@staff()
def work_list(request: HttpRequest, queue: str) -> HttpResponse:
    """Show one tab of a queue, most urgent first; nothing in it is about a person."""
    known, who = queue_of(request, queue), member(request)
    only_cleared(request, known)
    tab = request.GET.get("tab", "free")
    tab = tab if tab in dict(TABS) else "free"
    here = f"/ops/q/{known.id}/"
    counts = {"free": counted(request, known), "mine": counted(request, known, mine=who.code)}
    context: dict[str, Any] = {
        "queue": known,
        "tab": tab,
        "tabs": [
            (
                key,
                f"{title} {counts[key]}" if key in counts else title,
                with_query(here, tab=key),
            )
            for key, title in TABS
            if key != "closed" or known.lists_closed
        ],
    }
    if tab == "two":
        return show(
            request, "queue", {**context, "steps": [_step(s) for s in proposed(request, known)]}
        )
    after = request.GET.get("after", "")[:MARK_CHARS_MAX]
    found = known.page(
        actor=actor(request, known, None),
        mine=who.code if tab == "mine" else "",
        closed=tab == "closed",
        after=after,
    )
    context |= _page(known, found, here, tab)
    return show(request, "queue", {**context, "first": with_query(here, tab=tab) if after else ""})


def _page(queue: Queue, found: CasePage, here: str, tab: str) -> dict[str, Any]:
    return {
        "rows": [_row(queue, case, closed=tab == "closed") for case in found.cases],
        "late": count_word(found.overdue_count),
        "older": with_query(here, tab=tab, after=found.after),
        "more": bool(found.after),
    }


def _row(queue: Queue, case: Case, *, closed: bool) -> dict[str, Any]:
    word, tone = left(case.due_at, closed=closed)
    return {
        "href": f"/ops/q/{queue.id}/{case.id}/",
        "number": queue.number(case),
        "kind": queue.kinds.get(case.kind, case.kind),
        "state": queue.states.get(case.state, case.state),
        "opened": at(case.opened_at),
        "clock": word,
        "tone": tone,
    }


def _step(step: _releases.Step) -> dict[str, Any]:
    word, tone = left(step.due_at)
    return {
        "href": f"/ops/releases/{step.source}/{step.id}/",
        "number": step.title,
        "kind": "、".join(value for _, value in step.lines[:2]),
        "state": f"由 {step.proposed_by} 提出",
        "clock": word,
        "tone": tone,
    }


@require_POST
@staff()
def take_next(request: HttpRequest, queue: str) -> HttpResponse:
    """Take the most urgent case that nobody has."""
    known = queue_of(request, queue)
    only_cleared(request, known)
    case = known.take(actor=actor(request, known, None))
    if case is None:
        messages.info(request, "没有待领取的工单。")
        return see_other(f"/ops/q/{known.id}/")
    return _taken(request, known, case)


@require_POST
@staff()
def take(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Take one case."""
    known = queue_of(request, queue)
    only_cleared(request, known)
    taken = known.take(actor=actor(request, known, case), case_id=case)
    assert taken is not None, "a named case is given or refused"
    return _taken(request, known, taken)


def _taken(request: HttpRequest, queue: Queue, case: Case) -> HttpResponse:
    permissions.leave("case.taken", by=member(request).code, ref=case.id, purpose=queue.purpose)
    return see_other(f"/ops/q/{queue.id}/{case.id}/")


@require_POST
@staff()
def give_back(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Put a case back."""
    known, who = queue_of(request, queue), member(request)
    known.give_back(actor=actor(request, known, case), case_id=case)
    permissions.leave("case.given_back", by=who.code, ref=case, purpose=known.purpose)
    messages.success(request, "已放回待领取。")
    return see_other(f"/ops/q/{known.id}/")


@require_GET
@staff()
def one_case(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Show a case: its clock to anybody of the queue, its person to whoever took it."""
    known = queue_of(request, queue)
    only_cleared(request, known)
    return _case_page(request, known, known.one(actor(request, known, case), case))


def _case_page(
    request: HttpRequest,
    queue: Queue,
    case: Case,
    *,
    wrong: dict[str, str] | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    who = member(request)
    choices = queue.choices(case)
    is_mine = case.taken_by == who.code
    pending = queries.of_ref(f"{PREFIX}{queue.id}", case.id)
    context: dict[str, Any] = {
        "queue": queue,
        "case": case,
        "row": _row(queue, case, closed=not choices and case.state in OVER),
        "due": at(case.due_at),
        "is_mine": is_mine,
        "choices": [_drawn(one, typed or {}) for one in choices],
        "pending": pending,
        "wrong": [(f"id_{name}", words) for name, words in (wrong or {}).items()],
        "typed": typed or {},
        "base": f"/ops/q/{queue.id}/{case.id}/",
    }
    if is_mine:
        acting = actor(request, queue, case.id)
        context["facts"] = queue.facts(acting, case)
        context["person"] = _facts.masked(acting, queue, case)
        context["record"] = _facts.record(case)
        context["sides"] = queue.sides(case) if choices else ()
    return show(request, "case", context, status=422 if wrong else 200)


def _drawn(choice: Choice, typed: dict[str, str]) -> dict[str, Any]:
    own = typed if typed.get("choice") == choice.code else {}
    return {"choice": choice, "reason": own.get("reason", "")}


@require_POST
@staff()
def decide(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Decide a case that the member has: at once, or as a proposal to a second person."""
    known, who = queue_of(request, queue), member(request)
    only_cleared(request, known)
    found = held(request, known, case)
    typed = {
        name: text(request, name, limit=limit, needed=False)
        for name, limit in (("choice", 40), ("reason", 40), ("note", 2000))
    }
    choices = {one.code: one for one in known.choices(found)}
    choice = choices.get(typed["choice"])
    if choice is None:
        raise Conflict("choice")
    wrong = _wrong(choice, typed)
    if wrong:
        return _case_page(request, known, found, wrong=wrong, typed=typed)
    if choice.two_person:
        permissions.propose(
            kind=f"{PREFIX}{known.id}",
            ref=found.id,
            choice=choice.code,
            by=who.code,
            reason=typed["reason"],
            note=typed["note"],
        )
        messages.success(request, "已提交，等另一位同事复核后生效。")
        return see_other(f"/ops/q/{known.id}/{found.id}/")
    acting = actor(request, known, found.id)
    if found.subject_id is not None:
        gate.record(
            acting,
            subject_id=found.subject_id,
            kind=Kind.OPERATOR,
            reason=f"case.decided:{choice.code}",
            purpose=known.purpose,
            ref=found.id,
        )
    known.decide(acting, found, choice.code, typed["reason"], typed["note"])
    messages.success(request, "已办结。")
    return see_other(f"/ops/q/{known.id}/?tab=mine")


def _wrong(choice: Choice, typed: dict[str, str]) -> dict[str, str]:
    bad = {}
    if typed["reason"] not in dict(choice.reasons):
        bad[f"reason_{choice.code}"] = f"{choice.title}：请选择一个理由"
    try:
        permissions.check_note(typed["note"])
    except BadInput as error:
        bad[f"note_{choice.code}"] = error.fields["note"]
    return bad


urlpatterns = [
    path("ops/q/<slug:queue>/", work_list, name="ops_queue"),
    path("ops/q/<slug:queue>/next/", take_next, name="ops_take_next"),
    path("ops/q/<slug:queue>/<uuid:case>/", one_case, name="ops_case"),
    path("ops/q/<slug:queue>/<uuid:case>/take/", take, name="ops_take"),
    path("ops/q/<slug:queue>/<uuid:case>/back/", give_back, name="ops_give_back"),
    path("ops/q/<slug:queue>/<uuid:case>/decide/", decide, name="ops_decide"),
]
