"""The page of what waits for a second person."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from xingnuo.doors.console._clock import at, left
from xingnuo.doors.console._pages import current, member, show, staff, with_query
from xingnuo.doors.console._releases import may_release, source_of, waiting_for
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.permissions import queries


@require_GET
@staff()
def release_list(request: HttpRequest) -> HttpResponse:
    """List what waits, of every source that is the member's."""
    who = member(request)
    if not may_release(who):
        raise NotFound
    rows = []
    for step in waiting_for(request, who):
        word, tone = left(step.due_at)
        rows.append(
            {
                "href": f"/ops/releases/{step.source}/{step.id}/",
                "number": step.title,
                "kind": step.lines[0][1],
                "state": "你提出的，等同事复核"
                if step.proposed_by == who.code
                else f"{step.proposed_by} 提出",
                "clock": word,
                "tone": tone,
            }
        )
    return show(request, "releases", {"rows": rows})


@require_http_methods(["GET", "POST"])
@staff()
def release_one(request: HttpRequest, source: str, release: UUID) -> HttpResponse:
    """Show one step; another person than who proposed it releases or refuses it."""
    who = member(request)
    found = source_of(who, source)
    step = found.one(request, release)
    if request.method == "GET":
        context = {
            "step": step,
            "is_own": step.proposed_by == who.code,
            "is_fresh": queries.is_fresh(current(request)),
            "proposed": at(step.proposed_at),
            "clock": left(step.due_at),
            "verify": with_query("/ops/verify/", next=request.path),
        }
        return show(request, "release", context)
    if not queries.is_fresh(current(request)):
        return see_other(with_query("/ops/verify/", next=request.path))
    answer = text(request, "answer", limit=10)
    if answer not in ("release", "refuse"):
        raise BadInput({"answer": "请选择通过或退回"})
    done = (found.release if answer == "release" else found.refuse)(request, release)
    if done.once:
        # On this page alone: a secret travels in no cookie and in no address.
        return show(request, "once", {"done": done, "step": step})
    messages.success(request, done.said)
    return see_other(done.to)


urlpatterns = [
    path("ops/releases/", release_list, name="ops_releases"),
    path("ops/releases/<slug:source>/<uuid:release>/", release_one, name="ops_release"),
]
