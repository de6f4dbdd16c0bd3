"""What a channel tells the merchant by itself, again and again until the merchant has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.ground import chance
from sandbox.ground.calls import Unreachable, call
from sandbox.ground.faults import OK, Fault
from sandbox.ground.outbox import Outcome
from sandbox.ground.partner import World

NOTIFY = "notify"
FAULTS = frozenset(
    "silence late duplicate reordered bad_signature stale wrong_amount wrong_merchant".split()
)
_MINUTE, _HOUR = 60.0, 3600.0
# Seconds between one try and the next, as each channel's documents have them.
WAITS: Mapping[str, tuple[float, ...]] = {
    "alipay": (4 * _MINUTE, 10 * _MINUTE, 10 * _MINUTE, _HOUR, 2 * _HOUR, 6 * _HOUR, 15 * _HOUR),
    "wechat": (15, 15, 30, 3 * _MINUTE, 10 * _MINUTE, 20 * _MINUTE, *(30 * _MINUTE,) * 3, _HOUR,
               *(3 * _HOUR,) * 3, *(6 * _HOUR,) * 2),
    "unionpay": (_MINUTE, 2 * _MINUTE, 4 * _MINUTE, 8 * _MINUTE, 15 * _MINUTE),
}  # fmt: skip
_STATES = {"silence": "silent", "reordered": "held"}

type Written = tuple[bytes, dict[str, str]]
# Writes and signs what is told of an order or refund, as it is at the moment of sending.
type Writer = Callable[[World, Mapping[str, Any]], Written]


def kind_of(style: str) -> str:
    """Name the outbox's work of a channel."""
    return f"channel_{style}"


def start(world: World, style: str, write: Writer, took: Callable[[int, bytes], bool]) -> None:
    """Say who writes and carries a channel's notices, and what the merchant says to end them."""

    def carry(payload: Mapping[str, Any]) -> tuple[Outcome, str]:
        body, headers = write(world, payload)
        try:
            answer = call(
                f"{world.settings.base_url}/hooks/channel/{style}/notify",
                body=body, headers=headers,
            )  # fmt: skip
        except Unreachable as error:
            return "retry", str(error)
        return ("done" if took(answer.status, answer.body) else "retry"), str(answer.status)

    waits = [seconds / world.settings.speed for seconds in WAITS[style]]
    world.outbox.carry(kind_of(style), carry, waits=waits)


def tell(world: World, style: str, kind: str, number: str, *, fault: Fault | None = None) -> str:
    """Begin to tell of an order or refund; give the notice's id, the same in every repeat."""
    if fault is None:
        fault = world.faults.take(style, NOTIFY, text=number)
    name = chance.name("notice")
    payload = {"id": name, "kind": kind, "number": number, "spoil": fault.kind}
    for _ in range(2 if fault.kind == "duplicate" else 1):
        world.outbox.put(
            kind_of(style), about=number, payload=payload,
            delay=fault.seconds if fault.kind == "late" else 0.0,
            state=_STATES.get(fault.kind, "waiting"),
        )  # fmt: skip
    return name


def again(
    world: World, style: str, kind: str, number: str, *, times: int, fault: Fault = OK
) -> str:
    """Tell the same notice so many times at once, for a test."""
    name = chance.name("notice")
    for _ in range(times):
        world.outbox.put(
            kind_of(style), about=number,
            payload={"id": name, "kind": kind, "number": number, "spoil": fault.kind},
        )  # fmt: skip
    return name
