"""Calls to the intake: hand a complaint over, hand a report in, ask for and take receipts."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.kit import ids
from xingnuo.partners._line import Line
from xingnuo.partners.regulator import wire
from xingnuo.partners.regulator.contracts import (
    BODIES,
    Notice,
    NotReleased,
    Outcome,
    Receipt,
    Release,
    ReportKind,
)
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel, WrongRecipient

LINE = Line("regulator")


def hand_over(parcel: Parcel, *, case: str, law: str, key: str) -> Receipt:
    """Hand a complaint over to the body that the parcel is for; once by a key.

    Never raises for what the intake does. Raises `NotSealed` or `WrongRecipient` for a parcel that
    is not for a body that takes complaints.
    """
    if parcel.recipient not in BODIES:
        raise WrongRecipient(parcel.recipient)
    values = sharing.contents(parcel, recipient=parcel.recipient)
    asked = wire.complaint(values, key=key, body=parcel.recipient, case=case, law=law)
    told = LINE.post(wire.COMPLAINT_PATH, asked)
    sent_hash = wire.hash_of(asked)
    return wire.receipt(told.status, told.fields, signed=told.signed, key=key, sent_hash=sent_hash)


def report(content: bytes, *, kind: ReportKind, release: Release, key: str) -> Receipt:
    """Hand a report in, once by a key; the receipt's hash is that of the content.

    Never raises for what the intake does. Raises `NotReleased` without two people and a law.
    """
    if not wire.is_released(release):
        raise NotReleased
    sent_hash = ids.digest(content)
    if len(content) > wire.REPORT_BYTES_MAX:
        return Receipt(outcome=Outcome.REFUSED, sent_hash=sent_hash)
    asked = wire.report(content, key=key, kind=kind, law=release.law)
    told = LINE.post(wire.REPORT_PATH, asked)
    return wire.receipt(told.status, told.fields, signed=told.signed, key=key, sent_hash=sent_hash)


def status(key: str) -> Receipt:
    """Ask the intake's record of a key; `PENDING` when it knows none or does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return wire.receipt(told.status, told.fields, signed=told.signed, key=key)


def receive(headers: Mapping[str, str], body: bytes) -> Notice:
    """Take a call to our hook that tells a later word; raises `NotAuthentic`."""
    return wire.notice(LINE.read(wire.HOOK_PATH, headers, body))
