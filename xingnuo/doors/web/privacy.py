"""隐私设置 and everything under it: grants, the two lists, who looked, switches."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import safe_next, see_other
from xingnuo.doors.web import _asking, _grants, _lists, _withdrawal
from xingnuo.doors.web._pages import actor, link, person, show, subject, with_query
from xingnuo.doors.web._when import moment
from xingnuo.doors.web._words import STATES, item_names
from xingnuo.kit.errors import NotFound
from xingnuo.people.accounts import queries as accounts
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing_of
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled, SubjectState

TABS = (("looked", "谁看过"), ("all", "全部记录"))


@require_GET
@person
def privacy(request: HttpRequest) -> HttpResponse:
    """Show the hub: every choice about one's own data, one tap away."""
    stands = standing_of.standing(subject(request))
    return show(
        request,
        "privacy/hub",
        {
            "state": STATES[stands.state],
            "open": stands.state is SubjectState.ACTIVE,
            "grants": sum(g.decision == "grant" for g in stands.decisions),
            "permissions_on": len(stands.permissions_on),
            "personal": link("personal"),
            "withdraw": link("withdraw_policy"),
            "close": link("close_service"),
            "accepted": stands.accepted_version,
        },
    )


@require_GET
@person
def grants(request: HttpRequest) -> HttpResponse:
    """List every purpose that people decide on, with its state."""
    compiled = policy.in_force()
    stands = standing_of.standing(subject(request))
    found = _grants.groups(compiled, stands, _grants.last_used(subject(request)))
    on = [row for group in found for row in group.rows if row.on]
    return show(request, "privacy/grants", {"on": on, "groups": found, "total_on": len(on)})


@require_GET
@person
def grant(request: HttpRequest, purpose: str) -> HttpResponse:
    """Show one purpose: what it uses, how it stands, and how to change that."""
    compiled = policy.in_force()
    known = compiled.purposes.get(purpose)
    if known is None:
        raise NotFound
    recipient = request.GET.get("recipient", "")[:60]
    sheet = standing_of.sheet(purpose, recipient=recipient)
    stands = standing_of.standing(subject(request))
    used = _grants.last_used(subject(request))
    decided = _asking.decided_on(stands, purpose, recipient)
    asked = _asking.may_be_asked(compiled, purpose)
    word, tone = _grants.state(decided)
    return show(
        request,
        "privacy/grant",
        {
            "sheet": sheet,
            "asked": asked,
            "decided": decided,
            "on": decided is not None and decided.decision == "grant",
            "word": word if asked else "不靠同意",
            "tone": tone if asked else "",
            "since": moment(decided.at) if decided else "",
            "used": moment(used.get(purpose)),
            "chosen": item_names(compiled, decided.items) if decided else "",
            "law": known.law,
            "question": _asking.drawn(sheet, to=request.get_full_path()) if asked else None,
            "question_href": _asking.address(
                purpose, recipient=recipient, to=request.get_full_path()
            ),
            "withdraw": with_query(
                reverse("consent_withdraw", args=[purpose]), recipient=recipient
            ),
            "stake": _stake(request, compiled, purpose) if not recipient else [],
            "recipients": [] if recipient else _grants.recipients(compiled, stands, used, purpose),
            "log": with_query(reverse("looked"), purpose=purpose),
        },
    )


def _stake(request: HttpRequest, compiled: Compiled, purpose: str) -> list[tuple[str, str]]:
    stake = standing_of.at_stake(actor(request), subject_id=subject(request), purpose=purpose)
    return _withdrawal.lines(compiled, stake)


@require_GET
@person
def personal_service(request: HttpRequest) -> HttpResponse:
    """Switch the personal feed; off shows everyone the same, and prices never differ."""
    return _switch_page(request, "feed.personal", "privacy/personal_service")


def _switch_page(request: HttpRequest, purpose: str, name: str) -> HttpResponse:
    compiled = policy.in_force()
    stands = standing_of.standing(subject(request))
    decided = _asking.decided_on(stands, purpose)
    return show(
        request,
        name,
        {
            "on": _asking.is_on(stands, purpose),
            "purpose": compiled.purposes[purpose],
            "chosen": item_names(compiled, decided.items) if decided else "",
            "stake": _stake(request, compiled, purpose),
            "question": _asking.question(purpose, to=request.path),
            "question_href": _asking.address(purpose, to=request.path),
            "withdraw": reverse("consent_withdraw", args=[purpose]),
        },
    )


