"""The telecom check's addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.ground import residents
from sandbox.ground.desk import FAULTS, Desk
from sandbox.ground.http import Route
from sandbox.ground.partner import Partner, World


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

PARTNER = Partner(
    id="telecom",
    title="通信核验平台",
    summary="核对手机号是不是登记在这个人名下。",
    schema="",
    books=DESK.books,
    routes=(
        Route(method="POST", pattern="/telecom/verify", handler=DESK.ask, operation="verify",
              faults=FAULTS),
        Route(method="GET", pattern="/telecom/status/<key>", handler=DESK.status,
              operation="status", faults=frozenset({"bad_signature"})),
    ),
)  # fmt: skip
