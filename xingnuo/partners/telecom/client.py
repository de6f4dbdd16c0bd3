"""Calls to the telecom check: ask once by a key, ask its record."""

from __future__ import annotations

from xingnuo.partners._line import Line
from xingnuo.partners.telecom import wire
from xingnuo.partners.telecom.contracts import RECIPIENT, Answer
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
