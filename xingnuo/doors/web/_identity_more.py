"""Pages of 实名认证 for being there, for a person's eye, for more items, and for minors."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _identity_forms as forms
from xingnuo.doors.web._identity_words import RELATIONS, RULES
from xingnuo.doors.web._pages import actor, person, show, subject
from xingnuo.doors.web._when import day
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import actions, queries
from xingnuo.people.identity.contracts import IsMinor, Kind, NumberTaken, Relation, State
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState

HERE = "me/real-name/"
SUPPLEMENT = ("sex", "nationality", "occupation")
SUPPLEMENT_MORE = ("usual_address", "work_address", "email")
_CHARS_MAX = 254


@require_GET
@person
def present(request: HttpRequest) -> HttpResponse:
    """Offer three ways of being there, side by side and alike."""
    return show(request, "identity/present")


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def face(request: HttpRequest) -> HttpResponse:
    """Take one picture of the face for one comparison; it is kept nowhere here."""
    if (lead := forms.first(request, forms.FACE, reverse("real_name_face"))) is not None:
        return lead
    if request.method == "GET":
        return forms.form(request, "face")
    try:
        image = forms.file_of(request, "face")
        check = actions.check_face(actor(request), image=image, key=forms.key_of(request))
    except BadInput as bad:
        fields = {"face": next(iter(bad.fields.values()), bad.remedy_text)}
        return forms.form(request, "face", bad=BadInput(fields))
    return forms.result(check)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def video(request: HttpRequest) -> HttpResponse:
    """Ask for a video call that a member of staff witnesses."""
    lead = forms.first(request, forms.WITNESS, reverse("real_name_video"), of_age=True)
    if lead is not None:
        return lead
    if request.method == "GET":
        return forms.form(request, "video")
    with transaction.atomic():
        check = actions.ask_video(actor(request), key=forms.key_of(request))
    return forms.result(check)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def counter(request: HttpRequest) -> HttpResponse:
    """Give a code to say at a counter; it is shown once."""
    lead = forms.first(request, forms.WITNESS, reverse("real_name_counter"), of_age=True)
    if lead is not None:
        return lead
    if request.method == "GET":
        opened = forms.stands(request).open(Kind.COUNTER)
        return forms.form(request, "counter", {"opened": opened})
    with transaction.atomic():
        given = actions.ask_counter(actor(request), key=forms.key_of(request))
    shown = {"code": given.code, "until": day(given.until), "check": given.check_id}
    answer = show(request, "identity/counter_code", shown)
    answer["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def review(request: HttpRequest) -> HttpResponse:
    """Take name and number for a person to look at: rare characters, a new name."""
    if (lead := forms.first(request, forms.REVIEW, reverse("real_name_review"))) is not None:
        return lead
    if request.method == "GET":
        return forms.form(request, "review", {"rules": RULES})
    try:
        rule, number = forms.rule_of(request), text(request, "number", limit=60)
        actions.refuse_if_minor(actor(request), number=number, rule=rule)
        with transaction.atomic():
            check = actions.ask_review(
                actor(request),
                name=text(request, "name", limit=200),
                number=number,
                rule=rule,
                key=forms.key_of(request),
            )
    except BadInput as bad:
        typed = ("name", "number", "rule")
        return forms.form(request, "review", {"rules": RULES}, bad=bad, typed=typed)
    except IsMinor:
        return see_other(reverse("real_name_minor"))
    except NumberTaken:
        return show(request, "identity/taken", status=409)
    return forms.result(check)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def phone(request: HttpRequest) -> HttpResponse:
    """Have the telecoms say whether a phone is the person's; a yes makes it theirs."""
    if (lead := forms.first(request, forms.PHONE, reverse("real_name_phone"))) is not None:
        return lead
    if request.method == "GET":
        return forms.form(request, "phone")
    try:
        check = actions.check_phone(
            actor(request), phone=text(request, "phone", limit=30), key=forms.key_of(request)
        )
    except BadInput as bad:
        return forms.form(request, "phone", bad=bad, typed=("phone",))
    return forms.result(check)


@require_POST
@person
def reused(request: HttpRequest) -> HttpResponse:
    """Ask a person to look at a number that stands for another account."""
    actions.ask_reused(actor(request))
    messages.success(request, "已申请人工核对。3 天内会有同事联系你，不会透露别人的任何信息。")
    return see_other(reverse("real_name"))


