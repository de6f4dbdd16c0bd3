"""The app's own lock: whoever set a way to unlock passes it before any page but a few.

LOCK-1  A locked session reaches the unlock pages, the policy and the way out, and nothing else.
LOCK-2  A session found unused for too long is locked there and then, however often it asks again.
LOCK-3  A session begun in an unusual way reaches no more than that until the person proved it.
"""

from __future__ import annotations

from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from xingnuo.doors.porch import errors
from xingnuo.doors.porch.replies import leads_home, see_other
from xingnuo.doors.porch.visitor import API, SEEN, SEEN_HEADER
from xingnuo.people.accounts.contracts import Session
from xingnuo.people.antifraud import queries as antifraud
from xingnuo.people.antifraud.contracts import NeedsVerify
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock.contracts import AppLocked

UNLOCK = "/unlock/"
VERIFY = "/me/verify/"
OPEN = (
    UNLOCK,
    "/reverify/",
    VERIFY,
    "/auth/",
    "/sign-out/",
    "/policy/",
    "/display/",
    "/offline/",
)
# The way in and out, the text of the policy, and whom to ask for help: nothing personal is there.
OPEN_ALONE = frozenset(
    {
        "/support/",
        "/sw.js",
        "/api/v1/session",
        "/api/v1/policy",
        "/api/v1/unlock",
        "/api/v1/unlock/options",
        "/api/v1/unlock/ways",
    }
)


def check(request: HttpRequest) -> None:
    """Raise `AppLocked` when the visitor must unlock first; runs where the visitor was found."""
    current = request.visitor.session  # type: ignore[attr-defined]
    if current is None or request.path.startswith(OPEN) or request.path in OPEN_ALONE:
        return
    if queries.must_unlock(current, seen=seen_of(request)):
        raise AppLocked
    if _is_unproven(current):
        raise NeedsVerify


def _is_unproven(current: Session) -> bool:
    # Any proof since it was begun will do; then nothing is asked any more.
    if current.unlocked_at is not None or current.reverified_until is not None:
        return False
    return antifraud.must_verify(current.subject_id, session_id=current.id)


def seen_of(request: HttpRequest) -> str:
    """Give the stamp of the session's last use, as this kind of caller shows it."""
    if request.path.startswith(API):
        return request.headers.get(SEEN_HEADER, "")
    return request.COOKIES.get(SEEN, "")


def lead(request: HttpRequest, locked: AppLocked) -> HttpResponse:
    """Lock the session and lead to the unlock page, from which the person comes back here."""
    with transaction.atomic():
        actions.lock(request.visitor.session)  # type: ignore[attr-defined]
    if errors.wants_json(request):
        return errors.page(request, locked)
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    query = urlencode({"next": back}) if back and leads_home(back) else ""
    return see_other(f"{UNLOCK}?{query}" if query else UNLOCK)


def prove(request: HttpRequest, unproven: NeedsVerify) -> HttpResponse:
    """Lead to the proof at the account provider, from which the person comes back here."""
    if errors.wants_json(request):
        return errors.page(request, unproven)
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    query = urlencode({"next": back}) if back and leads_home(back) else ""
    return see_other(f"{VERIFY}?{query}" if query else VERIFY)
