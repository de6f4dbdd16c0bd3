"""What leaves the telecom's client: whose phone it is, its carrier, and what became of a top-up."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xingnuo.partners._day import DayFile, DayFileBroken, DayFileNotReady
from xingnuo.partners._money import DayLine as TopUpLine
from xingnuo.partners._money import MoneyAnswer as TopUp
from xingnuo.partners._money import MoneyNotice as Notice
from xingnuo.partners._money import MoneyOutcome as TopUpOutcome
from xingnuo.partners._signing import NotAuthentic

__all__ = [
    "OPERATOR",
    "RECIPIENT",
    "Answer",
    "Carrier",
    "DayFile",
    "DayFileBroken",
    "DayFileNotReady",
    "Finding",
    "NotAuthentic",
    "Notice",
    "TopUp",
    "TopUpLine",
    "TopUpOutcome",
]

RECIPIENT = "telecom_check"  # as the policy names it
OPERATOR = "telecom_operator"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """Who serves a number, and which amounts it can be topped up by; no name, no such number."""

    name: str
    region: str
    amounts_fen: tuple[int, ...]
