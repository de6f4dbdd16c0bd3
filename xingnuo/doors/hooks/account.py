"""The account provider calls back: an account was signed out over there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.kit.errors import XingnuoError
from xingnuo.people.accounts import actions as accounts


@own_transactions
@csrf_exempt
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Take a back-channel logout token; 200 when it holds, 400 when not, 503 to come again."""
    tokens = request.POST.getlist("logout_token")
    try:
        # Answered once its effect is committed, so that a notice that is lost comes again.
        accounts.provider_logged_out(tokens[0] if len(tokens) == 1 else "")
    except XingnuoError as error:
        status = 503 if error.status >= 500 else 400
        told = {"error": "invalid_request", "error_description": error.code}
        return JsonResponse(told, status=status)
    return HttpResponse(status=200)
