"""Opening sealed data by law: a letter is registered by one officer and released by another.

The console shows nothing of what is sealed: no service holds the key. What two officers released
here is what `xingnuo legal open` asks for, at the machine where both type their passphrases.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods

from xingnuo.doors.console._clock import at, left
from xingnuo.doors.console._pages import current, is_cleared, member, show, staff, with_query
from xingnuo.doors.console._release_legal import DEMANDS, KIND, state_words
from xingnuo.doors.porch.forms import text
from xingnuo.doors.porch.replies import see_other
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries
from xingnuo.people.permissions.contracts import Release, ReleaseState
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.gate import queries as gate
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import SubjectState

HERE = "/ops/legal/"
LETTER_CHARS_MAX = 80
PAGE = 25
_OPENED = "sealed.opened:"
# One answer for a stranger's number, for one that is not sealed, and for nobody's.
_NOT_SEALED = "没有这个封存的帐号。没有封存的信息按平常的工单办理"


@require_http_methods(["GET", "POST"])
@staff("compliance")
def matters(request: HttpRequest) -> HttpResponse:
    """List the letters that were registered, and take a new one."""
    if request.method == "GET":
        return _page(request)
    if not queries.is_fresh(current(request)):
        return see_other(with_query("/ops/verify/", next=HERE))
    if not is_cleared(member(request)):
        raise NotFound
    limits = {"subject": 36, "purpose": 60, "demand": 40, "letter": 400}
    typed = {name: text(request, name, limit=n, needed=False) for name, n in limits.items()}
    wrong = _wrong(typed)
    if wrong:
        return _page(request, typed, wrong)
    made = permissions.propose(
        kind=KIND,
        ref=UUID(typed["subject"]),
        choice=typed["purpose"],
        reason=typed["demand"],
        note=typed["letter"],
        by=member(request).code,
    )
    messages.success(request, "已登记，等另一位负责人复核。")
    return see_other(f"{HERE}{made.id}/")


def _wrong(typed: dict[str, str]) -> dict[str, str]:
    bad = {}
    if typed["purpose"] not in gate.legal_purposes(policy.in_force()):
        bad["purpose"] = "请选择法定用途"
    if typed["demand"] not in DEMANDS:
        bad["demand"] = "请选择收到的文书"
    if not 4 <= len(typed["letter"]) <= LETTER_CHARS_MAX:
        bad["letter"] = f"写文书的字号，4 到 {LETTER_CHARS_MAX} 个字"
    try:
        state = gate.state_of(UUID(typed["subject"]))
    except ValueError:
        state = None
    if state is not SubjectState.SEALED:
        bad["subject"] = _NOT_SEALED
    return bad


def _page(
    request: HttpRequest,
    typed: dict[str, str] | None = None,
    wrong: dict[str, str] | None = None,
) -> HttpResponse:
    purposes = gate.legal_purposes(policy.in_force())
    context: dict[str, Any] = {
        "rows": [_row(one) for one in queries.releases_of(KIND, limit=PAGE)],
        "purposes": [(one.id, f"{one.title}（{one.law}）") for one in purposes.values()],
        "demands": list(DEMANDS.items()),
        "typed": typed or {},
        "errors": wrong or {},
        "wrong": [(f"id_{name}", words) for name, words in (wrong or {}).items()],
        "at": "legal",
    }
    return show(request, "legal", context, status=422 if wrong else 200)


def _row(one: Release) -> dict[str, Any]:
    word, tone = state_words(one)
    return {
        "href": f"{HERE}{one.id}/",
        "number": f"L-{one.id.hex[-8:].upper()}",
        "kind": DEMANDS[one.reason],
        "clock": word,
        "tone": tone,
        "state": f"{one.proposed_by} 登记，{at(one.proposed_at)}",
    }


@require_GET
@staff("compliance")
def matter(request: HttpRequest, release: UUID) -> HttpResponse:
    """Show one letter: how far it is, how it is opened, and each time that it was."""
    found = queries.release(release)
    if found.kind != KIND:
        raise NotFound("release")
    purpose = gate.legal_purposes(policy.in_force()).get(found.choice)
    lines = evidence.acted(ref=found.id, limit=PAGE)
    context: dict[str, Any] = {
        "row": _row(found),
        "one": found,
        "demand": DEMANDS[found.reason],
        "purpose": f"{purpose.title}（{purpose.law}）" if purpose else found.choice,
        "clock": left(found.due_at) if found.state is ReleaseState.PROPOSED else None,
        "is_released": found.state is ReleaseState.RELEASED,
        "waits": found.state is ReleaseState.PROPOSED,
        "opened": [
            {"time": at(line.at), "mark": line.id.hex[-8:], "title": _act(line.reason),
             "sub": line.actor_ref, "tone": "bad" if line.outcome == "refused" else ""}
            for line in lines
            if line.reason.startswith("sealed.")
        ],
        "at": "legal",
    }  # fmt: skip
    return show(request, "legal_one", context)


def _act(reason: str) -> str:
    return "开启封存资料" if reason.startswith(_OPENED) else "没有开启：口令或人员不对"


urlpatterns = [
    path("ops/legal/", matters, name="ops_legal"),
    path("ops/legal/<uuid:release>/", matter, name="ops_legal_one"),
]
