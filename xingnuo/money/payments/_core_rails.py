"""The rails: each channel's and bank's answer as one kind of proof. Nothing here touches the books.

What is not understood is unknown; only a definite word is a decline, a close or a payment.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from xingnuo.money.payments._core_contracts import Rail
from xingnuo.money.payments._core_models import AttemptRow, RefundRow
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import MoneyAnswer, MoneyOutcome
from xingnuo.partners.channel import client as channel
from xingnuo.partners.channel.contracts import RECIPIENTS, Answer, Outcome, Style
from xingnuo.trust.sharing.contracts import Parcel

# What a channel shows of an order: whose it is, nothing about what was bought.
SUBJECT_TEXT = "星诺订单"
PAYOUT_RECIPIENT = "settlement_bank"


class Finding(StrEnum):
    """What a proof says."""

    PAID = "paid"
    REFUNDED = "refunded"
    DECLINED = "declined"
    CLOSED = "closed"
    OPEN = "open"
    NOT_FOUND = "not_found"
    UNKNOWN = "unknown"


class Source(StrEnum):
    """Where a proof comes from; all go the same way."""

    ANSWER = "answer"
    NOTICE = "notice"
    QUERY = "query"
    CLOSE = "close"
    BILL = "bill"
    HAND = "hand"  # two people, with the partner's document


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What somebody says about one order or refund number."""

    subject_id: UUID
    number: UUID
    source: Source
    finding: Finding
    amount_fen: int | None = None
    currency: str = "CNY"
    channel_no: str = ""
    code: str = ""
    permanent: bool = False


_CHANNEL = {
    Outcome.PAID: Finding.PAID,
    Outcome.REFUNDED: Finding.REFUNDED,
    Outcome.OPEN: Finding.OPEN,
    Outcome.DECLINED: Finding.DECLINED,
    Outcome.CLOSED: Finding.CLOSED,
    Outcome.NOT_FOUND: Finding.NOT_FOUND,
    Outcome.UNKNOWN: Finding.UNKNOWN,
}
_CODE_CHARS_MAX = 24


def recipient_of(rail: Rail) -> str:
    """Name who receives the parcel of a payment over a rail."""
    return PAYOUT_RECIPIENT if rail is Rail.BANK else RECIPIENTS[Style(rail.value)]


def pay(attempt: AttemptRow, parcel: Parcel | None, agreement_id: UUID | None) -> Proof:
    """Send an attempt over its rail; outside any transaction."""
    key, amount = attempt.id.hex, attempt.amount_fen
    if agreement_id is not None:
        told = bank.debit(agreement=agreement_id.hex, amount_fen=amount, text=SUBJECT_TEXT, key=key)
        return _of_bank(attempt, told, Source.ANSWER)
    if parcel is None:
        raise ValueError("a card is paid by a parcel")
    if attempt.rail == Rail.BANK.value:
        told = bank.pay_out(parcel, amount_fen=amount, text=SUBJECT_TEXT, key=key)
        return _of_bank(attempt, told, Source.ANSWER)
    answer = channel.pay(
        parcel,
        style=Style(attempt.rail),
        order_no=key,
        amount_fen=amount,
        subject_text=SUBJECT_TEXT,
        expires_at=attempt.expires_at,
    )
    return of_channel(attempt.subject_id, attempt.id, answer, Source.ANSWER)


def query(attempt: AttemptRow) -> Proof:
    """Ask what became of an attempt; outside any transaction."""
    if attempt.rail == Rail.BANK.value:
        return _of_bank(attempt, bank.money_status(attempt.id.hex), Source.QUERY)
    answer = channel.query(Style(attempt.rail), attempt.id.hex)
    return of_channel(attempt.subject_id, attempt.id, answer, Source.QUERY)


def close(attempt: AttemptRow) -> Proof:
    """Ask a channel to take no money under this number any more."""
    answer = channel.close(Style(attempt.rail), attempt.id.hex)
    return of_channel(attempt.subject_id, attempt.id, answer, Source.CLOSE)


def refund(row: RefundRow, *, total_fen: int) -> Proof:
    """Ask a channel to give money back."""
    if row.attempt_id is None:
        raise ValueError("a refund over a channel names the captured order")
    answer = channel.refund(
        Style(row.rail),
        order_no=row.attempt_id.hex,
        refund_no=row.id.hex,
        amount_fen=row.amount_fen - row.coupon_fen,
        total_fen=total_fen,
    )
    return of_channel(row.subject_id, row.id, answer, Source.ANSWER)


def query_refund(row: RefundRow) -> Proof:
    """Ask what became of a refund."""
    if row.attempt_id is None:
        raise ValueError("a refund over a channel names the captured order")
    answer = channel.query_refund(
        Style(row.rail), order_no=row.attempt_id.hex, refund_no=row.id.hex
    )
    return of_channel(row.subject_id, row.id, answer, Source.QUERY)


def of_channel(subject_id: UUID, number: UUID, answer: Answer, source: Source) -> Proof:
    """Read a channel's answer as proof; a refused first question is a definite no."""
    finding = _CHANNEL.get(answer.outcome, Finding.UNKNOWN)
    if answer.outcome is Outcome.REFUSED and source is Source.ANSWER:
        finding = Finding.DECLINED
    return Proof(
        subject_id=subject_id,
        number=number,
        source=source,
        finding=finding,
        amount_fen=answer.amount_fen,
        currency=answer.currency,
        channel_no=answer.channel_no,
        code=answer.code.lower()[:_CODE_CHARS_MAX],
        permanent=answer.permanent,
    )


def _of_bank(attempt: AttemptRow, answer: MoneyAnswer, source: Source) -> Proof:
    finding = {
        MoneyOutcome.DONE: Finding.PAID,
        MoneyOutcome.DECLINED: Finding.DECLINED,
        MoneyOutcome.PENDING: Finding.UNKNOWN,
    }.get(answer.outcome, Finding.UNKNOWN)
    if answer.outcome is MoneyOutcome.REFUSED and source is Source.ANSWER:
        finding = Finding.DECLINED
    return Proof(
        subject_id=attempt.subject_id,
        number=attempt.id,
        source=source,
        finding=finding,
        amount_fen=answer.amount_fen,
        channel_no=answer.reference,
        code=answer.code[:_CODE_CHARS_MAX],
        permanent=answer.permanent,
    )
