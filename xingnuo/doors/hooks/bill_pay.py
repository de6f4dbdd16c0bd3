"""Telecom and utilities call back: what became of a top-up or a bill."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.services.bill_pay import actions as bill_pay


@own_transactions
@csrf_exempt
@require_POST
def top_up(request: HttpRequest) -> HttpResponse:
    """Take the operator's word; the same again and an unknown key are answered alike."""
    bill_pay.notice("telecom", headers=request.headers, body=request.body)
    return HttpResponse(status=204)


@own_transactions
@csrf_exempt
@require_POST
def payment(request: HttpRequest) -> HttpResponse:
    """Take an issuer's word; the same again changes nothing, an unknown key is answered alike."""
    bill_pay.notice("utility", headers=request.headers, body=request.body)
    return HttpResponse(status=204)
