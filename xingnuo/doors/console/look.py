"""Coming near a value: matching by an exact number, and seeing one value in plain for a reason."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from xingnuo.doors.console._clock import at
from xingnuo.doors.console._pages import (
    actor,
    current,
    held,
    member,
    only_cleared,
    picture,
    queue_of,
    show,
    staff,
    with_query,
)
from xingnuo.doors.console._queues import Queue
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit import clock
from xingnuo.kit.cases import Case
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries
from xingnuo.people.permissions.contracts import StaffLook
from xingnuo.trust.evidence.contracts import Kind
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as gate_queries
from xingnuo.trust.policy import queries as policy

VALUE_CHARS_MAX = 120
PHOTO = "document_photo"
# One answer for a number of somebody else, of nobody, and of a case that has no person yet.
SAID_NO = "与这张工单的客户不一致。没有更多可以告诉你的，请按流程再核对。"
SAID_YES = "与这张工单的客户一致。"
SAID_NOTED = "已登记。号码有对应客户时，工单会关联上；请回到工单继续。"


@require_http_methods(["GET", "POST"])
@own_transactions
@staff()
def look_up(request: HttpRequest, queue: str, case: UUID) -> HttpResponse:
    """Match an exact number with the person of a case; nobody else's existence is told."""
    with transaction.atomic():
        known = queue_of(request, queue)
        only_cleared(request, known)
        found = held(request, known, case)
        if request.method == "GET":
            return _form(request, "look_up", known, found)
    try:
        said, tone = _matched(request, known, found)
    except BadInput as error:
        with transaction.atomic():
            return _form(request, "look_up", known, found, wrong=error.fields)
    with transaction.atomic():
        return _form(request, "look_up", known, found, said=said, tone=tone)


def _matched(request: HttpRequest, queue: Queue, case: Case) -> tuple[str, str]:
    item = text(request, "item", limit=40)
    if item not in queue.look_ups:
        raise BadInput({"item": "请选择一种号码"})
    typed = text(request, "value", limit=VALUE_CHARS_MAX)
    why = {name: text(request, name, limit=400, needed=False) for name in ("reason", "note")}
    with transaction.atomic():
        # Kept whatever comes of the look itself.
        permissions.look_up(
            current(request),
            queue=queue.id,
            case_id=case.id,
            purpose=queue.purpose,
            item=item,
            **why,
        )
    with transaction.atomic():
        acting = actor(request, queue, case.id)
        hit = gate_queries.find(acting, purpose=queue.purpose, item=item, value=_exact(item, typed))
        if hit is None:
            permissions.leave(
                why["reason"],
                by=acting.staff_id,
                ref=case.id,
                kind=Kind.LOOKUP,
                purpose=queue.purpose,
            )
        else:
            gate.record(
                acting,
                subject_id=hit,
                kind=Kind.LOOKUP,
                reason=why["reason"],
                purpose=queue.purpose,
                ref=case.id,
            )
        if case.subject_id is not None:
            return (SAID_YES, "good") if hit == case.subject_id else (SAID_NO, "warn")
        if hit is not None and queue.attach is not None:
            queue.attach(case.id, hit)
        return SAID_NOTED, "info"


def _exact(item: str, typed: str) -> str:
    # A number in the wrong shape is nobody's: it is told as such, not corrected for the asker.
    try:
        return policy.normalise(policy.in_force().items[item].kind, typed)
    except BadInput:
        return typed


@require_http_methods(["GET", "POST"])
@own_transactions
@staff()
def reveal(request: HttpRequest, queue: str, case: UUID, item: str) -> HttpResponse:
    """Ask to see one value in plain: a reason, a sentence, a passkey touched just now."""
    with transaction.atomic():
        known = queue_of(request, queue)
        only_cleared(request, known)
        found = held(request, known, case)
        if found.subject_id is None or not _shows(known, found, item):
            raise NotFound
        if not queries.is_fresh(current(request)):
            return see_other(with_query("/ops/verify/", next=request.path))
        if request.method == "GET":
            return _form(request, "reveal", known, found, item=item)
    why = {name: text(request, name, limit=2000, needed=False) for name in ("reason", "note")}
    try:
        # Committed before the page that shows the value can be asked for.
        with transaction.atomic():
            look = permissions.reveal(
                current(request),
                queue=known.id,
                case_id=found.id,
                purpose=known.purpose,
                item=item,
                **why,
            )
    except BadInput as error:
        with transaction.atomic():
            return _form(request, "reveal", known, found, item=item, wrong=error.fields)
    return see_other(f"/ops/seen/{look.id}/")


