"""What leaves the bureau's client: a credit report, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from xingnuo.kit.errors import Refused

RECIPIENT = "credit_bureau"  # as the policy names it


class Use(StrEnum):
    """What a report is agreed to be used for (Credit Reporting Regulation 18)."""

    LOAN_APPROVAL = "loan_approval"
    LOAN_REVIEW = "loan_review"
    OBJECTION = "objection"


class Outcome(StrEnum):
    """What is known of a query; anything not understood is pending."""

    REPORT = "report"
    NO_RECORD = "no_record"
    NO_CONSENT = "no_consent"  # the bureau sees no consent in force for this use
    PENDING = "pending"
    REFUSED = "refused"  # for good: the question itself is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenConsent:
    """A person's written consent: its number, for which use, from when until when."""

    reference: str
    use: Use
    agreed_on: date
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An outcome with the source's own number; the figures are said with a report alone."""

    outcome: Outcome
    source: str = RECIPIENT
    reference: str = ""
    score: int | None = None
    open_loans: int = 0
    overdue_fen: int = 0
    overdue_days_max: int = 0
    queries_6m: int = 0


PENDING = Report(outcome=Outcome.PENDING)


class NoWrittenConsent(Refused):
    """A query was to be made without a written consent in force for that use."""

    code = "no_written_consent"
    message = "没有有效的书面授权，不能查询信用报告。"
    remedy = "请先签署征信查询授权书。"
