"""Calls to the credit bureau: query once by a key under a written consent, ask its record."""

from __future__ import annotations

from xingnuo.kit import clock
from xingnuo.partners._line import Line
from xingnuo.partners.credit_bureau import wire
from xingnuo.partners.credit_bureau.contracts import (
    RECIPIENT,
    NoWrittenConsent,
    Report,
    WrittenConsent,
)
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

LINE = Line("credit_bureau")


def query(parcel: Parcel, *, consent: WrittenConsent, key: str) -> Report:
    """Ask for a report; the same key again asks nothing twice.

    Never raises for what the bureau does. Raises `NoWrittenConsent` without a consent in force,
    `NotSealed` or `WrongRecipient` for a parcel that is not the bureau's.
    """
    given = sharing.contents(parcel, recipient=RECIPIENT)
    if not wire.in_force(consent, today=clock.today()):
        raise NoWrittenConsent
    asked = wire.question(
        key=key,
        name=given.get("name", ""),
        document_number=given.get("document_number", ""),
        phone=given.get("phone", ""),
        consent=consent,
    )
    told = LINE.post(wire.QUERY_PATH, asked)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key)


def status(key: str) -> Report:
    """Ask the bureau's record of a key; `PENDING` when it knows none or does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return wire.answer(told.status, told.fields, signed=told.signed, key=key)
