"""Calls to the issuers of public bills: ask by account number, pay in two steps, get a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xingnuo.partners import _money
from xingnuo.partners._file import day_file as fetch_day
from xingnuo.partners._line import Line
from xingnuo.partners.utility import wire
from xingnuo.partners.utility.contracts import (
    RECIPIENTS,
    DayFile,
    Notice,
    Payment,
    PaymentLine,
    Receipt,
    UtilityBill,
)
from xingnuo.trust.sharing import queries as sharing
from xingnuo.trust.sharing.contracts import Parcel

LINE = Line("utility")


def query(parcel: Parcel) -> UtilityBill:
    """Ask the parcel's issuer what the parcel's account owes."""
    issuer, account = _asked(parcel)
    told = LINE.post(wire.QUERY_PATH, {"issuer": issuer, "account": account})
    return wire.bill(told.status, told.fields, signed=told.signed, account=account)


def pay(parcel: Parcel, *, bill_no: str, amount_fen: int, key: str) -> Payment:
    """Pay a bill whole; it is mostly written off later, and told or asked for."""
    issuer, account = _asked(parcel)
    if not _money.is_amount(amount_fen):
        return _money.REFUSED
    asked = {"issuer": issuer, "account": account, "bill_no": bill_no}
    told = LINE.post(wire.PAY_PATH, {"key": key, **asked, "amount_fen": str(amount_fen)})
    return _money.answer(told.status, told.fields, signed=told.signed, key=key)


def status(key: str) -> Payment:
    """Ask the issuer's record of a payment; `PENDING` when it does not answer."""
    told = LINE.record(wire.STATUS_PATH, key)
    return _money.answer(told.status, told.fields, signed=told.signed, key=key)


def receipt(key: str) -> Receipt | None:
    """Ask for the issuer's receipt of a payment; None where there is none now."""
    told = LINE.record(wire.RECEIPT_PATH, key)
    return wire.receipt(told.fields, key=key) if told.signed and told.status == 200 else None


def day_file(day: date) -> DayFile[PaymentLine]:
    """Fetch the file of a day of all issuers; raises `DayFileNotReady` or `DayFileBroken`."""
    return fetch_day(LINE, wire.DAY_PATH, day, read=_money.line)


def receive(headers: Mapping[str, str], body: bytes) -> Notice:
    """Take a call to our hook that tells what became of a payment; raises `NotAuthentic`."""
    return _money.notice(LINE.read(wire.HOOK_PATH, headers, body), partner="utility")


def _asked(parcel: Parcel) -> tuple[str, str]:
    issuer = parcel.recipient if parcel.recipient in RECIPIENTS else RECIPIENTS[0]
    return issuer, sharing.contents(parcel, recipient=issuer).get("bill_account", "")
