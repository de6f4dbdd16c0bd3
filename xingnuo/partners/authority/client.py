"""Calls to the population service: ask once by a key, ask its record, take a later result."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.partners._line import Line
from xingnuo.partners.authority import wire
from xingnuo.partners.authority.contracts import RECIPIENT, Answer, Notice
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

LINE = Line("authority")


def verify(parcel: Parcel, *, key: str) -> Answer:
    """Ask whether name and number are one person's; the same key again asks nothing twice.

    Never raises for what the service does. Raises `NotSealed` or `WrongRecipient` for a parcel
    that is not the service's.
    """
    given = sharing.contents(parcel, recipient=RECIPIENT)
    asked = wire.question(
        key=key, name=given.get("name", ""), document_number=given.get("document_number", "")
    )
    told = LINE.post(wire.VERIFY_PATH, asked)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key)


def status(key: str) -> Answer:
    """Ask the service's record of a key; `PENDING` when it does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key)


def receive(headers: Mapping[str, str], body: bytes) -> Notice:
    """Take a call to our hook that tells a result; raises `NotAuthentic`."""
    return wire.notice(LINE.read(wire.HOOK_PATH, headers, body))
