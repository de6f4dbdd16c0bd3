"""Calls to the telecom: whose phone it is, who serves it, and top-ups in two steps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xingnuo.partners import _money
from xingnuo.partners._file import day_file as fetch_day
from xingnuo.partners._line import Line
from xingnuo.partners.telecom import wire
from xingnuo.partners.telecom.contracts import (
    OPERATOR,
    RECIPIENT,
    Answer,
    Carrier,
    DayFile,
    Notice,
    TopUp,
    TopUpLine,
)
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

LINE = Line("telecom")


def verify(parcel: Parcel, *, key: str) -> Answer:
    """Ask whether name, number and phone belong together; the same key again asks nothing twice.

    Never raises for what the platform does. Raises `NotSealed` or `WrongRecipient` for a parcel
    that is not the platform's.
    """
    given = sharing.contents(parcel, recipient=RECIPIENT)
    asked = wire.question(
        key=key,
        name=given.get("name", ""),
        document_number=given.get("document_number", ""),
        phone=given.get("phone", ""),
    )
    told = LINE.post(wire.VERIFY_PATH, asked)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key)


def status(key: str) -> Answer:
    """Ask the platform's record of a key; `PENDING` when it does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key)


def carrier(parcel: Parcel) -> Carrier | None:
    """Ask who serves the parcel's number; None when it is not known now."""
    phone = sharing.contents(parcel, recipient=OPERATOR).get("topup_phone", "")
    told = LINE.post(wire.CARRIER_PATH, {"phone": phone})
    return wire.carrier(told.fields, phone=phone) if told.signed and told.status == 200 else None


def top_up(parcel: Parcel, *, amount_fen: int, key: str) -> TopUp:
    """Order a top-up of the parcel's number; it is mostly done later, and told or asked for."""
    phone = sharing.contents(parcel, recipient=OPERATOR).get("topup_phone", "")
    if not _money.is_amount(amount_fen):
        return _money.REFUSED
    told = LINE.post(wire.TOP_UP_PATH, {"key": key, "phone": phone, "amount_fen": str(amount_fen)})
    return _money.answer(told.status, told.fields, signed=told.signed, key=key)


def top_up_status(key: str) -> TopUp:
    """Ask the telecom's record of a top-up; `PENDING` when it does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return _money.answer(told.status, told.fields, signed=told.signed, key=key)


def day_file(day: date) -> DayFile[TopUpLine]:
    """Fetch the telecom's file of a day; raises `DayFileNotReady` or `DayFileBroken`."""
    return fetch_day(LINE, wire.DAY_PATH, day, read=_money.line)


def receive(headers: Mapping[str, str], body: bytes) -> Notice:
    """Take a call to our hook that tells what became of a top-up; raises `NotAuthentic`."""
    return _money.notice(LINE.read(wire.HOOK_PATH, headers, body), partner="telecom")
