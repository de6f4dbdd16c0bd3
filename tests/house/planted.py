"""Faults planted on purpose: routes that the foreign-access sweep must find."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

PLANTED: dict[str, str] = {}


@require_GET
def leaks(request: HttpRequest) -> HttpResponse:
    """Tell another person's name, as a forgotten filter would."""
    return HttpResponse(PLANTED["value"])


@require_GET
def tells_apart(request: HttpRequest, session: UUID) -> HttpResponse:
    """Refuse what is another's in other words than what is missing."""
    if str(session) == PLANTED["session"]:
        return HttpResponse("forbidden", status=403)
    raise Http404


@require_http_methods(["GET"])
def breaks(request: HttpRequest, session: UUID) -> HttpResponse:
    """Fall over an id."""
    raise RuntimeError(str(session))


def accepts(request: HttpRequest) -> HttpResponse:
    """Take any method at all."""
    return HttpResponse("ok")


urlpatterns = [
    path("api/v1/openapi.json", lambda request: HttpResponse('{"paths": {}}'), name="openapi"),
    path("leaks/", leaks, name="leaks"),
    path("apart/<uuid:session>/", tells_apart, name="apart"),
    path("breaks/<uuid:session>/", breaks, name="breaks"),
    path("any/", accepts, name="any"),
    path("new/<uuid:parcel>/", breaks, name="new"),
]
handler404 = "xingnuo.doors.porch.errors.not_found"
handler500 = "xingnuo.doors.porch.errors.server_error"
