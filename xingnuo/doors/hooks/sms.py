"""The text gateway calls back: somebody answered a message."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.partners.sms import client as sms
from xingnuo.people.notices import actions as notices


@own_transactions
@csrf_exempt
@require_POST
def reply(request: HttpRequest) -> HttpResponse:
    """Take a reply whose signature holds; the same again changes nothing."""
    notices.take_reply(sms.verify_reply(request.headers, request.body))
    return HttpResponse(status=204)
