"""Forms that must work before any consent: no token cookie is set, the browser's word counts.

A token needs a cookie that tells browsers apart, and none may be set before a person agreed. These
few forms change only what this browser shows; a form sent from another site is refused by the
headers that every browser of the baseline sends with a POST.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from xingnuo.doors.porch import errors

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
type View = Callable[..., HttpResponse]


def same_origin(view: View) -> View:
    """Take a form without a token, but only from one of our own pages."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in SAFE and not from_here(request):
            return errors.csrf_failed(request)
        return view(request, *args, **kwargs)

    return guarded


def from_here(request: HttpRequest) -> bool:
    """Say whether the browser vouches that one of our own pages sent this."""
    site = request.headers.get("Sec-Fetch-Site", "")
    origin = request.headers.get("Origin", "")
    if site and site != "same-origin":
        return False
    if origin:
        # Each door takes its own pages' forms alone, though both stand on one server.
        home = settings.CONSOLE_URL if errors.shell_of(request) == "console" else settings.BASE_URL
        return origin == home or origin == f"{request.scheme}://{request.get_host()}"
    return site == "same-origin"
