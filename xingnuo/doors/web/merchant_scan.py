"""扫一扫: a code by camera or typed, the amount, the place compared, then 付款 as anywhere."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _merchant_words as words
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web._pages import actor, person, subject
from xingnuo.doors.web.merchant import first, place_of, placed
from xingnuo.kit.amount import fen_of
from xingnuo.kit.errors import BadInput
from xingnuo.people.permissions import queries as permissions
from xingnuo.people.permissions.contracts import Setting
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import CodeKind, StaticLimit

CODE_CHARS_MAX = 200


@require_http_methods(["GET", "POST"])
@person
def scan(request: HttpRequest) -> HttpResponse:
    """Read a code by the camera a person let us use, from a picture, or as it is typed."""
    known = permissions.one(actor(request), subject_id=subject(request), permission="camera")
    shown = {"may_see": known.setting is Setting.ON}
    if request.method == "GET":
        answer = forms.form(request, "merchant/scan", shown)
        if shown["may_see"]:
            answer.device_features = frozenset({"camera"})  # type: ignore[attr-defined]
        return answer
    typed = text(request, "code", limit=CODE_CHARS_MAX, needed=False)
    # A camera reads the whole address; only what stands in it counts, never where it leads.
    code = typed.rstrip("/").rpartition("/")[2].replace("-", "").replace(" ", "").lower()
    if not code.isascii() or not code.isalnum():
        bad = BadInput({"code": "请填写收款码下方的 16 位字母和数字"})
        return forms.form(request, "merchant/scan", shown, bad=bad, typed=("code",))
    return see_other(reverse("scan_pay", args=[code[:40]]))


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def scan_pay(request: HttpRequest, code: str) -> HttpResponse:
    """Show the shop; take amount and place of this moment; go on to 付款."""
    here = reverse("scan_pay", args=[code])
    with transaction.atomic():
        offer = queries.offer(actor(request), code=code)
    if (lead := first(request, words.PLACE, here)) is not None:
        return lead
    shown = {
        "offer": offer,
        "is_static": offer.kind is CodeKind.STATIC,
        "limit": queries.value("static.day"),
    }
    if request.method == "GET":
        return placed(forms.form(request, "merchant/pay", shown))
    try:
        amount = fen_of(text(request, "amount", limit=30)) if offer.amount_fen is None else None
        made = actions.order(
            actor(request),
            code=code,
            payment_id=leads.key_of(request),
            place=place_of(request),
            amount_fen=amount,
        )
    except BadInput as bad:
        return placed(forms.form(request, "merchant/pay", shown, bad=bad, typed=("amount",)))
    except StaticLimit as no:
        wrong = BadInput({"amount": f"{no.message_text}{no.remedy_text}"})
        answer = forms.form(request, "merchant/pay", shown, bad=wrong, typed=("amount",))
        answer.status_code = no.status
        return placed(answer)
    return see_other(reverse("pay", args=[made.id]))


urlpatterns = [
    path("scan/", scan, name="scan"),
    path("q/<slug:code>/", scan_pay, name="scan_pay"),
]
