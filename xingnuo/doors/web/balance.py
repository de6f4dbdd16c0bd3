"""我的 › 余额: opened by its sheet, filled from a card, sent to a person, taken back to a card."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _asking
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web._pages import actor, person, show, subject
from xingnuo.kit import amount
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import TITLE_CHARS_MAX, Order, Payee, PaymentKind
from xingnuo.people.identity import queries as identity
from xingnuo.trust.gate import queries as standing_of
from xingnuo.trust.policy.contracts import Tier

SERVICE: tuple[leads.Pair, ...] = (("payments.service", ""),)
YUAN_CHARS_MAX = 40
TYPED = ("amount", "phone", "note")


@require_GET
@person
def balance(request: HttpRequest) -> HttpResponse:
    """Show the balance, or say what opening 星诺支付 asks for."""
    stands = standing_of.standing(subject(request))
    if not _asking.is_on(stands, "payments.service"):
        ask = _asking.address("payments.service", to=reverse("balance"))
        named = identity.status(actor(request)).tier >= Tier.CHECKED
        return show(request, "balance/open", {"ask": ask, "named": named})
    limits = queries.limits_of(actor(request))
    shown = {"one": queries.balance(actor(request)), "limits": limits}
    return show(request, "balance/show", shown)


def _first(request: HttpRequest, name: str) -> HttpResponse | None:
    return leads.first(request, SERVICE, reverse(name))


def _fen(request: HttpRequest) -> int:
    typed = text(request, "amount", limit=YUAN_CHARS_MAX, needed=False)
    most = queries.limits_of(actor(request)).once_fen
    return amount.fen_of(typed, most_fen=most)


def _placed(
    request: HttpRequest, kind: PaymentKind, payee: Callable[[], Payee], fen: int, title: str
) -> HttpResponse:
    """Write the order down under the form's key, and go on to pay it."""
    whom = payee()
    with transaction.atomic():
        made = actions.create(
            actor(request),
            order=Order(
                id=leads.key_of(request),
                kind=kind,
                service=kind.value,
                amount_fen=fen,
                payee=whom,
                title=title,
            ),
        )
    return see_other(reverse("pay", args=[made.id]))


def _own(request: HttpRequest) -> Payee:
    with transaction.atomic():
        return actions.own_balance(actor(request))


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def top_up(request: HttpRequest) -> HttpResponse:
    """Bring money from an own card to the balance."""
    return _moving(request, "balance_top_up", PaymentKind.TOP_UP, "余额充值")


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def withdraw(request: HttpRequest) -> HttpResponse:
    """Bring money from the balance to an own card."""
    return _moving(request, "balance_withdraw", PaymentKind.WITHDRAW, "余额提现")


def _moving(request: HttpRequest, name: str, kind: PaymentKind, title: str) -> HttpResponse:
    if (lead := _first(request, name)) is not None:
        return lead
    with transaction.atomic():
        mine = queries.my_cards(actor(request))
        stands = queries.balance(actor(request))
    if not mine:
        messages.info(request, f"{title}前，先绑定一张自己的银行卡。")
        return see_other(reverse("cards"))
    shown = {
        "title": title,
        "verb": "下一步",
        "one": stands,
        "out": kind is PaymentKind.WITHDRAW,
    }
    if request.method == "GET":
        return forms.form(request, "balance/move", shown)
    try:
        with transaction.atomic():
            fen = _fen(request)
        if kind is PaymentKind.WITHDRAW and fen > stands.available_fen:
            raise BadInput({"amount": f"最多可提 {amount.Amount(stands.available_fen).yuan()} 元"})
        return _placed(request, kind, lambda: _own(request), fen, title)
    except BadInput as bad:
        return forms.form(request, "balance/move", shown, bad=bad, typed=TYPED)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def transfer(request: HttpRequest) -> HttpResponse:
    """Send money to another person, found by the exact number and shown by a masked name."""
    if (lead := _first(request, "balance_transfer")) is not None:
        return lead
    with transaction.atomic():
        stands = queries.balance(actor(request))
    shown = {"one": stands}
    if request.method == "GET":
        return forms.form(request, "balance/transfer", shown)
    try:
        bad: dict[str, str] = {}
        fen, note = 0, ""
        try:
            with transaction.atomic():
                fen = _fen(request)
            if fen > stands.available_fen:
                yuan = amount.Amount(stands.available_fen).yuan()
                bad["amount"] = f"余额不足，最多可转 {yuan} 元"
        except BadInput as fault:
            bad |= fault.fields
        note = text(request, "note", limit=TITLE_CHARS_MAX, needed=False)
        phone = text(request, "phone", limit=30, needed=False)
        if not phone:
            bad["phone"] = "请填写对方的手机号"
        if bad:
            raise BadInput(bad)
        return _placed(
            request,
            PaymentKind.TRANSFER,
            lambda: actions.find_payee(actor(request), phone=phone),
            fen,
            note or "转账",
        )
    except BadInput as fault:
        return forms.form(request, "balance/transfer", shown, bad=fault, typed=TYPED)


HERE = "me/balance/"
urlpatterns = [
    path(HERE, balance, name="balance"),
    path(f"{HERE}top-up/", top_up, name="balance_top_up"),
    path(f"{HERE}withdraw/", withdraw, name="balance_withdraw"),
    path(f"{HERE}transfer/", transfer, name="balance_transfer"),
]
