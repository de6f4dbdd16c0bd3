"""Reminders as a calendar: a file to take, an address for a calendar client, and its end."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _asking
from xingnuo.doors.web._pages import actor, person, show, subject
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices import queries as known
from xingnuo.trust.gate import queries as standing_of

PURPOSE = "notices.reminder"
CALENDAR = "text/calendar; charset=utf-8"


@require_GET
@person
def reminders(request: HttpRequest) -> HttpResponse:
    """Show what will be reminded of, and the two ways into a calendar."""
    return _page(request)


def _page(request: HttpRequest, *, made: str = "") -> HttpResponse:
    stands = standing_of.standing(subject(request))
    on = _asking.is_on(stands, PURPOSE)
    return show(
        request,
        "notices/reminders",
        {
            "on": on,
            "made": made,
            "rows": known.reminders(subject(request)),
            "question": None if on else _asking.question(PURPOSE, to=request.path),
            "question_href": _asking.address(PURPOSE, to=reverse("reminders")),
            "withdraw": reverse("consent_withdraw", args=[PURPOSE]),
        },
    )


@require_POST
@person
def take(request: HttpRequest) -> HttpResponse:
    """Give the reminders as a calendar file."""
    content = notices.take_calendar(actor(request), subject_id=subject(request))
    answer = HttpResponse(content, content_type=CALENDAR)
    answer["Content-Disposition"] = 'attachment; filename="xingnuo.ics"'
    return answer


@require_POST
@person
def subscribe(request: HttpRequest) -> HttpResponse:
    """Make an address for a calendar client; it is shown once."""
    secret = notices.subscribe_calendar(actor(request), subject_id=subject(request))
    address = f"{settings.BASE_URL}{reverse('calendar_feed', args=[secret])}"
    return _page(request, made=address)


@require_POST
@person
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """End every address that was made."""
    count = notices.unsubscribe_calendar(subject(request))
    messages.success(request, f"已停用 {count} 个订阅地址。" if count else "没有在用的订阅地址。")
    return see_other(reverse("reminders"))


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Give the calendar of a secret address to whatever client reads it."""
    answer = HttpResponse(known.calendar_of(secret), content_type=CALENDAR)
    answer["Cache-Control"] = "no-store"
    return answer


urlpatterns = [
    path("me/settings/reminders/", reminders, name="reminders"),
    path("me/settings/reminders/file/", take, name="reminders_file"),
    path("me/settings/reminders/address/", subscribe, name="reminders_subscribe"),
    path("me/settings/reminders/end/", unsubscribe, name="reminders_end"),
    path("calendar/<str:secret>.ics", feed, name="calendar_feed"),
]
