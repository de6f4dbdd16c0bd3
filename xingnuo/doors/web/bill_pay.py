"""首页 › 生活缴费: phone top-up, power, water and gas, and services of checked third parties."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _asking
from xingnuo.doors.web import _bill_pay_words as words
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web._pages import actor, person, show, subject, visitor, with_query
from xingnuo.doors.web._when import day, exact, moment
from xingnuo.kit.amount import Amount
from xingnuo.kit.errors import BadInput
from xingnuo.people.permissions import queries as permissions
from xingnuo.people.permissions.contracts import Setting
from xingnuo.services.bill_pay import actions, queries
from xingnuo.services.bill_pay.contracts import (
    ISSUERS,
    OPERATOR,
    BillChanged,
    NoSuchOrder,
    OrderShown,
    OrderState,
)
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.policy import queries as policy

TOP_UP, QUERY, PAY = "bill_pay.topup", "bill_pay.query", "bill_pay.pay"
RECORDS = "bill_pay.records"
STEPS = ("填号码", "选金额", "付款")
_WAITS = (OrderState.PREPARED, OrderState.SENT, OrderState.UNKNOWN)


@require_GET
def bill_home(request: HttpRequest) -> HttpResponse:
    """Show what can be paid, the saved accounts, and the links whose review is in date."""
    saved = []
    if visitor(request).signed_in:
        standing = gate.standing(subject(request))
        if _asking.is_on(standing, QUERY):
            saved = [
                {"account": one, "name": queries.BILL_NAMES[one.issuer]}
                for one in queries.saved_accounts(actor(request))
            ]
    links = [one.review for one in queries.links()]
    shown = {"issuers": words.ISSUERS_SHOWN, "saved": saved, "links": links}
    return show(request, "bill_pay/home", shown)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def bill_top_up(request: HttpRequest) -> HttpResponse:
    """Take a number, typed or picked; the operator says who serves it."""
    pairs = ((TOP_UP, ""), (TOP_UP, OPERATOR))
    here = reverse("bill_top_up")
    if (lead := leads.first(request, pairs, here)) is not None:
        return lead
    with transaction.atomic():
        known = permissions.one(actor(request), subject_id=subject(request), permission="contacts")
    shown = {
        "steps": STEPS,
        "picks": not known.applies or known.setting is Setting.ON,
        "asks": with_query(reverse("permission", args=["contacts"]), next=here),
    }
    if request.method == "GET":
        return forms.form(request, "bill_pay/top_up", shown)
    try:
        draft = actions.begin_top_up(
            actor(request), phone=text(request, "phone", limit=30), key=leads.key_of(request)
        )
    except BadInput as bad:
        return forms.form(request, "bill_pay/top_up", shown, bad=bad, typed=("phone",))
    return see_other(reverse("bill_amount", args=[draft.id]))


@require_http_methods(["GET", "POST"])
@person
def bill_amount(request: HttpRequest, order: UUID) -> HttpResponse:
    """Show carrier, region and amounts; the chosen one is paid on the page of payments."""
    draft = queries.order(actor(request), order_id=order)
    if draft.state is not OrderState.DRAFT:
        return see_other(reverse("bill_order", args=[order]))
    shown = {
        "steps": STEPS,
        "draft": draft,
        "amounts": [
            (str(fen), f"{Amount(fen).yuan().removesuffix('.00')} 元") for fen in draft.offered_fen
        ],
    }
    if request.method == "GET":
        return forms.form(request, "bill_pay/amount", shown)
    try:
        amount = _fen(request)
        chosen = actions.choose_amount(actor(request), order_id=order, amount_fen=amount)
    except BadInput as bad:
        return forms.form(request, "bill_pay/amount", shown, bad=bad)
    return _to_pay(chosen)


def _fen(request: HttpRequest) -> int:
    given = text(request, "amount", limit=12)
    if not given.isascii() or not given.isdigit():
        raise BadInput({"amount": "请从给出的金额里选一个"})
    return int(given)


def _to_pay(order: OrderShown) -> HttpResponse:
    return see_other(reverse("pay", args=[order.payment_id]))


def _issuer(name: str) -> str:
    if name not in ISSUERS:
        raise NoSuchOrder
    return name


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def bill_find(request: HttpRequest, issuer: str) -> HttpResponse:
    """Take an account's number and ask its issuer what it owes."""
    _issuer(issuer)
    here = reverse("bill_find", args=[issuer])
    if (lead := leads.first(request, ((QUERY, ""), (QUERY, issuer)), here)) is not None:
        return lead
    shown = {
        "name": queries.BILL_NAMES[issuer],
        "party": policy.in_force().recipients[issuer].name,
    }
    if request.method == "GET":
        return forms.form(request, "bill_pay/find", shown)
    try:
        found = actions.find_bill(
            actor(request), issuer=issuer, number=text(request, "account", limit=60)
        )
    except BadInput as bad:
        return forms.form(request, "bill_pay/find", shown, bad=bad, typed=("account",))
    return see_other(reverse("bill_account", args=[found.id]))


@require_http_methods(["GET", "POST"])
@person
def bill_account(request: HttpRequest, account: UUID) -> HttpResponse:
    """Show what an account owes; paying takes exactly the bill and amount that stand here."""
    known = queries.account(actor(request), account_id=account)
    here = reverse("bill_account", args=[account])
    if request.method == "POST":
        standing = gate.standing(subject(request))
        for purpose, recipient in ((PAY, ""), (PAY, known.issuer)):
            if not _asking.is_on(standing, purpose, recipient):
                return see_other(_asking.address(purpose, recipient=recipient, to=here))
        order = actions.pay_bill(
            actor(request),
            account_id=account,
            bill_no=text(request, "bill", limit=64),
            amount_fen=_shown_fen(request),
        )
        return _to_pay(order)
    party = policy.in_force().recipients[known.issuer]
    shown = {
        "account": known,
        "name": queries.BILL_NAMES[known.issuer],
        "party": party.name,
        "asked": moment(known.asked_at),
        "known": [
            {"label": "户号", "masked": known.number},
            *(
                {"label": label, "value": value}
                for label, value in (("户名", known.name), ("地址", known.address))
                if value
            ),
        ],
        "hidden": not (known.name and known.address),
        "open": _asking.address(QUERY, to=here),
    }
    return show(request, "bill_pay/account", shown)


