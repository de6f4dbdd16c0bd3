"""Answers that every door gives: on to another page, and a cookie of the register."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from xingnuo.doors.porch import cookies

NEXT_CHARS_MAX = 1500
# Only pages of a person's own browser: no machine door, and no page that acts on arrival.
_LEADS_TO = ("xingnuo.doors.web", "xingnuo.doors.api")
_NEVER = ("/api/", "/hooks/", "/auth/", "/sw.js", "/oauth/token")


class SeeOther(HttpResponseRedirect):
    """303: what was posted is done, go and look at the result."""

    status_code = 303


def see_other(to: str) -> SeeOther:
    """Send the browser on with a GET."""
    return SeeOther(to)


def safe_next(request: HttpRequest, default: str = "/") -> str:
    """Give the page named by `next` when it is one of ours, else the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if leads_home(wanted) else default


def leads_home(path: str) -> bool:
    """Say whether a path is a page of this site that may be gone to after a step."""
    if not path.startswith("/") or len(path) > NEXT_CHARS_MAX or "\\" in path:
        return False
    if not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return False
    bare = urlsplit(path).path
    if bare.startswith(_NEVER):
        return False
    try:
        view = resolve(bare).func
    except Resolver404:
        return False
    return view.__module__.startswith((*_LEADS_TO, "xingnuo.doors.porch"))


def put_cookie(response: HttpResponse, name: str, value: str, *, seconds: int | None) -> None:
    """Set a cookie of the register, unreadable to scripts; `None` seconds ends with the browser."""
    assert name in cookies.REGISTER, name
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def drop_cookie(response: HttpResponse, name: str) -> None:
    """Take a cookie back."""
    response.delete_cookie(name, path="/", samesite="Lax")
