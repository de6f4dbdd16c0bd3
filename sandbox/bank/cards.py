"""The card registry of all banks: by BIN, each card with its holder and its state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.ground import chance, residents
from sandbox.ground.http import Problem
from sandbox.ground.partner import World

# BIN → bank, digits of a card, kind. Made up; no real bank issues these.
BANKS = {
    "622900": ("星海银行", 19, "debit"),
    "621799": ("临川银行", 19, "debit"),
    "625899": ("东岭银行", 16, "credit"),
}
BIN_DIGITS = 6
STATES = ("normal", "lost", "closed")

SCHEMA = """
CREATE TABLE IF NOT EXISTS bank_card (
    card_number TEXT PRIMARY KEY, bank TEXT NOT NULL, kind TEXT NOT NULL,
    document_number TEXT NOT NULL, name TEXT NOT NULL, phone TEXT NOT NULL, state TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bank_card_holder ON bank_card (document_number);
"""


def start(world: World) -> None:
    """Give every documented person a card at each bank; the second person has lost and closed."""
    for index, one in enumerate(residents.RESIDENTS, start=1):
        for bin_, (_, digits, _) in BANKS.items():
            body = f"{bin_}{index:0{digits - BIN_DIGITS - 1}d}"
            state = {"621799": "lost", "625899": "closed"}.get(bin_, "normal")
            register(
                world, number=body + luhn(body), document_number=one.number, name=one.name,
                phone=one.phone, state=state if index == 2 else "normal",
            )  # fmt: skip


def register(
    world: World, *, number: str, document_number: str, name: str, phone: str, state: str
) -> None:
    """Put a card into the registry where its number is not there yet."""
    bank, _, kind = BANKS[number[:BIN_DIGITS]]
    world.store.run(
        "INSERT OR IGNORE INTO bank_card (card_number, bank, kind, document_number, name, phone,"
        " state) VALUES (?, ?, ?, ?, ?, ?, ?)",
        number, bank, kind, document_number, name, phone, state,
    )  # fmt: skip


def asked(world: World, told: Mapping[str, Any]) -> str:
    """Register the card that a test asks for and give its number; raises a 422."""
    known = {"number", "document_number", "name", "phone", "state", "bin"}
    if not told.keys() <= known or not all(isinstance(value, str) for value in told.values()):
        raise Problem(422, "fields_wrong", f"可用的项：{'、'.join(sorted(known))}。")
    bin_ = told.get("bin", "622900")
    state = told.get("state", "normal")
    holder = residents.find(world, told.get("document_number", ""))
    if bin_ not in BANKS or state not in STATES or (holder is None and not told.get("name")):
        raise Problem(422, "card_malformed", "卡号段、状态或持卡人不对。")
    body = bin_ + chance.digits(BANKS[bin_][1] - BIN_DIGITS - 1)
    number = str(told.get("number") or body + luhn(body))
    if number[:BIN_DIGITS] not in BANKS:
        raise Problem(422, "card_malformed", "卡号段不对。")
    register(
        world, number=number, state=state,
        document_number=told.get("document_number", "").upper(),
        name=told.get("name") or (holder or {}).get("name", ""),
        phone=told.get("phone") or (holder or {}).get("phone", ""),
    )  # fmt: skip
    return number


def find(world: World, number: str) -> dict[str, Any] | None:
    """Give a card by its number."""
    return world.store.row("SELECT * FROM bank_card WHERE card_number = ?", number)


def of_number(world: World, document_number: str) -> list[dict[str, Any]]:
    """List the cards of a person."""
    return world.store.rows(
        "SELECT card_number, bank, kind, phone, state FROM bank_card WHERE document_number = ?"
        " ORDER BY card_number",
        document_number,
    )


def luhn(body: str) -> str:
    """Give the check digit of a card number without one."""
    total = 0
    for place, digit in enumerate(reversed(body)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)
