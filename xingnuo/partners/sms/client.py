"""Calls to the text message gateway: send once by a key, ask what became of it."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.partners._line import Line
from xingnuo.partners.sms import wire
from xingnuo.partners.sms.contracts import RECIPIENT, Outcome, Reply
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

LINE = Line("sms")


def send(parcel: Parcel, *, text: str, key: str) -> Outcome:
    """Hand one text over for the parcel's phone; the same key again sends no second text.

    Never raises for what the gateway does: whatever is not understood is `PENDING`. Raises
    `NotSealed` or `WrongRecipient` for a parcel that is not the gateway's.
    """
    phone = sharing.contents(parcel, recipient=RECIPIENT)["phone"]
    told = LINE.post(wire.SEND_PATH, wire.message(key=key, phone=phone, text=text))
    return wire.outcome(told.status, told.fields, signed=told.signed, key=key)


def status(key: str) -> Outcome:
    """Ask the gateway's record of a key; `PENDING` when it knows none or does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return wire.outcome(told.status, told.fields, signed=told.signed, key=key)


def verify_reply(headers: Mapping[str, str], body: bytes) -> Reply:
    """Take a call to our hook that tells what a phone's owner answered; raises `NotAuthentic`."""
    return wire.reply(LINE.read(wire.HOOK_PATH, headers, body))
