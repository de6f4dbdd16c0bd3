"""Consent sheets: one question a page, the same in a dialog; every answer leads on."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import safe_next, see_other
from xingnuo.doors.web import _asking, _withdrawal
from xingnuo.doors.web._pages import actor, person, show, subject, with_query
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.accounts import actions as accounts
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing_of
from xingnuo.trust.gate.contracts import AtStake, Sheet
from xingnuo.trust.policy import queries as policy

SYNC = "accounts.sync_"
OPTIONAL_MAX = 40


@require_http_methods(["GET", "POST"])
@person
def consent(request: HttpRequest, purpose: str) -> HttpResponse:
    """Ask one question; agreeing and refusing are recorded, going away is not."""
    sheet = sheet_or_404(request, purpose)
    to = safe_next(request, "")
    if request.method == "POST":
        return _answered(request, sheet, to)
    stands = standing_of.standing(subject(request))
    return show(
        request,
        "consents/ask",
        {
            "sheet": _asking.drawn(sheet, to=to),
            "decided": _asking.decided_on(stands, purpose, sheet.recipient),
            "state": stands.state.value,
            "back": to or reverse("grants"),
        },
    )


def sheet_or_404(request: HttpRequest, purpose: str) -> Sheet:
    """Give the sheet of a purpose that people are asked about; another is a missing page."""
    if not _asking.may_be_asked(policy.in_force(), purpose):
        raise NotFound
    return standing_of.sheet(purpose, recipient=request.GET.get("recipient", "")[:60])


def _answered(request: HttpRequest, sheet: Sheet, to: str) -> HttpResponse:
    answer = text(request, "answer", limit=10)
    if answer == "agree":
        return _agreed(request, sheet, to)
    if answer != "refuse":
        raise BadInput({"answer": "请选择同意或不同意"})
    gone = _withdrawal.said(policy.in_force(), stake_of(request, sheet))
    if turn_off(request, sheet) and gone:
        messages.success(request, gone)
    return see_other(
        with_query(
            reverse("consent_refused", args=[sheet.purpose]), recipient=sheet.recipient, next=to
        )
    )


def _agreed(request: HttpRequest, sheet: Sheet, to: str) -> HttpResponse:
    chosen = set(request.POST.getlist("optional")[:OPTIONAL_MAX])
    optional = tuple(item.id for item in sheet.optional if item.id in chosen)
    if len(optional) != len(chosen):
        raise BadInput({"optional": "只能选页面上列出的项目"})
    gate.decide(
        actor(request),
        subject_id=subject(request),
        scope=Scope(
            purpose=sheet.purpose,
            items=(*(item.id for item in sheet.needed), *optional),
            recipient=sheet.recipient,
        ),
        decision=Decision.GRANT,
        text_hash=text(request, "text_hash", limit=64),
    )
    messages.success(request, f"已同意：{sheet.title}。随时可以撤回。")
    return see_other(to or detail(sheet))


def turn_off(request: HttpRequest, sheet: Sheet) -> bool:
    """Record a no, which takes an earlier yes back; says whether there was one."""
    me = actor(request)
    stands = standing_of.standing(subject(request))
    before = _asking.decided_on(stands, sheet.purpose, sheet.recipient)
    was_on = before is not None and before.decision == "grant"
    if sheet.purpose.startswith(SYNC):
        # The sibling app loses its access and is told to erase, in the same step.
        accounts.stop_sync(me, client=sheet.purpose.removeprefix(SYNC), text_hash=sheet.text_hash)
        return was_on
    gate.decide(
        me,
        subject_id=subject(request),
        scope=Scope(purpose=sheet.purpose, recipient=sheet.recipient),
        decision=Decision.WITHDRAW if was_on else Decision.REFUSE,
        text_hash=sheet.text_hash,
    )
    return was_on


def stake_of(request: HttpRequest, sheet: Sheet) -> AtStake:
    """Give what taking this yes back deletes; one recipient's yes keeps nothing here."""
    if sheet.recipient:
        return AtStake(going=(), staying=())
    return standing_of.at_stake(actor(request), subject_id=subject(request), purpose=sheet.purpose)


def detail(sheet: Sheet) -> str:
    """Give the page of a purpose under 授权管理."""
    return with_query(reverse("grant", args=[sheet.purpose]), recipient=sheet.recipient)


@require_POST
@person
def withdraw(request: HttpRequest, purpose: str) -> HttpResponse:
    """Take a yes back in one step."""
    sheet = sheet_or_404(request, purpose)
    gone = _withdrawal.said(policy.in_force(), stake_of(request, sheet))
    turn_off(request, sheet)
    messages.success(request, f"已撤回：{sheet.title}。从现在起不再使用。{gone}{sheet.cost}")
    return see_other(safe_next(request, detail(sheet)))


@require_GET
@person
def refused(request: HttpRequest, purpose: str) -> HttpResponse:
    """Say what still works after a no, and another way to the same end."""
    sheet = sheet_or_404(request, purpose)
    to = safe_next(request, "")
    stands = standing_of.standing(subject(request))
    decided = _asking.decided_on(stands, purpose, sheet.recipient)
    if decided is None or decided.decision == "grant":
        # Nobody said no: this page would claim what is not on record.
        return see_other(_asking.address(purpose, recipient=sheet.recipient, to=to))
    return show(
        request,
        "consents/refused",
        {
            "sheet": sheet,
            "after": _asking.after_no(purpose),
            "next": to,
            "again": _asking.address(purpose, recipient=sheet.recipient, to=to),
        },
    )


urlpatterns = [
    path("consent/<str:purpose>/", consent, name="consent"),
    path("consent/<str:purpose>/refused/", refused, name="consent_refused"),
    path("consent/<str:purpose>/withdraw/", withdraw, name="consent_withdraw"),
]
