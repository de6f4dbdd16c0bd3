"""Payouts that services send by themselves: the bank's file lists them beside those of payments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Payouts:
    """What a service paid out over the bank, by the key that the bank has; amounts in fen.

    `of` gives the amounts of those numbers that are the service's: nothing where it is ended
    unpaid. `done_on` gives all that ended paid on a Beijing day.
    """

    service: str
    of: Callable[[Sequence[UUID]], Mapping[UUID, int]]
    done_on: Callable[[date], Mapping[UUID, int]]


_services: dict[str, Payouts] = {}


def claim_payouts(payouts: Payouts) -> None:
    """Register a service's own payouts, once at start-up."""
    if _services.setdefault(payouts.service, payouts) != payouts:
        raise ValueError(f"two services are named {payouts.service}")


def claimed(numbers: Sequence[UUID]) -> dict[UUID, int]:
    """Give the amounts of those numbers that services paid out."""
    found: dict[UUID, int] = {}
    for each in _services.values():
        found |= each.of(numbers)
    return found


def done_on(day: date) -> dict[UUID, int]:
    """Give everything that services paid out on a day."""
    found: dict[UUID, int] = {}
    for each in _services.values():
        found |= each.done_on(day)
    return found