@require_GET
@person
def sync(request: HttpRequest) -> HttpResponse:
    """Switch what the two sibling apps may read, each by its own consent."""
    rows = [
        {
            "app": app,
            "last": moment(app.last_at),
            "question": _asking.question(app.purpose, to=request.path),
            "href": _asking.address(app.purpose, to=request.path),
            "withdraw": reverse("consent_withdraw", args=[app.purpose]),
        }
        for app in accounts.siblings(actor(request))
    ]
    return show(request, "privacy/sync", {"rows": rows})


@require_GET
@person
def collected(request: HttpRequest) -> HttpResponse:
    """Show what was really collected of this person (M292), from the evidence."""
    compiled = policy.in_force()
    rows = evidence.collected(subject(request))
    return show(
        request,
        "privacy/collected",
        {
            "groups": _lists.collected(compiled, rows),
            "kinds": len({row.item for row in rows}),
            "personal": link("personal"),
        },
    )


@require_GET
@person
def shared(request: HttpRequest) -> HttpResponse:
    """Show what really went to others, and let the person stop each of them."""
    compiled = policy.in_force()
    rows = evidence.shared(subject(request))
    stands = standing_of.standing(subject(request))
    return show(
        request,
        "privacy/shared",
        {
            "given": _lists.shared(compiled, rows, stands),
            "others": _lists.others(compiled, rows, stands),
        },
    )


@require_POST
@person
def set_sharing(request: HttpRequest, recipient: str) -> HttpResponse:
    """Stop sharing with one party, or allow it again (3.1.6)."""
    known = policy.in_force().recipients.get(recipient)
    if known is None:
        raise NotFound
    stopped = text(request, "on", limit=1) == "0"
    gate.set_sharing(
        actor(request), subject_id=subject(request), recipient=recipient, stopped=stopped
    )
    said = "已停止向{}提供信息，下一次起就会被拦下。" if stopped else "已恢复。向{}提供前仍会问你。"
    messages.success(request, said.format(known.name))
    return see_other(safe_next(request, reverse("shared")))


@require_GET
@person
def looked(request: HttpRequest) -> HttpResponse:
    """Show who looked at the person's data, newest first, in pages that go back in time."""
    compiled = policy.in_force()
    before = _lists.cursor(request.GET.get("before", ""))
    purpose = request.GET.get("purpose", "")[:60]
    tab = "all" if request.GET.get("tab") == "all" else "looked"
    rows, last = _page_of_record(request, compiled, tab=tab, purpose=purpose, before=before)
    here = reverse("looked")
    known = compiled.purposes.get(purpose)
    return show(
        request,
        "privacy/looked",
        {
            "rows": rows,
            "tab": tab,
            "tabs": [(key, title, with_query(here, tab=key)) for key, title in TABS],
            "older": with_query(here, tab=tab, purpose=purpose, before=last) if last else "",
            "newest": with_query(here, tab=tab, purpose=purpose) if before else "",
            "only": known.title if known else "",
        },
    )


def _page_of_record(
    request: HttpRequest, compiled: Compiled, *, tab: str, purpose: str, before: Any
) -> tuple[list[dict[str, str]], str]:
    size, subject_id = _lists.PAGE_ROWS, subject(request)
    if purpose:
        found = _lists.of_purpose(subject_id, purpose, before=before)
        shown = _lists.entries(compiled, found[:size])
    elif tab == "all":
        found = evidence.of_subject(subject_id, limit=size + 1, before=before)
        shown = _lists.entries(compiled, found[:size])
    else:
        seen = evidence.looked(subject_id, limit=size + 1, before=before)
        return _lists.looks(compiled, seen[:size]), _go_on([one.id for one in seen], size)
    return shown, _go_on([one.id for one in found], size)


def _go_on(ids: list[Any], size: int) -> str:
    return str(ids[size - 1]) if len(ids) > size else ""


urlpatterns = [
    path("me/settings/privacy/", privacy, name="privacy"),
    path("me/settings/privacy/grants/", grants, name="grants"),
    path("me/settings/privacy/grants/<str:purpose>/", grant, name="grant"),
    path("me/settings/privacy/personal-service/", personal_service, name="personal_service"),
    path("me/settings/privacy/sync/", sync, name="sync"),
    path("me/settings/privacy/collected/", collected, name="collected"),
    path("me/settings/privacy/shared/", shared, name="shared"),
    path("me/settings/privacy/shared/<slug:recipient>/", set_sharing, name="set_sharing"),
    path("me/settings/privacy/looked/", looked, name="looked"),
]