def _shown_fen(request: HttpRequest) -> int:
    given = text(request, "amount", limit=14)
    if not given.isascii() or not given.isdigit():
        raise BillChanged("amount")
    return int(given)


@require_POST
@own_transactions
@person
def bill_ask(request: HttpRequest, account: UUID) -> HttpResponse:
    """Ask the issuer again what an account owes."""
    actions.ask_anew(actor(request), account_id=account)
    messages.success(request, "已重新查询。")
    return see_other(reverse("bill_account", args=[account]))


@require_POST
@person
def bill_save(request: HttpRequest, account: UUID) -> HttpResponse:
    """Keep an account for the next time."""
    actions.save_account(actor(request), account_id=account)
    messages.success(request, "户号已保存，下次不用再填。")
    return see_other(reverse("bill_account", args=[account]))


@require_POST
@person
def bill_remove(request: HttpRequest, account: UUID) -> HttpResponse:
    """Delete an account with its number."""
    actions.remove_account(actor(request), account_id=account)
    messages.success(request, "户号已删除。")
    return see_other(reverse("bill_home"))


@require_GET
@person
def bill_order(request: HttpRequest, order: UUID) -> HttpResponse:
    """Show how an order stands, with the receipt of what is done."""
    known = queries.order(actor(request), order_id=order)
    if known.state is OrderState.DRAFT:
        return see_other(reverse("bill_amount", args=[order]))
    word, tone = words.STATES[known.state]
    return show(
        request,
        "bill_pay/order",
        {
            "order": known,
            "name": words.title(known),
            "word": word,
            "tone": tone,
            "said": words.said(known),
            "done": known.state is OrderState.DONE,
            "waits": known.state in _WAITS,
            "unpaid": known.state is OrderState.UNPAID,
            "facts": _receipt(known),
        },
    )


def _receipt(order: OrderShown) -> list[tuple[str, str]]:
    party = policy.in_force().recipients[order.party].name
    told = [
        ("收款方", party),
        ("运营商", " ".join(filter(None, (order.carrier, order.region)))),
        ("账单月份", order.month),
        ("付款时间", exact(order.paid_at) if order.paid_at else ""),
        ("办成时间", exact(order.ended_at) if order.ended_at else ""),
        ("对方流水号", order.reference),
        ("收据校验码", order.seal),
    ]
    return [(label, value) for label, value in told if value]


@require_POST
@own_transactions
@person
def bill_order_ask(request: HttpRequest, order: UUID) -> HttpResponse:
    """Ask the other side once more."""
    with transaction.atomic():
        queries.order(actor(request), order_id=order)
    actions.ask(subject_id=subject(request), number=order)
    return see_other(reverse("bill_order", args=[order]))


@require_GET
@person
def bill_records(request: HttpRequest) -> HttpResponse:
    """List what was paid, newest first, for whoever agreed to records."""
    if not _asking.is_on(gate.standing(subject(request)), RECORDS):
        return see_other(_asking.address(RECORDS, to=reverse("bill_records")))
    rows = [
        {
            "order": one.order,
            "title": words.title(one.order),
            "icon": words.ICONS[one.order.party],
            "sub": " · ".join(filter(None, (one.about, moment(one.order.paid_at)))),
            "word": words.STATES[one.order.state][0],
            "tone": words.STATES[one.order.state][1],
        }
        for one in queries.records(actor(request))
    ]
    return show(request, "bill_pay/records", {"rows": rows})


@require_GET
def bill_leave(request: HttpRequest, link: str) -> HttpResponse:
    """Say who is behind a link and what was checked, before the person goes or stays."""
    review = queries.link(link).review
    shown = {
        "review": review,
        "host": urlsplit(review.url).hostname,
        "checked": (
            ("经营资质", review.qualification),
            ("资质有效到", day(review.qualified_until)),
            ("安全检查有效到", day(review.safe_until)),
            ("隐私政策看过", day(review.terms_on)),
        ),
    }
    return show(request, "bill_pay/leave", shown)


HERE = "life/"
urlpatterns = [
    path(HERE, bill_home, name="bill_home"),
    path(f"{HERE}top-up/", bill_top_up, name="bill_top_up"),
    path(f"{HERE}top-up/<uuid:order>/", bill_amount, name="bill_amount"),
    path(f"{HERE}find/<slug:issuer>/", bill_find, name="bill_find"),
    path(f"{HERE}accounts/<uuid:account>/", bill_account, name="bill_account"),
    path(f"{HERE}accounts/<uuid:account>/ask/", bill_ask, name="bill_ask"),
    path(f"{HERE}accounts/<uuid:account>/save/", bill_save, name="bill_save"),
    path(f"{HERE}accounts/<uuid:account>/remove/", bill_remove, name="bill_remove"),
    path(f"{HERE}orders/<uuid:order>/", bill_order, name="bill_order"),
    path(f"{HERE}orders/<uuid:order>/ask/", bill_order_ask, name="bill_order_ask"),
    path(f"{HERE}records/", bill_records, name="bill_records"),
    path(f"{HERE}out/<slug:link>/", bill_leave, name="bill_leave"),
]
