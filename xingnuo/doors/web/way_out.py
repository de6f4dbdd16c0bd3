"""The way out of promotions by a letter's link: no sign-in, one tap, and again changes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_http_methods

from xingnuo.doors.web._pages import show
from xingnuo.people.notices import actions as notices
from xingnuo.people.notices import queries as known


@require_http_methods(["GET", "POST"])
def way_out(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask once, then stop; whose link it is stays unsaid."""
    if request.method == "POST":
        notices.stop_by_link(secret)
        return show(request, "notices/way_out", {"done": True})
    known.whose_way_out(secret)
    return show(request, "notices/way_out", {"done": False})


urlpatterns = [path("out/<str:secret>/", way_out, name="way_out")]
