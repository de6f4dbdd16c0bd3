"""付款页: amount first, then discount and way, then the payer's yes; and how it ended."""

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
from xingnuo.doors.web import _confirm
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web import _paying_words as words
from xingnuo.doors.web._pages import actor, person, show, subject, with_query
from xingnuo.doors.web._when import moment
from xingnuo.kit import clock
from xingnuo.kit.amount import Amount
from xingnuo.kit.errors import BadInput, XingnuoError
from xingnuo.money.ledger.contracts import NotPosted
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import (
    Act,
    CardShown,
    Confirmed,
    CouponShown,
    NoSuchCard,
    NoSuchCoupon,
    NotPayable,
    OverLimit,
    PaymentKind,
    PaymentShown,
    PaymentState,
    Screened,
    Way,
)
from xingnuo.people.accounts.contracts import NeedsReverify
from xingnuo.trust.gate.contracts import Actor

BALANCE = "balance"
SERVICE: tuple[leads.Pair, ...] = (("payments.service", ""),)
BY_CARD: tuple[leads.Pair, ...] = (("payments.pay", ""), ("payments.pay", "alipay"))
TO_CARD: tuple[leads.Pair, ...] = (
    *SERVICE,
    ("payments.pay", ""),
    ("payments.pay", "settlement_bank"),
)
_NOT_MADE = (OverLimit, Screened, NotPosted, NoSuchCard, NotPayable)
_NEEDS_CARD = (PaymentKind.TOP_UP, PaymentKind.WITHDRAW)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def pay(request: HttpRequest, payment: UUID) -> HttpResponse:
    """Show an order with its amount; take the way and discount, and ask for the yes."""
    with transaction.atomic():
        line = queries.order_line(actor(request), payment_id=payment)
    one = line.payment
    if one.state is not PaymentState.CREATED or one.expires_at <= clock.now():
        return see_other(reverse("pay_result", args=[payment]))
    with transaction.atomic():
        shown = _offered(request, one)
    shown |= {"line": line, "kind": words.KINDS[one.kind], "back": words.back_of(one)}
    if request.method == "GET":
        return forms.form(request, "paying/pay", shown)
    try:
        return _asked(request, one)
    except BadInput as bad:
        return forms.form(request, "paying/pay", shown, bad=bad)


def _asked(request: HttpRequest, one: PaymentShown) -> HttpResponse:
    way, card = _chosen(request, one)
    here = reverse("pay", args=[one.id])
    if (lead := leads.first(request, _pairs(one.kind, way), here)) is not None:
        return lead
    try:
        with transaction.atomic():
            ready = actions.choose(
                actor(request),
                payment_id=one.id,
                way=way,
                card_id=card,
                coupon_id=_coupon(request, one),
            )
            asked = actions.ask_confirmation(
                actor(request),
                subject_id=subject(request),
                act=actions.act_of_payment(ready),
            )
    except NoSuchCoupon as gone:
        raise BadInput({"coupon": gone.message_text}) from None
    return see_other(reverse("confirm_act", args=[asked.id]))


def _pairs(kind: PaymentKind, way: Way) -> tuple[leads.Pair, ...]:
    if kind is PaymentKind.WITHDRAW:
        return TO_CARD
    return BY_CARD if way is Way.CARD else SERVICE


def _chosen(request: HttpRequest, one: PaymentShown) -> tuple[Way, UUID | None]:
    typed = text(request, "way", limit=40, needed=False)
    if not typed:
        raise BadInput({"way": "请选一种付款方式"})
    if typed == BALANCE and one.kind not in _NEEDS_CARD:
        return Way.BALANCE, None
    with transaction.atomic():
        mine = {str(card.id): card.id for card in queries.my_cards(actor(request))}
    if typed not in mine or one.kind is PaymentKind.TRANSFER:
        raise BadInput({"way": "请从给出的方式里选一种"})
    return (Way.BALANCE if one.kind is PaymentKind.WITHDRAW else Way.CARD), mine[typed]


def _coupon(request: HttpRequest, one: PaymentShown) -> UUID | None:
    typed = text(request, "coupon", limit=40, needed=False)
    if not typed or one.kind is not PaymentKind.PAY:
        return None
    try:
        return UUID(typed)
    except ValueError:
        raise BadInput({"coupon": "请从给出的优惠券里选一张"}) from None


