"""What leaves the face service's client: a result and its reference, never a picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xingnuo.partners._signing import NotAuthentic

__all__ = ["RECIPIENT", "Answer", "NotAuthentic", "Notice", "Outcome"]

RECIPIENT = "face_service"  # as the policy names it
LIVENESS_MAX = 100


class Outcome(StrEnum):
    """What is known of a comparison; anything not understood is pending."""

    MATCH = "match"
    NO_MATCH = "no_match"
    NOT_LIVE = "not_live"
    UNCLEAR = "unclear"
    NO_REFERENCE = "no_reference"  # the service has no picture of this person to compare with
    PENDING = "pending"
    NOT_KNOWN = "not_known"  # signed: nothing is on record under this key
    REFUSED = "refused"  # for good: the question itself is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An outcome with the source's own number and how alive the picture looks, of 100."""

    outcome: Outcome
    source: str = RECIPIENT
    reference: str = ""
    liveness: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A result that came later; who takes it keeps its id and does nothing twice."""

    id: str
    key: str
    answer: Answer


PENDING = Answer(outcome=Outcome.PENDING)
