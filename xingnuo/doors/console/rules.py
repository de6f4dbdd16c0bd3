"""Rules of risk: a version is drafted, tried on past decisions, run beside, released by another."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.console._clock import at
from xingnuo.doors.console._pages import actor, member, only_cleared, queue_of, show, staff
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit.errors import NotFound
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import BackTest, BadRules, DryRun, RuleSetShown
from xingnuo.people.permissions import actions as permissions
from xingnuo.trust.gate.contracts import Actor

HERE = "/ops/rules/"
DOCUMENT_CHARS_MAX = 200_000
DAYS = 7
FEW = 10  # below this a count could point at somebody
STATES = {
    "draft": ("草稿", ""),
    "proposed": ("试运行中，等复核", "warn"),
    "live": ("生效中", "good"),
    "retired": ("已停用", ""),
    "reproposed": ("要恢复，等复核", "warn"),
    "withdrawn": ("已撤回", ""),
}
OUTCOMES = {"accept": "放行", "step_up": "多验一次", "review": "人工复核", "refuse": "拦下"}
_STEPS = {
    "draft": (("propose", "提交复核，同时试运行"), ("withdraw", "撤回草稿")),
    "proposed": (("withdraw", "撤回"),),
    "retired": (("roll-back", "恢复这一版（提交复核）"),),
    "reproposed": (("withdraw", "撤回"),),
}
_SAID = {
    "propose": "已提交。另一位同事复核后生效，在那以前只试运行。",
    "withdraw": "已撤回。",
    "roll-back": "已提交恢复，等另一位同事复核。",
}


def _acting(request: HttpRequest) -> Actor:
    known = queue_of(request, "risk")
    only_cleared(request, known)
    return actor(request, known, None)


@require_GET
@staff("risk")
def versions(request: HttpRequest) -> HttpResponse:
    """List the versions, newest first."""
    _acting(request)
    rows = []
    for one in queries.rule_sets():
        word, tone = STATES[one.state.value]
        rows.append(
            {
                "href": f"{HERE}{one.number}/",
                "number": _title(one),
                "kind": f"{len(one.rules)} 条规则",
                "clock": word,
                "tone": tone,
                "state": f"{one.drafted_by}，{at(one.drafted_at)}" if one.number else "随软件带来",
            }
        )
    return show(request, "rules", {"rows": rows, "at": "rules"})


def _title(one: RuleSetShown) -> str:
    return f"第 {one.number} 版" if one.number else "内置版"


@require_http_methods(["GET", "POST"])
@staff("risk")
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Write a new version from an earlier one; it decides nothing until another releases it."""
    acting, before = _acting(request), queries.rule_set(number)
    context: dict[str, Any] = {"before": _title(before), "at": "rules", "errors": {}}
    if request.method == "GET":
        return show(request, "rules_new", {**context, "typed": _pretty(before.document)})
    typed = text(request, "document", limit=DOCUMENT_CHARS_MAX, needed=False)
    try:
        made = actions.draft_rules(acting, document=typed)
    except BadRules as error:
        wrong = [("id_document", one) for one in error.faults[:10]]
        shown = {**context, "typed": typed, "wrong": wrong, "errors": {"document": True}}
        return show(request, "rules_new", shown, status=422)
    permissions.leave(f"rules.drafted:{made.number}", by=member(request).code)
    messages.success(request, "已存为草稿。先试算，再提交复核。")
    return see_other(f"{HERE}{made.number}/")


def _pretty(document: str) -> str:
    found = json.loads(document)
    rules = ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in found.pop("rules"))
    head = json.dumps(found, ensure_ascii=False)[:-1]
    return f'{head}{", " if found else ""}"rules": [\n  {rules}\n]}}'


@require_GET
@staff("risk")
def version(request: HttpRequest, number: int) -> HttpResponse:
    """Show one version: its rules, and how it decided beside the live one."""
    return _page(request, _acting(request), number)


def _page(
    request: HttpRequest, acting: Actor, number: int, tested: BackTest | None = None
) -> HttpResponse:
    one = queries.rule_set(number)
    word, tone = STATES[one.state.value]
    is_beside = one.state.value == "proposed"
    context: dict[str, Any] = {
        "one": one,
        "title": _title(one),
        "word": word,
        "tone": tone,
        "rules": [
            {
                "id": rule["id"],
                "then": OUTCOMES.get(rule["outcome"], rule["outcome"]),
                "score": rule["score"],
                "when": json.dumps(rule["when"], ensure_ascii=False),
            }
            for rule in one.rules
        ],
        "steps": _STEPS.get(one.state.value, ()) if one.number else (),
        "beside": _told(queries.dry_run(number)) if is_beside else None,
        "tested": _told(tested.run) if tested else None,
        "missing": "、".join(tested.missing) if tested else "",
        "fired": [(rule, _few(count)) for rule, count in tested.fired.items()] if tested else [],
        "days": DAYS,
        "base": f"{HERE}{one.number}/",
        "at": "rules",
    }
    return show(request, "rules_one", context)


def _told(run: DryRun) -> list[tuple[str, str]]:
    return [
        ("比过的决定", _few(run.compared)),
        ("更严", _few(run.stricter)),
        ("更松", _few(run.milder)),
        *((_pair(pair), _few(count)) for pair, count in run.pairs.items()),
    ]


def _pair(pair: str) -> str:
    before, _, after = pair.partition(">")
    return f"{OUTCOMES.get(before, before)} → {OUTCOMES.get(after, after)}"


def _few(count: int) -> str:
    return f"少于 {FEW}" if 0 < count < FEW else f"{count:,}"


@require_POST
@staff("risk")
def step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Try a version on past decisions, or take it a step on."""
    acting = _acting(request)
    by = member(request).code
    if step == "back-test":
        tested = actions.back_test(acting, number=number, days=DAYS)
        permissions.leave(f"rules.tested:{number}", by=by)
        return _page(request, acting, number, tested)
    does = {
        "propose": actions.propose_rules,
        "withdraw": actions.withdraw_rules,
        "roll-back": actions.roll_back,
    }.get(step)
    if does is None:
        raise NotFound("step")
    does(acting, number=number)
    permissions.leave(f"rules.{step.replace('-', '_')}:{number}", by=by)
    messages.success(request, _SAID[step])
    return see_other(f"{HERE}{number}/")


urlpatterns = [
    path("ops/rules/", versions, name="ops_rules"),
    path("ops/rules/<int:number>/", version, name="ops_rules_one"),
    path("ops/rules/<int:number>/new/", draft, name="ops_rules_new"),
    path("ops/rules/<int:number>/do/<slug:step>/", step, name="ops_rules_step"),
]
