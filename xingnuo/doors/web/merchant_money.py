"""随星收, every day: codes to show, what came in, money given back, the day, settlements."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _identity_forms as leads
from xingnuo.doors.web import _merchant_words as words
from xingnuo.doors.web import _money_forms as forms
from xingnuo.doors.web._pages import actor, person, show, with_query
from xingnuo.doors.web._when import day as said_day
from xingnuo.doors.web._when import exact, moment
from xingnuo.kit import clock
from xingnuo.kit.amount import fen_of
from xingnuo.kit.errors import BadInput, XingnuoError
from xingnuo.money.ledger.contracts import NotPosted
from xingnuo.services.merchant_collection import actions, queries
from xingnuo.services.merchant_collection.contracts import (
    CodeKind,
    CodeShown,
    CodeState,
    MerchantState,
    NoSuchMerchant,
    OverSale,
    SaleShown,
)

PAGE = 20
DAYS_BACK_MAX = 366


@require_GET
@person
def merchant_code(request: HttpRequest) -> HttpResponse:
    """Show the code for the wall, to be printed; what stands under it can be typed."""
    code = queries.static_code(actor(request))
    if code is None:
        raise NoSuchMerchant
    limit = queries.value("static.day")
    return show(request, "merchant/code", {"code": code, "limit": limit, "law": words.LAW})


@require_POST
@person
def merchant_rotate(request: HttpRequest) -> HttpResponse:
    """Replace the code on the wall; the old one opens nothing any more."""
    actions.rotate(actor(request))
    messages.success(request, "已换新码，旧码作废。请把店里贴的码换掉。")
    return see_other(reverse("merchant_code"))


@require_http_methods(["GET", "POST"])
@person
def merchant_charge(request: HttpRequest) -> HttpResponse:
    """Take an amount and make a code for this one order."""
    known = queries.merchant(actor(request))
    if known is None or known.state is not MerchantState.OPEN:
        raise NoSuchMerchant
    shown = {"minutes": queries.value("dynamic.minutes")}
    if request.method == "GET":
        return forms.form(request, "merchant/charge", shown)
    try:
        amount = fen_of(text(request, "amount", limit=30))
        key = leads.key_of(request)
        code = actions.charge(actor(request), code_id=key, amount_fen=amount)
    except BadInput as bad:
        return forms.form(request, "merchant/charge", shown, bad=bad, typed=("amount",))
    return see_other(reverse("merchant_one_code", args=[code.id]))


@require_GET
@person
def merchant_one_code(request: HttpRequest, qr: UUID) -> HttpResponse:
    """Show a code of one order, and whether it is paid."""
    code = queries.code(actor(request), code_id=qr)
    word, tone = words.CODES[code.state]
    shown = {
        "code": code,
        "word": word,
        "tone": tone,
        "waits": code.state in (CodeState.ACTIVE, CodeState.CLAIMED),
        "revocable": code.state is CodeState.ACTIVE and code.kind is CodeKind.DYNAMIC,
        "until": _until(code),
    }
    return show(request, "merchant/one_code", shown)


def _until(code: CodeShown) -> str:
    return f"{clock.beijing(code.expires_at):%H:%M:%S}" if code.expires_at else ""


@require_POST
@person
def merchant_revoke(request: HttpRequest, qr: UUID) -> HttpResponse:
    """Take a code of one order back."""
    actions.revoke(actor(request), code_id=qr)
    return see_other(reverse("merchant_one_code", args=[qr]))


@require_GET
@person
def merchant_picture(request: HttpRequest, qr: UUID) -> HttpResponse:
    """Draw a code of the merchant's as SVG."""
    code = queries.code(actor(request), code_id=qr)
    return HttpResponse(queries.svg(code.url), content_type="image/svg+xml")


@require_GET
@person
def merchant_sales(request: HttpRequest) -> HttpResponse:
    """List what came in, newest first."""
    after = request.GET.get("after", "")
    found = queries.sales(actor(request), after=_mark(after), limit=PAGE + 1)
    here, more = reverse("merchant_sales"), len(found) > PAGE
    shown = {
        "rows": [_row(one) for one in found[:PAGE]],
        "following": with_query(here, after=str(found[PAGE - 1].id)) if more else "",
    }
    return show(request, "merchant/sales", shown)


def _mark(after: str) -> UUID | None:
    try:
        return UUID(after) if after else None
    except ValueError:
        raise BadInput({"after": "请从第一页看起"}) from None


