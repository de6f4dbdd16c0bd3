"""What leaves the bank's client: how far a card check has come, and what became of money."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from xingnuo.partners._day import DayFile, DayFileBroken, DayFileNotReady
from xingnuo.partners._money import DayLine as StatementLine
from xingnuo.partners._money import MoneyAnswer, MoneyNotice, MoneyOutcome
from xingnuo.partners._signing import NotAuthentic
from xingnuo.partners.bank._money import ACCOUNT_RECIPIENT, MONEY_RECIPIENTS, Balances, Move

__all__ = [
    "ACCOUNT_RECIPIENT",
    "MONEY_RECIPIENTS",
    "PENDING",
    "RECIPIENT",
    "Answer",
    "Balances",
    "DayFile",
    "DayFileBroken",
    "DayFileNotReady",
    "MoneyAnswer",
    "MoneyNotice",
    "MoneyOutcome",
    "Move",
    "NotAuthentic",
    "Outcome",
    "StatementLine",
]

RECIPIENT = "card_check"  # as the policy names it


class Outcome(StrEnum):
    """What is known of a card check; anything not understood is pending."""

    CODE_SENT = "code_sent"  # the four elements are right; the bank has texted a code
    CONFIRMED = "confirmed"
    MISMATCH = "mismatch"
    CARD_LOST = "card_lost"
    CARD_CLOSED = "card_closed"
    UNSUPPORTED = "unsupported"  # no bank of the clearing house has this card's first digits
    CODE_WRONG = "code_wrong"
    CODE_EXPIRED = "code_expired"
    TOO_MANY = "too_many"
    PENDING = "pending"
    NOT_KNOWN = "not_known"  # signed: nothing is on record under this key
    REFUSED = "refused"  # for good: the question itself is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An outcome with the source's own number, the bank's name, and the tries that are left."""

    outcome: Outcome
    source: str = RECIPIENT
    reference: str = ""
    bank: str = ""
    tries_left: int | None = None


PENDING = Answer(outcome=Outcome.PENDING)
