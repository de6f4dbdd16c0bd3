"""The bank's e-accounts, agreements and pay-outs, with an entry for every movement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sandbox.bank import cards
from sandbox.ground import chance, clock
from sandbox.ground.desk import Desk
from sandbox.ground.partner import World
from sandbox.ground.residents import is_adult

HOOK = "/hooks/bank/money"
FEN_MAX = 10**12
SPEND_DAY_FEN_MAX = 1_000_000  # a class II account spends ten thousand yuan a day
DAY_SECONDS = 86_400
# What a million fen bring in a day.
DEPOSIT_PER_MILLION, FUND_PER_MILLION = 41, 49
NO = "declined"

SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_account (
    account TEXT PRIMARY KEY, document_number TEXT NOT NULL, name TEXT NOT NULL,
    phone TEXT NOT NULL, card_number TEXT NOT NULL, cash_fen INTEGER NOT NULL DEFAULT 0,
    deposit_fen INTEGER NOT NULL DEFAULT 0, fund_fen INTEGER NOT NULL DEFAULT 0,
    income_fen INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL, made_at REAL NOT NULL,
    CHECK (cash_fen >= 0 AND deposit_fen >= 0 AND fund_fen >= 0)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bank_agreement (
    agreement TEXT PRIMARY KEY, card_number TEXT NOT NULL, per_fen INTEGER NOT NULL,
    day_fen INTEGER NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS bank_entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL, kind TEXT NOT NULL,
    account TEXT NOT NULL, amount_fen INTEGER NOT NULL, at REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS bank_entry_at ON bank_entry (at);
CREATE INDEX IF NOT EXISTS bank_entry_account ON bank_entry (account, kind, at);
"""

# What each movement takes from and puts into; `` is outside the account.
MOVES = {
    "top_up": ("", "cash_fen"), "withdraw": ("cash_fen", ""), "spend": ("cash_fen", ""),
    "return": ("", "cash_fen"), "buy_deposit": ("cash_fen", "deposit_fen"),
    "sell_deposit": ("deposit_fen", "cash_fen"), "buy_fund": ("cash_fen", "fund_fen"),
    "sell_fund": ("fund_fen", "cash_fen"),
}  # fmt: skip
_TAKE = {
    name: f"UPDATE bank_account SET {name} = {name} - ?"  # noqa: S608 (one of three words)
    f" WHERE account = ? AND {name} >= ?"
    for name in ("cash_fen", "deposit_fen", "fund_fen")
}
_PUT = {
    name: f"UPDATE bank_account SET {name} = {name} + ? WHERE account = ?"  # noqa: S608
    for name in ("cash_fen", "deposit_fen", "fund_fen")
}

type Told = dict[str, Any]


def find(world: World, account: str) -> dict[str, Any] | None:
    """Give an account by its token."""
    return world.store.row("SELECT * FROM bank_account WHERE account = ?", account)


def entries(world: World, began: float, ended: float) -> list[dict[str, Any]]:
    """List the movements of a span, oldest first, as the statement has them."""
    rows = world.store.rows(
        "SELECT e.key, e.kind, e.account, e.amount_fen, e.at,"
        " coalesce(c.reference, 'own' || e.id) AS reference FROM bank_entry e"
        " LEFT JOIN desk_case c ON c.service = 'bank' AND c.key = e.key"
        " WHERE e.at >= ? AND e.at < ? ORDER BY e.id", began, ended,
    )  # fmt: skip
    return [{**row, "at": clock.iso(row["at"])} for row in rows]


def accrue(world: World) -> int:
    """Bring one day's income to every account; give how many got some."""
    paid = 0
    with world.store.transaction():
        for row in world.store.rows("SELECT * FROM bank_account WHERE state = 'open'"):
            income = row["deposit_fen"] * DEPOSIT_PER_MILLION // 1_000_000
            fund = row["fund_fen"] * FUND_PER_MILLION // 1_000_000
            for name, fen in (("deposit_fen", income), ("fund_fen", fund)):
                if fen:
                    world.store.run(_PUT[name], fen, row["account"])
                    _enter(world, "", f"income_{name[:-4]}", row["account"], fen)
            world.store.run(
                "UPDATE bank_account SET income_fen = income_fen + ? WHERE account = ?",
                income + fund, row["account"],
            )  # fmt: skip
            paid += 1 if income + fund else 0
    return paid


