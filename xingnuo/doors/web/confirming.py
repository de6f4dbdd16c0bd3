"""确认付款: amount and payee first, then password or device; what is confirmed is what moves."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods, require_POST

from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _confirm
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web._pages import actor, person
from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput, XingnuoError
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    Challenge,
    Confirmed,
    ConfirmState,
    ConfirmWay,
    DeviceRefused,
    NoPassword,
    NotConfirmed,
    PasswordLocked,
    PasswordWrong,
)

ANSWER_CHARS_MAX = 16_384
_FAULTS = (PasswordWrong, PasswordLocked, NoPassword, DeviceRefused)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def confirm_act(request: HttpRequest, confirmation: UUID) -> HttpResponse:
    """Show what is asked, and take the yes by password or device."""
    with transaction.atomic():
        asked = queries.challenge(actor(request), challenge_id=confirmation)
    kind = _confirm.kind_of(asked.act)
    if asked.state is not ConfirmState.ASKED:
        if kind.over is None:
            raise NotConfirmed
        return see_other(kind.over(asked.act))
    if request.method == "GET":
        return _page(request, asked)
    try:
        yes = _said(request, asked)
    except BadInput as bad:
        return _page(request, asked, bad=bad)
    except _FAULTS as fault:
        return _page(request, asked, fault=fault)
    if kind.in_steps:
        return kind.go(request, yes)
    with transaction.atomic():
        return kind.go(request, yes)


def _said(request: HttpRequest, asked: Challenge) -> Confirmed:
    answers = request.POST.getlist("credential")
    if answers and answers[0]:
        if len(answers) > 1 or len(answers[0]) > ANSWER_CHARS_MAX:
            raise BadInput({"": "设备的回答不对，请再试一次"})
        return actions.confirm(actor(request), challenge_id=asked.id, answer=answers[0])
    typed = forms.secret(request, "password")
    return actions.confirm(actor(request), challenge_id=asked.id, password=typed)


def _page(
    request: HttpRequest,
    asked: Challenge,
    *,
    bad: BadInput | None = None,
    fault: XingnuoError | None = None,
) -> HttpResponse:
    kind = _confirm.kind_of(asked.act)
    said = f"{fault.message_text}{fault.remedy_text}" if fault else ""
    device = isinstance(fault, DeviceRefused)
    fields = {"password": said} if fault and not device else {}
    shown = {
        "kind": kind,
        "asked": asked,
        "payee": kind.payee(actor(request), asked.act),
        "until": clock.beijing(asked.expires_at).strftime("%H:%M"),
        "by_password": ConfirmWay.PASSWORD in asked.ways,
        "by_device": ConfirmWay.DEVICE in asked.ways,
        "options": reverse("confirm_options", args=[asked.id]),
        "said": said if device else "",
        "back": kind.back(asked.act),
    }
    if fault is not None:
        bad = BadInput(fields)
        answer = forms.form(request, "pay/confirm", shown, bad=bad)
        answer.status_code = fault.status
        return answer
    return forms.form(request, "pay/confirm", shown, bad=bad)


@require_POST
@person
def confirm_options(request: HttpRequest, confirmation: UUID) -> JsonResponse:
    """Give the device its question: a challenge that stands for this act alone."""
    return JsonResponse(actions.device_options(actor(request), challenge_id=confirmation))


urlpatterns = [
    path("pay/confirm/<uuid:confirmation>/", confirm_act, name="confirm_act"),
    path("pay/confirm/<uuid:confirmation>/options/", confirm_options, name="confirm_options"),
]
