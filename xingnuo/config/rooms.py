"""The rooms of the house, in the order in which they are built."""

from __future__ import annotations

from importlib.util import find_spec

TRUST = ("policy", "consent", "vault", "evidence", "gate", "sharing")
PEOPLE = ("accounts", "unlock", "identity", "permissions", "antifraud", "notices", "support")
MONEY = ("ledger", "payments")
DUTIES = ("rights", "retention", "incidents", "analytics")
SERVICES = (
    "loans",
    "wealth",
    "insurance",
    "wallet_card",
    "credit_cards",
    "merchant_collection",
    "benefits_shop",
    "bill_pay",
)
DOORS = ("porch", "web", "api", "console", "hooks", "worker")

ROOMS = (
    *(f"xingnuo.trust.{room}" for room in TRUST),
    *(f"xingnuo.people.{room}" for room in PEOPLE),
    *(f"xingnuo.money.{room}" for room in MONEY),
    *(f"xingnuo.duties.{room}" for room in DUTIES),
    *(f"xingnuo.services.{room}" for room in SERVICES),
)


def apps() -> list[str]:
    """Name every room and door that is a Django app, found by its `apps.py`."""
    places = (*ROOMS, *(f"xingnuo.doors.{door}" for door in DOORS), "xingnuo.proof")
    return [place for place in places if find_spec(f"{place}.apps") is not None]


def having(drawer: str) -> list[str]:
    """Name every room that has a drawer; of the doors, the porch alone keeps tables."""
    places = (*ROOMS, "xingnuo.doors.porch", "xingnuo.proof")
    return [f"{place}.{drawer}" for place in places if find_spec(f"{place}.{drawer}") is not None]
