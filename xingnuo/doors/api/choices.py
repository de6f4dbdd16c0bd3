"""The policy, consent decisions and device permissions."""

from __future__ import annotations

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse
from ninja import Router

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import (
    Answer,
    Decide,
    DecisionOut,
    Done,
    PermissionOut,
    PolicyOut,
    SheetOut,
    StakeOut,
)
from xingnuo.doors.porch.idempotency import once
from xingnuo.kit.errors import BadInput
from xingnuo.people.permissions import actions as permissions
from xingnuo.people.permissions import queries as permission_queries
from xingnuo.trust.consent.contracts import Decision, Scope
from xingnuo.trust.gate import actions as gate
from xingnuo.trust.gate import queries
from xingnuo.trust.policy import queries as policy

router = Router(tags=["choices"])


@router.get("/policy", response={200: list[PolicyOut]}, auth=None)
def versions(request: HttpRequest) -> list[dict[str, object]]:
    """List the published versions, oldest first."""
    force = policy.in_force().version
    return [
        {
            "version": each.version,
            "published_on": each.published_on.isoformat(),
            "effective_on": each.effective_on.isoformat(),
            "hash": each.hash,
            "in_force": each.version == force,
            "summary": list(each.summary),
        }
        for each in policy.versions()
    ]


@router.get("/consents", response={200: list[DecisionOut], **PROBLEMS})
def decisions(request: HttpRequest) -> object:
    """List what the person decided, the newest decision of each scope."""
    _, subject_id = me(request)
    return queries.standing(subject_id).decisions


@router.get("/consents/{str:purpose}/sheet", response={200: SheetOut, **PROBLEMS})
def sheet(request: HttpRequest, purpose: str, recipient: str = "") -> object:
    """Give the sheet that asks for a purpose, or for one recipient of it."""
    return asdict(queries.sheet(purpose[:60], recipient=recipient[:60]))


@router.get("/consents/{str:purpose}/withdrawal", response={200: StakeOut, **PROBLEMS})
def withdrawal(request: HttpRequest, purpose: str) -> object:
    """Say what withdrawing a purpose deletes, and what stays for what."""
    actor, subject_id = me(request)
    return asdict(queries.at_stake(actor, subject_id=subject_id, purpose=purpose[:60]))


@router.put("/consents/{str:purpose}", response={200: Done, **PROBLEMS})
def decide(request: HttpRequest, purpose: str, body: Decide) -> HttpResponse:
    """Record what the person decided on the sheet that was shown."""
    actor, subject_id = me(request)
    shown = queries.sheet(purpose[:60], recipient=body.recipient)
    unknown = set(body.optional) - {item.id for item in shown.optional}
    if unknown:
        raise BadInput({"optional": "只能选授权单上列出的项目"})
    items = (*(item.id for item in shown.needed), *body.optional)

    def act() -> dict[str, str]:
        decided = gate.decide(
            actor,
            subject_id=subject_id,
            scope=Scope(
                purpose=purpose,
                items=items if body.decision == "grant" else (),
                recipient=body.recipient,
            ),
            decision=Decision(body.decision),
            text_hash=body.text_hash,
        )
        return {"id": str(decided.id), "state": decided.decision.value}

    return once(request, subject_id, act)


@router.get("/permissions", response={200: list[PermissionOut], **PROBLEMS})
def list_permissions(request: HttpRequest) -> object:
    """List the device permissions with their explanations and settings."""
    actor, subject_id = me(request)
    found = permission_queries.of_subject(actor, subject_id=subject_id)
    return [asdict(each) | {"setting": each.setting.value} for each in found]


@router.put("/permissions/{slug:permission}", response={200: Done, **PROBLEMS})
def answer(request: HttpRequest, permission: str, body: Answer) -> HttpResponse:
    """Record the person's answer; off stops collection at once."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        shown = permissions.answer(
            actor,
            subject_id=subject_id,
            permission=permission[:60],
            on=body.on,
            text_hash=body.text_hash,
        )
        return {"id": shown.id, "state": shown.setting.value}

    return once(request, subject_id, act)
