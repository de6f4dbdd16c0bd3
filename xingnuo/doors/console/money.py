"""Money: differences with channels, unknowns by age, refunds that did not arrive; two people each.

Nothing personal stands here, and nothing makes a payment succeed: a finding needs the partner's
document and a second person, and then goes where every proof goes.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.console._clock import at, left
from xingnuo.doors.console._pages import current, is_cleared, member, show, staff, with_query
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit.errors import BadInput, Conflict
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.queries import MoneyCase
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength
from xingnuo.trust.policy.contracts import ActorKind

TABS = (("differences", "账单差异"), ("unknown", "结果未知"), ("refunds", "退款异常"))
RAILS = {"alipay": "支付宝", "wechat": "微信支付", "unionpay": "银联", "bank": "银行", "": "—"}
KINDS = {
    "wrong_amount": "金额不一致",
    "late_payout": "提现结果来迟",
    "refund_abnormal": "退款异常",
    "unknown_old": "长时间没有结果",
    "bill_difference": "账单差异",
}
CODES = {
    "pay_missing": "我们有，账单里没有",
    "pay_unknown": "账单里有，不是我们的单号",
    "pay_amount": "金额不同",
    "pay_twice": "同一单号列了多次",
    "pay_again": "前一天的账单已列过",
    "refund_missing": "退款：我们有，账单里没有",
    "refund_unknown": "退款：不是我们的单号",
    "refund_amount": "退款：金额不同",
    "refund_twice": "退款：列了多次",
    "refund_again": "退款：前一天已列过",
    "payout_missing": "付出：我们有，银行文件里没有",
    "payout_unknown": "付出：不是我们的单号",
    "payout_amount": "付出：金额不同",
    "payout_twice": "付出：列了多次",
    "payout_again": "付出：前一天已列过",
    "file_broken": "账单文件不完整或被改动",
    "file_changed": "同一天的账单变了",
    "file_strange": "差异太多，整份账单没有入账",
    "file_late": "账单一直没有来",
}
FINDINGS = {
    "paid": "对方凭证写明已付款",
    "not_paid": "对方凭证写明没有付款",
    "refunded": "对方凭证写明已退到",
    "file_wrong": "账单错了，对方会更正",
    "accepted": "账单对，差额由我方承担或计入",
    "noted": "已核实，不用调整账目",
}
REASONS = {
    "customer_asks": "客户询问这一笔",
    "difference": "核对账单差异",
    "authority": "监管或司法机关要求",
}
STATES = {"open": "待查", "proposed": "等另一位同事复核", "closed": "已办结"}
NUMBER_CHARS_MAX, MARK_CHARS_MAX = 64, 120


def _actor(request: HttpRequest, ref: UUID | None = None, *, reason: str = "") -> Actor:
    """Give the member as an actor; refuses whoever is not cleared."""
    who = current(request)
    found = Actor(
        kind=ActorKind.COMPLIANCE,
        staff_id=who.member.code,
        session_id=who.id,
        strength=Strength.UNLOCKED,
        roles=who.member.roles,
        channel="console",
        undertaking_until=who.member.cleared_until,
        case_id=ref,
        reason=reason,
    )
    if not is_cleared(who.member):
        raise GateRefusal(Reason.NO_UNDERTAKING, purpose="payments.keep", actor=found)
    return found


@require_GET
@staff("funds")
def cases(request: HttpRequest) -> HttpResponse:
    """Show one kind of open cases, the oldest due first."""
    _actor(request)
    view = request.GET.get("tab", "differences")
    view = view if view in dict(TABS) else "differences"
    found, mark = queries.money_cases(view, after=request.GET.get("after", "")[:MARK_CHARS_MAX])
    here = "/ops/money/"
    return show(
        request,
        "money",
        {
            "at": "money",
            "tab": view,
            "tabs": [(key, title, with_query(here, tab=key)) for key, title in TABS],
            "rows": [_row(case) for case in found],
            "older": with_query(here, tab=view, after=mark) if mark else "",
        },
    )


def _row(case: MoneyCase) -> dict[str, Any]:
    word, tone = left(case.due_at, closed=case.state == "closed")
    return {
        "href": f"/ops/money/{case.id}/",
        "number": f"Z-{case.id.hex[-8:].upper()}",
        "kind": CODES.get(case.code, KINDS.get(case.kind, case.kind)),
        "rail": RAILS.get(case.rail, case.rail),
        "state": STATES[case.state],
        "opened": at(case.opened_at),
        "clock": word,
        "tone": tone,
        "ours": case.ours_fen,
        "theirs": case.theirs_fen,
    }


@require_GET
@staff("funds")
def one(request: HttpRequest, case: UUID) -> HttpResponse:
    """Show a case."""
    _actor(request, case)
    return _page(request, queries.money_case(case))


def _page(
    request: HttpRequest, case: MoneyCase, *, errors: dict[str, str] | None = None
) -> HttpResponse:
    mine = case.proposed_by == member(request).code
    context = {
        "at": "money",
        "case": case,
        "row": _row(case),
        "kind": KINDS.get(case.kind, case.kind),
        "due": at(case.due_at),
        "finding": FINDINGS.get(case.finding, ""),
        "choices": [(code, FINDINGS[code]) for code in queries.findings_of(case)],
        "may_settle": case.state == "proposed" and not mine,
        "is_mine": mine,
        "errors": errors or {},
        "wrong": [(f"id_{name}", words) for name, words in (errors or {}).items()],
        "typed": request.POST if errors else {},
    }
    return show(request, "money_one", context, status=422 if errors else 200)


@require_POST
@staff("funds")
def propose(request: HttpRequest, case: UUID) -> HttpResponse:
    """Say what was found, with the number of the partner's document."""
    acting = _actor(request, case)
    told = {name: text(request, name, limit=64, needed=False) for name in ("finding", "document")}
    try:
        actions.propose_finding(acting, case_id=case, **told)
    except BadInput as error:
        return _page(request, queries.money_case(case), errors=error.fields)
    messages.success(request, "已提交，等另一位同事复核后生效。")
    return see_other(f"/ops/money/{case}/")


