"""The telecom's addresses: whose phone it is, who serves it, top-ups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.ground import dayfile, residents, telling
from sandbox.ground.desk import FAULTS, HOOK_FAULTS, RESULT, Desk
from sandbox.ground.http import Route
from sandbox.ground.partner import Partner, World
from sandbox.telecom import topups


def decide(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Say whether the phone is registered to this person."""
    found = residents.by_phone(world, asked["phone"])
    if found is None:
        return {"finding": "not_found"}
    same = (found["name"], found["number"]) == (asked["name"], asked["document_number"].upper())
    return {"finding": "match" if same else "mismatch"}


DESK = Desk(
    service="telecom",
    fields={"name": 200, "document_number": 30, "phone": 20},
    decide=decide,
    contrary={"match": "mismatch", "mismatch": "match", "not_found": "match"},
)


def _books(world: World) -> dict[str, Any]:
    return {**DESK.books(world), **topups.books(world)}


PARTNER = Partner(
    id="telecom",
    title="通信运营商",
    summary="核对手机号是不是登记在这个人名下；查归属，充话费。",
    schema=topups.SCHEMA,
    start=telling.start,
    books=_books,
    routes=(
        Route(method="POST", pattern="/telecom/verify", handler=DESK.ask, operation="verify",
              faults=FAULTS),
        Route(method="GET", pattern="/telecom/status/<key>", handler=DESK.status,
              operation="status", faults=frozenset({"bad_signature"})),
        Route(method="POST", pattern="/telecom/carrier", handler=topups.carrier,
              operation="carrier", faults=frozenset({"bad_signature"})),
        Route(method="POST", pattern="/telecom/topups", handler=topups.DESK.ask,
              operation="top_up", faults=HOOK_FAULTS | {"decline"}),
        Route(method="POST", pattern="/telecom/day", handler=topups.day, operation="day",
              faults=dayfile.FAULTS),
        Route(method="GET", pattern="/telecom/file/<token>", handler=dayfile.give,
              operation="file"),
    ),
    outgoing={RESULT: telling.FAULTS},
)  # fmt: skip
