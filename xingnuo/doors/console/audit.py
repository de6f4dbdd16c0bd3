"""The auditor's view: what staff did, by person, purpose or case; and the chain, checked."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_POST

from xingnuo.doors.console._clock import at
from xingnuo.doors.console._pages import member, show, staff, with_query
from xingnuo.doors.console._words import act_of
from xingnuo.doors.porch.passage import own_transactions
from xingnuo.kit.errors import NotFound
from xingnuo.people.permissions import actions as permissions
from xingnuo.trust.evidence import queries as evidence
from xingnuo.trust.policy import queries as policy
from xingnuo.trust.policy.contracts import ActorKind

PAGE = 25
STAFF_KINDS = frozenset(
    {ActorKind.AGENT, ActorKind.REVIEWER, ActorKind.RISK, ActorKind.COMPLIANCE, ActorKind.AUDITOR}
)


@require_GET
@staff("auditor")
def log(request: HttpRequest) -> HttpResponse:
    """Show the acts of staff, newest first; a customer stands here as a case, never as a person."""
    compiled = policy.in_force()
    who = request.GET.get("staff", "").strip().lower()[:24]
    purpose = request.GET.get("purpose", "")
    case, before = _id(request, "case"), _id(request, "before")
    found = evidence.acted(
        actor_ref=who,
        purpose=purpose if purpose in compiled.purposes else "",
        ref=case,
        before=before,
        limit=PAGE + 1,
    )
    told: dict[str, str] = {"staff": who, "purpose": purpose, "case": str(case or "")}
    rows = [
        {
            "time": at(line.at),
            "mark": line.id.hex[-8:],
            "title": act_of(compiled, line),
            "sub": line.actor_ref + (f" · 编号 {line.ref.hex[-8:].upper()}" if line.ref else ""),
            "tone": "warn" if line.outcome == "refused" else "",
        }
        for line in found[:PAGE]
    ]
    last = str(found[PAGE - 1].id) if len(found) > PAGE else ""
    return show(
        request,
        "audit",
        {
            "rows": rows,
            "told": told,
            "purposes": [
                (one.id, one.title)
                for one in compiled.purposes.values()
                if STAFF_KINDS & set(one.actors)
            ],
            "older": with_query("/ops/audit/", **told, before=last) if last else "",
            "first": with_query("/ops/audit/", **told) if before else "",
        },
    )


def _id(request: HttpRequest, name: str) -> UUID | None:
    given = request.GET.get(name, "").strip()
    if not given:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise NotFound from None


@require_POST
@own_transactions
@staff("auditor")
def check_chain(request: HttpRequest) -> HttpResponse:
    """Check every block and every sealed line, and say what was found."""
    report = evidence.verify()
    with transaction.atomic():
        permissions.leave(
            "audit.chain_checked",
            by=member(request).code,
            outcome="done" if report.whole else "refused",
        )
        context: dict[str, Any] = {"report": report, "faults": [str(one) for one in report.faults]}
        return show(request, "chain", context)


urlpatterns = [
    path("ops/audit/", log, name="ops_audit"),
    path("ops/audit/check/", check_chain, name="ops_chain"),
]
