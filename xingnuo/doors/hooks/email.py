"""The mail gateway calls back: a letter arrived, came back, or was complained of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.partners.email import client as email
from xingnuo.people.notices import actions as notices


@own_transactions
@csrf_exempt
@require_POST
def event(request: HttpRequest) -> HttpResponse:
    """Take an event whose signature holds; the same again changes nothing."""
    notices.take_event(email.receive(request.headers, request.body))
    return HttpResponse(status=204)


# The secret in the address is all that a mail program has, and all that the address can do is stop.
@csrf_exempt
@require_http_methods(["GET", "POST"])
def out(request: HttpRequest, secret: str) -> HttpResponse:
    """Stop promotions for a mail program's one click (RFC 8058); a person is led to the page."""
    if request.method == "GET":
        return see_other(f"/out/{secret}/")
    notices.stop_by_link(secret)
    return HttpResponse(status=204)
