"""Unlocking a session and proving oneself anew, by any way that the person set up."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from xingnuo.doors.api.house_api import PROBLEMS, visitor
from xingnuo.doors.api.shapes import In
from xingnuo.kit.errors import BadInput, Refused, TooMany
from xingnuo.people.unlock import actions, queries
from xingnuo.people.unlock.contracts import Act, Outcome, Verdict, Way

router = Router(tags=["unlock"])


class Proof(In):
    """What the person typed, as typed; for `biometric` the device's answer as JSON text."""

    way: Literal["password", "pattern", "biometric"]
    proof: str = Field(min_length=1, max_length=16_384, json_schema_extra={"writeOnly": True})
    act: Literal["unlock", "reverify"] = "unlock"


class Ask(In):
    """What the device's answer will be for."""

    act: Literal["unlock", "reverify"] = "unlock"


class Unlocked(Schema):
    """A stronger session; `token` takes the place of the one that called."""

    token: str
    strength: str


class WayOut(Schema):
    """One way, and how it stands."""

    way: Literal["biometric", "password", "pattern"]
    state: Literal["off", "pending", "active", "locked"]
    is_chosen: bool
    is_usable: bool
    wrong_count: int
    wait_seconds: int


@router.get("/unlock/ways", response={200: list[WayOut], **PROBLEMS})
def ways(request: HttpRequest) -> object:
    """List the ways, the chosen one first."""
    return queries.ways(visitor(request).actor)


@router.post("/unlock/options", response={200: dict, **PROBLEMS})
def options(request: HttpRequest, body: Ask) -> dict[str, object]:
    """Give a device its question: a fresh challenge for this session and act."""
    return actions.begin_answer(visitor(request).actor, act=Act(body.act))


@router.post("/unlock", response={200: Unlocked, **PROBLEMS})
def unlock(request: HttpRequest, body: Proof) -> dict[str, str]:
    """Try one way; a wrong try is counted whatever the answer."""
    verdict = _tried(request, body)
    if verdict.outcome is Outcome.WAIT:
        raise TooMany("unlock", retry_after_seconds=verdict.wait_seconds)
    if verdict.outcome is Outcome.LOCKED:
        raise Refused("unlock_locked", message="这种方式已锁住，用星号帐号验证后恢复。")
    if verdict.outcome is Outcome.WRONG or verdict.session is None:
        raise BadInput({"proof": f"不对，已错 {verdict.wrong_count} 次"})
    return {"token": verdict.token, "strength": verdict.session.strength.name.lower()}


def _tried(request: HttpRequest, body: Proof) -> Verdict:
    who, current = visitor(request).actor, visitor(request).session
    assert current is not None, "an operation for a person without a session"
    way, act = Way(body.way), Act(body.act)
    if way is Way.BIOMETRIC:
        return actions.try_answer(who, current=current, answer=body.proof, act=act)
    return actions.try_secret(who, current=current, way=way, typed=body.proof, act=act)