def _offered(request: HttpRequest, one: PaymentShown) -> dict[str, object]:
    mine = () if one.kind is PaymentKind.TRANSFER else queries.my_cards(actor(request))
    ways = [(str(card.id), card_words(card)) for card in mine]
    has_account = leads.first(request, SERVICE, "") is None
    if one.kind not in _NEEDS_CARD:
        said = (
            f"余额 {_yuan(queries.balance(actor(request)).available_fen)} 元" if has_account else ""
        )
        ways.insert(0, (BALANCE, said or "余额（先开通）"))
    chosen = str(one.card_id) if one.card_id else BALANCE if one.way is Way.BALANCE else ""
    fits = (
        queries.coupons(actor(request), service=one.service, amount_fen=one.amount_fen)
        if one.kind is PaymentKind.PAY
        else ()
    )
    return {
        "ways": ways,
        "way": request.POST.get("way", "") or chosen or (ways[0][0] if ways else ""),
        "coupons": _coupons(one, fits),
        "coupon": request.POST.get("coupon", "") or str(one.coupon_id or ""),
        "until": clock.beijing(one.expires_at).strftime("%H:%M"),
        "why": words.why(one) if one.code else "",
        "cardless": one.kind is not PaymentKind.TRANSFER and not mine,
    }


def _coupons(one: PaymentShown, fits: tuple[CouponShown, ...]) -> list[tuple[str, str]]:
    found = [(str(each.id), _saves(one, each.off_fen)) for each in fits]
    if one.coupon_id is not None:
        found.insert(0, (str(one.coupon_id), _saves(one, one.off_fen)))
    return [("", "不用优惠"), *found] if found else []


def _saves(one: PaymentShown, off_fen: int) -> str:
    return f"减 {_yuan(off_fen)}，付 {_yuan(one.amount_fen - off_fen)} 元"


def _yuan(fen: int) -> str:
    return Amount(fen).yuan()


def card_words(card: CardShown) -> str:
    """Name a card by its bank and its last four."""
    return f"{card.bank} 尾号 {card.last_four}"


@require_GET
@person
def pay_result(request: HttpRequest, payment: UUID) -> HttpResponse:
    """Say how it stands: paid, not paid with the reason and a way on, or under way."""
    line = queries.order_line(actor(request), payment_id=payment)
    return show(request, "paying/result", _ended(line.payment, line.payee))


@require_GET
@person
def pay_state(request: HttpRequest, payment: UUID) -> HttpResponse:
    """Give the part of the result page that changes; once it is over, the whole page is due."""
    line = queries.order_line(actor(request), payment_id=payment)
    shown = _ended(line.payment, line.payee)
    response = show(request, "paying/state", shown)
    if line.payment.state is not PaymentState.PAYING:
        response["HX-Refresh"] = "true"
    return response


def _ended(one: PaymentShown, payee: str) -> dict[str, object]:
    open_still = one.state is PaymentState.CREATED and one.expires_at > clock.now()
    return {
        "one": one,
        "payee": payee,
        "kind": words.KINDS[one.kind],
        "way": words.way(one),
        "paid": words.is_paid(one),
        "waits": one.state is PaymentState.PAYING,
        "may_pay": open_still,
        "why": words.why(one) if one.code or not open_still else "",
        "at": moment(one.ended_at or one.made_at),
        "asked_at": f"{clock.beijing(clock.now()):%H:%M:%S}",
        "back": words.back_of(one),
    }


@require_POST
@person
def pay_cancel(request: HttpRequest, payment: UUID) -> HttpResponse:
    """Close an order that is not paid."""
    done = actions.cancel(actor(request), payment_id=payment)
    messages.success(request, "已取消，没有扣款。")
    return see_other(words.back_of(done))


def _go(request: HttpRequest, yes: Confirmed) -> HttpResponse:
    here, signals = reverse("pay", args=[yes.act.ref]), forms.signals(request)
    with transaction.atomic():
        one = queries.payment(actor(request), payment_id=yes.act.ref)
    try:
        actions.pay(
            actor(request),
            payment_id=one.id,
            confirmation_id=yes.id,
            way=one.way or Way.BALANCE,
            card_id=one.card_id,
            device=signals["device"],
            address=signals["address"],
        )
    except NeedsReverify:
        return see_other(with_query(reverse("reverify"), next=here))
    except _NOT_MADE as fault:
        _told(request, fault)
        return see_other(here)
    return see_other(reverse("pay_result", args=[one.id]))


def _told(request: HttpRequest, fault: XingnuoError) -> None:
    messages.error(request, f"{fault.message_text}{fault.remedy_text}")


def _payee(who: Actor, act: Act) -> str:
    with transaction.atomic():
        return queries.order_line(who, payment_id=act.ref).payee


def _back(act: Act) -> str:
    return reverse("pay", args=[act.ref])


def _over(act: Act) -> str:
    return reverse("pay_result", args=[act.ref])


for _kind, _title in words.KINDS.items():
    _confirm.register(
        _kind.value,
        _confirm.Kind(
            title=f"确认{_title}",
            amount_label=f"{_title}金额",
            payee=_payee,
            go=_go,
            back=_back,
            in_steps=True,
            over=_over,
        ),
    )

HERE = "pay/<uuid:payment>/"
urlpatterns = [
    path(HERE, pay, name="pay"),
    path(f"{HERE}result/", pay_result, name="pay_result"),
    path(f"{HERE}state/", pay_state, name="pay_state"),
    path(f"{HERE}cancel/", pay_cancel, name="pay_cancel"),
]