def books(world: World) -> dict[str, Any]:
    """Say every account, agreement and movement."""
    return {
        "accounts": world.store.rows("SELECT * FROM bank_account ORDER BY made_at, account"),
        "agreements": world.store.rows("SELECT * FROM bank_agreement ORDER BY agreement"),
        "entries": entries(world, 0, clock.now() + DAY_SECONDS),
    }


def _open(world: World, asked: Mapping[str, str]) -> Told:
    card = cards.find(world, asked["card_number"].replace(" ", ""))
    number = asked["document_number"].upper()
    given = (number, asked["name"], asked["phone"])
    if card is None or (card["document_number"], card["name"], card["phone"]) != given:
        return _no("mismatch")
    if card["state"] != "normal":
        return _no(f"card_{card['state']}")
    if is_adult(number, on=datetime.fromtimestamp(clock.now(), clock.BEIJING).date()) is False:
        return _no("minor")
    if world.store.row(
        "SELECT 1 FROM bank_account WHERE document_number = ? AND state = 'open'", number
    ):
        return _no("has_account")
    account = chance.name("acct")
    world.store.run(
        "INSERT INTO bank_account (account, document_number, name, phone, card_number, state,"
        " made_at) VALUES (?, ?, ?, ?, ?, 'open', ?)",
        account, number, asked["name"], asked["phone"], card["card_number"], clock.now(),
    )  # fmt: skip
    return _yes(0, account=account)


def _close(world: World, asked: Mapping[str, str]) -> Told:
    row = find(world, asked["account"])
    if row is None or row["state"] != "open":
        return _no("account_closed" if row else "account_unknown")
    if row["cash_fen"] or row["deposit_fen"] or row["fund_fen"]:
        return _no("not_empty")
    world.store.run("UPDATE bank_account SET state = 'closed' WHERE account = ?", row["account"])
    return _yes(0, account=row["account"])


def _move(world: World, asked: Mapping[str, str]) -> Told:
    row, fen = find(world, asked["account"]), _fen(asked["amount_fen"])
    places = MOVES.get(asked["kind"])
    if places is None or not fen:
        return _no("amount_wrong")
    if row is None or row["state"] != "open":
        return _no("account_closed" if row else "account_unknown")
    card = cards.find(world, row["card_number"])
    if asked["kind"] in ("top_up", "withdraw") and (card is None or card["state"] != "normal"):
        return _no(f"card_{card['state']}" if card else "card_closed")
    if asked["kind"] == "spend" and _today(world, row["account"], "spend") + fen > (
        SPEND_DAY_FEN_MAX
    ):
        return _no("over_limit")
    taken, put = places
    if taken and not world.store.run(_TAKE[taken], fen, row["account"], fen):
        return _no("short")
    if put:
        world.store.run(_PUT[put], fen, row["account"])
    _enter(world, asked["key"], asked["kind"], row["account"], fen)
    return _yes(fen, account=row["account"])


def _pay_out(world: World, asked: Mapping[str, str]) -> Told:
    card, fen = cards.find(world, asked["card_number"].replace(" ", "")), _fen(asked["amount_fen"])
    if not fen:
        return _no("amount_wrong")
    if card is None or card["name"] != asked["name"]:
        return _no("mismatch")
    if card["state"] != "normal":
        return _no(f"card_{card['state']}")
    _enter(world, asked["key"], "pay_out", card["card_number"][-4:], fen)
    return _yes(fen)


