"""What leaves the utilities' client: a bill by its account number, and what became of a payment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xingnuo.partners._day import DayFile, DayFileBroken, DayFileNotReady
from xingnuo.partners._money import DayLine as PaymentLine
from xingnuo.partners._money import MoneyAnswer as Payment
from xingnuo.partners._money import MoneyNotice as Notice
from xingnuo.partners._money import MoneyOutcome as PaymentOutcome
from xingnuo.partners._signing import NotAuthentic

__all__ = [
    "RECIPIENTS",
    "DayFile",
    "DayFileBroken",
    "DayFileNotReady",
    "Found",
    "NotAuthentic",
    "Notice",
    "Payment",
    "PaymentLine",
    "PaymentOutcome",
    "Receipt",
    "UtilityBill",
]

RECIPIENTS = ("utility_power", "utility_water", "utility_gas")  # as the policy names them


class Found(StrEnum):
    """What is known of an account's bill; anything not understood is unknown."""

    DUE = "due"
    NOTHING_DUE = "nothing_due"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class UtilityBill:
    """What an issuer says of an account; name and address are hidden in part by the issuer."""

    found: Found
    bill_no: str = ""
    name_masked: str = ""
    address_masked: str = ""
    due_fen: int = 0
    balance_fen: int = 0
    month: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The issuer's own receipt for a payment; `seal` is what its office checks it by."""

    reference: str
    bill_no: str
    amount_fen: int
    at: datetime
    issuer: str
    seal: str
