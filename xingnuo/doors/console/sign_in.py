"""Coming in: a one-time code and a new passkey the first time, the passkey from then on.

Before anybody is signed in no cookie is set: the browser's own word says where a form comes from.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_POST

from xingnuo.doors.console._pages import back_to, bare, current, show, staff, staff_of
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.origin import same_origin
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.doors.porch.replies import drop_cookie, put_cookie, see_other
from xingnuo.kit.errors import BadInput, NotFound, XingnuoError
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions.contracts import (
    CodeRefused,
    KeyRefused,
    StaffAct,
    StaffSession,
    Stage,
)

ANSWER_CHARS_MAX = 8000


@same_origin
@require_http_methods(["GET", "POST"])
@own_transactions
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in with a passkey."""
    here = staff_of(request)
    if here is not None and here.stage is Stage.FULL:
        return see_other("/ops/")
    if request.method == "GET":
        return bare(request, "sign_in")
    try:
        given = text(request, "credential", limit=ANSWER_CHARS_MAX)
        token = permissions.sign_in(given, host=request.get_host())
    except (KeyRefused, BadInput):
        return bare(request, "sign_in", {"refused": KeyRefused()}, status=403)
    return _with_session(see_other("/ops/"), token)


@same_origin
@require_POST
def sign_in_options(request: HttpRequest) -> HttpResponse:
    """Give the options for signing in."""
    return JsonResponse(permissions.options(StaffAct.SIGN_IN))


@same_origin
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Take a staff id and its one-time code."""
    if request.method == "GET":
        return bare(request, "enrol")
    code = request.POST.get("staff", "")[:40]
    try:
        token = permissions.enter(
            staff_code=text(request, "staff", limit=40).lower(),
            code=text(request, "code", limit=80),
            host=request.get_host(),
        )
    except (CodeRefused, BadInput) as error:
        return bare(request, "enrol", {"refused": _told(error), "code": code}, status=422)
    return _with_session(see_other("/ops/enrol/key/"), token)


@same_origin
@require_http_methods(["GET", "POST"])
def enrol_key(request: HttpRequest) -> HttpResponse:
    """Make the passkey."""
    here = _enrolling(request)
    if request.method == "GET":
        return bare(request, "enrol_key", {"member": here.member})
    try:
        given = text(request, "credential", limit=ANSWER_CHARS_MAX)
        with transaction.atomic():
            token = permissions.enrol(here, given, host=request.get_host())
    except (KeyRefused, BadInput):
        shown = {"member": here.member, "refused": KeyRefused()}
        return bare(request, "enrol_key", shown, status=403)
    return _with_session(see_other("/ops/me/"), token)


@same_origin
@require_POST
def enrol_options(request: HttpRequest) -> HttpResponse:
    """Give the options for a new passkey."""
    return JsonResponse(permissions.options(StaffAct.ENROL, _enrolling(request)))


@require_http_methods(["GET", "POST"])
@own_transactions
@staff()
def verify(request: HttpRequest) -> HttpResponse:
    """Touch the passkey again before a step that asks for it."""
    to = back_to(request)
    if request.method == "GET":
        with transaction.atomic():
            return show(request, "verify", {"next": to})
    try:
        given = text(request, "credential", limit=ANSWER_CHARS_MAX)
        permissions.verify(current(request), given)
    except (KeyRefused, BadInput):
        with transaction.atomic():
            return show(request, "verify", {"next": to, "refused": KeyRefused()}, status=403)
    return see_other(to)


@require_POST
@staff()
def verify_options(request: HttpRequest) -> HttpResponse:
    """Give the options for another touch."""
    return JsonResponse(permissions.options(StaffAct.VERIFY, current(request)))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    here = staff_of(request)
    if here is None:
        raise NotFound
    permissions.sign_out(here)
    answer = see_other("/ops/sign-in/")
    drop_cookie(answer, settings.STAFF_COOKIE)
    answer["Clear-Site-Data"] = '"cache"'
    return answer


def _enrolling(request: HttpRequest) -> StaffSession:
    here = staff_of(request)
    if here is None or here.stage is not Stage.ENROL:
        raise NotFound
    return here


def _with_session(answer: HttpResponse, token: str) -> HttpResponse:
    # It ends with the browser: the console is opened anew every working day.
    put_cookie(answer, settings.STAFF_COOKIE, token, seconds=None)
    return answer


def _told(error: XingnuoError) -> XingnuoError:
    return error if isinstance(error, CodeRefused) else CodeRefused()


urlpatterns = [
    path("ops/sign-in/", sign_in, name="ops_sign_in"),
    path("ops/sign-in/options/", sign_in_options, name="ops_sign_in_options"),
    path("ops/enrol/", enrol, name="ops_enrol"),
    path("ops/enrol/key/", enrol_key, name="ops_enrol_key"),
    path("ops/enrol/options/", enrol_options, name="ops_enrol_options"),
    path("ops/verify/", verify, name="ops_verify"),
    path("ops/verify/options/", verify_options, name="ops_verify_options"),
    path("ops/sign-out/", sign_out, name="ops_sign_out"),
]
