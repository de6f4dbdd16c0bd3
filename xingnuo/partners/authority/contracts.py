"""What leaves the authority's client: what the population service finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xingnuo.partners._signing import NotAuthentic

__all__ = ["RECIPIENT", "Answer", "DocumentState", "Finding", "NotAuthentic", "Notice"]

RECIPIENT = "population_service"  # as the policy names it


class Finding(StrEnum):
    """What is known; anything not understood is pending."""

    MATCH = "match"
    MISMATCH = "mismatch"
    NOT_FOUND = "not_found"
    PENDING = "pending"
    NOT_KNOWN = "not_known"  # signed: nothing is on record under this key
    REFUSED = "refused"  # for good: the question itself is wrong, nothing is said of the person


class DocumentState(StrEnum):
    """What the service says of the document itself."""

    VALID = "valid"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A finding with the source's own number; the rest is said with a match alone."""

    finding: Finding
    source: str = RECIPIENT
    reference: str = ""
    document: DocumentState = DocumentState.UNKNOWN
    deceased: bool | None = None
    adult: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A result that came later; who takes it keeps its id and does nothing twice."""

    id: str
    key: str
    answer: Answer


PENDING = Answer(finding=Finding.PENDING)
