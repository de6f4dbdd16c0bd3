"""Top-ups: who serves a number, an order that is done a little later, the file of a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.ground import clock, dayfile, signing
from sandbox.ground.desk import Desk
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World

HOOK = "/hooks/telecom/topup"
AMOUNTS = (1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 50_000)
SECONDS = 0.3
# Made-up carriers by the first three digits of their numbers.
CARRIERS = {
    "华信移动": ("138", "139", "150", "151", "188"),
    "东联通信": ("130", "131", "155", "186"),
    "北星电信": ("133", "153", "180", "189", "199"),
}
REGIONS = ("北京", "江苏", "广东", "浙江", "四川")

SCHEMA = """
CREATE TABLE IF NOT EXISTS telecom_topup (
    key TEXT PRIMARY KEY, phone TEXT NOT NULL, carrier TEXT NOT NULL,
    amount_fen INTEGER NOT NULL, at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS telecom_topup_at ON telecom_topup (at);
"""


def served_by(phone: str) -> str:
    """Give who serves a number, or nothing."""
    if len(phone) != 11 or not (phone.isascii() and phone.isdigit()):
        return ""
    return next((name for name, heads in CARRIERS.items() if phone[:3] in heads), "")


def decide(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Top a number up."""
    name, text = served_by(asked["phone"]), asked["amount_fen"]
    fen = int(text) if text.isascii() and text.isdigit() else 0
    if not name or fen not in AMOUNTS:
        return {"outcome": "declined", "code": "amount_wrong" if name else "number_unknown"}
    now = clock.now()
    world.store.run(
        "INSERT INTO telecom_topup (key, phone, carrier, amount_fen, at) VALUES (?, ?, ?, ?, ?)",
        asked["key"], asked["phone"], name, fen, now,
    )  # fmt: skip
    return {"outcome": "done", "amount_fen": fen, "at": clock.iso(now), "seconds": SECONDS}


DESK = Desk(
    service="telecom", fields={"phone": 20, "amount_fen": 20}, decide=decide, word="outcome",
    contrary={"done": "declined", "declined": "done"}, hook=HOOK,
    declined={"outcome": "declined", "code": "declined"},
)  # fmt: skip


def carrier(world: World, request: Request) -> Response:
    """Say, signed, who serves a number and which amounts it can be topped up by."""
    DESK.verify(world, request)
    phone = request.json().get("phone")
    if not isinstance(phone, str) or len(phone) > 20:
        told = Problem(422, "fields_wrong", "需要 phone。").response()
    else:
        name = served_by(phone)
        region = REGIONS[int(phone[-1]) % len(REGIONS)] if name else ""
        amounts = list(AMOUNTS) if name else []
        told = json_response(
            {"phone": phone, "name": name, "region": region, "amounts_fen": amounts}
        )
    return signing.signed(told, request, secret=world.settings.partner_secrets["telecom"])


def day(world: World, request: Request) -> Response:
    """Give the head of a day's file."""
    DESK.verify(world, request)
    return dayfile.head(world, request, "telecom", _lines(world, *dayfile.span(request)))


def books(world: World) -> dict[str, Any]:
    """Say every top-up that was done."""
    return {"topups": _lines(world, 0, clock.now() + 1)}


def _lines(world: World, began: float, ended: float) -> list[dict[str, Any]]:
    rows = world.store.rows(
        "SELECT t.key, 'top_up' AS kind, '' AS account, t.amount_fen, c.reference, t.at"
        " FROM telecom_topup t JOIN desk_case c ON c.service = 'telecom' AND c.key = t.key"
        " WHERE t.at >= ? AND t.at < ? ORDER BY t.at, t.key", began, ended,
    )  # fmt: skip
    return [{**row, "at": clock.iso(row["at"])} for row in rows]
