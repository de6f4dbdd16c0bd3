"""我的 and 设置: the account, its devices, how things look, and what the browser keeps."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch import cookies
from xingnuo.doors.porch.context import look_of
from xingnuo.doors.porch.origin import same_origin
from xingnuo.doors.porch.replies import drop_cookie, see_other
from xingnuo.doors.web import _asking
from xingnuo.doors.web._pages import actor, link, person, show, subject, visitor, with_query
from xingnuo.doors.web._when import day, moment
from xingnuo.doors.web._words import STATES
from xingnuo.doors.web.home import banner, card
from xingnuo.doors.web.sign_in import signed_out
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts import queries as known
from xingnuo.people.notices import queries as told_of
from xingnuo.people.notices.contracts import PROMOTION
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries as standing_of
from xingnuo.trust.gate.contracts import Actor
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState

PROFILE_STATES = (SubjectState.NEW, SubjectState.ACTIVE, SubjectState.FROZEN)
THEMES = (("auto", "跟随手机"), ("light", "浅色"), ("dark", "深色"))
MODES = (("standard", "标准版"), ("elder", "长辈版"), ("elder-xl", "特大字"))
PLACES = {"cookie": "Cookie", "cache": "缓存"}
# What a person may clear and stay signed in: the rest goes with signing out.
CLEARED = ("xn_ui", "xn_device")


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """Show the fourth tab: consumer protection first, then what is one's own."""
    who = visitor(request)
    if not who.signed_in:
        return show(request, "settings/me_guest")
    stands = standing_of.standing(subject(request))
    shown = {
        "who": _profile(who.actor, stands.state),
        "state": STATES[stands.state],
        "card": card(policy.in_force(), subject(request), stands),
        "banner": banner(stands),
        "unread": told_of.unread(who.actor),
        "personal": link("personal"),
    }
    return show(request, "settings/me", shown)


def _profile(who: Actor, state: SubjectState) -> dict[str, str]:
    # Whoever may no longer be served is named by nothing at all.
    if state not in PROFILE_STATES or who.subject_id is None:
        return {}
    permit = gate.permit(
        who, subject_id=who.subject_id, purpose="accounts.sign_in", items=("nickname", "phone")
    )
    found = {one.item: one.text for one in standing_of.read(permit)}
    phone = found.get("phone", "")
    return {
        "name": found.get("nickname", ""),
        "phone": standing_of.mask("phone", phone) if phone else "",
    }


@require_GET
def settings(request: HttpRequest) -> HttpResponse:
    """Show the list of settings; a guest sees those that need no account."""
    shown = {
        "guest": not visitor(request).signed_in,
        "unlock": link("unlock_settings"),
        "theme": dict(THEMES)[str(look_of(request)["theme"])],
        "mode": dict(MODES)[str(look_of(request)["mode"])],
    }
    return show(request, "settings/settings", shown)


@require_GET
@person
def account(request: HttpRequest) -> HttpResponse:
    """Show how the account stands, and how to stop misuse at once."""
    state = known.account(actor(request))
    shown = {
        "account": state,
        "words": STATES[state.state],
        "since": moment(state.since),
        "frozen": state.state is SubjectState.FROZEN,
        "prove": with_query(reverse("reverify"), next=reverse("account")),
        "sessions": len(state.sessions),
    }
    return show(request, "settings/account", shown)


@require_http_methods(["GET", "POST"])
@person
def misuse(request: HttpRequest) -> HttpResponse:
    """Say what reporting misuse does, and do it in one step."""
    if request.method == "GET":
        state = known.account(actor(request))
        return show(request, "settings/misuse", {"account": state})
    accounts.report_misuse(actor(request))
    messages.success(request, "帐号已冻结，其他设备都已退出。验证是你本人后可以解冻。")
    return see_other(reverse("account"))


@require_POST
@person
def unfreeze(request: HttpRequest) -> HttpResponse:
    """Open a frozen account again, after a proof of minutes ago."""
    accounts.unfreeze(actor(request))
    messages.success(request, "帐号已解冻。建议到星号帐号修改密码。")
    return see_other(reverse("account"))