def _row(one: SaleShown) -> dict[str, object]:
    left = one.amount_fen - one.refunded_fen
    word = "已退完" if not left else "退了一部分" if one.refunded_fen else ""
    return {"sale": one, "when": moment(one.paid_at), "word": word}


@require_http_methods(["GET", "POST"])
@person
def merchant_sale(request: HttpRequest, sale: UUID) -> HttpResponse:
    """Show one sale with what was given back, and give more of it back."""
    one = queries.sale(actor(request), sale_id=sale)
    shown = {
        "sale": one,
        "left": one.amount_fen - one.refunded_fen,
        "when": exact(one.paid_at),
        "refunds": queries.refunds(actor(request), sale_id=sale),
        "settled": "已结算" if one.settlement_id else "还没结算",
    }
    if request.method == "GET":
        return forms.form(request, "merchant/sale", shown)
    try:
        amount = fen_of(text(request, "amount", limit=30))
        actions.refund(
            actor(request), sale_id=sale, refund_id=leads.key_of(request), amount_fen=amount
        )
    except BadInput as bad:
        return forms.form(request, "merchant/sale", shown, bad=bad, typed=("amount",))
    except (OverSale, NotPosted) as no:
        return _refused(request, shown, no)
    messages.success(request, "退款已提交，按原路退回付款人。")
    return see_other(reverse("merchant_sale", args=[sale]))


def _refused(request: HttpRequest, shown: dict[str, object], no: XingnuoError) -> HttpResponse:
    bad = BadInput({"amount": no.message_text})
    answer = forms.form(request, "merchant/sale", shown, bad=bad, typed=("amount",))
    answer.status_code = no.status
    return answer


@require_GET
@person
def merchant_report(request: HttpRequest) -> HttpResponse:
    """Show a day in figures and as a picture by the hour, with its list."""
    chosen = _day(request.GET.get("day", ""))
    report = queries.report(actor(request), day=chosen)
    best = max(range(len(report.hours)), key=lambda hour: report.hours[hour])
    here, today = reverse("merchant_report"), clock.today()
    after = chosen + timedelta(days=1)
    shown = {
        "report": report,
        "day": said_day(chosen),
        "rows": [_row(one) for one in report.sales],
        "said": f"{best} 点收得最多" if report.gross_fen else "这一天没有收款",
        "hours": [(f"{at} 点", fen) for at, fen in enumerate(report.hours) if fen],
        "before": with_query(here, day=(chosen - timedelta(days=1)).isoformat()),
        "after": with_query(here, day=after.isoformat()) if after <= today else "",
    }
    return show(request, "merchant/report", shown)


def _day(typed: str) -> date:
    try:
        chosen = date.fromisoformat(typed[:10]) if typed else clock.today()
    except ValueError:
        raise BadInput({"day": "请选一个日期"}) from None
    if not timedelta() <= clock.today() - chosen <= timedelta(days=DAYS_BACK_MAX):
        raise BadInput({"day": "只能看最近一年"})
    return chosen


@require_GET
@person
def merchant_settlements(request: HttpRequest) -> HttpResponse:
    """List what went to the card, and what is still to go."""
    found = [
        {
            "one": one,
            "word": words.SETTLEMENTS[one.state],
            "until": said_day(one.until_on - timedelta(days=1)),
        }
        for one in queries.settlements(actor(request))
    ]
    shown = {"rows": found, "left": queries.balance(actor(request))}
    return show(request, "merchant/settlements", shown)


HERE = "merchant/"
urlpatterns = [
    path(f"{HERE}code/", merchant_code, name="merchant_code"),
    path(f"{HERE}code/rotate/", merchant_rotate, name="merchant_rotate"),
    path(f"{HERE}charge/", merchant_charge, name="merchant_charge"),
    path(f"{HERE}codes/<uuid:qr>/", merchant_one_code, name="merchant_one_code"),
    path(f"{HERE}codes/<uuid:qr>/revoke/", merchant_revoke, name="merchant_revoke"),
    path(f"{HERE}codes/<uuid:qr>/picture.svg", merchant_picture, name="merchant_picture"),
    path(f"{HERE}sales/", merchant_sales, name="merchant_sales"),
    path(f"{HERE}sales/<uuid:sale>/", merchant_sale, name="merchant_sale"),
    path(f"{HERE}report/", merchant_report, name="merchant_report"),
    path(f"{HERE}settlements/", merchant_settlements, name="merchant_settlements"),
]
