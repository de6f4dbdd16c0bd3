"""What leaves the gateway's client: how far a text message has come."""

from __future__ import annotations

from enum import StrEnum

RECIPIENT = "sms_gateway"  # as the policy names it


class Outcome(StrEnum):
    """What is known of a message; anything not understood is pending."""

    ACCEPTED = "accepted"  # the gateway has it; repeating sends no second text
    PENDING = "pending"
    REFUSED = "refused"  # for good: this number or this text is not taken