@require_POST
@staff("funds")
def settle(request: HttpRequest, case: UUID) -> HttpResponse:
    """Agree to another's finding, or give it back."""
    acting = _actor(request, case)
    answer = text(request, "answer", limit=10)
    if answer == "agree":
        actions.settle_finding(acting, case_id=case)
        messages.success(request, "已复核，结果生效。")
    elif answer == "back":
        actions.refuse_finding(acting, case_id=case)
        messages.success(request, "已退回，重新核查。")
    else:
        raise Conflict("answer")
    return see_other(f"/ops/money/{case}/")


@require_http_methods(["GET", "POST"])
@staff("funds")
def look_up(request: HttpRequest) -> HttpResponse:
    """Find one payment by its exact order or refund number, for a reason that is kept."""
    _actor(request)
    context: dict[str, Any] = {"at": "money", "reasons": REASONS.items(), "errors": {}}
    if request.method == "GET":
        return show(request, "money_look_up", context)
    typed = {
        "number": text(request, "number", limit=NUMBER_CHARS_MAX, needed=False),
        "reason": text(request, "reason", limit=24, needed=False),
    }
    errors = {}
    if not typed["number"]:
        errors["number"] = "请写完整的单号"
    if typed["reason"] not in REASONS:
        errors["reason"] = "请选择一个理由"
    context |= {"typed": typed, "errors": errors}
    if errors:
        context["wrong"] = [(f"id_{name}", words) for name, words in errors.items()]
        return show(request, "money_look_up", context, status=422)
    acting = _actor(request, reason=typed["reason"])
    found = actions.find_order(acting, number=typed["number"], reason=typed["reason"])
    context |= {"found": found, "asked": True}
    if found is not None:
        context |= {"rail": RAILS.get(found.rail, found.rail), "made": at(found.made_at)}
    return show(request, "money_look_up", context)


urlpatterns = [
    path("ops/money/", cases, name="ops_money"),
    path("ops/money/look-up/", look_up, name="ops_money_look_up"),
    path("ops/money/<uuid:case>/", one, name="ops_money_one"),
    path("ops/money/<uuid:case>/propose/", propose, name="ops_money_propose"),
    path("ops/money/<uuid:case>/settle/", settle, name="ops_money_settle"),
]
