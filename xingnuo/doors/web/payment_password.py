"""我的 › 设置 › 支付密码 and 重置支付密码: six digits on a page of their own, never sent back."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text, uuid_or_404
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _cards_words as words
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web._pages import actor, person, show, with_query
from xingnuo.doors.web._when import moment
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import CheckShown, CheckState, ResetShown
from xingnuo.people.accounts.contracts import NeedsReverify

PASSWORD: tuple[leads.Pair, ...] = (("payments.password", ""),)
RESET, CLEARING = "payments.reset_password", "card_check"
BY_CARD: tuple[leads.Pair, ...] = ((RESET, ""), (RESET, CLEARING))


@require_GET
@person
def payment_password(request: HttpRequest) -> HttpResponse:
    """Show whether a payment password stands, and what can be done; nothing of itself."""
    known = queries.password(actor(request))
    shown = {
        "password": known,
        "set_at": moment(known.set_at),
        "until": moment(known.locked_until),
    }
    return show(request, "pay/password", shown)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def payment_password_set(request: HttpRequest) -> HttpResponse:
    """Set the first payment password, typed twice."""
    here = reverse("payment_password_set")
    with transaction.atomic():
        known = queries.password(actor(request))
    if known.is_set:
        return see_other(reverse("payment_password"))
    if (lead := leads.first(request, PASSWORD, here)) is not None:
        return lead
    back = {"back": reverse("payment_password"), "reset": None}
    if request.method == "GET":
        return forms.form(request, "pay/new_password", back)
    try:
        typed, again = _both(request)
        with transaction.atomic():
            actions.set_payment_password(actor(request), typed=typed, again=again)
    except BadInput as bad:
        return forms.form(request, "pay/new_password", back, bad=bad)
    except NeedsReverify:
        return see_other(with_query(reverse("reverify"), next=here))
    messages.success(request, "支付密码已设好。我们只留了一段算不回去的摘要。")
    return see_other(reverse("payment_password"))


def _both(request: HttpRequest) -> tuple[str, str]:
    return forms.secret(request, "password"), forms.secret(request, "again", "请再输入一次")


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def payment_reset(request: HttpRequest) -> HttpResponse:
    """Begin a reset by the document's number; without a password there is none to reset."""
    with transaction.atomic():
        known = queries.password(actor(request))
    if not known.is_set:
        return see_other(reverse("payment_password"))
    if request.method == "GET":
        return forms.form(request, "pay/reset")
    try:
        begun = actions.begin_reset(actor(request), number=text(request, "number", limit=60))
    except BadInput as bad:
        return forms.form(request, "pay/reset", bad=bad)
    return see_other(reverse("payment_reset_one", args=[begun.id]))


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def payment_reset_one(request: HttpRequest, reset: UUID) -> HttpResponse:
    """Offer card and face side by side; once one proved the person, take the new password."""
    with transaction.atomic():
        known = queries.reset(actor(request), reset_id=reset)
    if not known.is_proven:
        return _ways(request, known)
    shown = {"back": reverse("payment_password"), "reset": known}
    if request.method == "GET":
        return forms.form(request, "pay/new_password", shown)
    try:
        typed, again = _both(request)
        with transaction.atomic():
            actions.finish_reset(actor(request), reset_id=reset, typed=typed, again=again)
    except BadInput as bad:
        return forms.form(request, "pay/new_password", shown, bad=bad)
    messages.success(request, "支付密码已重置，旧的不能再用。")
    return see_other(reverse("payment_password"))


def _ways(request: HttpRequest, known: ResetShown) -> HttpResponse:
    check: CheckShown | None = None
    with transaction.atomic():
        mine = queries.my_cards(actor(request))
        if known.check_id is not None:
            check = queries.check(actor(request), check_id=known.check_id)
    shown = {
        "reset": known,
        "cards": mine,
        "until": moment(known.expires_at),
        "failed": words.said(check) if check and check.state is CheckState.REFUSED else "",
        "unknown": check is not None and check.state is CheckState.UNKNOWN,
    }
    return forms.form(request, "pay/ways", shown)


@require_POST
@own_transactions
@person
def payment_reset_card(request: HttpRequest, reset: UUID) -> HttpResponse:
    """Let the bank of one of the person's cards text a code to the card's phone."""
    here = reverse("payment_reset_one", args=[reset])
    with transaction.atomic():
        queries.reset(actor(request), reset_id=reset)
    if (lead := leads.first(request, BY_CARD, here)) is not None:
        return lead
    check = actions.prove_reset_by_card(
        actor(request),
        reset_id=reset,
        card_id=uuid_or_404(request.POST.get("card", "")[:40]),
        key=leads.key_of(request),
    )
    waits = check.state is CheckState.CODE
    return see_other(reverse("payment_reset_code", args=[reset]) if waits else here)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def payment_reset_code(request: HttpRequest, reset: UUID) -> HttpResponse:
    """Take the code that the bank texted for a reset."""
    here = reverse("payment_reset_one", args=[reset])
    with transaction.atomic():
        known = queries.reset(actor(request), reset_id=reset)
        check = None
        if known.check_id is not None:
            check = queries.check(actor(request), check_id=known.check_id)
    if check is None or check.state is not CheckState.CODE:
        return see_other(here)
    shown = {"check": check, "back": here}
    if request.method == "GET":
        return forms.form(request, "cards/code", shown)
    try:
        code = text(request, "code", limit=12)
        after = actions.confirm_card(actor(request), check_id=check.id, code=code)
        if after.state is CheckState.CODE:
            raise BadInput({"code": "验证码不对，请再看一下短信"})
    except BadInput as bad:
        return forms.form(request, "cards/code", shown, bad=bad)
    return see_other(here)


HERE = "me/settings/payment-password/"
AGAIN = "me/settings/reset-payment-password/"
urlpatterns = [
    path(HERE, payment_password, name="payment_password"),
    path(f"{HERE}set/", payment_password_set, name="payment_password_set"),
    path(AGAIN, payment_reset, name="payment_reset"),
    path(f"{AGAIN}<uuid:reset>/", payment_reset_one, name="payment_reset_one"),
    path(f"{AGAIN}<uuid:reset>/card/", payment_reset_card, name="payment_reset_card"),
    path(f"{AGAIN}<uuid:reset>/code/", payment_reset_code, name="payment_reset_code"),
]
