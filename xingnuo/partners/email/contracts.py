"""What leaves the letter gateway's client: how far a letter has come, and what befell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xingnuo.partners._signing import NotAuthentic

__all__ = ["RECIPIENT", "Event", "EventKind", "NotAuthentic", "Outcome"]

RECIPIENT = "email_gateway"  # as the policy names it


class Outcome(StrEnum):
    """What is known of a letter; anything not understood is pending."""

    ACCEPTED = "accepted"  # the gateway has it; repeating sends no second letter
    PENDING = "pending"
    REFUSED = "refused"  # for good: this address or this letter is not taken


class EventKind(StrEnum):
    """What befell a letter that was accepted."""

    DELIVERED = "delivered"
    BOUNCED = "bounced"  # the address does not exist or takes nothing
    COMPLAINED = "complained"  # its reader marked it as unwanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One event of one letter; who takes it keeps its id and does nothing twice."""

    id: str
    key: str
    kind: EventKind
    at: datetime
