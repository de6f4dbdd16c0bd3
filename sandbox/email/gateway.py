"""Takes letters in, lists what an address has received, and tells what became of each."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sandbox.ground import chance, clock, telling
from sandbox.ground.calls import Unreachable, call
from sandbox.ground.desk import Desk
from sandbox.ground.faults import OK
from sandbox.ground.http import Problem, Request, Response
from sandbox.ground.partner import World

EVENT, HOOK = "event", "/hooks/email/events"
SUBJECT_CHARS_MAX, TEXT_CHARS_MAX = 200, 20_000
INBOX_MAX = 200
ADDRESS = re.compile(r"[^@\s,;<>\"]{1,64}@[A-Za-z0-9.-]{1,189}")
# An address at one of these places bounces or complains by itself, for trying things out.
BOUNCING, COMPLAINING = "bounce.example", "complain.example"
KINDS = ("delivered", "bounced", "complained")

SCHEMA = """
CREATE TABLE IF NOT EXISTS email_letter (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, address TEXT NOT NULL, subject TEXT NOT NULL,
    text TEXT NOT NULL, headers TEXT NOT NULL, delivered_at REAL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS email_address ON email_letter (address, delivered_at);
"""


def decide(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Take a letter where address, subject and text are well formed."""
    if not ADDRESS.fullmatch(asked["address"]):
        raise Problem(422, "address_malformed", "邮箱地址不对。")
    line = asked["subject"]
    if not line or not line.isprintable() or not asked["text"]:
        raise Problem(422, "letter_malformed", "标题或正文不对。")
    headers = {"Message-ID": f"<{chance.name('mail')}@sandbox.example>"}
    if asked["unsubscribe"]:
        headers["List-Unsubscribe"] = f"<{asked['unsubscribe']}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    bounces = asked["address"].endswith(f"@{BOUNCING}")
    world.store.run(
        "INSERT INTO email_letter (id, key, address, subject, text, headers, delivered_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        chance.name("mail"), asked["key"], asked["address"], line, asked["text"],
        json.dumps(headers), None if bounces else clock.now(),
    )  # fmt: skip
    if bounces:
        tell(world, asked["key"], "bounced")
    elif asked["address"].endswith(f"@{COMPLAINING}"):
        tell(world, asked["key"], "complained")
    return {"outcome": "accepted"}


DESK = Desk(
    service="email",
    fields={
        "address": 254, "subject": SUBJECT_CHARS_MAX, "text": TEXT_CHARS_MAX, "unsubscribe": 500,
    },
    decide=decide, contrary={"accepted": "refused"}, word="outcome",
)  # fmt: skip


def send(world: World, request: Request) -> Response:
    """Take one letter for one address; the fault `duplicate` delivers it twice."""
    answer = DESK.ask(world, request)
    if request.fault.kind == "duplicate":
        key = request.json()["key"]
        world.store.run(
            "INSERT INTO email_letter SELECT id || 'b', key, address, subject, text, headers,"
            " delivered_at FROM email_letter WHERE key = ?",
            key,
        )
    elif request.fault.kind == "silence":
        key = request.json()["key"]
        world.store.run("UPDATE email_letter SET delivered_at = NULL WHERE key = ?", key)
    return answer


def tell(world: World, key: str, kind: str) -> str:
    """Tell xingnuo what became of a letter and give the call's id."""
    fault = world.faults.take("email", EVENT, text=f"{key}\n{kind}")
    told = {"key": key, "kind": kind}
    return telling.tell(world, service="email", hook=HOOK, about=key, told=told, fault=fault or OK)


def unsubscribe(world: World, key: str) -> int:
    """Post what one click posts (RFC 8058) and give the status; 0 when nobody answers."""
    letter = world.store.row("SELECT headers FROM email_letter WHERE key = ? LIMIT 1", key)
    told = json.loads(letter["headers"]) if letter else {}
    address = told.get("List-Unsubscribe", "").strip("<>")
    # A mail program calls anybody; the sandbox calls xingnuo alone.
    if not address.startswith(f"{world.settings.base_url}/"):
        raise Problem(404, "unsubscribe_missing", "这封邮件没有星诺的退订地址。")
    try:
        return call(address, form={"List-Unsubscribe": "One-Click"}).status
    except Unreachable:
        return 0


def received(world: World, *, address: str = "") -> list[dict[str, Any]]:
    """List the letters that an address has received, newest first."""
    found = world.store.rows(
        "SELECT id, key, address, subject, text, headers, delivered_at FROM email_letter"
        " WHERE delivered_at <= ? AND (? = '' OR address = ?)"
        " ORDER BY delivered_at DESC, id LIMIT ?",
        clock.now(), address, address, INBOX_MAX,
    )  # fmt: skip
    return [
        {**letter, "headers": json.loads(letter["headers"]),
         "delivered_at": clock.iso(letter["delivered_at"])}
        for letter in found
    ]  # fmt: skip