def _shows(queue: Queue, case: Case, item: str) -> bool:
    return bool(queue.sides(case)) if item == PHOTO else item in queue.reveals_of(case)


@require_GET
@staff()
def seen(request: HttpRequest, look: UUID) -> HttpResponse:
    """Show what was asked for, for a few minutes, to the one who asked."""
    given, known, found = _given(request, look)
    sides = known.sides(found) if given.item == PHOTO else ()
    values = [] if sides else _values(request, given, known, found)
    seconds = max(int((given.until_at - clock.now()).total_seconds()), 1)
    who = member(request)
    back = f"/ops/q/{known.id}/{found.id}/"
    answer = show(
        request,
        "seen",
        {
            "name": policy.in_force().items[given.item].name,
            "values": values,
            "sides": [(f"{request.path}{side}/", name) for side, name in sides],
            "reason": queries.REASONS[given.reason],
            "until": at(given.until_at),
            "back": back,
            "number": known.number(found),
            "watermark": f"{who.name} {who.code} {at(clock.now())}",
        },
    )
    # Covered again by itself, without a script.
    answer["Refresh"] = f"{seconds}; url={back}"
    return answer


def _given(request: HttpRequest, look: UUID) -> tuple[StaffLook, Queue, Case]:
    given = queries.reveal_shown(current(request), look)
    known = queue_of(request, given.queue)
    found = held(request, known, given.case_id)
    if found.subject_id is None or known.purpose != given.purpose:
        raise NotFound
    return given, known, found


def _values(request: HttpRequest, given: StaffLook, queue: Queue, case: Case) -> list[str]:
    assert case.subject_id is not None, "a look is given for a case of somebody"
    acting = actor(request, queue, case.id, look=given)
    if queue.plain is not None:
        return [one.text for one in queue.plain(acting, case, given.item)]
    permit = gate.permit(
        acting, subject_id=case.subject_id, purpose=queue.purpose, items=(given.item,)
    )
    return [one.text for one in gate_queries.read(permit, (given.item,))]


@require_GET
@staff()
def seen_photo(request: HttpRequest, look: UUID, side: str) -> HttpResponse:
    """Show one side of the document that was asked for, marked with who looks and when."""
    given, known, found = _given(request, look)
    if given.item != PHOTO or known.photo is None:
        raise NotFound
    content = known.photo(actor(request, known, found.id, look=given), found, side)
    if content is None:
        raise NotFound
    return picture(request, content)


def _form(
    request: HttpRequest,
    name: str,
    queue: Queue,
    case: Case,
    *,
    item: str = "",
    wrong: dict[str, str] | None = None,
    said: str = "",
    tone: str = "",
) -> HttpResponse:
    items = policy.in_force().items
    context: dict[str, Any] = {
        "queue": queue,
        "number": queue.number(case),
        "back": f"/ops/q/{queue.id}/{case.id}/",
        "item_name": items[item].name if item else "",
        "kinds": [(one, items[one].name) for one in queue.look_ups],
        "reasons": list(queries.REASONS.items()),
        "least": queries.NOTE_CHARS_MIN,
        "budget": queries.budget(member(request).id),
        "wrong": [(f"id_{key}", words) for key, words in (wrong or {}).items()],
        "errors": wrong or {},
        # The number itself is not written back into the page.
        "typed": {
            key: request.POST.get(key, "")[:400] if wrong else ""
            for key in ("reason", "note", "item")
        },
        "said": said,
        "tone": tone,
    }
    return show(request, name, context, status=422 if wrong else 200)


urlpatterns = [
    path("ops/q/<slug:queue>/<uuid:case>/look-up/", look_up, name="ops_look_up"),
    path("ops/q/<slug:queue>/<uuid:case>/reveal/<slug:item>/", reveal, name="ops_reveal"),
    path("ops/seen/<uuid:look>/", seen, name="ops_seen"),
    path("ops/seen/<uuid:look>/<slug:side>/", seen_photo, name="ops_seen_photo"),
]
