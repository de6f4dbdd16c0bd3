"""Signing in and out: a trip to the account provider and back, and proving oneself anew."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xingnuo.doors.porch import safe_entry
from xingnuo.doors.porch.address import address_of
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import drop_cookie, put_cookie, safe_next, see_other
from xingnuo.doors.porch.visitor import SEEN
from xingnuo.doors.web import _notice
from xingnuo.doors.web._pages import actor, link, person, session_of, show, visitor, with_query
from xingnuo.kit.errors import Unavailable, XingnuoError
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts import queries as known
from xingnuo.people.accounts.contracts import (
    Caller,
    FlowRefused,
    NotAgreed,
    NotSamePerson,
    ProviderDeclined,
    SignedIn,
    Started,
)
from xingnuo.people.antifraud.contracts import Decision, Outcome
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.gate.contracts import Strength
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState

DEVICE = "xn_device"
FLOW = "xn_flow"
DEVICE_SECONDS = 365 * 86_400
CODE_CHARS_MAX = 2000
# Where a person lands whose account is not simply open.
LANDS = {
    SubjectState.NEW: "policy_agree",
    SubjectState.FROZEN: "account",
    SubjectState.WITHDRAWN: "policy_agree",
    SubjectState.CLOSING: "close_service",
}


@require_http_methods(["GET", "POST"])
@own_transactions
def sign_in(request: HttpRequest) -> HttpResponse:
    """Say what signing in takes, then begin the trip; the notice comes first."""
    to = safe_next(request, reverse("home"))
    if visitor(request).signed_in:
        return see_other(to)
    answer = _notice.agreed(request)
    if answer is None:
        return see_other(with_query(reverse("welcome"), next=_here(to)))
    if request.method == "GET":
        return _sign_in_page(request, to)
    try:
        started = accounts.begin_sign_in(
            accepted=answer.accepted, caller=caller(request), next_path=to
        )
    except Unavailable:
        return _sign_in_page(request, to, away=True, status=503)
    return _off(started)


def _here(to: str) -> str:
    return with_query(reverse("sign_in"), next=to)


def _sign_in_page(
    request: HttpRequest, to: str, *, away: bool = False, status: int = 200
) -> HttpResponse:
    shown = {"sheet": gate.sheet("accounts.sign_in"), "next": to, "away": away}
    return show(request, "sign_in/sign_in", shown, status=status)


def caller(request: HttpRequest) -> Caller:
    """Say what is known of who knocks."""
    return Caller(
        device=request.COOKIES.get(DEVICE, "")[:200],
        address=address_of(request),
        label=known.label_of(request.headers.get("User-Agent", "")),
        channel="h5",
        token=request.COOKIES.get(settings.SESSION_COOKIE, ""),
    )


def _off(started: Started) -> HttpResponse:
    answer = see_other(started.url)
    put_cookie(answer, FLOW, started.cookie, seconds=started.seconds)
    return answer


@require_GET
@own_transactions
def callback(request: HttpRequest) -> HttpResponse:
    """Come back from the account provider: finish the trip, or say plainly why not."""
    try:
        done = accounts.finish_sign_in(
            code=request.GET.get("code", "")[:CODE_CHARS_MAX],
            state=request.GET.get("state", "")[:CODE_CHARS_MAX],
            cookie=request.COOKIES.get(FLOW, "")[:CODE_CHARS_MAX],
            caller=caller(request),
            current=visitor(request).session,
            fault=request.GET.get("error", "")[:100],
            issuer=request.GET.get("iss", "")[:CODE_CHARS_MAX],
        )
    except (FlowRefused, ProviderDeclined, NotAgreed, NotSamePerson, Unavailable) as error:
        return _not_signed_in(request, error)
    if done.session.strength < Strength.REVERIFIED:
        decision = safe_entry.look(done, caller=caller(request))
        if decision.outcome is Outcome.REFUSE:
            return _kept_out(request, decision)
    return _signed_in(request, done)


def _kept_out(request: HttpRequest, decision: Decision) -> HttpResponse:
    shown = {
        "message": decision.message.replace("这一步没有办理", "没有登录"),
        "remedy": "请联系客服，由人来核实；也可以换一台常用的设备再试。",
        "proving": False,
        "again": reverse("sign_in"),
    }
    answer = show(request, "sign_in/not_done", shown, status=403)
    drop_cookie(answer, FLOW)
    return answer


def _not_signed_in(request: HttpRequest, error: XingnuoError) -> HttpResponse:
    proving = visitor(request).signed_in
    shown = {
        "message": error.message_text,
        "remedy": error.remedy_text,
        "proving": proving,
        "again": reverse("reverify") if proving else reverse("sign_in"),
    }
    answer = show(request, "sign_in/not_done", shown, status=error.status)
    drop_cookie(answer, FLOW)
    return answer


def _signed_in(request: HttpRequest, done: SignedIn) -> HttpResponse:
    answer = see_other(_lands(done))
    put_cookie(answer, settings.SESSION_COOKIE, done.token, seconds=_seconds(done))
    put_cookie(answer, DEVICE, done.device, seconds=DEVICE_SECONDS)
    put_cookie(answer, SEEN, known.stamp(done.session.id), seconds=None)
    drop_cookie(answer, FLOW)
    if done.session.strength >= Strength.REVERIFIED:
        messages.success(request, "已验证是你本人，5 分钟内有效。")
    elif done.is_first:
        messages.success(request, "已登录。以后每次使用你的信息，都记在「我的信息，我做主」里。")
    elif done.is_new_device:
        messages.info(request, "已在新设备登录，并告诉了你的其他设备。")
    else:
        messages.success(request, "已登录。")
    return answer


def _seconds(done: SignedIn) -> int:
    return int((done.session.expires_at - done.session.created_at).total_seconds())


def _lands(done: SignedIn) -> str:
    name = LANDS.get(done.state)
    return link(name, default=reverse("me")) if name else done.next_path


@require_POST
@own_transactions
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this session, and clear what the browser cached."""
    if visitor(request).signed_in:
        with transaction.atomic():
            accounts.sign_out(actor(request))
    return signed_out(request, "已退出登录。")


def signed_out(request: HttpRequest, said: str) -> HttpResponse:
    """Answer the end of this session: cookies go, caches are cleared."""
    messages.success(request, said)
    answer = see_other(reverse("home"))
    for name in (settings.SESSION_COOKIE, SEEN, settings.CSRF_COOKIE_NAME):
        drop_cookie(answer, name)
    answer["Clear-Site-Data"] = '"cache"'
    return answer


@require_http_methods(["GET", "POST"])
@own_transactions
@person
def reverify(request: HttpRequest) -> HttpResponse:
    """Let the person prove anew at the account provider that it is they."""
    to = safe_next(request, reverse("me"))
    if request.method == "GET":
        return _prove_page(request, to)
    try:
        started = accounts.begin_reverify(session_of(request), caller=caller(request), next_path=to)
    except Unavailable:
        return _prove_page(request, to, away=True, status=503)
    return _off(started)


def _prove_page(
    request: HttpRequest, to: str, *, away: bool = False, status: int = 200
) -> HttpResponse:
    shown = {
        "next": to,
        "away": away,
        "unlock": with_query(reverse("reverify"), next=to),
        "policy": policy.in_force(),
    }
    return show(request, "sign_in/prove", shown, status=status)


urlpatterns = [
    path("sign-in/", sign_in, name="sign_in"),
    path("sign-out/", sign_out, name="sign_out"),
    path("auth/callback", callback, name="auth_callback"),
    path("me/verify/", reverify, name="verify_account"),
]
