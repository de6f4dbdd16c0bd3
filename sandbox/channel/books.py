"""The channels' books: orders and refunds, each once by its number; the truth for tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.bank import cards
from sandbox.channel import notices
from sandbox.ground import chance, clock
from sandbox.ground.faults import Fault
from sandbox.ground.partner import World

# Hundredths of a per cent that each channel keeps; half a fen is rounded up.
FEE_RATE = {"alipay": 60, "wechat": 60, "unionpay": 50}
DECIDE = "channel_decide"

SCHEMA = """
CREATE TABLE IF NOT EXISTS channel_order (
    style TEXT NOT NULL, order_no TEXT NOT NULL, channel_no TEXT NOT NULL,
    amount_fen INTEGER NOT NULL, fee_fen INTEGER NOT NULL, asked_hash TEXT NOT NULL,
    card_tail TEXT NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL, fault TEXT NOT NULL,
    made_at REAL NOT NULL, expires_at REAL NOT NULL, paid_at REAL,
    PRIMARY KEY (style, order_no)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS channel_order_paid ON channel_order (style, paid_at);
CREATE INDEX IF NOT EXISTS channel_order_no ON channel_order (channel_no);
CREATE TABLE IF NOT EXISTS channel_refund (
    style TEXT NOT NULL, refund_no TEXT NOT NULL, channel_no TEXT NOT NULL, order_no TEXT NOT NULL,
    amount_fen INTEGER NOT NULL, state TEXT NOT NULL, code TEXT NOT NULL, fault TEXT NOT NULL,
    made_at REAL NOT NULL, done_at REAL,
    PRIMARY KEY (style, refund_no)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS channel_refund_order ON channel_refund (style, order_no);
CREATE INDEX IF NOT EXISTS channel_refund_done ON channel_refund (style, done_at);
"""


class Reused(Exception):
    """The number was used for another content."""


class NotPayable(Exception):
    """There is no such paid order to give money back of, or not so much of it; says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a merchant asks to be paid."""

    order_no: str
    amount_fen: int
    expires_at: float
    card_number: str
    name: str
    document_number: str
    phone: str


def start(world: World) -> None:
    """Say who decides what was left open."""
    world.outbox.carry(DECIDE, lambda payload: _decide(world, payload))


def pay(world: World, style: str, asked: Asked, fault: Fault) -> dict[str, Any]:
    """Take an order in, once; raises `Reused`."""
    with world.store.transaction():
        row = order(world, style, asked.order_no)
        if row is not None:
            if row["asked_hash"] not in (_hash(asked), ""):
                raise Reused
            return row
        code = _wrong_with(world, asked)
        if fault.kind == "decline" and not code:
            code = "short"
        state = "declined" if code else "open"
        if asked.expires_at <= clock.now():
            state, code = "closed", "expired"
        fee = (asked.amount_fen * FEE_RATE[style] + 5_000) // 10_000
        _insert(world, style, asked, state=state, code=code, fee=fee, fault=fault.kind)
        if state == "open" and fault.kind != "silence":
            if fault.kind == "late":
                told = {"style": style, "kind": "pay", "number": asked.order_no}
                world.outbox.put(DECIDE, about=style, payload=told, delay=fault.seconds)
            else:
                done(world, style, "pay", asked.order_no)
        made = order(world, style, asked.order_no)
    assert made is not None, "an order that was just made"
    return made


def close(world: World, style: str, order_no: str, *, unknown: bool) -> str:
    """Close an order and say its state now; `unknown` closes a number never seen too."""
    with world.store.transaction():
        row = order(world, style, order_no)
        if row is None:
            if not unknown:
                return ""
            asked = Asked(order_no=order_no, amount_fen=0, expires_at=clock.now(), card_number="",
                          name="", document_number="", phone="")  # fmt: skip
            _insert(world, style, asked, state="closed", code="closed", fee=0, fault="", hashed="")
            return "closed"
        if row["state"] in ("open", "declined"):
            _set(world, style, order_no, state="closed", code="closed")
            return "closed"
        return str(row["state"])


def refund(
    world: World, style: str, *, order_no: str, refund_no: str, amount_fen: int, fault: Fault
) -> tuple[dict[str, Any], bool]:
    """Give money back, once; give the refund and whether it is new.

    Raises `Reused` or `NotPayable`.
    """
    with world.store.transaction():
        row = refunded(world, style, refund_no)
        if row is not None:
            if (row["order_no"], row["amount_fen"]) != (order_no, amount_fen):
                raise Reused
            return row, False
        paid = order(world, style, order_no)
        if paid is None or paid["state"] != "paid":
            raise NotPayable("no_order" if paid is None else "not_paid")
        if amount_fen + refunded_sum(world, style, order_no, live=True) > paid["amount_fen"]:
            raise NotPayable("too_much")
        if fault.kind == "decline":
            raise NotPayable("short")
        world.store.run(
            "INSERT INTO channel_refund (style, refund_no, channel_no, order_no, amount_fen,"
            " state, code, fault, made_at) VALUES (?, ?, ?, ?, ?, 'open', '', ?, ?)",
            style, refund_no, _number(), order_no, amount_fen, fault.kind, clock.now(),
        )  # fmt: skip
        if fault.kind == "late":
            told = {"style": style, "kind": "refund", "number": refund_no}
            world.outbox.put(DECIDE, about=style, payload=told, delay=fault.seconds)
        elif fault.kind != "silence":
            done(world, style, "refund", refund_no)
        made = refunded(world, style, refund_no)
    assert made is not None, "a refund that was just made"
    return made, True


def done(world: World, style: str, kind: str, number: str) -> None:
    """Move the money of an open order or refund, and tell the merchant."""
    now = clock.now()
    if kind == "pay":
        changed = world.store.run(
            "UPDATE channel_order SET state = 'paid', paid_at = ?"
            " WHERE style = ? AND order_no = ? AND state = 'open'", now, style, number,
        )  # fmt: skip
    else:
        changed = world.store.run(
            "UPDATE channel_refund SET state = 'done', done_at = ?"
            " WHERE style = ? AND refund_no = ? AND state = 'open'", now, style, number,
        )  # fmt: skip
    if changed:
        notices.tell(world, style, kind, number)


def order(world: World, style: str, order_no: str) -> dict[str, Any] | None:
    """Give an order, closed where its time is over and it was not paid."""
    world.store.run(
        "UPDATE channel_order SET state = 'closed', code = 'expired' WHERE style = ?"
        " AND order_no = ? AND state = 'open' AND expires_at <= ?", style, order_no, clock.now(),
    )  # fmt: skip
    return world.store.row(
        "SELECT * FROM channel_order WHERE style = ? AND order_no = ?", style, order_no
    )


def refunded(world: World, style: str, refund_no: str) -> dict[str, Any] | None:
    """Give a refund."""
    return world.store.row(
        "SELECT * FROM channel_refund WHERE style = ? AND refund_no = ?", style, refund_no
    )


def refunded_sum(world: World, style: str, order_no: str, *, live: bool = False) -> int:
    """Give what was given back of an order; with `live` also what is still on its way."""
    states = "('done', 'open')" if live else "('done')"
    found = world.store.row(
        "SELECT coalesce(sum(amount_fen), 0) AS fen FROM channel_refund"  # noqa: S608 (two words)
        f" WHERE style = ? AND order_no = ? AND state IN {states}",
        style, order_no,
    )  # fmt: skip
    return int(found["fen"]) if found else 0


def told(world: World, style: str) -> Mapping[str, Any]:
    """Say everything that a channel holds."""
    names = {"paid_at", "done_at", "made_at", "expires_at"}

    def shown(row: dict[str, Any]) -> dict[str, Any]:
        return {k: clock.iso(v) if k in names else v for k, v in row.items() if k != "asked_hash"}

    orders = world.store.rows(
        "SELECT * FROM channel_order WHERE style = ? ORDER BY made_at, order_no", style
    )
    refunds = world.store.rows(
        "SELECT * FROM channel_refund WHERE style = ? ORDER BY made_at, refund_no", style
    )
    return {
        "orders": [shown(row) for row in orders],
        "refunds": [shown(row) for row in refunds],
        "paid_fen": sum(row["amount_fen"] for row in orders if row["state"] == "paid"),
        "refunded_fen": sum(row["amount_fen"] for row in refunds if row["state"] == "done"),
        "notices": world.outbox.told(notices.kind_of(style)),
    }


def _decide(world: World, payload: Mapping[str, Any]) -> tuple[Any, str]:
    with world.store.transaction():
        order(world, payload["style"], payload["number"])
        done(world, payload["style"], payload["kind"], payload["number"])
    return "done", ""


def _wrong_with(world: World, asked: Asked) -> str:
    card = cards.find(world, asked.card_number)
    if card is None:
        return "card_unknown"
    given = (asked.document_number.upper(), asked.name, asked.phone)
    if (card["document_number"], card["name"], card["phone"]) != given:
        return "mismatch"
    return "" if card["state"] == "normal" else "card_bad"


def _insert(
    world: World, style: str, asked: Asked, *, state: str, code: str, fee: int, fault: str,
    hashed: str | None = None,
) -> None:  # fmt: skip
    world.store.run(
        "INSERT INTO channel_order (style, order_no, channel_no, amount_fen, fee_fen, asked_hash,"
        " card_tail, state, code, fault, made_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        style, asked.order_no, _number(), asked.amount_fen, fee,
        _hash(asked) if hashed is None else hashed, asked.card_number[-4:], state, code, fault,
        clock.now(), asked.expires_at,
    )  # fmt: skip


def _set(world: World, style: str, order_no: str, *, state: str, code: str) -> None:
    world.store.run(
        "UPDATE channel_order SET state = ?, code = ? WHERE style = ? AND order_no = ?",
        state, code, style, order_no,
    )  # fmt: skip


def _hash(asked: Asked) -> str:
    told = [asked.amount_fen, asked.card_number, asked.name, asked.document_number, asked.phone]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _number() -> str:
    return chance.digits(21)
