"""Signing in and out, and the person's own sessions."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from xingnuo.doors.api.house_api import PROBLEMS, me, visitor
from xingnuo.doors.api.shapes import Begin, Begun, Done, Finish, Me, SessionOut, Signed
from xingnuo.doors.porch import safe_entry
from xingnuo.doors.porch.address import address_of
from xingnuo.doors.porch.idempotency import once
from xingnuo.kit.errors import Refused
from xingnuo.people.accounts import actions as accounts
from xingnuo.people.accounts import queries
from xingnuo.people.accounts.contracts import Accepted, Caller
from xingnuo.people.antifraud.contracts import Outcome as RiskOutcome
from xingnuo.trust.gate import queries as gate

router = Router(tags=["session"])


def _caller(request: HttpRequest, device: str = "") -> Caller:
    return Caller(
        device=device,
        address=address_of(request),
        label=queries.label_of(request.headers.get("User-Agent", "")),
        channel="api",
    )


@router.post("/session/begin", response={200: Begun, **PROBLEMS}, auth=None)
def begin(request: HttpRequest, body: Begin) -> dict[str, object]:
    """Begin to sign in: send the person's browser to `url` and keep `flow`."""
    accepted = Accepted(version=body.version, text_hash=body.text_hash) if body.version else None
    started = accounts.begin_sign_in(accepted=accepted, caller=_caller(request))
    return {"url": started.url, "flow": started.cookie, "seconds": started.seconds}


@router.post("/session/finish", response={200: Signed, **PROBLEMS}, auth=None)
def finish(request: HttpRequest, body: Finish) -> dict[str, object]:
    """Finish to sign in with what came back to the redirect address."""
    caller = _caller(request, body.device)
    signed = accounts.finish_sign_in(
        code=body.code, state=body.state, cookie=body.flow, caller=caller
    )
    decision = safe_entry.look(signed, caller=caller)
    if decision.outcome is RiskOutcome.REFUSE:
        raise Refused("sign_in", message=decision.message, remedy="请联系客服，由人来核实。")
    return {
        "token": signed.token,
        "device": signed.device,
        "expires_at": signed.session.expires_at,
        "is_first": signed.is_first,
    }


@router.get("/me", response={200: Me, **PROBLEMS})
def whoami(request: HttpRequest) -> dict[str, object]:
    """Say how the person stands."""
    actor, subject_id = me(request)
    stands = gate.standing(subject_id)
    return {
        "state": stands.state.value,
        "accepted_version": stands.accepted_version,
        "policy_due": stands.policy_due,
        "strength": actor.strength.name.lower(),
        "permissions_on": sorted(stands.permissions_on),
        "sharing_stopped": sorted(stands.sharing_stopped),
    }


@router.get("/sessions", response={200: list[SessionOut], **PROBLEMS})
def sessions(request: HttpRequest) -> object:
    """List the person's live sessions."""
    actor = visitor(request).actor
    places = queries.addresses(actor)
    return [
        asdict(each) | {"address": places.get(each.device_id, "")}
        for each in queries.sessions(actor)
    ]


@router.delete("/sessions/{uuid:session_id}", response={200: Done, **PROBLEMS})
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """End one of the person's sessions; a foreign one is as if it were not there."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        accounts.sign_out_one(actor, session_id=session_id)
        return {"id": str(session_id), "state": "ended"}

    return once(request, subject_id, act)


@router.delete("/session", response={200: Done, **PROBLEMS})
def sign_out(request: HttpRequest) -> dict[str, str]:
    """End the session that calls."""
    accounts.sign_out(visitor(request).actor)
    return {"state": "ended"}


@router.post("/misuse", response={200: Done, **PROBLEMS})
def misuse(request: HttpRequest) -> HttpResponse:
    """Report misuse: the account is frozen at once and every other session ends."""
    actor, subject_id = me(request)

    def act() -> dict[str, str]:
        accounts.report_misuse(actor)
        return {"state": "frozen"}

    return once(request, subject_id, act)