def _sign(world: World, asked: Mapping[str, str]) -> Told:
    card = cards.find(world, asked["card_number"].replace(" ", ""))
    given = (asked["document_number"].upper(), asked["name"], asked["phone"])
    if card is None or (card["document_number"], card["name"], card["phone"]) != given:
        return _no("mismatch")
    if card["state"] != "normal":
        return _no(f"card_{card['state']}")
    per, day = _fen(asked["per_fen"]), _fen(asked["day_fen"])
    if not per or not day or not asked["agreement"]:
        return _no("amount_wrong")
    new = world.store.run(
        "INSERT OR IGNORE INTO bank_agreement (agreement, card_number, per_fen, day_fen, state)"
        " VALUES (?, ?, ?, ?, 'signed')", asked["agreement"], card["card_number"], per, day,
    )  # fmt: skip
    return _yes(0) if new else _no("has_account")


def _end(world: World, asked: Mapping[str, str]) -> Told:
    ended = world.store.run(
        "UPDATE bank_agreement SET state = 'ended' WHERE agreement = ? AND state = 'signed'",
        asked["agreement"],
    )
    return _yes(0) if ended else _no("no_agreement")


def _debit(world: World, asked: Mapping[str, str]) -> Told:
    fen = _fen(asked["amount_fen"])
    row = world.store.row(
        "SELECT * FROM bank_agreement WHERE agreement = ? AND state = 'signed'", asked["agreement"]
    )
    if row is None or not fen:
        return _no("no_agreement" if row is None else "amount_wrong")
    card = cards.find(world, row["card_number"])
    if card is None or card["state"] != "normal":
        return _no(f"card_{card['state']}" if card else "card_closed")
    if fen > row["per_fen"] or fen + _today(world, row["agreement"], "debit") > row["day_fen"]:
        return _no("over_limit")
    _enter(world, asked["key"], "debit", row["agreement"], fen)
    return _yes(fen)


def _enter(world: World, key: str, kind: str, account: str, fen: int) -> None:
    world.store.run(
        "INSERT INTO bank_entry (key, kind, account, amount_fen, at) VALUES (?, ?, ?, ?, ?)",
        key, kind, account, fen, clock.now(),
    )  # fmt: skip


def _today(world: World, account: str, kind: str) -> int:
    there = datetime.fromtimestamp(clock.now(), clock.BEIJING)
    began = there.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    found = world.store.row(
        "SELECT coalesce(sum(amount_fen), 0) AS fen FROM bank_entry"
        " WHERE account = ? AND kind = ? AND at >= ?", account, kind, began,
    )  # fmt: skip
    return int(found["fen"]) if found else 0


def _fen(text: str) -> int:
    good = text.isascii() and text.isdigit() and len(text) <= 13 and int(text) <= FEN_MAX
    return int(text) if good else 0


def _yes(fen: int, **more: str) -> Told:
    return {"outcome": "done", "amount_fen": fen, "at": clock.iso(clock.now()), **more}


def _no(code: str) -> Told:
    return {"outcome": NO, "code": code}


def _desk(decide: Callable[[World, Mapping[str, str]], Told], **fields: int) -> Desk:
    return Desk(
        service="bank", fields=fields, decide=decide, word="outcome", hook=HOOK,
        contrary={"done": NO, NO: "done"}, declined=_no("short"),
    )  # fmt: skip


_TEXT = 200
DESKS = {
    "open_account": ("/bank/accounts", _desk(
        _open, name=_TEXT, document_number=30, phone=20, card_number=30)),
    "close_account": ("/bank/accounts/close", _desk(_close, account=64)),
    "move": ("/bank/moves", _desk(_move, kind=20, account=64, amount_fen=20)),
    "pay_out": ("/bank/payouts", _desk(
        _pay_out, card_number=30, name=_TEXT, text=_TEXT, amount_fen=20)),
    "sign": ("/bank/agreements", _desk(
        _sign, agreement=64, card_number=30, name=_TEXT, document_number=30, phone=20,
        per_fen=20, day_fen=20)),
    "end": ("/bank/agreements/end", _desk(_end, agreement=64)),
    "debit": ("/bank/debits", _desk(_debit, agreement=64, text=_TEXT, amount_fen=20)),
}  # fmt: skip
