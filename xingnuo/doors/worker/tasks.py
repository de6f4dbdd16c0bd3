"""Every job of the house, found here by the queue."""

from __future__ import annotations

from xingnuo.doors.worker import (
    accounts,
    antifraud,
    identity,
    ledger,
    notices,
    payments,
    rights,
    support,
    upkeep,
)

__all__ = [
    "accounts",
    "antifraud",
    "identity",
    "ledger",
    "notices",
    "payments",
    "rights",
    "support",
    "upkeep",
]
