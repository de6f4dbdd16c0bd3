"""Takes texts in, says what became of them, and lists what a phone has received."""

from __future__ import annotations

import re
from typing import Any

from sandbox.ground import chance, clock, signing
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World

KEY_ID = "xingnuo"
TEXT_CHARS_MAX = 500
INBOX_MAX = 200
PHONE = re.compile(r"(?:\+?86)?(1[3-9]\d{9})")
MESSAGE_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
FIELDS = {"message_id", "phone", "text"}
SEND_FAULTS = frozenset("bad_signature duplicate reordered late silence decline".split())

# `delivered_at` is when the phone has it: later than now while under way, null for never.
SCHEMA = """
CREATE TABLE IF NOT EXISTS sms_message (
    message_id TEXT PRIMARY KEY, gateway_id TEXT NOT NULL UNIQUE,
    phone TEXT NOT NULL, text TEXT NOT NULL, fault TEXT NOT NULL,
    accepted_at REAL NOT NULL, delivered_at REAL, copies INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sms_phone ON sms_message (phone, delivered_at);
"""


def send(world: World, request: Request) -> Response:
    """Take one text for one phone; 202 when accepted, 200 when it had been accepted before."""
    secret = world.settings.sms_secret
    signing.verify(world.store, request, key_id=KEY_ID, secret=secret)
    message_id, phone, text = _asked(request)
    with world.store.transaction():
        earlier = world.store.row("SELECT * FROM sms_message WHERE message_id = ?", message_id)
        if earlier is None and request.fault.kind == "decline":
            raise Problem(422, "phone_refused", "这个号码不能接收短信。")
        if earlier is None:
            _accept(world, request, message_id=message_id, phone=phone, text=text)
        elif (earlier["phone"], earlier["text"]) != (phone, text):
            raise Problem(409, "message_id_reused", "同一个编号已用于另一条短信。")
    told = _state(world, message_id)
    answer = json_response(told, status=202 if earlier is None else 200)
    return signing.signed(answer, request, secret=secret)


def deliver(world: World, *, phone: str, text: str) -> None:
    """Deliver what another institution of the outside world texts, such as a bank's code."""
    now = clock.now()
    world.store.run(
        "INSERT INTO sms_message (message_id, gateway_id, phone, text, fault, accepted_at,"
        " delivered_at, copies) VALUES (?, ?, ?, ?, 'ok', ?, ?, 1)",
        chance.name("own"), chance.name("sms"), phone, text, now, now,
    )  # fmt: skip


def status(world: World, request: Request) -> Response:
    """Say what became of a message: accepted or delivered."""
    secret = world.settings.sms_secret
    signing.verify(world.store, request, key_id=KEY_ID, secret=secret)
    told = json_response(_state(world, request.params["message_id"]))
    return signing.signed(told, request, secret=secret)


def received(world: World, *, phone: str = "") -> list[dict[str, Any]]:
    """List what phones have received, newest first; a text delivered twice is there twice."""
    found = world.store.rows(
        "SELECT message_id, phone, text, accepted_at, delivered_at, copies FROM sms_message"
        " WHERE delivered_at <= ? AND (? = '' OR phone = ?)"
        " ORDER BY delivered_at DESC, accepted_at DESC LIMIT ?",
        clock.now(), phone, phone, INBOX_MAX,
    )  # fmt: skip
    return [dict(message) for message in found for _ in range(message.pop("copies"))]


def normal_phone(text: str) -> str:
    """Give the eleven digits of a mainland mobile number; raises a 422."""
    found = PHONE.fullmatch(re.sub(r"[\s-]", "", text))
    if not found:
        raise Problem(422, "phone_malformed", "手机号应是 11 位数字。")
    return found.group(1)


def books(world: World) -> dict[str, Any]:
    """Say every message that was accepted, oldest first."""
    found = world.store.rows("SELECT * FROM sms_message ORDER BY accepted_at, message_id")
    return {"messages": [_told(message) for message in found]}


def _asked(request: Request) -> tuple[str, str, str]:
    asked = request.json()
    if asked.keys() != FIELDS or not all(isinstance(value, str) for value in asked.values()):
        raise Problem(422, "fields_wrong", "需要 message_id、phone、text 三项文本。")
    if not MESSAGE_ID.fullmatch(asked["message_id"]):
        raise Problem(422, "message_id_malformed", "编号应是 8 到 64 位字母、数字、- 或 _。")
    text = asked["text"]
    if not 0 < len(text) <= TEXT_CHARS_MAX or any(ord(sign) < 32 for sign in text):
        raise Problem(422, "text_malformed", f"短信应是 1 到 {TEXT_CHARS_MAX} 个字，没有控制字符。")
    return asked["message_id"], normal_phone(asked["phone"]), text


def _accept(world: World, request: Request, *, message_id: str, phone: str, text: str) -> None:
    fault, now = request.fault, clock.now()
    delivered = {"late": now + fault.seconds, "silence": None, "reordered": None}.get(
        fault.kind, now
    )
    world.store.run(
        "INSERT INTO sms_message (message_id, gateway_id, phone, text, fault, accepted_at,"
        " delivered_at, copies) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        message_id, chance.name("sms"), phone, text, fault.kind, now, delivered,
        2 if fault.kind == "duplicate" else 1,
    )  # fmt: skip
    if delivered is not None:
        # What was held back to be overtaken arrives just after the one that overtakes it.
        world.store.run(
            "UPDATE sms_message SET delivered_at = ? WHERE phone = ? AND fault = 'reordered'"
            " AND delivered_at IS NULL",
            delivered + 0.001, phone,
        )  # fmt: skip


def _state(world: World, message_id: str) -> dict[str, Any]:
    found = world.store.row("SELECT * FROM sms_message WHERE message_id = ?", message_id)
    if found is None:
        raise Problem(404, "message_unknown", "没有这条短信。")
    told = _told(found)
    return {name: told[name] for name in ("message_id", "gateway_id", "state", "delivered_at")}


def _told(message: dict[str, Any]) -> dict[str, Any]:
    at = message["delivered_at"]
    there = at is not None and at <= clock.now()
    return {
        **message,
        "accepted_at": clock.iso(message["accepted_at"]),
        "state": "delivered" if there else "accepted",
        "delivered_at": clock.iso(at) if there else None,
        "copies": message["copies"] if there else 0,
    }
