"""Accounts with what they owe, payments written off a little later, receipts, the day's file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.ground import chance, clock, dayfile, residents, signing
from sandbox.ground.desk import Desk
from sandbox.ground.http import Problem, Request, Response, json_response
from sandbox.ground.partner import World

HOOK = "/hooks/utility/payment"
ISSUERS = {"utility_power": "电力公司", "utility_water": "自来水公司", "utility_gas": "燃气公司"}
SECONDS = 0.3
NUMBER_DIGITS = 10

SCHEMA = """
CREATE TABLE IF NOT EXISTS utility_account (
    issuer TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL,
    bill_no TEXT NOT NULL, due_fen INTEGER NOT NULL, balance_fen INTEGER NOT NULL,
    month TEXT NOT NULL, PRIMARY KEY (issuer, account)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS utility_payment (
    key TEXT PRIMARY KEY, issuer TEXT NOT NULL, account TEXT NOT NULL, bill_no TEXT NOT NULL,
    amount_fen INTEGER NOT NULL, at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS utility_payment_at ON utility_payment (at);
"""


def start(world: World) -> None:
    """Give every documented person an account at each issuer, with something to pay."""
    for index, one in enumerate(residents.RESIDENTS, start=1):
        for place, issuer in enumerate(ISSUERS, start=1):
            make(world, issuer=issuer, account=f"{place}00000{index:04d}", name=one.name,
                 address=f"杭州市西湖区文星路 {index} 号 {place} 单元",
                 due_fen=3_000 + 517 * index + 100 * place)  # fmt: skip


def make(world: World, *, issuer: str, account: str, name: str, address: str, due_fen: int) -> None:
    """Open an account where its number is not there yet."""
    month = f"{datetime.fromtimestamp(clock.now(), clock.BEIJING):%Y-%m}"
    world.store.run(
        "INSERT OR IGNORE INTO utility_account (issuer, account, name, address, bill_no, due_fen,"
        " balance_fen, month) VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
        issuer, account, name, address, chance.name("bill") if due_fen else "", due_fen, month,
    )  # fmt: skip


def find(world: World, issuer: str, account: str) -> dict[str, Any] | None:
    """Give an account by its number."""
    return world.store.row(
        "SELECT * FROM utility_account WHERE issuer = ? AND account = ?", issuer, account
    )


def query(world: World, request: Request) -> Response:
    """Say, signed, what an account owes."""
    DESK.verify(world, request)
    asked = request.json()
    account, issuer = str(asked.get("account")), str(asked.get("issuer"))
    good = issuer in ISSUERS and 0 < len(account) <= 40
    if asked.keys() != {"issuer", "account"} or not good:
        return _signed(world, request, Problem(422, "fields_wrong", "需要户号。").response())
    row = find(world, issuer, account)
    told: dict[str, Any] = {"account": account, "issuer": issuer, "found": "not_found"}
    if row is not None:
        told |= {
            "found": "due" if row["due_fen"] else "nothing_due", "bill_no": row["bill_no"],
            "name": f"*{row['name'][1:]}", "address": f"{row['address'][:6]}****",
            "due_fen": row["due_fen"], "balance_fen": row["balance_fen"], "month": row["month"],
        }  # fmt: skip
        if request.fault.kind == "wrong_amount":
            told["due_fen"] += 1
    return _signed(world, request, json_response(told))


def decide(world: World, asked: Mapping[str, str]) -> dict[str, Any]:
    """Write a bill off."""
    row, text = find(world, asked["issuer"], asked["account"]), asked["amount_fen"]
    earlier = world.store.row("SELECT 1 FROM utility_payment WHERE bill_no = ?", asked["bill_no"])
    if earlier is not None:
        return _no("already_paid")
    if row is None or not asked["bill_no"] or row["bill_no"] != asked["bill_no"]:
        return _no("bill_unknown")
    if text != str(row["due_fen"]):
        return _no("amount_wrong")
    now = clock.now()
    world.store.run(
        "UPDATE utility_account SET due_fen = 0, bill_no = '' WHERE issuer = ? AND account = ?",
        asked["issuer"],
        asked["account"],
    )
    world.store.run(
        "INSERT INTO utility_payment (key, issuer, account, bill_no, amount_fen, at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        asked["key"], asked["issuer"], asked["account"], asked["bill_no"], row["due_fen"], now,
    )  # fmt: skip
    return {"outcome": "done", "amount_fen": row["due_fen"], "at": clock.iso(now),
            "seconds": SECONDS}  # fmt: skip


def _no(code: str) -> dict[str, Any]:
    return {"outcome": "declined", "code": code}


DESK = Desk(
    service="utility",
    fields={"issuer": 30, "account": 40, "bill_no": 64, "amount_fen": 20},
    decide=decide, word="outcome", contrary={"done": "declined", "declined": "done"}, hook=HOOK,
    declined=_no("declined"),
)  # fmt: skip


def receipt(world: World, request: Request) -> Response:
    """Give the receipt of what was written off; nothing of what is still under way."""
    DESK.verify(world, request)
    key = request.params["key"]
    case = DESK.case(world, key)
    row = world.store.row("SELECT * FROM utility_payment WHERE key = ?", key)
    if case is None or row is None or DESK.told(case)["state"] != "done":
        return _signed(world, request, Problem(404, "no_receipt", "没有收据。").response())
    sealed = hashlib.sha256(f"{case['reference']}:{row['amount_fen']}".encode()).hexdigest()
    told = {
        "key": key, "reference": case["reference"], "bill_no": row["bill_no"],
        "amount_fen": row["amount_fen"], "at": clock.iso(row["at"]),
        "issuer": ISSUERS[row["issuer"]], "seal": sealed[:16].upper(),
    }  # fmt: skip
    return _signed(world, request, json_response(told))


def day(world: World, request: Request) -> Response:
    """Give the head of a day's file."""
    DESK.verify(world, request)
    return dayfile.head(world, request, "utility", _lines(world, *dayfile.span(request)))


def books(world: World) -> dict[str, Any]:
    """Say every account, question and payment."""
    listed = world.store.rows("SELECT * FROM utility_account ORDER BY issuer, account")
    paid = _lines(world, 0, clock.now() + 1)
    return {**DESK.books(world), "accounts": listed, "payments": paid}


def _lines(world: World, began: float, ended: float) -> list[dict[str, Any]]:
    rows = world.store.rows(
        "SELECT p.key, p.issuer AS kind, p.account, p.amount_fen, c.reference, p.at"
        " FROM utility_payment p JOIN desk_case c ON c.service = 'utility' AND c.key = p.key"
        " WHERE p.at >= ? AND p.at < ? ORDER BY p.at, p.key", began, ended,
    )  # fmt: skip
    return [{**row, "at": clock.iso(row["at"])} for row in rows]


def _signed(world: World, request: Request, told: Response) -> Response:
    return signing.signed(told, request, secret=world.settings.partner_secrets["utility"])
