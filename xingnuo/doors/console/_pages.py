"""What every page of the console does: who it is for, what the shell shows, as whom it acts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from xingnuo.doors.console import _queues
from xingnuo.doors.console._queues import Queue
from xingnuo.kit import clock, pictures
from xingnuo.kit.cases import Case
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions import queries as permissions
from xingnuo.people.permissions.contracts import Member, StaffLook, StaffSession, Stage
from xingnuo.trust.gate.contracts import Actor, GateRefusal, Reason, Strength

NEXT_CHARS_MAX = 300
SHORT_CHARS = 12  # of a staff id in a watermark
_INERT = (
    "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; object-src 'none';"
    " form-action 'none'; sandbox"
)
_UNTRAINED = ("保密承诺或培训不在有效期内，不能查看客户信息。", "签署承诺、完成培训后即可继续。")

type View = Callable[..., HttpResponse]


def staff_of(request: HttpRequest) -> StaffSession | None:
    """Give the member of staff at the door, whatever their session is good for."""
    found: StaffSession | None = request.staff  # type: ignore[attr-defined]
    return found


def current(request: HttpRequest) -> StaffSession:
    """Give the member of staff who is signed in; to anybody else there is no such page."""
    found = staff_of(request)
    if found is None or found.stage is not Stage.FULL:
        raise NotFound
    return found


def member(request: HttpRequest) -> Member:
    """Give the member who is signed in."""
    return current(request).member


def staff(*roles: str) -> Callable[[View], View]:
    """Let members with one of the roles go on (any member when none is named).

    Guests, customers and members without the role get what a missing page gives.
    """

    def wrapped(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            who = member(request)
            if roles and not who.roles.intersection(roles):
                raise NotFound
            return view(request, *args, **kwargs)

        return guarded

    return wrapped


def queue_of(request: HttpRequest, queue_id: str) -> Queue:
    """Give a queue that one of the member's roles serves; raises `NotFound`."""
    found = _queues.queue(queue_id)
    if not any(found.id in role.queues for role in permissions.roles_of(member(request))):
        raise NotFound
    return found


def held(request: HttpRequest, queue: Queue, case_id: UUID) -> Case:
    """Give a case that this member has taken and that is open; raises `NotFound`."""
    case = queue.one(actor(request, queue, case_id), case_id)
    if case.taken_by != member(request).code or not queue.is_open(case):
        raise NotFound
    return case


def actor(
    request: HttpRequest, queue: Queue, case_id: UUID | None, *, look: StaffLook | None = None
) -> Actor:
    """Give the actor that a member is before the gate, for a case of a queue.

    Values come in plain under a look alone: it was given for a reason, to this session, after a
    fresh touch of the passkey, and it has not run out.
    """
    who = current(request)
    for role in permissions.roles_of(who.member):
        if queue.id in role.queues and role.kind is not None and role.may(queue.purpose):
            return Actor(
                kind=role.kind,
                staff_id=who.member.code,
                session_id=who.id,
                strength=Strength.REVERIFIED if look is not None else Strength.UNLOCKED,
                roles=who.member.roles,
                channel="console",
                undertaking_until=who.member.cleared_until,
                case_id=case_id,
                reason=look.reason if look is not None else "",
            )
    raise NotFound


def is_cleared(who: Member) -> bool:
    """Say whether both the signature and the training are in date."""
    return who.cleared_until is not None and who.cleared_until > clock.now()


def only_cleared(request: HttpRequest, queue: Queue) -> None:
    """Refuse whoever may not come near data now, just as the gate does."""
    if not is_cleared(member(request)):
        message, remedy = _UNTRAINED
        raise GateRefusal(
            Reason.NO_UNDERTAKING,
            purpose=queue.purpose,
            actor=actor(request, queue, None),
            message=message,
            remedy=remedy,
        )


def show(
    request: HttpRequest, name: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Draw a page of the console with its shell."""
    told = {**_shell(request), **(context or {})}
    return render(request, f"console/{name}.html", told, status=status)


def bare(
    request: HttpRequest, name: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Draw a page without the shell: before anybody is signed in."""
    return render(request, f"console/{name}.html", context or {}, status=status)


def _shell(request: HttpRequest) -> dict[str, Any]:
    who = staff_of(request)
    if who is None or who.stage is not Stage.FULL:
        return {}
    roles = permissions.roles_of(who.member)
    wanted = [queue for role in roles for queue in role.queues]
    queues = [
        {"queue": queue, "count": counted(request, queue), "here": f"/ops/q/{queue.id}/"}
        for queue in _queues.all_queues().values()
        if queue.id in wanted
    ]
    return {
        "staff": who.member,
        "titles": "、".join(role.title for role in roles) or "没有岗位",
        "queues": queues,
        "is_cleared": is_cleared(who.member),
        "role_ids": who.member.roles,
    }


def picture(request: HttpRequest, content: bytes) -> HttpResponse:
    """Give a customer's picture with who looks and when drawn into it; kept in no cache."""
    who = member(request)
    short = f"{who.code[:SHORT_CHARS]}-{who.id.hex[-4:].upper()}"
    shown = pictures.marked(content, f"{short} {clock.beijing(clock.now()):%Y-%m-%d %H:%M}")
    return inert(HttpResponse(shown.content, content_type=shown.content_type))


def inert(answer: HttpResponse) -> HttpResponse:
    """Let an answer that holds a customer's file run nothing and rest nowhere."""
    answer["Content-Disposition"] = "inline"
    answer["Content-Security-Policy"] = _INERT
    answer["Cache-Control"] = "no-store"
    return answer


def counted(request: HttpRequest, queue: Queue, **tab: Any) -> str:
    """Count a tab of a queue; whoever is not cleared gets nothing to count from some rooms."""
    try:
        return count_word(queue.counted(actor=actor(request, queue, None), **tab))
    except (GateRefusal, NotFound):
        return "0"


def count_word(count: int) -> str:
    """Say a capped count."""
    return "999+" if count > 999 else str(count)


def back_to(request: HttpRequest, default: str = "/ops/") -> str:
    """Give the page of the console that a form says to go back to, else the default."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    inside = wanted.startswith("/ops/") and len(wanted) <= NEXT_CHARS_MAX
    plain = "\\" not in wanted and ".." not in wanted and "//" not in wanted
    return wanted if safe and inside and plain else default


def with_query(path: str, **pairs: str) -> str:
    """Add the pairs that are not empty to an address."""
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"{path}?{query}" if query else path
