"""Headers of every answer: nothing personal is cached, no device feature without a page's need."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from xingnuo.doors.porch import cookies

_CLOSED = ("camera", "microphone", "geolocation", "payment", "usb", "bluetooth", "browsing-topics")


class HeadersMiddleware:
    """Set the headers that hold for every door, and hold back unregistered cookies."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            not request.path.startswith(settings.STATIC_URL)
            and "Cache-Control" not in response.headers
        ):
            response["Cache-Control"] = "no-store"
        opened: frozenset[str] = getattr(response, "device_features", frozenset())
        response["Permissions-Policy"] = ", ".join(
            f"{feature}={'(self)' if feature in opened else '()'}" for feature in _CLOSED
        )
        response["Cross-Origin-Resource-Policy"] = "same-origin"
        for name in [name for name in response.cookies if name not in cookies.REGISTER]:
            del response.cookies[name]
        return response
