"""What the shell itself asks of the door: the look, the service worker, the offline page."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from xingnuo.doors.porch.context import MODES, THEMES, look_of
from xingnuo.doors.porch.origin import same_origin
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import put_cookie, safe_next, see_other
from xingnuo.kit.errors import NotFound

LOOK_SECONDS = 365 * 86_400


@same_origin
@require_POST
@own_transactions
def display(request: HttpRequest) -> HttpResponse:
    """Keep theme, size and whether amounts are hidden, in a cookie that names nobody."""
    look = look_of(request)
    theme = request.POST.get("theme", "")
    mode = request.POST.get("mode", "")
    hidden = request.POST.get("hide_amounts", "")
    theme = theme if theme in THEMES else str(look["theme"])
    mode = mode if mode in MODES else str(look["mode"])
    hides = hidden == "1" if hidden in ("0", "1") else bool(look["hidden"])
    answer = see_other(safe_next(request))
    put_cookie(answer, "xn_ui", f"{theme}.{mode}.{int(hides)}", seconds=LOOK_SECONDS)
    return answer


@require_GET
@own_transactions
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that the service worker keeps for when there is no network."""
    return render(request, "porch/offline.html")


@require_GET
@own_transactions
def worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker from the root, so that it may watch every page."""
    found = finders.find("xn/sw.js")
    if not isinstance(found, str):
        raise NotFound
    return HttpResponse(
        Path(found).read_bytes(),
        content_type="text/javascript",
        headers={"Cache-Control": "no-cache"},
    )


urlpatterns = [
    path("display/", display, name="display"),
    path("offline/", offline, name="offline"),
    path("sw.js", worker, name="worker_script"),
]
