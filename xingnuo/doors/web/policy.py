"""The policy to read: in force and old, its lists, two versions compared, agreeing anew.

The long texts go out compressed: they are the same for everybody and hold no token, so the size
of an answer tells nothing (BREACH).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import safe_next, see_other
from xingnuo.doors.web import _changes, _coming, _notice, _reading, leaving
from xingnuo.doors.web._pages import actor, person, show, subject
from xingnuo.doors.web._when import day
from xingnuo.doors.web._words import CATEGORIES, item_names
from xingnuo.kit.errors import NotFound
from xingnuo.people.notices import actions as notices
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing
from xingnuo.trust.policy import queries
from xingnuo.trust.policy.contracts import Compiled, Standing

STANDINGS = {
    Standing.HANDLER: "自己决定怎么用",
    Standing.PROCESSOR: "受我们委托，只按约定用",
    Standing.AUTHORITY: "依法要求提供",
}


@gzip_page
@require_GET
def reader(request: HttpRequest) -> HttpResponse:
    """Show the version in force."""
    return _reader(request, queries.in_force())


@gzip_page
@require_GET
def one_version(request: HttpRequest, version: str) -> HttpResponse:
    """Show one published version, also an old one or one that will take effect."""
    return _reader(request, version_or_404(version))


def version_or_404(number: str) -> Compiled:
    """Give a published version; one that does not exist is a missing page."""
    for known in queries.versions():
        if known.version == number:
            return known
    raise NotFound(number if number.replace(".", "").isdecimal() else "")


def _reader(request: HttpRequest, compiled: Compiled) -> HttpResponse:
    current = queries.in_force()
    earlier = [v for v in queries.versions() if v.effective_on < compiled.effective_on]
    return show(
        request,
        "policy/reader",
        {
            "policy": compiled,
            "summary": queries.summary(compiled),
            "coming": _coming.announced_on(compiled),
            "is_current": compiled.version == current.version,
            "current": current,
            "dates": _dates(compiled),
            "minutes": _reading.minutes(compiled),
            "contents": _reading.contents(compiled),
            "sections": _reading.sections(compiled),
            "before": earlier[-1] if earlier else None,
            "controllers": compiled.controllers.values(),
        },
    )


def _dates(compiled: Compiled) -> str:
    return f"{day(compiled.published_on)}发布，{day(compiled.effective_on)}生效"


@require_GET
def as_text(request: HttpRequest, version: str) -> HttpResponse:
    """Give a version as a text file to keep (PIPL 17: easy to save)."""
    compiled = version_or_404(version)
    answer = HttpResponse(
        "\ufeff" + queries.plain_text(compiled), content_type="text/plain; charset=utf-8"
    )
    name = f"xingnuo-privacy-policy-{compiled.version}.txt"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """List every published version, newest first, with what it changed."""
    known = queries.versions()
    current = queries.in_force()
    rows = [
        {
            "version": one.version,
            "dates": _dates(one),
            "summary": one.summary,
            "state": _state(one, current),
            "before": known[place - 1].version if place else "",
        }
        for place, one in enumerate(known)
    ]
    return show(request, "policy/versions", {"versions": rows[::-1]})


def _state(one: Compiled, current: Compiled) -> tuple[str, str]:
    if one.version == current.version:
        return ("现行", "good")
    return ("将生效", "info") if one.effective_on > current.effective_on else ("已被替代", "")


@gzip_page
@require_GET
def compare(request: HttpRequest, old: str, new: str) -> HttpResponse:
    """Show two versions side by side: what is wider, what is narrower, and the words."""
    left, right = version_or_404(old), version_or_404(new)
    changes = _changes.told(left, right)
    return show(
        request,
        "policy/compare",
        {
            "old": left,
            "new": right,
            "old_dates": _dates(left),
            "new_dates": _dates(right),
            "material": queries.diff(left, right).material,
            "wider": [c for c in changes if c.word == "放宽"],
            "narrower": [c for c in changes if c.word == "收紧"],
            "other": [c for c in changes if c.word == "改变"],
            "sections": _reading.compared(left, right),
        },
    )


@gzip_page
@require_GET
def list_of_items(request: HttpRequest) -> HttpResponse:
    """Show the published list of what may be collected, by category."""
    compiled = queries.in_force()
    groups: dict[str, dict[str, Any]] = {
        one: {"title": title, "rows": {}} for one, title in CATEGORIES.items()
    }
    for listed in queries.lists(compiled).items:
        item = compiled.items[listed.item]
        row = groups[item.category]["rows"].setdefault(listed.item, {"item": listed, "uses": []})
        row["uses"].append(listed)
    shown = [
        {"title": group["title"], "rows": list(group["rows"].values())}
        for group in groups.values()
        if group["rows"]
    ]
    return show(request, "policy/items", {"policy": compiled, "groups": shown})


@gzip_page
@require_GET
def list_of_recipients(request: HttpRequest) -> HttpResponse:
    """Show the published list of parties that may receive something (3.1.4)."""
    compiled = queries.in_force()
    rows = [
        {
            "party": party,
            "out": leaving.way_out(party.recipient),
            "standing": STANDINGS[party.standing],
            "items": "、".join(party.items),
            "purposes": "、".join(party.purposes),
        }
        for party in queries.lists(compiled).recipients
    ]
    return show(request, "policy/recipients", {"policy": compiled, "rows": rows})


@require_http_methods(["GET", "POST"])
@person
def agree(request: HttpRequest) -> HttpResponse:
    """Ask a person to accept the version in force, when it is new to them or wider (8.1)."""
    compiled = queries.in_force()
    stands = standing.standing(subject(request))
    if request.method == "POST":
        return _answered(request, compiled)
    old = _accepted(stands.accepted_version)
    changes = _changes.told(old, compiled) if old else []
    return show(
        request,
        "policy/agree",
        {
            "policy": compiled,
            "dates": _dates(compiled),
            "minutes": _reading.minutes(compiled),
            "old": old,
            "wider": [c for c in changes if c.again or c.word == "放宽"],
            "due": stands.policy_due or stands.state.value in ("new", "withdrawn"),
            "withdrawn": stands.state.value == "withdrawn",
            "next": safe_next(request, reverse("me")),
            "items": _core_items(compiled),
        },
    )


def _accepted(version: str) -> Compiled | None:
    return next((v for v in queries.versions() if v.version == version), None)


def _core_items(compiled: Compiled) -> str:
    return item_names(compiled, compiled.purposes["accounts.sign_in"].items)


def _answered(request: HttpRequest, compiled: Compiled) -> HttpResponse:
    if text(request, "answer", limit=10) != "agree":
        messages.info(request, "没有改变。没有同意的部分不会使用，其他功能照常。")
        return see_other(reverse("policy_declined"))
    gate.accept_policy(
        actor(request),
        subject_id=subject(request),
        version=text(request, "version", limit=20),
        text_hash=text(request, "text_hash", limit=64),
    )
    messages.success(request, "已同意现行版隐私政策。敏感信息和第三方共享仍会逐项问你。")
    answer = see_other(safe_next(request, reverse("me")))
    _notice.keep(answer, compiled, agreed=True)
    return answer


@require_POST
@person
def told(request: HttpRequest, version: str) -> HttpResponse:
    """Note that the person saw which version is coming; nothing is agreed to by that."""
    notices.see_version(actor(request), version=version)
    return see_other(safe_next(request, reverse("home")))


@require_GET
@person
def declined(request: HttpRequest) -> HttpResponse:
    """Say what still works for a person who did not accept the version in force."""
    return show(request, "policy/declined", {"policy": queries.in_force()})


urlpatterns = [
    path("policy/", reader, name="policy"),
    path("policy/versions/", versions, name="policy_versions"),
    path("policy/agree/", agree, name="policy_agree"),
    path("policy/declined/", declined, name="policy_declined"),
    path("policy/lists/collected/", list_of_items, name="policy_items"),
    path("policy/lists/shared/", list_of_recipients, name="policy_recipients"),
    path("policy/diff/<str:old>/<str:new>/", compare, name="policy_compare"),
    path("policy/<str:version>/", one_version, name="policy_version"),
    path("policy/<str:version>/seen/", told, name="policy_seen"),
    path("policy/<str:version>/text/", as_text, name="policy_text"),
]