@require_http_methods(["GET", "POST"])
@person
def supplement(request: HttpRequest) -> HttpResponse:
    """Take the further items that the law asks for in some cases."""
    if (lead := forms.first(request, forms.SUPPLEMENT, reverse("real_name_more"))) is not None:
        return lead
    context = {
        "sexes": [(one, one) for one in policy.choices("sex")],
        "lacking": _lacking(request),
    }
    typed = (*SUPPLEMENT, *SUPPLEMENT_MORE)
    if request.method == "GET":
        return forms.form(request, "supplement", context)
    try:
        given = {one: text(request, one, limit=_CHARS_MAX, needed=False) for one in typed}
        values = {item: value for item, value in given.items() if value}
        if not values:
            raise BadInput({"sex": "请至少填写一项"})
        actions.supplement(actor(request), values=values)
    except BadInput as bad:
        return forms.form(request, "supplement", context, bad=bad, typed=typed)
    messages.success(request, "已保存。")
    return see_other(reverse("real_name"))


def _lacking(request: HttpRequest) -> list[tuple[str, str]]:
    compiled = policy.in_force()
    found = []
    for function in compiled.functions.values():
        items = queries.lacking(subject(request), function.id)
        if items:
            found.append((function.name, "、".join(compiled.items[one].name for one in items)))
    return found


@require_GET
@person
def minor(request: HttpRequest) -> HttpResponse:
    """Say plainly that minors are not served, what happened, and what can be done."""
    status = queries.status(actor(request))
    if status.state is not SubjectState.MINOR:
        return see_other(reverse("real_name"))
    waits = any(
        one.kind == "guardian" and one.state in ("waiting", "taken")
        for one in queries.my_cases(actor(request))
    )
    ways = (Kind.VIDEO, Kind.COUNTER)
    shown = {
        "waits": waits,
        "grown": status.in_force(Kind.AGE) is not None,
        "looking": next((one for way in ways if (one := status.open(way))), None),
        "seen": any(status.in_force(way) for way in ways),
    }
    return show(request, "identity/minor", shown)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def adult(request: HttpRequest) -> HttpResponse:
    """Let somebody who has come of age have it confirmed by the authority."""
    if forms.stands(request).state is not SubjectState.MINOR:
        return see_other(reverse("real_name"))
    if request.method == "GET":
        return forms.form(request, "adult", {"rules": RULES})
    typed = ("name", "number", "rule")
    try:
        check = actions.prove_age(
            actor(request),
            name=text(request, "name", limit=200),
            number=text(request, "number", limit=60),
            rule=forms.rule_of(request),
            key=forms.key_of(request),
        )
    except BadInput as bad:
        return forms.form(request, "adult", {"rules": RULES}, bad=bad, typed=typed)
    except NumberTaken:
        return show(request, "identity/taken", status=409)
    except IsMinor:
        messages.error(request, "证件号码仍显示未满 18 岁，填写的内容没有保存。")
        return see_other(reverse("real_name_minor"))
    if check.state is State.MATCHED:
        return see_other(reverse("real_name_minor"))
    return forms.result(check)


@require_POST
@person
def reopen(request: HttpRequest) -> HttpResponse:
    """Open the account again, by the grown-up person's own act."""
    actions.reopen(actor(request))
    messages.success(request, "帐号已重新开启。要用金融服务，请重新实名。")
    return see_other(reverse("real_name"))


@require_http_methods(["GET", "POST"])
@person
def guardian(request: HttpRequest) -> HttpResponse:
    """Take a guardian's request to delete a minor's account, with proof of the relation."""
    context = {"relations": RELATIONS}
    if request.method == "GET":
        return forms.form(request, "guardian", context)
    try:
        actions.tell_of_minor(
            actor(request),
            subject_id=subject(request),
            relation=_relation(request),
            proof=forms.file_of(request, "proof"),
        )
    except BadInput as bad:
        return forms.form(request, "guardian", context, bad=bad, typed=("relation",))
    messages.success(request, "已收到。15 天内核实，属实就删除全部信息并关闭帐号。")
    return see_other(reverse("real_name"))


def _relation(request: HttpRequest) -> Relation:
    try:
        return Relation(text(request, "relation", limit=20))
    except ValueError:
        raise BadInput({"relation": "请从给出的关系里选一种"}) from None


urlpatterns = [
    path(f"{HERE}present/", present, name="real_name_present"),
    path(f"{HERE}face/", face, name="real_name_face"),
    path(f"{HERE}video/", video, name="real_name_video"),
    path(f"{HERE}counter/", counter, name="real_name_counter"),
    path(f"{HERE}review/", review, name="real_name_review"),
    path(f"{HERE}phone/", phone, name="real_name_phone"),
    path(f"{HERE}reused/", reused, name="real_name_reused"),
    path(f"{HERE}more/", supplement, name="real_name_more"),
    path(f"{HERE}minor/", minor, name="real_name_minor"),
    path(f"{HERE}adult/", adult, name="real_name_adult"),
    path(f"{HERE}reopen/", reopen, name="real_name_reopen"),
    path(f"{HERE}guardian/", guardian, name="real_name_guardian"),
]
