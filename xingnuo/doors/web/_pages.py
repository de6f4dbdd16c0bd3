"""What every page of this door does: who it is for, where it leads, how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from xingnuo.doors.porch.passage import SAFE
from xingnuo.doors.porch.replies import leads_home, see_other
from xingnuo.doors.porch.visitor import Visitor
from xingnuo.doors.web import _coming
from xingnuo.people.accounts.contracts import Session
from xingnuo.trust.gate.contracts import Actor

type View = Callable[..., HttpResponse]


def visitor(request: HttpRequest) -> Visitor:
    """Give who stands at the door, as the porch found out."""
    return cast(Visitor, request.visitor)  # type: ignore[attr-defined]


def actor(request: HttpRequest) -> Actor:
    """Give the actor of this request."""
    return visitor(request).actor


def subject(request: HttpRequest) -> UUID:
    """Give the person who is signed in; only inside a view for a person."""
    found = visitor(request).actor.subject_id
    assert found is not None, "a page for a person without one"
    return found


def session_of(request: HttpRequest) -> Session:
    """Give the session of the person who is signed in."""
    found = visitor(request).session
    assert found is not None, "a page for a person without a session"
    return found


def person(view: View) -> View:
    """Let a person who is signed in go on; anyone else signs in first and comes back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if visitor(request).signed_in:
            return view(request, *args, **kwargs)
        back = request.get_full_path() if request.method in SAFE else ""
        return see_other(with_query(reverse("sign_in"), next=back if leads_home(back) else ""))

    return guarded


def show(
    request: HttpRequest, name: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Draw a page of this door, with what the person must be told where they may read it."""
    told = _coming.announcement(request, name) if status < HTTPStatus.BAD_REQUEST else {}
    return render(request, f"web/{name}.html", {**told, **(context or {})}, status=status)


def link(name: str, *args: object, default: str = "") -> str:
    """Give the address of a page by its name, or the default where no such page is made yet."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return default


def with_query(path: str, **pairs: str) -> str:
    """Add the pairs that are not empty to an address."""
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"{path}?{query}" if query else path
