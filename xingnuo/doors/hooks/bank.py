"""The bank calls back: what it could not say at once about money."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.services.wallet_card import actions as wallet_card


@own_transactions
@csrf_exempt
@require_POST
def money(request: HttpRequest) -> HttpResponse:
    """Take a result whose signature holds; the same again changes nothing.

    A number that is none of the change card's is asked about by whoever sent it.
    """
    wallet_card.bank_notice(request.headers, request.body)
    return HttpResponse(status=204)
