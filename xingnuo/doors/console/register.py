"""The staff register for admins: who is here, their standing, and what changes need two people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.console._clock import at, day
from xingnuo.doors.console._pages import is_cleared, member, show, staff, with_query
from xingnuo.doors.console._words import STATES, WHY, roles_text
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit.errors import BadInput
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries
from xingnuo.people.permissions.contracts import Member, StaffState

PAGE = 25
HERE = "/ops/staff/"


@require_GET
@staff("admin", "compliance", "auditor")
def staff_list(request: HttpRequest) -> HttpResponse:
    """List members by staff id, with what keeps each from data."""
    after = request.GET.get("after", "")[:40]
    found = queries.members(after=after, limit=PAGE + 1)
    rows = [_row(one) for one in found[:PAGE]]
    older = with_query(HERE, after=found[PAGE - 1].code) if len(found) > PAGE else ""
    return show(
        request,
        "staff",
        {"rows": rows, "older": older, "first": HERE if after else ""},
    )


def _row(one: Member) -> dict[str, Any]:
    word, tone = STATES[one.state]
    return {
        "member": one,
        "href": f"{HERE}{one.id}/",
        "roles": roles_text(one.roles) or "没有岗位",
        "word": word,
        "tone": tone,
        "cleared": f"可查看到 {day(one.cleared_until)}" if is_cleared(one) else "不能查看客户信息",
        "is_cleared": is_cleared(one),
    }


@require_http_methods(["GET", "POST"])
@staff("admin")
def staff_new(request: HttpRequest) -> HttpResponse:
    """Propose a new member; a second admin releases the one-time code."""
    shown: dict[str, Any] = {"roles": list(queries.ROLES.values()), "typed": {}, "chosen": ()}
    if request.method == "GET":
        return show(request, "staff_new", shown)
    typed = {
        "code": text(request, "code", limit=40, needed=False).lower(),
        "name": text(request, "name", limit=200, needed=False),
    }
    chosen = tuple(request.POST.getlist("roles")[:10])
    who = member(request)
    try:
        made = permissions.register(
            code=typed["code"], name=typed["name"], roles=chosen, by=who.code, channel="console"
        )
    except BadInput as error:
        wrong = [(f"id_{name}", words) for name, words in error.fields.items()]
        shown |= {"typed": typed, "chosen": chosen, "wrong": wrong, "errors": error.fields}
        return show(request, "staff_new", shown, status=422)
    permissions.propose(kind="staff.enrol", ref=made.id, choice="let_in", by=who.code)
    messages.success(request, "已登记，等另一位管理岗复核后发一次性代码。")
    return see_other(f"{HERE}{made.id}/")


@require_GET
@staff("admin", "compliance", "auditor")
def staff_one(request: HttpRequest, member: UUID) -> HttpResponse:
    """Show one member: standing, signature, training, breaches."""
    found = queries.member(member)
    return show(
        request,
        "staff_one",
        {
            "row": _row(found),
            "one": found,
            "since": at(found.since),
            "signed": day(found.undertaking_until),
            "trained": day(found.training_until),
            "breaches": [
                {
                    "time": at(one.at),
                    "title": queries.BREACHES[one.kind],
                    "sub": f"由 {one.recorded_by} 记录",
                    "tone": "bad",
                }
                for one in queries.breaches_of(found.id)
            ],
            "kinds": list(queries.BREACHES.items()),
            "roles": list(queries.ROLES.values()),
            "is_suspended": found.state is StaffState.SUSPENDED,
            "is_left": found.state is StaffState.LEFT,
            "pending": [
                one
                for kind in queries.STAFF_KINDS
                if (one := queries.of_ref(kind, found.id)) is not None
            ],
            "why": WHY,
        },
    )


@require_POST
@staff("admin", "compliance")
def staff_breach(request: HttpRequest, member: UUID) -> HttpResponse:
    """Record a breach: the member is suspended with it."""
    kind = text(request, "kind", limit=40, needed=False)
    permissions.record_breach(member, kind=kind, by=_by(request))
    messages.success(request, "已记录违规，并立即停用。")
    return see_other(f"{HERE}{member}/")


@require_POST
@staff("admin")
def staff_step(request: HttpRequest, member: UUID, step: str) -> HttpResponse:
    """Suspend or dismiss at once; propose whatever gives power."""
    by = _by(request)
    said = "已提交，等另一位管理岗复核。"
    match step:
        case "suspend":
            permissions.suspend(member, by=by, why="by_admin")
            said = "已停用，所有登录都已结束。"
        case "left":
            permissions.dismiss(member, by=by)
            said = "已离岗，通行密钥和岗位都已收回。"
        case "roles":
            chosen = sorted(set(request.POST.getlist("roles")) & queries.ROLES.keys())
            if not chosen:
                raise BadInput({"roles": "请至少选一个岗位"})
            permissions.propose(kind="staff.roles", ref=member, choice=",".join(chosen), by=by)
        case "code" | "reinstate":
            queries.member(member)
            permissions.propose(kind=f"staff.{step}", ref=member, choice=step, by=by)
        case _:
            raise BadInput({"step": "没有这一步"})
    messages.success(request, said)
    return see_other(f"{HERE}{member}/")


def _by(request: HttpRequest) -> str:
    return member(request).code


urlpatterns = [
    path("ops/staff/", staff_list, name="ops_staff"),
    path("ops/staff/new/", staff_new, name="ops_staff_new"),
    path("ops/staff/<uuid:member>/", staff_one, name="ops_staff_one"),
    path("ops/staff/<uuid:member>/breach/", staff_breach, name="ops_staff_breach"),
    path("ops/staff/<uuid:member>/do/<slug:step>/", staff_step, name="ops_staff_step"),
]
