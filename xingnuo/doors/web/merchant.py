"""首页 › 随星收: the region first, who it is, the shop and its card; then a shop that collects."""

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
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _merchant_words as words
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web._pages import actor, person, show, subject, with_query
from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.money.payments import queries as payments
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import (
    CardOfSettlement,
    Form,
    MerchantShown,
    MerchantState,
    NoSuchMerchant,
    Point,
    RegionNotServed,
    Shop,
    StillMoney,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Strength

RUNNING = (MerchantState.OPEN, MerchantState.SUSPENDED)
TYPED = ("form", "category", "name", "address", "latitude", "longitude", "enterprise_code", "card")

FIELDS = {"enterprise_name": "name", "work_address": "address"}


def mine(request: HttpRequest) -> MerchantShown | None:
    """Give the person's merchant, in a transaction of its own."""
    with transaction.atomic():
        return queries.merchant(actor(request))


@require_GET
@person
def merchant(request: HttpRequest) -> HttpResponse:
    """Show how far the shop is; an open one with its day, its code and every way on."""
    known = queries.merchant(actor(request))
    if known is None or known.state in (MerchantState.CLOSED, MerchantState.REFUSED):
        return show(request, "merchant/start", {"known": known, **_told(known)})
    if known.state in RUNNING:
        report = queries.report(actor(request), day=clock.today())
        shown = {
            "report": report,
            "facts": (
                {"label": "今天笔数", "value": report.count, "unit": "笔"},
                {"label": "手续费", "fen": report.fee_fen},
                {"label": "待结算", "fen": queries.balance(actor(request))},
            ),
            "code": queries.static_code(actor(request)),
        }
        return show(request, "merchant/open", {"known": known, **shown, **_told(known)})
    missing = [words.LACKING[one] for one in queries.lacking(actor(request))]
    return show(request, "merchant/steps", {"missing": missing, "known": known, **_told(known)})


def _told(known: MerchantShown | None) -> dict[str, object]:
    if known is None:
        return {"steps": words.STEPS}
    word, tone = words.STATES[known.state]
    return {
        "steps": words.STEPS,
        "word": word,
        "tone": tone,
        "said": words.GROUNDS.get(known.ground, "没有通过审核，可以找客服问明原因。"),
        "region": _region(known.region),
        "fee": f"{known.fee_bp / 100:.2f}%",
    }


def _region(code: str) -> str:
    return next((one.name for one in queries.REGIONS if one.code == code), "")


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def merchant_region(request: HttpRequest) -> HttpResponse:
    """Ask for the place of this moment, and say whether it is served; nothing of it is kept."""
    here = reverse("merchant_region")
    if (lead := first(request, words.REGION, here)) is not None:
        return lead
    shown = {"steps": words.STEPS, "regions": "、".join(one.name for one in queries.REGIONS)}
    if request.method == "GET":
        return placed(forms.form(request, "merchant/region", shown))
    try:
        with transaction.atomic():
            known = actions.locate(actor(request), place=place_of(request))
    except BadInput as bad:
        return placed(forms.form(request, "merchant/region", shown, bad=bad))
    except RegionNotServed as no:
        messages.warning(request, f"{no.message_text}{no.remedy_text}")
        return see_other(reverse("merchant"))
    messages.success(request, f"{_region(known.region)}可以开通。位置没有留下。")
    return see_other(reverse("merchant"))


def first(request: HttpRequest, pairs: tuple[leads.Pair, ...], here: str) -> HttpResponse | None:
    """Lead to the question, or to the device permission, that comes before a place is used."""
    if (lead := leads.first(request, pairs, here)) is not None:
        return lead
    with transaction.atomic():
        allowed = "location" in gate.standing(subject(request)).permissions_on
    if not allowed:
        return see_other(with_query(reverse("permission", args=["location"]), next=here))
    return None


def place_of(request: HttpRequest) -> Point:
    """Give the place that the device filled in, or that was typed."""
    latitude = text(request, "latitude", limit=20, needed=False)
    longitude = text(request, "longitude", limit=20, needed=False)
    return queries.point(latitude, longitude)


def placed(answer: HttpResponse) -> HttpResponse:
    """Let this one page ask the device for its place."""
    answer.device_features = frozenset({"geolocation"})  # type: ignore[attr-defined]
    return answer


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def merchant_apply(request: HttpRequest) -> HttpResponse:
    """Take the shop, its place and its card; who it is comes from 实名认证."""
    known = mine(request)
    if known is None or known.state is not MerchantState.LOCATED:
        return see_other(reverse("merchant"))
    with transaction.atomic():
        missing = queries.lacking(actor(request))
    if missing:
        messages.info(request, f"先做完：{words.LACKING[missing[0]]}。已经核过的不用再来一遍。")
        return see_other(reverse("real_name"))
    if (lead := leads.first(request, words.OPENING, reverse("merchant_apply"))) is not None:
        return lead
    shown = {
        "steps": words.STEPS,
        "forms": words.FORMS,
        "categories": tuple((key, name) for key, (name, _) in queries.CATEGORIES.items()),
        "cards": cards_of(request),
        "agreement": queries.AGREEMENT,
        "fee_person": f"{queries.value('fee.person') / 100:.2f}%",
        "fee_enterprise": f"{queries.value('fee.enterprise') / 100:.2f}%",
    }
    if request.method == "GET":
        return placed(forms.form(request, "merchant/apply", shown))
    try:
        after = actions.apply(actor(request), shop=_shop(request))
    except BadInput as bad:
        # Items of the policy by the names of their fields.
        fields = {FIELDS.get(name, name): said for name, said in bad.fields.items()}
        wrong = BadInput(fields)
        return placed(forms.form(request, "merchant/apply", shown, bad=wrong, typed=TYPED))
    if after.state is MerchantState.OPEN:
        messages.success(request, "收款码已开通。")
    return see_other(reverse("merchant"))


def cards_of(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Give the person's cards to choose from."""
    with transaction.atomic():
        cards = payments.my_cards(actor(request))
    return tuple((str(card.id), f"{card.bank}（{card.last_four}）") for card in cards)


def card_of(request: HttpRequest) -> UUID:
    """Give the card that was chosen; raises `BadInput`."""
    try:
        return UUID(text(request, "card", limit=36))
    except ValueError:
        raise BadInput({"card": "请选一张已绑定的卡"}) from None


def _shop(request: HttpRequest) -> Shop:
    form = text(request, "form", limit=10)
    if form not in {each.value for each in Form}:
        raise BadInput({"form": "请选一种"})
    return Shop(
        form=Form(form),
        category=text(request, "category", limit=16),
        name=text(request, "name", limit=40),
        address=text(request, "address", limit=100),
        place=place_of(request),
        card_id=card_of(request),
        enterprise_code=text(request, "enterprise_code", limit=18, needed=False),
        agreed_version=text(request, "agree", limit=10, needed=False),
    )


@require_http_methods(["GET", "POST"])
@person
def merchant_card(request: HttpRequest) -> HttpResponse:
    """Choose the card to which collected money goes; a fresh proof comes first."""
    known = queries.merchant(actor(request))
    if known is None or known.state not in RUNNING:
        raise NoSuchMerchant
    if actor(request).strength < Strength.REVERIFIED:
        return see_other(with_query(reverse("reverify"), next=reverse("merchant_card")))
    shown = {"cards": cards_of(request), "now": str(known.card_id)}
    if request.method == "GET":
        return forms.form(request, "merchant/card", shown)
    try:
        actions.change_card(actor(request), card_id=card_of(request))
    except BadInput as bad:
        return forms.form(request, "merchant/card", shown, bad=bad)
    except CardOfSettlement as no:
        wrong = BadInput({"card": no.message_text})
        return forms.form(request, "merchant/card", shown, bad=wrong)
    messages.success(request, "以后结算到这张卡。")
    return see_other(reverse("merchant_settlements"))


@require_http_methods(["GET", "POST"])
@person
def merchant_close(request: HttpRequest) -> HttpResponse:
    """Say what closing does, then close the shop."""
    known = queries.merchant(actor(request))
    if known is None or known.state in (MerchantState.CLOSED, MerchantState.REFUSED):
        raise NoSuchMerchant
    shown = {"known": known, "left": queries.balance(actor(request))}
    if request.method == "GET":
        return show(request, "merchant/close", shown)
    try:
        actions.close(actor(request))
    except StillMoney as no:
        return show(request, "merchant/close", {**shown, "why": no.message_text}, status=no.status)
    messages.success(request, "收款已关闭，收款码不能再用。")
    return see_other(reverse("merchant"))


@require_POST
@own_transactions
@person
def merchant_resume(request: HttpRequest) -> HttpResponse:
    """Open again what the person's own no had stopped."""
    if (lead := leads.first(request, words.OPENING, reverse("merchant"))) is not None:
        return lead
    with transaction.atomic():
        actions.resume(actor(request))
    messages.success(request, "可以继续收款了，收款码是新的。")
    return see_other(reverse("merchant"))


HERE = "merchant/"
urlpatterns = [
    path(HERE, merchant, name="merchant"),
    path(f"{HERE}region/", merchant_region, name="merchant_region"),
    path(f"{HERE}apply/", merchant_apply, name="merchant_apply"),
    path(f"{HERE}card/", merchant_card, name="merchant_card"),
    path(f"{HERE}close/", merchant_close, name="merchant_close"),
    path(f"{HERE}resume/", merchant_resume, name="merchant_resume"),
]
