"""The way through the console's door: its own host, its own session, the same transactions.

It stands before the porch's passage, and behind the check of forms: on the console's host name the
routes are the console's alone, and on any other host they do not exist.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from xingnuo.doors.porch.passage import SAFE, PassageMiddleware, View, rendered
from xingnuo.doors.porch.visitor import Visitor
from xingnuo.kit.db import session
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions.contracts import StaffSession
from xingnuo.trust.evidence.contracts import Kind

URLS = "xingnuo.doors.console.urls"
CHANNEL = "console"
_KINDS = {403: Kind.ACCESS_DENIED, 404: Kind.ACCESS_DENIED, 429: Kind.ACCESS_DENIED}
_KINDS |= dict.fromkeys((400, 409, 413, 422), Kind.BAD_INPUT)
_REASON_CHARS_MAX = 60


def is_console(request: HttpRequest) -> bool:
    """Say whether a request came to the console's host name."""
    return request.get_host().rpartition(":")[0] == settings.CONSOLE_HOST or (
        request.get_host() == settings.CONSOLE_HOST
    )


class ConsoleMiddleware(PassageMiddleware):
    """Serve the console's routes on its host, to staff whose session this is."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_console(request):
            return self.get_response(request)
        request.urlconf = URLS
        request.shell = "console"  # type: ignore[attr-defined]
        request.staff = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        _leave_try(request, response)
        return response

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Run a view of the console here; others go on to the porch."""
        if not is_console(request):
            return None
        return super().process_view(request, view, args, kwargs)

    def _within(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse:
        request.visitor = Visitor.nobody(CHANNEL)  # type: ignore[attr-defined]
        # By itself, since it notes that the session was used, which a read may not.
        with transaction.atomic():
            request.staff = _staff_of(request)  # type: ignore[attr-defined]
        if getattr(view, "own_transactions", False):
            return rendered(view(request, *args, **kwargs))
        with transaction.atomic():
            if request.method in SAFE:
                session.read_only()
            response = rendered(view(request, *args, **kwargs))
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response


def _staff_of(request: HttpRequest) -> StaffSession | None:
    token = request.COOKIES.get(settings.STAFF_COOKIE, "")
    return permissions.resolve(token, host=request.get_host()) if token else None


def _leave_try(request: HttpRequest, response: HttpResponse) -> None:
    kind = _KINDS.get(response.status_code)
    staff: StaffSession | None = request.staff  # type: ignore[attr-defined]
    if kind is None or staff is None or getattr(response, "is_on_record", False):
        return
    route = request.resolver_match.url_name if request.resolver_match else "none"
    code = getattr(response, "fault_code", kind.value)
    with transaction.atomic():
        permissions.leave(
            f"{code}:{route}"[:_REASON_CHARS_MAX],
            by=staff.member.code,
            outcome="refused",
            kind=kind,
        )
