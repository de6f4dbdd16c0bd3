"""Complaints handed over whose end is open: asked about again, or ended by proof, by two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from xingnuo.doors.console import _queues
from xingnuo.doors.console._clock import at
from xingnuo.doors.console._pages import (
    actor,
    current,
    member,
    only_cleared,
    show,
    staff,
    with_query,
)
from xingnuo.doors.console._queues import Queue
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.permissions import queries as permissions
from xingnuo.people.support import actions, queries
from xingnuo.people.support.contracts import HAND_PROOFS, HandOver, HandState
from xingnuo.trust.gate.contracts import Actor

QUEUE = "complaints"
HERE = "/ops/handovers/"
TYPED_CHARS_MAX = 200
STATES = {
    HandState.RELEASED: ("准备送出", "info"),
    HandState.UNKNOWN: ("已送出，等对方确认", "info"),
    HandState.CORRECTION: ("对方要求补正", "warn"),
}
OUTCOMES = {"accepted": "对方已受理", "rejected": "对方不受理"}
_SAID = {
    "ask": "已安排马上再问一次，结果会写在这里。",
    "prove": "已记下凭证，等另一位同事复核。",
    "confirm": "已按凭证结案，客户会收到通知。",
    "decline": "凭证没有通过，系统会继续问。",
}


def _queue(request: HttpRequest) -> Queue:
    found = _queues.queue(QUEUE)
    only_cleared(request, found)
    return found


def _row(queue: Queue, one: HandOver) -> dict[str, Any]:
    word, tone = ("超过一天没有回音", "bad") if one.is_late else STATES[one.state]
    return {
        "href": f"{HERE}{one.case_id}/{one.body}/",
        "number": f"{queue.mark}-{one.case_id.hex[-6:].upper()} {one.body_name}",
        "kind": one.why,
        "state": f"{one.proof.by} 提出了凭证，等复核" if one.proof else "",
        "clock": word,
        "tone": tone,
    }


@require_GET
@staff("compliance")
def handovers(request: HttpRequest) -> HttpResponse:
    """List what was handed over and is not settled, the oldest first."""
    queue = _queue(request)
    found = queries.unsettled_handovers(actor(request, queue, None))
    return show(request, "handovers", {"rows": [_row(queue, one) for one in found], "at": "hands"})


@require_http_methods(["GET", "POST"])
@staff("compliance")
def handover(request: HttpRequest, case: UUID, body: str) -> HttpResponse:
    """Show one, have it asked again, say by what its end is proven, or confirm that."""
    queue = _queue(request)
    acting = actor(request, queue, case)
    every = queries.unsettled_handovers(acting)
    one = next((each for each in every if (each.case_id, each.body) == (case, body)), None)
    if one is None:
        raise NotFound("handover")
    if request.method == "GET":
        return _page(request, queue, one)
    act = text(request, "act", limit=10)
    if act not in _SAID:
        raise BadInput({"act": "请选择要做什么"})
    if act in ("confirm", "decline") and not permissions.is_fresh(current(request)):
        return see_other(with_query("/ops/verify/", next=request.path))
    try:
        _act(request, acting, one, act)
    except BadInput as error:
        return _page(request, queue, one, wrong=error.fields)
    messages.success(request, _SAID[act])
    return see_other(HERE)


def _act(request: HttpRequest, acting: Actor, one: HandOver, act: str) -> None:
    if act == "prove":
        names = ("outcome", "kind", "reference")
        given = {name: text(request, name, limit=TYPED_CHARS_MAX, needed=False) for name in names}
        actions.propose_handover_proof(acting, case_id=one.case_id, body=one.body, **given)
        return
    does: dict[str, Callable[..., HandOver]] = {
        "ask": actions.ask_handover_again,
        "confirm": actions.settle_handover_by_proof,
        "decline": actions.decline_handover_proof,
    }
    does[act](acting, case_id=one.case_id, body=one.body)


def _page(
    request: HttpRequest, queue: Queue, one: HandOver, *, wrong: dict[str, str] | None = None
) -> HttpResponse:
    row = _row(queue, one)
    lines = [
        ("转给", one.body_name),
        ("法律依据", one.law),
        ("送出时间", at(one.sent_at) if one.sent_at else "还没有送出"),
        ("对方编号", one.reference or "没有"),
    ]
    if one.reasons:
        lines.append(("对方要求", "、".join(one.reasons)))
    if one.answer_by:
        lines.append(("补正期限", f"{one.answer_by:%Y-%m-%d}"))
    context = {
        "row": row,
        "lines": lines,
        "can_ask": one.state in (HandState.RELEASED, HandState.UNKNOWN),
        "can_prove": one.state is HandState.UNKNOWN and one.proof is None,
        "proof": one.proof
        and {
            "by": one.proof.by,
            "at": at(one.proof.at),
            "lines": (
                ("结果", OUTCOMES[one.proof.outcome.value]),
                ("凭证", HAND_PROOFS[one.proof.kind]),
                ("文号或流水号", one.proof.reference),
            ),
        },
        "is_own": one.proof is not None and one.proof.by == member(request).code,
        "is_fresh": permissions.is_fresh(current(request)),
        "verify": with_query("/ops/verify/", next=request.path),
        "outcomes": list(OUTCOMES.items()),
        "kinds": list(HAND_PROOFS.items()),
        "errors": wrong or {},
        "wrong": [(f"id_{key}", words) for key, words in (wrong or {}).items()],
        "typed": request.POST.get("reference", "")[:TYPED_CHARS_MAX] if wrong else "",
        "at": "hands",
    }
    return show(request, "handover", context, status=422 if wrong else 200)


urlpatterns = [
    path("ops/handovers/", handovers, name="ops_handovers"),
    path("ops/handovers/<uuid:case>/<slug:body>/", handover, name="ops_handover"),
]
