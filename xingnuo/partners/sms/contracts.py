"""What leaves the gateway's client: how far a text message has come, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from xingnuo.partners._signing import NotAuthentic

__all__ = ["RECIPIENT", "NotAuthentic", "Outcome", "Reply"]

RECIPIENT = "sms_gateway"  # as the policy names it


class Outcome(StrEnum):
    """What is known of a message; anything not understood is pending."""

    ACCEPTED = "accepted"  # the gateway has it; repeating sends no second text
    PENDING = "pending"
    REFUSED = "refused"  # for good: this number or this text is not taken


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a phone's owner answered; who takes it keeps its id and does nothing twice."""

    id: str
    phone: str
    text: str
    at: datetime
