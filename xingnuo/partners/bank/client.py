"""Calls to the clearing house: check a card by four elements, then by the bank's own code."""

from __future__ import annotations

from xingnuo.partners._line import Line
from xingnuo.partners.bank import wire
from xingnuo.partners.bank.contracts import RECIPIENT, Answer
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

LINE = Line("bank")


def begin(parcel: Parcel, *, key: str) -> Answer:
    """Ask whether card, document, name and phone belong together; right ones make the bank text.

    The same key again asks nothing and texts nothing twice. Never raises for what the bank does.
    Raises `NotSealed` or `WrongRecipient` for a parcel that is not the clearing house's.
    """
    given = sharing.contents(parcel, recipient=RECIPIENT)
    asked = wire.question(
        key=key,
        card_number=given.get("card_number", ""),
        document_number=given.get("document_number", ""),
        name=given.get("name", ""),
        phone=given.get("card_reserved_phone", ""),
    )
    told = LINE.post(wire.CHECK_PATH, asked)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key, among=wire.BEGUN)


def confirm(parcel: Parcel, *, key: str) -> Answer:
    """Hand the bank the code that the person typed, which the parcel passes through."""
    given = sharing.contents(parcel, recipient=RECIPIENT)
    told = LINE.post(wire.CONFIRM_PATH, {"key": key, "code": given.get("sms_code", "")})
    return wire.answer(told.status, told.fields, signed=told.signed, key=key, among=wire.TYPED)


def status(key: str) -> Answer:
    """Ask the record of a key; `PENDING` when it does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key, among=wire.RECORDED)
