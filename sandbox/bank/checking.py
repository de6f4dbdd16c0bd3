"""The four-element check: card, document, name and phone, then the code that the bank texts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.bank import cards
from sandbox.ground import chance, clock
from sandbox.ground.desk import KEY, Desk
from sandbox.ground.http import Problem, Request, Response
from sandbox.ground.partner import World
from sandbox.sms import gateway

CODE_SECONDS, TRIES_MAX = 300, 5

SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_code (
    key TEXT PRIMARY KEY, code TEXT NOT NULL, made_at REAL NOT NULL, tries INTEGER NOT NULL
) WITHOUT ROWID;
"""


def decide(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Look at the four elements, and text a code where they are right."""
    number = asked["card_number"].replace(" ", "")
    known = cards.BANKS.get(number[: cards.BIN_DIGITS])
    if known is None:
        return {"outcome": "unsupported", "bank": ""}
    told = {"bank": known[0]}
    card = cards.find(world, number)
    given = (asked["document_number"].upper(), asked["name"], asked["phone"])
    if card is None or (card["document_number"], card["name"], card["phone"]) != given:
        return {"outcome": "mismatch", **told}
    if card["state"] != "normal":
        return {"outcome": f"card_{card['state']}", **told}
    code = chance.digits(6)
    world.store.run(
        "INSERT INTO bank_code (key, code, made_at, tries) VALUES (?, ?, ?, 0)",
        asked["key"], code, clock.now(),
    )  # fmt: skip
    text = f"【{known[0]}】验证码 {code}，5 分钟内有效，用于核验尾号 {number[-4:]} 的卡。"
    gateway.deliver(world, phone=card["phone"], text=text)
    return {"outcome": "code_sent", **told}


DESK = Desk(
    service="bank",
    fields={"card_number": 30, "document_number": 30, "name": 200, "phone": 20},
    decide=decide,
    contrary={"code_sent": "mismatch", "mismatch": "code_sent"},
    word="outcome",
)


def confirm(world: World, request: Request) -> Response:
    """Take the code that the person typed."""
    DESK.verify(world, request)
    asked = request.json()
    if asked.keys() != {"key", "code"} or not all(isinstance(v, str) for v in asked.values()):
        raise Problem(422, "fields_wrong", "需要 key、code 两项文本。")
    if not KEY.fullmatch(asked["key"]):
        raise Problem(422, "key_malformed", "编号应是 8 到 64 位字母、数字、- 或 _。")
    with world.store.transaction():
        told = _tried(world, asked["key"], asked["code"])
    if request.fault.kind == "contradiction" and told["outcome"] == "confirmed":
        told["outcome"] = "mismatch"
    return DESK.sign(world, request, told)


def _tried(world: World, key: str, code: str) -> dict[str, Any]:
    case = DESK.case(world, key)
    sent = world.store.row("SELECT * FROM bank_code WHERE key = ?", key)
    if case is None or sent is None:
        raise Problem(404, "key_unknown", "没有这次请求。")
    told = DESK.told(case)
    if told.get("outcome") == "confirmed":
        return told
    if clock.now() > sent["made_at"] + CODE_SECONDS:
        return {**told, "outcome": "code_expired"}
    if sent["tries"] >= TRIES_MAX:
        return {**told, "outcome": "too_many", "tries_left": 0}
    if sent["code"] == code:
        answer = {"outcome": "confirmed", "bank": json.loads(case["answer"])["bank"]}
        return DESK.change(world, key, answer)
    world.store.run("UPDATE bank_code SET tries = tries + 1 WHERE key = ?", key)
    return {**told, "outcome": "code_wrong", "tries_left": TRIES_MAX - sent["tries"] - 1}
