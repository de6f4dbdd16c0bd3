"""Auto-debit agreements as they leave the room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import NotFound, Refused

AGREEMENT_ACT = "auto_debit"  # the kind of act by which an agreement is signed


class AgreementKind(StrEnum):
    """What is debited."""

    LOAN_REPAY = "loan_repay"
    INSURANCE = "insurance"


# Who receives by each kind of agreement: the licensed companies of the house, by their ids in the
# policy. A kind without a payee cannot be signed.
PAYEES: dict[AgreementKind, str] = {
    AgreementKind.LOAN_REPAY: "lender",
    AgreementKind.INSURANCE: "broker",
}


class AgreementState(StrEnum):
    """Where an agreement stands."""

    DRAFT = "draft"
    ACTIVE = "active"
    CANCELLED = "cancelled"
    ENDED = "ended"  # its last day is over


class DebitState(StrEnum):
    """Where one debit stands."""

    NOTICED = "noticed"  # the person was told
    TRYING = "trying"  # the payment is under way; only its proof ends this
    WAITING = "waiting"  # declined for certain, tried again by the plan
    DONE = "done"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"


class WhyNot(StrEnum):
    """Why a debit may not be."""

    NOT_ACTIVE = "not_active"
    OVER = "over"
    OTHER_AMOUNT = "other_amount"
    NOT_NOTICED = "not_noticed"
    TOO_EARLY = "too_early"
    OVER_LIMIT = "over_limit"
    OVER_MONTH = "over_month"
    CARD_GONE = "card_gone"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementShown:
    """One agreement as its person sees it."""

    id: UUID
    kind: AgreementKind
    payee: str
    payee_name: str
    card_id: UUID
    limit_fen: int
    month_limit_fen: int
    until: date
    state: AgreementState
    made_at: datetime
    signed_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DebitShown:
    """One debit under an agreement."""

    id: UUID
    amount_fen: int
    due_on: date
    state: DebitState
    tries: int
    next_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DueDebit:
    """A debit that may be made now, and from which card."""

    id: UUID
    agreement_id: UUID
    card_id: UUID
    payee: str
    amount_fen: int
    ref: UUID
    attempt: int  # counted from 1: a further attempt is a payment of its own


class NoSuchAgreement(NotFound):
    """The agreement is not there, or is another person's: both look the same."""

    code = "no_such_agreement"


class ForbiddenAgreementStep(Refused):
    """The agreement or debit is not in a state from which the step leads on."""

    status = 409
    code = "forbidden_agreement_step"
    message = "这项自动扣款的状态已经变了，这一步不能做。"
    remedy = "请回到自动扣款页查看。"


class DebitRefused(Refused):
    """A debit that the agreement does not cover; `reason` says in which way."""

    status = 409
    code = "debit_refused"
    message = "这笔不在你签的自动扣款范围内，没有扣款。"
    remedy = "可在“我的 › 设置 › 自动扣款”查看，或自己付款。"

    def __init__(self, reason: WhyNot) -> None:
        self.reason = reason
        super().__init__(reason.value)
