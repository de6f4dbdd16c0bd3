"""Unlocking the app, proving oneself anew, and the ways to do both under 设置 › 解锁方式."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.app_lock import seen_of
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import safe_next, see_other
from xingnuo.doors.web import _unlock_try
from xingnuo.doors.web._pages import actor, person, session_of, show, with_query
from xingnuo.doors.web._unlock_forms import way_of
from xingnuo.doors.web._unlock_set import (
    create_options,
    set_page,
    set_sent,
)
from xingnuo.doors.web._unlock_words import ABOUT, ICONS, STATES, standing
from xingnuo.doors.web._when import moment
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock.contracts import LABELS, NAMES, Act, CredentialShown, State, WayShown
from xingnuo.trust.gate.contracts import Strength


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def unlock(request: HttpRequest) -> HttpResponse:
    """Unlock the app by any way that the person set up."""
    if request.method == "POST":
        return _unlock_try.tried(request, Act.UNLOCK)
    with transaction.atomic():
        must = queries.must_unlock(session_of(request), seen=seen_of(request))
    if not must:
        return see_other(safe_next(request, reverse("home")))
    return _unlock_try.page(request, Act.UNLOCK, wanted=request.GET.get("way", ""))


@require_POST
@person
def unlock_options(request: HttpRequest) -> HttpResponse:
    """Give the device its question for unlocking."""
    return _unlock_try.options(request, Act.UNLOCK)


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def reverify(request: HttpRequest) -> HttpResponse:
    """Prove anew that it is the person, for the next five minutes."""
    if request.method == "POST":
        return _unlock_try.tried(request, Act.REVERIFY)
    return _unlock_try.page(request, Act.REVERIFY, wanted=request.GET.get("way", ""))


@require_POST
@person
def reverify_options(request: HttpRequest) -> HttpResponse:
    """Give the device its question for proving."""
    return _unlock_try.options(request, Act.REVERIFY)


@require_GET
@person
def unlock_settings(request: HttpRequest) -> HttpResponse:
    """List the ways: equal, any is enough, none is forced."""
    ways = queries.ways(actor(request))
    rows = [_row(shown, agreed=queries.is_agreed(actor(request), way=shown.way)) for shown in ways]
    return show(
        request,
        "unlock/settings",
        {"rows": rows, "on": any(one.state in (State.ACTIVE, State.LOCKED) for one in ways)},
    )


def _row(shown: WayShown, *, agreed: bool) -> dict[str, str]:
    state = State.PENDING if shown.state is State.OFF and agreed else shown.state
    word, tone = STATES[state]
    sub = standing(shown) or ABOUT[shown.way]
    return {
        "title": NAMES[shown.way] + ("（首选）" if shown.is_chosen else ""),
        "sub": sub,
        "icon": ICONS[shown.way],
        "href": reverse("unlock_way", args=[shown.way.value]),
        "word": word,
        "tone": tone,
    }


@require_GET
@person
def unlock_way(request: HttpRequest, way: str) -> HttpResponse:
    """Show one way: how it stands, and what can be done with it."""
    known = way_of(way)
    shown = queries.one(actor(request), way=known)
    agreed = queries.is_agreed(actor(request), way=known)
    word, tone = STATES[shown.state]
    here = reverse("unlock_way", args=[way])
    return show(
        request,
        "unlock/way",
        {
            "shown": shown,
            "way": known.value,
            "name": NAMES[known],
            "icon": ICONS[known],
            "word": word,
            "tone": tone,
            "standing": standing(shown),
            "is_on": shown.state in (State.ACTIVE, State.LOCKED),
            "agreed": agreed,
            "face": queries.lacks_face(actor(request)) and known.value == "biometric",
            "consent": with_query(reverse("consent", args=[known.purpose]), next=here),
            "set_at": moment(shown.set_at),
            "used_at": moment(shown.used_at) or "还没有用过",
            "devices": [_device(one) for one in shown.credentials],
        },
    )


def _device(shown: CredentialShown) -> dict[str, str]:
    used = f"上次使用：{moment(shown.used_at)}" if shown.used_at else "还没有用过"
    return {
        "title": shown.name,
        "sub": f"{moment(shown.made_at)} 添加，{used}",
        "href": reverse("unlock_device", args=[shown.id]),
    }


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def unlock_set(request: HttpRequest, way: str) -> HttpResponse:
    """Set or change one way; consent and a fresh proof come first."""
    known = way_of(way)
    return set_sent(request, known) if request.method == "POST" else set_page(request, known)


@require_POST
@person
def unlock_create_options(request: HttpRequest) -> HttpResponse:
    """Give the device its question for being added."""
    return create_options(request)


@require_POST
@person
def unlock_first(request: HttpRequest, way: str) -> HttpResponse:
    """Show this way first from now on."""
    known = way_of(way)
    actions.choose(actor(request), way=known)
    messages.success(request, f"以后先显示{NAMES[known]}，其他方式仍可一点切换。")
    return see_other(reverse("unlock_way", args=[way]))


@require_http_methods(["GET", "POST"])
@person
def unlock_off(request: HttpRequest, way: str) -> HttpResponse:
    """Say what switching off does, then do it; a fresh proof comes first."""
    known = way_of(way)
    here = reverse("unlock_off", args=[way])
    if actor(request).strength < Strength.REVERIFIED:
        return see_other(with_query(reverse("reverify"), next=here))
    shown = queries.ways(actor(request))
    if request.method == "GET":
        others = [one for one in shown if one.way is not known and one.is_usable]
        context = {"way": way, "name": NAMES[known], "others": [NAMES[one.way] for one in others]}
        return show(request, "unlock/off", context)
    actions.switch_off(actor(request), way=known)
    messages.success(request, f"已关闭{NAMES[known]}，留下的摘要或公钥已删除，授权已撤回。")
    return see_other(reverse("unlock_settings"))


@require_http_methods(["GET", "POST"])
@person
def unlock_device(request: HttpRequest, device: UUID) -> HttpResponse:
    """Show one device, and name it from the list."""
    shown = queries.credential(actor(request), credential_id=device)
    if request.method == "GET":
        context = {
            "device": shown,
            "since": moment(shown.made_at),
            "used_at": moment(shown.used_at) or "还没有用过",
            "labels": [("", shown.device), *LABELS.items()],
        }
        return show(request, "unlock/device", context)
    label = text(request, "label", limit=20, needed=False)
    actions.rename_credential(actor(request), credential_id=device, label=label)
    messages.success(request, "名字已改好。")
    return see_other(reverse("unlock_way", args=["biometric"]))


@require_POST
@person
def unlock_device_off(request: HttpRequest, device: UUID) -> HttpResponse:
    """Take one device out; a fresh proof comes first."""
    shown = queries.credential(actor(request), credential_id=device)
    if actor(request).strength < Strength.REVERIFIED:
        back = reverse("unlock_device", args=[device])
        return see_other(with_query(reverse("reverify"), next=back))
    ended = actions.remove_credential(actor(request), credential_id=device)
    said = f"已删掉{shown.name}，它的公钥已删除。"
    messages.success(request, said + ("这是最后一台，指纹或面容已关闭。" if ended else ""))
    return see_other(reverse("unlock_settings" if ended else "unlock_way", args=_rest(ended)))


def _rest(ended: bool) -> list[str]:
    return [] if ended else ["biometric"]


HERE = "me/settings/unlock/"
urlpatterns = [
    path("unlock/", unlock, name="unlock"),
    path("unlock/options/", unlock_options, name="unlock_options"),
    path("reverify/", reverify, name="reverify"),
    path("reverify/options/", reverify_options, name="reverify_options"),
    path(HERE, unlock_settings, name="unlock_settings"),
    path(f"{HERE}options/", unlock_create_options, name="unlock_create_options"),
    path(f"{HERE}device/<uuid:device>/", unlock_device, name="unlock_device"),
    path(f"{HERE}device/<uuid:device>/off/", unlock_device_off, name="unlock_device_off"),
    path(f"{HERE}<slug:way>/", unlock_way, name="unlock_way"),
    path(f"{HERE}<slug:way>/set/", unlock_set, name="unlock_set"),
    path(f"{HERE}<slug:way>/first/", unlock_first, name="unlock_first"),
    path(f"{HERE}<slug:way>/off/", unlock_off, name="unlock_off"),
]
