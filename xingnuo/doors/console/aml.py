"""Reports of the anti-money-laundering officer: written for a case in hand, approved by another.

What stands here is confidential by law: nobody tells the person (AML 35).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from xingnuo.doors.console._clock import at, left
from xingnuo.doors.console._pages import actor, held, member, only_cleared, queue_of, show, staff
from xingnuo.doors.console._queues import Queue
from xingnuo.doors.console._release_report import KIND
from xingnuo.doors.porch.forms import text, uuid_or_404
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit.cases import Case
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import ReportShown
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries as releases
from xingnuo.trust.gate.contracts import Actor

NARRATIVE_CHARS_MAX = 20_000
STATES = {
    "written": ("等另一位同事批准", "warn"),
    "approved": ("已批准，正在送出", "info"),
    "unknown": ("已送出，等对方确认", "warn"),
    "sent": ("对方已收到，等结果", "info"),
    "accepted": ("对方已受理", "good"),
    "rejected": ("对方退回，要更正", "bad"),
    "corrected": ("已由新的报告更正", ""),
}
_CORRECTABLE = frozenset({"accepted", "rejected"})


@require_http_methods(["GET", "POST"])
@staff("aml")
def report(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Show the reports about the person of a case, and take a new one."""
    known = queue_of(request, queue)
    only_cleared(request, known)
    if not known.reports:
        raise NotFound("queue")
    found = held(request, known, case)
    acting = actor(request, known, found.id)
    if request.method == "GET":
        return _page(request, known, found, acting)
    typed = {
        name: text(request, name, limit=limit, needed=False)
        for name, limit in (
            ("typology", 40),
            ("narrative", NARRATIVE_CHARS_MAX),
            ("corrects", 36),
        )
    }
    try:
        made = actions.write_report(
            acting,
            case_id=found.id,
            narrative=typed["narrative"],
            typology=typed["typology"],
            corrects=uuid_or_404(typed["corrects"]) if typed["corrects"] else None,
        )
    except BadInput as error:
        return _page(request, known, found, acting, typed=typed, wrong=error.fields)
    permissions.propose(
        kind=KIND,
        ref=made.id,
        choice=str(found.id),
        reason=typed["typology"],
        by=member(request).code,
    )
    messages.success(request, "报告已写好并封存，等另一位同事批准后送出。")
    return see_other(request.path)


def _page(
    request: HttpRequest,
    queue: Queue,
    case: Case,
    acting: Actor,
    *,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> HttpResponse:
    assert case.subject_id is not None, "the queue's cases are about somebody"
    known = queries.reports(acting, subject_id=case.subject_id)
    word, tone = left(case.due_at)
    context: dict[str, Any] = {
        "queue": queue,
        "number": queue.number(case),
        "base": f"/ops/q/{queue.id}/{case.id}/",
        "clock": (word, tone),
        "deadline": queue.deadline,
        "reports": [_row(one) for one in known],
        "correctable": [
            (str(one.id), f"{_number(one)}，{STATES[one.state.value][0]}")
            for one in known
            if one.state.value in _CORRECTABLE
        ],
        "typologies": list(queries.TYPOLOGIES.items()),
        "typed": typed or {},
        "errors": wrong or {},
        "wrong": [(f"id_{name}", words) for name, words in (wrong or {}).items()],
    }
    return show(request, "report", context, status=422 if wrong else 200)


def _number(one: ReportShown) -> str:
    return f"B-{one.id.hex[-8:].upper()}"


def _row(one: ReportShown) -> dict[str, Any]:
    word, tone = STATES[one.state.value]
    if one.state.value == "written" and releases.of_ref(KIND, one.id) is None:
        word, tone = "没有批准，请重新写", "bad"
    return {
        "number": _number(one),
        "word": word,
        "tone": tone,
        "by": one.written_by,
        "approved": one.approved_by,
        "sent": at(one.sent_at),
        "receipt": one.receipt,
    }


urlpatterns = [
    path("ops/q/<slug:queue>/<uuid:case>/report/", report, name="ops_report"),
]
