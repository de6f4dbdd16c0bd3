"""What partners tell xingnuo by themselves: a signed JSON call to one of its hooks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.ground import chance, clock, signing
from sandbox.ground.calls import Unreachable, call
from sandbox.ground.faults import OK, Fault
from sandbox.ground.outbox import Outcome
from sandbox.ground.partner import World

KIND = "signed_call"
FAULTS = frozenset("silence late duplicate reordered bad_signature stale".split())
LONG_AGO_SECONDS = 3600
_STATES = {"silence": "silent", "reordered": "held"}


def start(world: World) -> None:
    """Say who carries the calls of all partners."""
    world.outbox.carry(KIND, lambda payload: _deliver(world, payload))


def tell(
    world: World,
    *,
    service: str,
    hook: str,
    about: str,
    told: Mapping[str, Any],
    delay: float = 0.0,
    fault: Fault = OK,
) -> str:
    """Tell xingnuo something at a hook and give the call's id, which is the same in every copy."""
    name = chance.name("note")
    content = {"id": name, "at": clock.iso(clock.now() + delay), **told}
    payload = {"service": service, "hook": hook, "told": content, "spoil": fault.kind}
    for _ in range(2 if fault.kind == "duplicate" else 1):
        world.outbox.put(
            KIND, about=f"{service}:{about}", payload=payload,
            delay=delay + (fault.seconds if fault.kind == "late" else 0.0),
            state=_STATES.get(fault.kind, "waiting"),
        )  # fmt: skip
    return name


def told(world: World, service: str) -> list[dict[str, Any]]:
    """Say what became of each call of a partner, oldest first."""
    return [line for line in world.outbox.told(KIND) if line["about"].startswith(f"{service}:")]


def _deliver(world: World, payload: Mapping[str, Any]) -> tuple[Outcome, str]:
    body = json.dumps(payload["told"], ensure_ascii=False).encode()
    spoil = payload["spoil"]
    headers = signing.call_headers(
        world.settings.partner_secrets[payload["service"]],
        key_id=payload["service"],
        target=payload["hook"],
        body=body,
        stamp=int(clock.now()) - (LONG_AGO_SECONDS if spoil == "stale" else 0),
        spoil=spoil == "bad_signature",
    )
    try:
        answer = call(f"{world.settings.base_url}{payload['hook']}", body=body, headers=headers)
    except Unreachable as error:
        return "retry", str(error)
    if answer.status in (200, 204):
        return "done", str(answer.status)
    # What xingnuo refuses it would refuse again; only its own faults may pass.
    return ("retry" if answer.status >= 500 else "refused"), str(answer.status)
