"""The regulator's intake calls back: a later word on a report, or on a complaint handed over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.people.antifraud import actions as antifraud
from xingnuo.people.support import actions as support


@own_transactions
@csrf_exempt
@require_POST
def notice(request: HttpRequest) -> HttpResponse:
    """Take a later word; the same again changes nothing, and an unknown key is answered alike."""
    if antifraud.receive_notice(request.headers, request.body) is None:
        support.receive_notice(request.headers, request.body)
    return HttpResponse(status=204)
