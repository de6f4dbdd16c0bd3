"""The mail gateway calls back: a letter arrived, came back, or was complained of."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.partners.email import client as email
from xingnuo.people.notices import actions as notices


@own_transactions
@csrf_exempt
@require_POST
def event(request: HttpRequest) -> HttpResponse:
    """Take an event whose signature holds; the same again changes nothing."""
    notices.take_event(email.receive(request.headers, request.body))
    return HttpResponse(status=204)
