"""What leaves the telecom's client: whether a phone is registered to a person."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

RECIPIENT = "telecom_check"  # as the policy names it


class Finding(StrEnum):
    """What is known; anything not understood is pending."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_FOUND = "not_found"
    PENDING = "pending"
    NOT_KNOWN = "not_known"  # signed: nothing is on record under this key
    REFUSED = "refused"  # for good: the question itself is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A finding with the source's own number."""

    finding: Finding
    source: str = RECIPIENT
    reference: str = ""
