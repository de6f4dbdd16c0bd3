"""The register of third-party links: reviewed by two officers, each part with its end."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.console import _release_links as register
from xingnuo.doors.console._clock import at
from xingnuo.doors.console._pages import show, staff
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.services.bill_pay import actions, queries
from xingnuo.services.bill_pay.contracts import LinkReview, LinkShown, LinkState

HERE = "/ops/links/"
PAGE = 50
_LEAST = date.min
_FIELDS = (
    ("code", "编号", "小写字母、数字和连字符", 40),
    ("title", "名称", "客户看到的名字", 20),
    ("about", "一句话说明", "", 60),
    ("firm", "经营者", "对方公司全称", 60),
    ("url", "网址", "以 https:// 开头", 200),
    ("policy_url", "对方的隐私政策网址", "以 https:// 开头", 200),
    ("qualification", "主体资质", "许可证或备案的名称和编号", 80),
)
_SPANS = (("qualified", "主体资质"), ("safe", "安全核验"), ("terms", "条款核验"))
_WORDS = {
    LinkState.PROPOSED: ("等另一位同事复核", "warn"),
    LinkState.LIVE: ("已上线", "good"),
    LinkState.WITHDRAWN: ("已下线", ""),
}


def _ends(one: LinkShown) -> date:
    told = one.review
    return min(told.qualified_until, told.safe_until, told.terms_until)


def _state(one: LinkShown) -> tuple[str, str]:
    if one.state is LinkState.LIVE and _ends(one) < clock.today():
        return "核验已过期，不再显示", "bad"
    return _WORDS[one.state]


@require_GET
@staff(register.ROLE)
def links(request: HttpRequest) -> HttpResponse:
    """List the register, newest first."""
    register.acting(request)
    rows = []
    for one in queries.register()[:PAGE]:
        word, tone = _state(one)
        rows.append(
            {
                "href": f"{HERE}{one.id}/",
                "number": one.review.code,
                "kind": f"{one.review.title}，{one.review.firm}",
                "clock": word,
                "tone": tone,
                "state": f"核验到 {_ends(one)}，{one.proposed_by} 提出，{at(one.at)}",
            }
        )
    return show(request, "links", {"rows": rows, "at": "links"})


@require_GET
@staff(register.ROLE)
def one_link(request: HttpRequest, case: UUID) -> HttpResponse:
    """Show one link with its review."""
    register.acting(request)
    one = register.found(case)
    word, tone = _state(one)
    context = {
        "one": one,
        "word": word,
        "tone": tone,
        "parts": register.parts(one),
        "is_waiting": one.state is LinkState.PROPOSED,
        "is_live": one.state is LinkState.LIVE,
        "at": "links",
    }
    return show(request, "links_one", context)


@require_http_methods(["GET", "POST"])
@staff(register.ROLE)
def propose(request: HttpRequest) -> HttpResponse:
    """Write a link down with its review; another officer lets it in."""
    acting = register.acting(request)
    if request.method == "GET":
        return _form(request, {}, {})
    typed = {name: text(request, name, limit=200, needed=False) for name in _names()}
    wrong: dict[str, str] = {}
    days = {name: _day(typed[name], name, wrong) for name in _day_names()}
    told: dict[str, Any] = {name: typed[name] for name, *_ in _FIELDS} | days
    try:
        made = actions.propose_link(acting, review=LinkReview(**told))
    except BadInput as error:
        return _form(request, typed, {**error.fields, **wrong})
    register.left(request, "proposed", made.id)
    messages.success(request, "已提交，等另一位同事复核后上线。")
    return see_other(f"{HERE}{made.id}/")


def _day_names() -> list[str]:
    return [f"{span}_{end}" for span, _ in _SPANS for end in ("on", "until")]


def _names() -> list[str]:
    return [name for name, *_ in _FIELDS] + _day_names()


def _day(typed: str, name: str, wrong: dict[str, str]) -> date:
    # A day that is none is told as such; the room then finds the review not whole.
    try:
        return date.fromisoformat(typed)
    except ValueError:
        wrong[name] = "请按 2026-11-24 的样子写日期"
        return _LEAST


def _form(request: HttpRequest, typed: dict[str, str], wrong: dict[str, str]) -> HttpResponse:
    def field(name: str, label: str, hint: str, most: int) -> dict[str, Any]:
        return {
            "name": name,
            "label": label,
            "hint": hint,
            "most": str(most),
            "value": typed.get(name, ""),
            "error": wrong.get(name, ""),
        }

    context = {
        "fields": [field(*one) for one in _FIELDS],
        "days": [
            field(f"{span}_{end}", f"{title}{words}", "年-月-日", 10)
            for span, title in _SPANS
            for end, words in (("on", "核验日"), ("until", "到期日"))
        ],
        "wrong": [(f"id_{name}", words) for name, words in wrong.items()],
        "at": "links",
    }
    return show(request, "links_new", context, status=422 if wrong else 200)


@require_POST
@staff(register.ROLE)
def withdraw(request: HttpRequest, case: UUID) -> HttpResponse:
    """Take a link out at once; one officer is enough."""
    actions.withdraw_link(register.acting(request), link_id=case)
    register.left(request, "withdrawn", case)
    messages.success(request, "已下线，客户不再看到。")
    return see_other(f"{HERE}{case}/")


urlpatterns = [
    path("ops/links/", links, name="ops_links"),
    path("ops/links/new/", propose, name="ops_links_new"),
    path("ops/links/<uuid:case>/", one_link, name="ops_links_one"),
    path("ops/links/<uuid:case>/withdraw/", withdraw, name="ops_links_withdraw"),
]
