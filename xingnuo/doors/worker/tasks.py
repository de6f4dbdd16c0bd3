"""Every job of the house, found here by the queue."""

from __future__ import annotations

from xingnuo.doors.worker import (
    accounts,
    antifraud,
    bill_pay,
    identity,
    ledger,
    merchant,
    notices,
    payments,
    rights,
    support,
    upkeep,
    wallet,
)

__all__ = [
    "accounts",
    "antifraud",
    "bill_pay",
    "identity",
    "ledger",
    "merchant",
    "notices",
    "payments",
    "rights",
    "support",
    "upkeep",
    "wallet",
]
