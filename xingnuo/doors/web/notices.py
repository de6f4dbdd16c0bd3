"""What the person was told: every message in one list, each leading where it is settled."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from xingnuo.doors.porch.replies import leads_home, see_other
from xingnuo.doors.web._pages import actor, person, show
from xingnuo.doors.web._when import moment
from xingnuo.people.notices import actions, queries


@require_GET
@person
def notices(request: HttpRequest) -> HttpResponse:
    """List the person's messages, unread ones marked by a word."""
    found = queries.messages(actor(request))
    rows = [
        {
            "one": one,
            "at": moment(one.created_at),
            "href": one.href if leads_home(one.href) else "",
        }
        for one in found
    ]
    unread = sum(not one.is_read for one in found)
    return show(request, "notices/list", {"rows": rows, "unread": unread})


@require_POST
@person
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark every message as read."""
    count = actions.read_all(actor(request))
    messages.success(request, f"已标为已读：{count} 条。")
    return see_other(reverse("notices"))


@require_POST
@person
def read_one(request: HttpRequest, notice: UUID) -> HttpResponse:
    """Mark one message as read, and go where it leads."""
    to = actions.read_one(actor(request), message_id=notice)
    return see_other(to if leads_home(to) else reverse("notices"))


urlpatterns = [
    path("notices/", notices, name="notices"),
    path("notices/read/", read_all, name="notices_read"),
    path("notices/<uuid:notice>/read/", read_one, name="notice_read"),
]
