"""Sources call back: what they could not say at once about who somebody is."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.people.identity import actions as identity


@own_transactions
@csrf_exempt
@require_POST
def authority_result(request: HttpRequest) -> HttpResponse:
    """Take the authority's later answer; the same again changes nothing."""
    identity.authority_notice(request.headers, request.body)
    return HttpResponse(status=204)


@own_transactions
@csrf_exempt
@require_POST
def face_result(request: HttpRequest) -> HttpResponse:
    """Take the face service's later answer; the same again changes nothing."""
    identity.face_notice(request.headers, request.body)
    return HttpResponse(status=204)
