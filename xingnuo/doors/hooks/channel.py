"""Payment channels call back: money came, or went back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.money.payments import actions as payments

STYLES = ("alipay", "wechat", "unionpay")


@own_transactions
@csrf_exempt
@require_POST
def notify(request: HttpRequest, style: str) -> HttpResponse:
    """Take a notice whose signature holds, and answer as its channel wants after the commit."""
    status, body, kind = payments.channel_notice(style, headers=request.headers, body=request.body)
    return HttpResponse(body, status=status, content_type=kind)