@require_GET
@person
def devices(request: HttpRequest) -> HttpResponse:
    """List where the person is signed in, and which browsers were used before."""
    places = known.addresses(actor(request))
    shown = {
        "sessions": [
            {
                "one": each,
                "since": moment(each.created_at),
                "until": day(each.expires_at),
                "place": places.get(each.device_id, ""),
            }
            for each in known.sessions(actor(request))
        ],
        "devices": [
            {
                "label": each.label,
                "line": f"{day(each.first_seen_at)}第一次用，最近 {moment(each.last_seen_at)}",
                "place": places.get(each.id, ""),
            }
            for each in known.devices(actor(request))
        ],
    }
    return show(request, "settings/devices", shown)


@require_POST
@person
def sign_out_one(request: HttpRequest, session: UUID) -> HttpResponse:
    """End one of the person's own sessions elsewhere."""
    if session == actor(request).session_id:
        accounts.sign_out(actor(request))
        return signed_out(request, "已退出登录。")
    accounts.sign_out_one(actor(request), session_id=session)
    messages.success(request, "那台设备已退出登录。")
    return see_other(reverse("devices"))


@require_POST
@person
def sign_out_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    count = accounts.sign_out_others(actor(request))
    said = f"已让其他 {count} 台设备退出登录。" if count else "没有别的设备登录着。"
    messages.success(request, said)
    return see_other(reverse("devices"))


@require_POST
@person
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every session, this one too."""
    accounts.sign_out_everywhere(actor(request))
    return signed_out(request, "所有设备都已退出登录。")


@require_GET
@person
def promotions(request: HttpRequest) -> HttpResponse:
    """Switch promotions; on only by the person's own yes (1.6.1)."""
    stands = standing_of.standing(subject(request))
    shown = {
        "on": _asking.is_on(stands, PROMOTION),
        "question": _asking.question(PROMOTION, to=request.path),
        "question_href": _asking.address(PROMOTION, to=request.path),
        "withdraw": reverse("consent_withdraw", args=[PROMOTION]),
        "cost": policy.in_force().purposes[PROMOTION].refusal_cost,
    }
    return show(request, "settings/promotions", shown)


@require_GET
def look(request: HttpRequest) -> HttpResponse:
    """Choose light or dark and the size of things; kept in a cookie that names nobody."""
    now = look_of(request)
    return show(request, "settings/look", {"themes": THEMES, "modes": MODES, "now": now})


@require_GET
def storage(request: HttpRequest) -> HttpResponse:
    """List every cookie and store that the browser may keep for us (2.1, 2.4)."""
    rows = [
        {"kept": kept, "place": PLACES[kept.where], "here": kept.name in request.COOKIES}
        for kept in cookies.KEPT
        if not kept.for_staff
    ]
    return show(request, "settings/storage", {"rows": rows})


@same_origin
@require_POST
def clear_storage(request: HttpRequest) -> HttpResponse:
    """Clear what the browser keeps, but for what holds the sign-in and the notice's answer."""
    messages.success(request, "已清除本地存储：离线内容、显示设置、设备记号。")
    answer = see_other(reverse("storage"))
    for name in CLEARED:
        drop_cookie(answer, name)
    answer["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@require_GET
def about(request: HttpRequest) -> HttpResponse:
    """Say who runs this, under which policy, and by which open means it can be checked."""
    compiled = policy.in_force()
    shown = {
        "policy": compiled,
        "effective": day(compiled.effective_on),
        "controllers": compiled.controllers.values(),
    }
    return show(request, "settings/about", shown)


urlpatterns = [
    path("me/", me, name="me"),
    path("me/settings/", settings, name="settings"),
    path("me/settings/account/", account, name="account"),
    path("me/settings/account/misuse/", misuse, name="misuse"),
    path("me/settings/account/unfreeze/", unfreeze, name="unfreeze"),
    path("me/settings/devices/", devices, name="devices"),
    path("me/settings/devices/sign-out/<uuid:session>/", sign_out_one, name="sign_out_one"),
    path("me/settings/devices/sign-out-others/", sign_out_others, name="sign_out_others"),
    path("me/settings/devices/sign-out-all/", sign_out_everywhere, name="sign_out_everywhere"),
    path("me/settings/benefit-notices/", promotions, name="promotions"),
    path("me/settings/display/", look, name="look"),
    path("me/settings/storage/", storage, name="storage"),
    path("me/settings/storage/clear/", clear_storage, name="clear_storage"),
    path("me/settings/about/", about, name="about"),
]
