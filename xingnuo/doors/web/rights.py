"""Pages of a person's rights: see, correct, delete, download, withdraw, close, receipt."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text, uuid_or_404
from xingnuo.doors.porch.origin import same_origin
from xingnuo.doors.porch.replies import see_other
from xingnuo.doors.web import _rights, _withdrawal
from xingnuo.doors.web._pages import actor, link, person, show, subject, with_query
from xingnuo.duties.rights import actions as rights
from xingnuo.duties.rights import queries
from xingnuo.duties.rights.contracts import NeedsProof, OpenBusiness
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.accounts import queries as accounts
from xingnuo.trust.consent.contracts import POLICY
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing_of
from xingnuo.trust.gate.contracts import GateRefusal, Outcome, Reason, Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Form, SubjectState


@require_GET
@person
def personal(request: HttpRequest) -> HttpResponse:
    """Show the person's own values by category: masked, and plain after a fresh proof."""
    me = actor(request)
    shown = queries.profile(me, subject_id=subject(request))
    plain = me.strength >= Strength.REVERIFIED
    context = {
        "groups": _rights.groups(policy.in_force(), shown, _active(request)),
        "picture": _rights.PICTURES[accounts.avatar_held(me, subject_id=subject(request))],
        "plain": plain,
        "reverify": _reverify(reverse("personal")),
    }
    return show(request, "rights/personal", context)


@require_http_methods(["GET", "POST"])
@person
def item(request: HttpRequest, item_id: str) -> HttpResponse:
    """Fill in, correct or delete one item."""
    known = policy.in_force().items.get(item_id)
    if known is None or not known.editable or known.form is not Form.VALUE:
        raise NotFound(item_id)
    held = {one.item: one for one in queries.profile(actor(request), subject_id=subject(request))}
    context: dict[str, Any] = {
        "item": known,
        "held": held.get(item_id),
        "form": _rights.control(known),
        "value": "",
        "error": "",
        "hint": f"最多 {known.max_chars} 个字",
    }
    if request.method == "GET":
        return show(request, "rights/item", context)
    try:
        value = text(request, "value", limit=known.max_chars)
        return _saved(request, item_id, value, is_correction=item_id in held)
    except BadInput as error:
        context["value"] = request.POST.get("value", "")[: known.max_chars]
        context["error"] = next(iter(error.fields.values()), error.message_text)
        context["errors"] = [("id_value", context["error"])]
        return show(request, "rights/item", context, status=422)


def _saved(request: HttpRequest, item_id: str, value: str, *, is_correction: bool) -> HttpResponse:
    me, who = actor(request), subject(request)
    if is_correction:
        rights.correct(me, subject_id=who, values={item_id: value})
    else:
        try:
            permit = gate.permit(me, subject_id=who, purpose="profile.manage", items=(item_id,))
        except GateRefusal as refusal:
            if refusal.reason not in (Reason.NO_CONSENT, Reason.DUE_AGAIN):
                raise
            # Nothing was taken: the person is asked first, and comes back to this very page.
            gate.refused(refusal)
            return _ask_first(item_id)
        if permit.outcomes[item_id] is Outcome.DENY:
            return _ask_first(item_id)
        gate.collect(permit, {item_id: value})
    messages.success(request, "已保存。")
    return see_other(reverse("personal"))


def _ask_first(item_id: str) -> HttpResponse:
    back = reverse("personal_item", args=[item_id])
    return see_other(with_query(reverse("consent", args=["profile.manage"]), next=back))


@require_POST
@person
def delete(request: HttpRequest, item_id: str) -> HttpResponse:
    """Delete one item at the person's wish."""
    known = policy.in_force().items.get(item_id)
    if known is None or not known.editable or known.form is not Form.VALUE:
        raise NotFound(item_id)
    rights.delete_items(actor(request), subject_id=subject(request), items=(item_id,))
    messages.success(request, f"已删除：{known.name}。")
    return see_other(reverse("personal"))


