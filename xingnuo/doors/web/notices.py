"""What the person was told, and where to turn: messages, contacts, complaints."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from xingnuo.doors.porch.replies import leads_home, see_other
from xingnuo.doors.web._pages import actor, person, show
from xingnuo.doors.web._when import moment
from xingnuo.kit.errors import NotFound
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts import queries as known
from xingnuo.people.accounts.contracts import NoticeShown
from xingnuo.people.notices import actions as told
from xingnuo.people.notices import queries as told_of
from xingnuo.people.notices.contracts import Message


@require_GET
@person
def notices(request: HttpRequest) -> HttpResponse:
    """List the person's notices, unread ones marked by a word."""
    found = known.notices(actor(request))
    every: list[NoticeShown | Message] = [*found, *told_of.messages(actor(request))]
    every.sort(key=lambda one: one.created_at, reverse=True)
    rows = [
        {
            "one": one,
            "at": moment(one.created_at),
            "href": one.href if leads_home(one.href) else "",
            "single": one in found,
        }
        for one in every
    ]
    unread = sum(not one.is_read for one in every)
    return show(request, "notices/list", {"rows": rows, "unread": unread})


@require_POST
@person
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    count = accounts.read_notices(actor(request)) + told.read_all(actor(request))
    messages.success(request, f"已标为已读：{count} 条。")
    return see_other(reverse("notices"))


@require_POST
@person
def read_one(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Mark one notice as read, and go where it leads."""
    to = next((one.href for one in known.notices(actor(request)) if one.id == notice), None)
    if to is None:
        raise NotFound
    accounts.read_notices(actor(request), notice_id=notice)
    return see_other(to if leads_home(to) else reverse("notices"))


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/read/", read_all, name="notices_read"),
    path("notices/<uuid:notice>/read/", read_one, name="notice_read"),
]
