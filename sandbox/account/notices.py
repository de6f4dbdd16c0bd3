"""Tells clients that an account was signed out everywhere (Back-Channel Logout 1.0)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.account import clients, flows, keys, people
from sandbox.ground import chance, clock
from sandbox.ground.calls import Unreachable, call
from sandbox.ground.outbox import Outcome
from sandbox.ground.partner import World

OPERATION = "logout_notice"
EVENT = "http://schemas.openid.net/event/backchannel-logout"
SECONDS = 120
LONG_AGO_SECONDS = 3600
FAULTS = frozenset(
    "duplicate reordered late silence bad_signature wrong_key wrong_aud expired_token".split()
)


def start(world: World) -> None:
    """Say who carries the notices."""
    world.outbox.carry(OPERATION, lambda payload: _deliver(world, payload))


def tell(world: World, sub: str) -> None:
    """Tell every client that the account had agreed to."""
    for grant in people.grants(world, sub):
        fault = world.faults.take("account", OPERATION, text=sub)
        payload = {"client": grant["client_id"], "sub": sub, "jti": chance.name("jti")}
        payload["spoil"] = fault.kind
        for _ in range(2 if fault.kind == "duplicate" else 1):
            world.outbox.put(
                OPERATION, about=sub, payload=payload,
                delay=fault.seconds if fault.kind == "late" else 0.0,
                state={"silence": "silent", "reordered": "held"}.get(fault.kind, "waiting"),
            )  # fmt: skip


def _deliver(world: World, payload: Mapping[str, Any]) -> tuple[Outcome, str]:
    client = clients.find(world.settings, payload["client"])
    if client is None:
        return "refused", "client_unknown"
    spoil = payload["spoil"]
    at = int(clock.now()) - (LONG_AGO_SECONDS if spoil == "expired_token" else 0)
    claims = {
        "iss": flows.issuer(world), "sub": payload["sub"], "jti": payload["jti"],
        "aud": "client_of_nobody" if spoil == "wrong_aud" else client.id,
        "iat": at, "exp": at + SECONDS, "events": {EVENT: {}},
    }  # fmt: skip
    token = keys.sign(world, claims, kind="logout+jwt", spoil=spoil)
    try:
        answer = call(client.logout_notice_uri, form={"logout_token": token})
    except Unreachable as error:
        return "retry", str(error)
    if answer.status in (200, 204):
        return "done", str(answer.status)
    # What the client refuses it would refuse again; only its own faults may pass.
    return ("retry" if answer.status >= 500 else "refused"), str(answer.status)
