"""Calls to the letter gateway: send once by a key, ask its record, take events."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from xingnuo.partners._line import Line
from xingnuo.partners.email import wire
from xingnuo.partners.email.contracts import RECIPIENT, Event, Outcome
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

LINE = Line("email")


def send(parcel: Parcel, *, subject: str, text: str, key: str, unsubscribe: str = "") -> Outcome:
    """Hand one letter over for the parcel's address; the same key again sends no second one.

    Never raises for what the gateway does. Raises `NotSealed` or `WrongRecipient` for a parcel
    that is not the gateway's.
    """
    address = sharing.contents(parcel, recipient=RECIPIENT).get("email", "")
    assert not unsubscribe or wire.is_ours(unsubscribe, base=settings.BASE_URL), "not our address"
    asked = wire.letter(
        key=key, address=address, subject=subject, body=text, unsubscribe=unsubscribe
    )
    told = LINE.post(wire.SEND_PATH, asked)
    return wire.outcome(told.status, told.fields, signed=told.signed, key=key)


def status(key: str) -> Outcome:
    """Ask the gateway's record of a key; `PENDING` when it knows none or does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return wire.outcome(told.status, told.fields, signed=told.signed, key=key)


def receive(headers: Mapping[str, str], body: bytes) -> Event:
    """Take a call to our hook that tells an event; raises `NotAuthentic`."""
    return wire.event(LINE.read(wire.HOOK_PATH, headers, body))
