"""Automated decisions: the list, the reasons, a human look, and the switch (PIPL 24)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from xingnuo.doors.api.house_api import PROBLEMS, me
from xingnuo.doors.api.shapes import Done, In
from xingnuo.doors.porch.idempotency import once
from xingnuo.people.antifraud import actions, queries
from xingnuo.people.antifraud.contracts import DecisionShown

router = Router(tags=["automated"])


class AutomatedIn(In):
    """Whether the person refuses that a program alone decides."""

    off: bool


class ReasonOut(Schema):
    """A reason in plain words."""

    code: str
    text: str


class AutomatedOne(Schema):
    """One decision as its person sees it."""

    id: UUID
    kind: str
    at: datetime
    outcome: str
    verdict: str
    reasons: list[ReasonOut]
    asked: bool
    due_at: datetime | None
    rule_version: int


class AutomatedOut(Schema):
    """The switch and the decisions, newest first."""

    off: bool
    decisions: list[AutomatedOne]


class ExplanationOut(Schema):
    """A decision explained."""

    decision: AutomatedOne
    looked_at: list[str]
    how: str
    what_next: str


def _told(one: DecisionShown) -> dict[str, object]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "at": one.at,
        "outcome": one.outcome.code,
        "verdict": one.verdict.value if one.verdict else "",
        "reasons": [{"code": each.code, "text": each.text} for each in one.reasons],
        "asked": one.asked,
        "due_at": one.due_at,
        "rule_version": one.rule_version,
    }


@router.get("/automated", response={200: AutomatedOut, **PROBLEMS})
def automated(request: HttpRequest) -> dict[str, object]:
    """List the decisions that programs took about the person."""
    found = queries.automated(me(request)[0])
    return {"off": found.off, "decisions": [_told(one) for one in found.decisions]}


@router.put("/automated", response={200: Done, **PROBLEMS})
def set_automated(request: HttpRequest, body: AutomatedIn) -> HttpResponse:
    """Refuse that a program alone decides, or allow it again."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        actions.set_automated(actor, off=body.off)
        return {"id": "automated", "state": "off" if body.off else "on"}

    return once(request, subject_id, act)


@router.get("/automated/{uuid:decision}", response={200: ExplanationOut, **PROBLEMS})
def explain(request: HttpRequest, decision: UUID) -> dict[str, object]:
    """Explain one decision."""
    told = queries.explain(me(request)[0], decision_id=decision)
    return {
        "decision": _told(told.decision),
        "looked_at": list(told.looked_at),
        "how": told.how,
        "what_next": told.what_next,
    }


@router.post("/automated/{uuid:decision}/review", response={200: Done, **PROBLEMS})
def ask_review(request: HttpRequest, decision: UUID) -> HttpResponse:
    """Have a person of ours look at a decision."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        return {"id": str(actions.ask_review(actor, decision_id=decision)), "state": "open"}

    return once(request, subject_id, act)
