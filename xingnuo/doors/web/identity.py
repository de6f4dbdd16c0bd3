"""我的 › 实名认证: how far, what it opens, and every way to go on; several ways, none forced."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _identity_forms as forms
from xingnuo.doors.web import _identity_more as more
from xingnuo.doors.web._identity_words import (
    NEXT,
    RULES,
    TIERS,
    ground_of,
    opens,
    row_of,
)
from xingnuo.doors.web._pages import actor, person, show, subject
from xingnuo.doors.web._when import day
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import actions, queries
from xingnuo.people.identity.contracts import (
    OPEN_STATES,
    PRESENCE,
    IsMinor,
    Kind,
    NotTheDocument,
    NumberTaken,
    State,
)
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState, Tier

HERE = "me/real-name/"
STEPS = ("填卡号", "收验证码")
_STEPS = {Tier.NONE: "real_name_name", Tier.NAMED: "real_name_second"}


@require_GET
@person
def real_name(request: HttpRequest) -> HttpResponse:
    """Show how far the real name is confirmed, what that opens, and the next step."""
    status = queries.status(actor(request))
    if status.state is SubjectState.MINOR:
        return see_other(reverse("real_name_minor"))
    following = Tier(status.tier + 1) if status.tier < Tier.PRESENT else None
    shown = {
        "tier": status.tier,
        "word": TIERS[status.tier],
        "until": day(status.valid_until),
        "expired": any(one.state is State.EXPIRED for one in status.checks[:5])
        and status.tier is Tier.NONE,
        "open": [(one, row_of(one)) for one in status.checks if one.state in OPEN_STATES],
        "past": [(one, row_of(one)) for one in status.checks if one.state not in OPEN_STATES][:10],
        "tiers": opens(policy.in_force()),
        "next": NEXT[following] if following else "",
        "step": reverse(_STEPS.get(status.tier, "real_name_present")) if following else "",
        "may": status.state is SubjectState.ACTIVE,
    }
    return show(request, "identity/status", shown)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def name(request: HttpRequest) -> HttpResponse:
    """Take name and document number, and have them confirmed by the authority."""
    if (lead := forms.first(request, forms.NAME, reverse("real_name_name"))) is not None:
        return lead
    typed = ("name", "number", "rule")
    if request.method == "GET":
        return forms.form(request, "name", {"rules": RULES})
    try:
        check = actions.check_name(
            actor(request),
            name=text(request, "name", limit=200),
            number=text(request, "number", limit=60),
            rule=forms.rule_of(request),
            key=forms.key_of(request),
        )
    except BadInput as bad:
        return forms.form(request, "name", {"rules": RULES}, bad=bad, typed=typed)
    except IsMinor:
        return see_other(reverse("real_name_minor"))
    except NumberTaken:
        return show(request, "identity/taken", status=409)
    return forms.result(check)


@require_GET
@person
def second(request: HttpRequest) -> HttpResponse:
    """Offer the second checks side by side: bank card or document photos."""
    return show(request, "identity/second")


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def card(request: HttpRequest) -> HttpResponse:
    """Take a card and its reserved phone; the bank texts a code."""
    if (lead := forms.first(request, forms.CARD, reverse("real_name_card"))) is not None:
        return lead
    if request.method == "GET":
        return forms.form(request, "card", {"steps": STEPS})
    try:
        check = actions.begin_card(
            actor(request),
            card=text(request, "card", limit=40),
            phone=text(request, "phone", limit=30),
            key=forms.key_of(request),
        )
    except BadInput as bad:
        return forms.form(request, "card", {"steps": STEPS}, bad=bad, typed=("card", "phone"))
    return forms.result(check)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def code(request: HttpRequest, check: UUID) -> HttpResponse:
    """Take the code that the bank texted."""
    with transaction.atomic():
        known = queries.check(actor(request), check_id=check)
    if known.kind is not Kind.CARD or known.state is not State.STARTED:
        return see_other(reverse("real_name_check", args=[check]))
    if request.method == "GET":
        return forms.form(request, "code", {"check": known})
    try:
        after = actions.confirm_card(
            actor(request), check_id=check, code=text(request, "code", limit=12)
        )
    except BadInput as bad:
        return forms.form(request, "code", {"check": known}, bad=bad)
    if after.state is State.STARTED:
        words = "验证码不对"
        if after.tries_left is not None:
            words += f"，还可以试 {after.tries_left} 次"
        return forms.form(request, "code", {"check": after}, bad=BadInput({"code": words}))
    return forms.result(after)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def photos(request: HttpRequest) -> HttpResponse:
    """Take photos of both sides of the document."""
    here = reverse("real_name_photos")
    if (lead := forms.first(request, forms.PHOTOS, here, proved=True)) is not None:
        return lead
    if request.method == "GET":
        return forms.form(request, "photos")
    try:
        sides = _both(request)
        check = actions.upload_photos(actor(request), **sides, key=forms.key_of(request))
    except BadInput as bad:
        return forms.form(request, "photos", bad=bad)
    return forms.result(check)


def _both(request: HttpRequest) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    bad: dict[str, str] = {}
    for side in ("front", "back"):
        try:
            found[side] = forms.file_of(request, side)
        except BadInput as error:
            bad[side] = next(iter(error.fields.values()))
    if bad:
        raise BadInput(bad)
    return found


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def confirm(request: HttpRequest, check: UUID) -> HttpResponse:
    """Let the person confirm what stands on the document; what was read is only a help."""
    with transaction.atomic():
        known = queries.check(actor(request), check_id=check)
    here = reverse("real_name_confirm", args=[check])
    if (lead := forms.first(request, forms.PHOTOS, here, proved=True)) is not None:
        return lead
    if known.kind is not Kind.DOCUMENT_PHOTO or known.state is not State.STARTED:
        return see_other(reverse("real_name_check", args=[check]))
    with transaction.atomic():
        read = queries.read_values(actor(request), check_id=check)
    if request.method == "GET":
        return forms.form(request, "confirm", {"check": known, "read": read})
    typed = ("name", "number", "validity")
    try:
        with transaction.atomic():
            after = actions.confirm_photos(
                actor(request),
                check_id=check,
                name=text(request, "name", limit=200),
                number=text(request, "number", limit=60),
                validity=text(request, "validity", limit=60),
            )
    except BadInput as bad:
        context = {"check": known, "read": read}
        return forms.form(request, "confirm", context, bad=bad, typed=typed)
    except NotTheDocument as other:
        fault = BadInput({"number": f"{other.message_text}{other.remedy_text}"})
        context = {"check": known, "read": read}
        return forms.form(request, "confirm", context, bad=fault, typed=typed)
    return forms.result(after)


@require_GET
@person
def check_page(request: HttpRequest, check: UUID) -> HttpResponse:
    """Show how one check stands, why, and what can be done."""
    known = queries.check(actor(request), check_id=check)
    may_stop = known.state in (State.STARTED, State.REVIEWING)
    shown = {
        "check": known,
        "row": row_of(known),
        "ground": ground_of(known),
        "waits": known.state in (State.SENT, State.UNKNOWN),
        "may_stop": may_stop,
        "done": known.is_in_force,
        "named": known.kind is Kind.NAME_NUMBER,
        "phone": known.kind is Kind.PHONE,
        "other_ways": known.kind in (Kind.CARD, Kind.DOCUMENT_PHOTO, *PRESENCE),
        "failed": known.state in (State.MISMATCHED, State.REFUSED),
    }
    return show(request, "identity/check", shown)


@require_POST
@own_transactions
@person
def ask_again(request: HttpRequest, check: UUID) -> HttpResponse:
    """Ask the source once more what became of a check."""
    actions.resume(subject_id=subject(request), check_id=check)
    return see_other(reverse("real_name_check", args=[check]))


@require_POST
@person
def give_up(request: HttpRequest, check: UUID) -> HttpResponse:
    """Give a check up; what was given for it is deleted."""
    actions.give_up(actor(request), check_id=check)
    messages.success(request, "已放弃这次核对，为它提供的内容已删除。")
    return see_other(reverse("real_name"))


urlpatterns = [
    path(HERE, real_name, name="real_name"),
    path(f"{HERE}name/", name, name="real_name_name"),
    path(f"{HERE}second/", second, name="real_name_second"),
    path(f"{HERE}bank/", card, name="real_name_card"),
    path(f"{HERE}bank/<uuid:check>/", code, name="real_name_code"),
    path(f"{HERE}photos/", photos, name="real_name_photos"),
    path(f"{HERE}photos/<uuid:check>/", confirm, name="real_name_confirm"),
    path(f"{HERE}check/<uuid:check>/", check_page, name="real_name_check"),
    path(f"{HERE}check/<uuid:check>/again/", ask_again, name="real_name_again"),
    path(f"{HERE}check/<uuid:check>/give-up/", give_up, name="real_name_give_up"),
    *more.urlpatterns,
]
