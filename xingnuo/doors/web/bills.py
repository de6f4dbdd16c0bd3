"""我的 › 账单: every payment, month by month, with a picture that is drawn here; and its receipt."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from xingnuo.doors.web import _asking
from xingnuo.doors.web import _paying_words as words
from xingnuo.doors.web._pages import actor, person, show, subject, with_query
from xingnuo.doors.web._when import exact, moment
from xingnuo.kit import clock
from xingnuo.kit.amount import Amount
from xingnuo.money.payments import queries
from xingnuo.money.payments.contracts import PaymentKind, RefundShown
from xingnuo.trust.gate import queries as standing_of

RECORDS = "payments.records"
PAGE_LINES = 20
FIRST_YEAR = 2020
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


@require_GET
@person
def bills(request: HttpRequest) -> HttpResponse:
    """List a month's payments, newest first, under its picture."""
    if not _may_see(request):
        return show(request, "bills/ask", {"ask": _question(request)})
    day = _month(request.GET.get("month", ""))
    after = _uuid(request.GET.get("after", ""))
    found = queries.bills(actor(request), month=day, after=after, limit=PAGE_LINES + 1)
    lines, more = found[:PAGE_LINES], len(found) > PAGE_LINES
    figures = queries.month(actor(request), day=day)
    here = reverse("bills")
    top = max(figures.by_day, default=0)
    shown = {
        "title": f"{day.year}年{day.month}月",
        "lines": [_line(each) for each in lines],
        "figures": figures,
        "picture": _said(figures),
        "top": top,
        "shares": [
            (queries.service_of(code).title, fen) for code, fen in figures.by_service if fen
        ],
        "days": [
            (f"{day.month}月{number}日", f"{Amount(fen).yuan()} 元")
            for number, fen in enumerate(figures.by_day, 1)
            if fen
        ],
        "before": with_query(here, month=f"{_shift(day, -1):%Y-%m}"),
        "after": with_query(here, month=f"{_shift(day, 1):%Y-%m}") if _is_past(day) else "",
        "further": with_query(here, month=f"{day:%Y-%m}", after=str(lines[-1].payment.id))
        if more
        else "",
        "month": f"{day:%Y-%m}",
        "this_month": f"{clock.today():%Y-%m}",
        "is_first": after is None,
    }
    return show(request, "bills/list", shown)


def _may_see(request: HttpRequest) -> bool:
    return _asking.is_on(standing_of.standing(subject(request)), RECORDS)


def _question(request: HttpRequest) -> str:
    return _asking.address(RECORDS, to=request.path)


def _month(typed: str) -> date:
    found = _MONTH.fullmatch(typed)
    today = clock.today().replace(day=1)
    if found is None:
        return today
    asked = date(max(FIRST_YEAR, int(found[1]) or 1), int(found[2]), 1)
    return min(asked, today)


def _is_past(day: date) -> bool:
    return day < clock.today().replace(day=1)


def _shift(day: date, by: int) -> date:
    months = day.year * 12 + day.month - 1 + by
    return date(months // 12, months % 12 + 1, 1)


def _uuid(typed: str) -> UUID | None:
    try:
        return UUID(typed)
    except ValueError:
        return None


def _line(line: queries.BillLine) -> dict[str, str]:
    one = line.payment
    word, tone = words.STATES[one.state]
    sign = ("+" if one.kind is PaymentKind.TOP_UP else "-") if words.is_paid(one) else ""
    return {
        "title": line.title or words.KINDS[one.kind],
        "sub": f"{line.payee} · {moment(one.made_at)}" if line.payee else moment(one.made_at),
        "value": f"{sign}{Amount(one.payable_fen).yuan()}",
        "word": "" if word == "成功" else word,
        "tone": tone,
        "icon": words.ICONS[one.kind],
        "href": reverse("bill", args=[one.id]),
    }


def _said(figures: queries.Month) -> str:
    """Say in words what the month's picture shows."""
    top = max(figures.by_day, default=0)
    if not top:
        return "这个月没有支出"
    day = figures.by_day.index(top) + 1
    spent = sum(1 for fen in figures.by_day if fen)
    out, most = Amount(figures.out_fen).yuan(), Amount(top).yuan()
    return f"这个月支出 {out} 元，分在 {spent} 天；最多的是 {day} 日，{most} 元"


@require_GET
@person
def bill(request: HttpRequest, payment: UUID) -> HttpResponse:
    """Show one payment whole: the receipt, and what came back of it."""
    one = queries.payment(actor(request), payment_id=payment)
    if not _may_see(request):
        return show(request, "bills/ask", {"ask": _question(request)})
    line = queries.bill_line(actor(request), payment_id=payment)
    refunds = queries.refunds(actor(request), payment_id=payment)
    word, tone = words.STATES[one.state]
    pairs = [
        ("用途", line.title or words.KINDS[one.kind]),
        ("收款方", line.payee or "没有记录"),
        ("付款方式", words.way(one)),
        ("下单时间", exact(one.made_at)),
        *([("完成时间", exact(one.ended_at))] if one.ended_at else []),
        ("订单号", one.id.hex),
    ]
    if one.off_fen:
        pairs[2:2] = [
            ("订单金额", f"{Amount(one.amount_fen).yuan()} 元"),
            ("优惠", f"-{Amount(one.off_fen).yuan()} 元"),
        ]
    shown = {
        "one": one,
        "kind": words.KINDS[one.kind],
        "word": word,
        "tone": tone,
        "pairs": pairs,
        "why": words.why(one) if one.code and not words.is_paid(one) else "",
        "open": word in ("待付款", "处理中"),
        "refunds": [_refund(each) for each in refunds],
    }
    return show(request, "bills/one", shown)


def _refund(one: RefundShown) -> dict[str, str]:
    word, tone = words.REFUNDS[one.state]
    coupon = f"，另有优惠 {Amount(one.coupon_fen).yuan()} 元不退现" if one.coupon_fen else ""
    return {
        "title": f"{Amount(one.money_fen).yuan()} 元",
        "sub": f"{moment(one.ended_at or one.made_at)}{coupon}",
        "word": word,
        "tone": tone,
    }


HERE = "me/bills/"
urlpatterns = [
    path(HERE, bills, name="bills"),
    path(f"{HERE}<uuid:payment>/", bill, name="bill"),
]
