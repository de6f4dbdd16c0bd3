"""System permissions: told before asked, one at a time, taken back as easily as given."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import safe_next, see_other
from xingnuo.doors.web._pages import actor, person, show, subject
from xingnuo.doors.web._when import moment
from xingnuo.doors.web._words import item_names
from xingnuo.people.permissions import actions, queries
from xingnuo.people.permissions.contracts import Permission, Setting
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import Compiled

# What the browser can be asked for; any other permission exists only in an installed app.
BROWSER = {"camera": "camera", "microphone": "microphone", "location": "geolocation"}
ICONS = {
    "phone_state": "smartphone",
    "account_list": "users",
    "storage": "folder",
    "calendar": "calendar",
    "microphone": "mic",
    "camera": "camera",
    "photos": "image",
    "face_id": "scan-face",
    "location": "map-pin",
    "contacts": "contact",
    "call_phone": "phone",
}
SETTINGS = {
    Setting.ON: ("已允许", "good"),
    Setting.REFUSED: ("未允许", ""),
    Setting.WITHDRAWN: ("已关闭", ""),
    Setting.NEVER_ASKED: ("没问过", ""),
}
OUTCOMES = ("", "granted", "denied", "dismissed", "unavailable")


@require_GET
@person
def permissions(request: HttpRequest) -> HttpResponse:
    """List the permissions of this device with their state, and apart those of others."""
    known = queries.of_subject(actor(request), subject_id=subject(request))
    rows = [_row(one) for one in known]
    return show(
        request,
        "permissions/list",
        {
            "here": [row for row, one in zip(rows, known, strict=True) if one.applies],
            "elsewhere": [row for row, one in zip(rows, known, strict=True) if not one.applies],
        },
    )


def _row(known: Permission) -> dict[str, str]:
    word, tone = SETTINGS[known.setting]
    since = f"，{moment(known.since)}起" if known.since else ""
    return {
        "title": known.name,
        "sub": f"{known.why}{since}",
        "bounds": known.bounds_text,
        "href": reverse("permission", args=[known.id]),
        "icon": ICONS.get(known.id, "settings"),
        "word": word,
        "tone": tone,
    }


@require_http_methods(["GET", "POST"])
@person
def permission(request: HttpRequest, name: str) -> HttpResponse:
    """Explain one permission and take the answer, or show how it stands."""
    known = queries.one(actor(request), subject_id=subject(request), permission=name)
    to = safe_next(request, "")
    if request.method == "POST":
        return _answered(request, known, to)
    compiled = policy.in_force()
    word, tone = SETTINGS[known.setting]
    answer = show(
        request,
        "permissions/one",
        {
            "known": known,
            "panel": _panel(compiled, known, to),
            "on": known.setting is Setting.ON,
            "word": word,
            "tone": tone,
            "since": moment(known.since),
            "purposes": "、".join(compiled.purposes[p].title for p in known.purposes),
            "prompts": name in BROWSER,
            "back": to or reverse("permissions"),
        },
    )
    if name in BROWSER and known.applies:
        answer.device_features = frozenset({BROWSER[name]})  # type: ignore[attr-defined]
    return answer


def _panel(compiled: Compiled, known: Permission, to: str) -> dict[str, object]:
    taken = item_names(compiled, known.items)
    return {
        "kind": BROWSER.get(known.id, "none"),
        "icon": ICONS.get(known.id, "settings"),
        "ask": known.name,
        "lead": "只在用到的那一刻使用，用完就停。",
        "what": known.why,
        "taken": taken or "不留下信息，只用你选的那一份",
        "if_refused": known.refusal_cost,
        "otherwise": known.by_hand,
        "action": reverse("permission", args=[known.id]),
        "next": to,
        "hidden": {"text_hash": known.text_hash},
    }


def _answered(request: HttpRequest, known: Permission, to: str) -> HttpResponse:
    agreed = text(request, "answer", limit=10) == "agree"
    outcome = text(request, "outcome", limit=20, needed=False)
    allowed = agreed and outcome in ("", "granted")
    if agreed and outcome == "dismissed":
        messages.info(request, "还没有决定，什么都没有记录。")
        return see_other(to or reverse("permission", args=[known.id]))
    actions.answer(
        actor(request),
        subject_id=subject(request),
        permission=known.id,
        on=allowed,
        text_hash=text(request, "text_hash", limit=64),
    )
    _tell(request, known, agreed=agreed, allowed=allowed)
    return see_other(to or reverse("permission", args=[known.id]))


def _tell(request: HttpRequest, known: Permission, *, agreed: bool, allowed: bool) -> None:
    if allowed:
        messages.success(request, f"已允许：{known.name}。随时可以关闭。")
    elif agreed:
        messages.warning(
            request, "浏览器没有允许，所以仍是关闭。要开启，请看下面「在浏览器里打开」。"
        )
    else:
        by_hand = f"可以{known.by_hand}。" if known.by_hand else ""
        messages.success(request, f"没有允许：{known.name}。{by_hand}不会反复问你。")


@require_POST
@person
def close(request: HttpRequest, name: str) -> HttpResponse:
    """Take a permission back; collection by it stops with this step."""
    known = queries.one(actor(request), subject_id=subject(request), permission=name)
    actions.answer(
        actor(request),
        subject_id=subject(request),
        permission=name,
        on=False,
        text_hash=known.text_hash,
    )
    messages.success(request, f"已关闭：{known.name}。收集已停止，之前做过的不受影响。")
    return see_other(safe_next(request, reverse("permission", args=[name])))


urlpatterns = [
    path("me/settings/privacy/permissions/", permissions, name="permissions"),
    path("me/settings/privacy/permissions/<slug:name>/", permission, name="permission"),
    path("me/settings/privacy/permissions/<slug:name>/close/", close, name="permission_close"),
]