@require_http_methods(["GET", "POST"])
@person
def download(request: HttpRequest) -> HttpResponse:
    """Give the masked copy as one ZIP; nothing of it stays here."""
    if request.method == "GET":
        return show(request, "rights/download")
    copy = rights.copy(actor(request), subject_id=subject(request))
    response = HttpResponse(copy.content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{copy.filename}"'
    return response


@require_GET
@person
def requests(request: HttpRequest) -> HttpResponse:
    """List the person's requests with their clocks."""
    return show(
        request, "rights/requests", {"cases": _rights.told(queries.cases(subject(request)))}
    )


@require_http_methods(["GET", "POST"])
@person
def withdraw_policy(request: HttpRequest) -> HttpResponse:
    """Tell what withdrawing costs, and withdraw."""
    stands = standing_of.standing(subject(request))
    lines = [*_rights.WITHDRAWAL_LINES, *_at_stake(request, stands.state)]
    text_hash = ids.digest("|".join(f"{name}:{words}" for name, words in lines))
    context = {"state": stands.state.value, "text_hash": text_hash, "lines": lines}
    if request.method == "GET":
        return show(request, "rights/withdraw", context)
    if text(request, "text_hash", limit=64) != text_hash:
        raise BadInput({"text_hash": "页面内容已更新，请刷新后再试"})
    rights.withdraw_policy(actor(request), subject_id=subject(request), text_hash=text_hash)
    messages.success(request, "已撤回。我们已停止收集和使用你的信息。")
    return see_other(reverse("withdraw_policy"))


def _at_stake(request: HttpRequest, state: SubjectState) -> list[tuple[str, str]]:
    if state not in (SubjectState.ACTIVE, SubjectState.FROZEN):
        return []
    stake = standing_of.at_stake(actor(request), subject_id=subject(request), purpose=POLICY)
    return _withdrawal.lines(policy.in_force(), stake, still="恢复使用时要用")


@require_http_methods(["GET", "POST"])
@person
def close_service(request: HttpRequest) -> HttpResponse:
    """Tell what closing does, list what stands in the way, and close."""
    blockers = queries.closing_blockers(subject(request))
    context = {
        "blockers": blockers,
        "warnings": queries.closing_warnings(subject(request)),
        "key": str(ids.uuid7()),
        "proved": actor(request).strength >= Strength.REVERIFIED,
        "reverify": _reverify(reverse("close_service")),
    }
    if request.method == "GET":
        return show(request, "rights/close", context)
    if request.POST.get("sure") != "1":
        context["error"] = "请先勾选“我已知道注销后不能恢复”"
        context["errors"] = [("sure", context["error"])]
        return show(request, "rights/close", context, status=422)
    try:
        closing = rights.close(
            actor(request), subject_id=subject(request), key=uuid_or_404(text(request, "key"))
        )
    except NeedsProof:
        return see_other(_reverify(reverse("close_service")))
    except OpenBusiness as error:
        context["blockers"] = error.blockers
        return show(request, "rights/close", context, status=409)
    response = see_other(reverse("receipt", args=[closing.receipt_code]))
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@same_origin
@require_http_methods(["GET", "POST"])
def find_receipt(request: HttpRequest) -> HttpResponse:
    """Take a receipt code from whoever holds one."""
    if request.method == "POST":
        code = text(request, "code", limit=40, needed=False).replace(" ", "").lower()
        try:
            queries.receipt(code)
            return see_other(reverse("receipt", args=[code]))
        except NotFound:
            context = {"value": code, "error": "没有找到这个回执号，请核对 24 位字母和数字"}
            return show(request, "rights/find_receipt", context, status=422)
    return show(request, "rights/find_receipt", {"value": "", "error": ""})


@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """Show where a closure stands, and its signed certificate."""
    found = queries.receipt(code)
    context = {
        "code": code,
        "case": _rights.told((found.case,))[0],
        "certificate": found.certificate,
    }
    return show(request, "rights/receipt", context)


def _active(request: HttpRequest) -> bool:
    return standing_of.state_of(subject(request)) is SubjectState.ACTIVE


def _reverify(back: str) -> str:
    return with_query(link("reverify", default="/reverify/"), next=back)


urlpatterns = [
    path("me/personal/", personal, name="personal"),
    path("me/personal/download/", download, name="personal_download"),
    path("me/personal/<slug:item_id>/", item, name="personal_item"),
    path("me/personal/<slug:item_id>/delete/", delete, name="personal_delete"),
    path("me/settings/privacy/requests/", requests, name="rights_requests"),
    path("me/settings/privacy/withdraw/", withdraw_policy, name="withdraw_policy"),
    path("me/settings/privacy/close/", close_service, name="close_service"),
    path("receipt/", find_receipt, name="find_receipt"),
    path("receipt/<slug:code>/", receipt, name="receipt"),
]
