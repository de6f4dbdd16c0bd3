"""我的 › 银行卡: bound and unbound here, by the bank's word and the person's."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _cards_words as words
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web._pages import actor, person, show, subject, with_query
from xingnuo.doors.web._when import moment
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    CardInUse,
    CardShown,
    CheckShown,
    CheckState,
    NoSuchCard,
)
from xingnuo.people.identity import queries as identity
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy.contracts import Tier

BIND = "payments.bind_card"
LEAVE: tuple[leads.Pair, ...] = ((BIND, ""), (BIND, "card_check"))
STEPS = ("填卡号", "收验证码")
CHANNELS = {"unionpay": "银联", "alipay": "支付宝", "wechat": "微信支付"}
FIRST_NAMED = "绑卡前先完成实名认证：姓名和证件号码，再用银行卡或证件照片核对一次。"


@require_GET
@person
def cards(request: HttpRequest) -> HttpResponse:
    """List the bound cards, the default one first, and checks that wait for something."""
    mine = queries.my_cards(actor(request))
    waiting = [
        {"check": one, "word": words.STATES[one.state]} for one in queries.my_checks(actor(request))
    ]
    return show(request, "cards/list", {"cards": mine, "waiting": waiting})


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def card_add(request: HttpRequest) -> HttpResponse:
    """Take a card and its reserved phone; the bank texts a code."""
    with transaction.atomic():
        tier = identity.status(actor(request)).tier
    if tier < Tier.CHECKED:
        messages.info(request, FIRST_NAMED)
        return see_other(reverse("real_name"))
    if (lead := leads.first(request, LEAVE, reverse("card_add"))) is not None:
        return lead
    if request.method == "GET":
        return forms.form(request, "cards/add", {"steps": STEPS})
    try:
        check = actions.begin_card(
            actor(request),
            number=text(request, "card", limit=40),
            phone=text(request, "phone", limit=30),
            key=leads.key_of(request),
            **forms.signals(request),
        )
    except BadInput as bad:
        typed = ("card", "phone")
        return forms.form(request, "cards/add", {"steps": STEPS}, bad=bad, typed=typed)
    return see_other(reverse("card_check", args=[check.id]))


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def card_check(request: HttpRequest, binding: UUID) -> HttpResponse:
    """Show how a check stands; where the bank waits for its code, take it."""
    with transaction.atomic():
        known = queries.check(actor(request), check_id=binding)
    if known.state is not CheckState.CODE:
        return _standing(request, known)
    if request.method == "GET":
        return forms.form(request, "cards/code", {"check": known, "steps": STEPS})
    try:
        after = actions.confirm_card(
            actor(request), check_id=binding, code=text(request, "code", limit=12)
        )
        if after.state is CheckState.CODE:
            raise BadInput({"code": _wrong_code(after)})
    except BadInput as bad:
        return forms.form(request, "cards/code", {"check": known, "steps": STEPS}, bad=bad)
    if after.state is CheckState.CONFIRMED:
        messages.success(request, "银行卡已绑定。")
        with transaction.atomic():
            password = queries.password(actor(request))
        # The first card comes with a payment password, unless the person has one (1.2.6.2).
        return see_other(reverse("cards" if password.is_set else "payment_password_set"))
    return see_other(reverse("card_check", args=[binding]))


def _wrong_code(check: CheckShown) -> str:
    left = "" if check.tries_left is None else f"，还可以试 {check.tries_left} 次"
    return f"验证码不对{left}"


def _standing(request: HttpRequest, check: CheckShown) -> HttpResponse:
    word, tone = words.STATES[check.state]
    shown = {
        "check": check,
        "word": word,
        "tone": tone,
        "said": words.said(check),
        "waits": check.state in (CheckState.UNKNOWN, CheckState.ASKING, CheckState.CONFIRMING),
        "reviewing": check.state is CheckState.REVIEWING,
        "done": check.state is CheckState.CONFIRMED,
        "failed": check.state in (CheckState.REFUSED, CheckState.LAPSED),
        "began": moment(check.began_at),
    }
    return show(request, "cards/check", shown)


@require_POST
@own_transactions
@person
def card_again(request: HttpRequest, binding: UUID) -> HttpResponse:
    """Ask the bank once more what became of a check."""
    actions.resume_card(subject_id=subject(request), check_id=binding)
    return see_other(reverse("card_check", args=[binding]))


@require_POST
@person
def card_give_up(request: HttpRequest, binding: UUID) -> HttpResponse:
    """Give a check up; what was typed for it is deleted."""
    actions.give_up_card(actor(request), check_id=binding)
    messages.success(request, "已放弃这次绑卡，填写的卡号和手机号已删除。")
    return see_other(reverse("cards"))


def card_of(request: HttpRequest, card_id: UUID) -> CardShown:
    """Give one of the person's cards; another's and a missing one look the same."""
    mine = queries.my_cards(actor(request))
    found = next((card for card in mine if card.id == card_id), None)
    if found is None:
        raise NoSuchCard
    return found


@require_GET
@person
def card_one(request: HttpRequest, bound: UUID) -> HttpResponse:
    """Show one card: what it can be used by, whether it is first, and the way to take it out."""
    card = card_of(request, bound)
    shown = {
        "card": card,
        "since": moment(card.bound_at),
        "channels": "、".join(CHANNELS[one] for one in card.channels),
        "agreements": queries.agreements_on(actor(request), card_id=bound),
    }
    return show(request, "cards/one", shown)


@require_POST
@person
def card_default(request: HttpRequest, bound: UUID) -> HttpResponse:
    """Use this card first from now on."""
    actions.set_default_card(actor(request), card_id=bound)
    messages.success(request, "以后付款先用这张卡，付款时仍可换。")
    return see_other(reverse("cards"))


@require_http_methods(["GET", "POST"])
@person
def card_unbind(request: HttpRequest, bound: UUID) -> HttpResponse:
    """Say what unbinding does, then do it; a fresh proof comes first."""
    here = reverse("card_unbind", args=[bound])
    card = card_of(request, bound)
    if actor(request).strength < Strength.REVERIFIED:
        return see_other(with_query(reverse("reverify"), next=here))
    if request.method == "GET":
        return show(request, "cards/unbind", _unbinding(request, card))
    try:
        ends = request.POST.get("end_agreements") == "1"
        actions.unbind_card(actor(request), card_id=bound, end_agreements=ends)
    except CardInUse as used:
        # Drawn anew with what stands in the way; nothing was done.
        shown = {**_unbinding(request, card), "why": used.message_text}
        return show(request, "cards/unbind", shown, status=used.status)
    messages.success(request, "已解绑，卡号和预留手机号已删除。")
    return see_other(reverse("cards"))


def _unbinding(request: HttpRequest, card: CardShown) -> dict[str, object]:
    return {
        "card": card,
        "agreements": queries.agreements_on(actor(request), card_id=card.id),
        "busy": queries.busy_with(subject(request), card.id),
    }


HERE = "me/cards/"
urlpatterns = [
    path(HERE, cards, name="cards"),
    path(f"{HERE}add/", card_add, name="card_add"),
    path(f"{HERE}check/<uuid:binding>/", card_check, name="card_check"),
    path(f"{HERE}check/<uuid:binding>/again/", card_again, name="card_again"),
    path(f"{HERE}check/<uuid:binding>/give-up/", card_give_up, name="card_give_up"),
    path(f"{HERE}<uuid:bound>/", card_one, name="card_one"),
    path(f"{HERE}<uuid:bound>/default/", card_default, name="card_default"),
    path(f"{HERE}<uuid:bound>/unbind/", card_unbind, name="card_unbind"),
]
