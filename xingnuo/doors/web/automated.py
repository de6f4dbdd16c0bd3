"""自动化决策: the switch, every decision with its reasons, and a human look at one tap."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web._pages import actor, person, show
from xingnuo.doors.web._when import day, exact, moment
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import DecisionShown, EventKind, Outcome, Verdict

KINDS = {
    EventKind.SIGN_IN: "登录",
    EventKind.BIND_CARD: "绑定银行卡",
    EventKind.IDENTITY: "实名认证",
    EventKind.PAYMENT: "付款",
    EventKind.TRANSFER: "转账",
    EventKind.WITHDRAW: "提现",
    EventKind.REDEEM: "赎回",
    EventKind.BORROW: "借款",
}
OUTCOMES = {
    Outcome.ACCEPT: ("通过", "good"),
    Outcome.STEP_UP: ("多验一次", "info"),
    Outcome.REVIEW: ("转人工", "warn"),
    Outcome.REFUSE: ("没有办理", "bad"),
}
VERDICTS = {
    Verdict.PENDING: ("人工复核中", "warn"),
    Verdict.APPROVED: ("人工同意", "good"),
    Verdict.DECLINED: ("人工维持", "bad"),
}


@require_GET
@person
def automated(request: HttpRequest) -> HttpResponse:
    """List the decisions that programs took, with the switch to refuse them."""
    found = queries.automated(actor(request))
    return show(
        request,
        "privacy/automated",
        {
            "off": found.off,
            "since": day(found.since),
            "rows": [_row(one) for one in found.decisions],
        },
    )


def _row(one: DecisionShown) -> dict[str, str]:
    word, tone = VERDICTS[one.verdict] if one.verdict else OUTCOMES[one.outcome]
    why = one.reasons[0].text if one.reasons else "没有发现异常"
    return {
        "title": f"{KINDS[one.kind]} · {moment(one.at)}",
        "sub": why,
        "href": reverse("automated_one", args=[one.id]),
        "word": word,
        "tone": tone,
    }


@require_POST
@person
def set_automated(request: HttpRequest) -> HttpResponse:
    """Refuse that a program alone decides, or allow it again."""
    # The switch says "programs may decide": turning it off is refusing.
    off = text(request, "on", limit=1) == "0"
    actions.set_automated(actor(request), off=off)
    messages.success(
        request,
        "已改：程序要拒绝时，先由人来看。"
        if off
        else "已改：由程序先判断，你随时可以要求人工复核。",
    )
    return see_other(reverse("automated"))


@require_GET
@person
def one(request: HttpRequest, decision: UUID) -> HttpResponse:
    """Explain one decision: its reasons, what was looked at, and what can be done."""
    told = queries.explain(actor(request), decision_id=decision)
    shown = told.decision
    word, tone = OUTCOMES[shown.outcome]
    return show(
        request,
        "privacy/automated_one",
        {
            "told": told,
            "title": KINDS[shown.kind],
            "pairs": [
                ("时间", exact(shown.at)),
                ("结果", word),
                *([("人工复核", VERDICTS[shown.verdict][0])] if shown.verdict else []),
                *([("最晚答复", day(shown.due_at))] if shown.due_at else []),
                ("规则版本", f"第 {shown.rule_version} 版" if shown.rule_version else "最初一版"),
            ],
            "reasons": [reason.text for reason in shown.reasons] or ["没有发现异常"],
            "tone": tone,
            # Where a person is looking already there is nothing more to ask for.
            "may_ask": not shown.asked
            and shown.outcome is not Outcome.ACCEPT
            and shown.verdict is not Verdict.PENDING,
        },
    )


@require_POST
@person
def ask(request: HttpRequest, decision: UUID) -> HttpResponse:
    """Have a person of ours look at a decision again."""
    actions.ask_review(actor(request), decision_id=decision)
    messages.success(request, "已转给人工复核，15 天内答复，结果在这里看。")
    return see_other(reverse("automated_one", args=[decision]))


urlpatterns = [
    path("me/settings/privacy/automated/", automated, name="automated"),
    path("me/settings/privacy/automated/switch/", set_automated, name="set_automated"),
    path("me/settings/privacy/automated/<uuid:decision>/", one, name="automated_one"),
    path("me/settings/privacy/automated/<uuid:decision>/review/", ask, name="automated_ask"),
]
