"""What leaves the intake's client: a receipt, and what it says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import Refused
from xingnuo.partners._signing import NotAuthentic

__all__ = ["AML_CENTRE", "BODIES", "NotAuthentic", "Notice", "Outcome", "Receipt", "Release"]

# As the policy names them: who takes complaints, and who takes reports on money laundering.
REGULATOR, CONSUMER_BODY, AML_CENTRE = "regulator", "consumer_body", "aml_centre"
BODIES = (REGULATOR, CONSUMER_BODY)


class Outcome(StrEnum):
    """What is known of something handed in; anything not understood is pending."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"  # mend what the reasons name, hand in again under a new key
    CORRECTION = "correction"  # was accepted; must be corrected until a date
    PENDING = "pending"
    REFUSED = "refused"  # for good: the request itself is wrong


class ReportKind(StrEnum):
    """What a report is about (Anti-Money-Laundering Law 35 and 46)."""

    LARGE_VALUE = "large_value"
    SUSPICIOUS = "suspicious"
    TERRORIST = "terrorist"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Who let a report go, two different members of staff, and under which article of law."""

    by: tuple[UUID, UUID]
    law: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """An outcome with the intake's own number, and the hash of exactly what was sent.

    `sent_hash` is SHA-256 in hex, empty where the receipt answers no sending; `reasons` are codes.
    """

    outcome: Outcome
    reference: str = ""
    reasons: tuple[str, ...] = ()
    sent_hash: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A later word on something handed in; who takes it keeps its id and does nothing twice."""

    id: str
    key: str
    receipt: Receipt


class NotReleased(Refused):
    """A report was to leave without two people and an article of law."""

    code = "not_released"
    message = "报告要由两个人放行并写明法律依据。"
    remedy = "请另一位同事复核放行。"
