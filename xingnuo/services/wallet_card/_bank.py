"""The bank's answers as one kind of proof, and the questions; outside any transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import MoneyAnswer, MoneyOutcome, Move
from xingnuo.services.wallet_card.contracts import MoveKind
from xingnuo.trust.sharing.contracts import Parcel

_CODE_CHARS_MAX = 24


class Finding(StrEnum):
    """What a proof says."""

    DONE = "done"
    DECLINED = "declined"
    NOT_KNOWN = "not_known"  # the bank has nothing under the number, yet
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What the bank says about one number: by answer, notice, query or file, all the same."""

    subject_id: UUID
    number: UUID
    finding: Finding
    amount_fen: int | None = None
    reference: str = ""
    code: str = ""
    account: str = ""
    at: datetime | None = None


_FINDINGS = {
    MoneyOutcome.DONE: Finding.DONE,
    MoneyOutcome.DECLINED: Finding.DECLINED,
    MoneyOutcome.NOT_KNOWN: Finding.NOT_KNOWN,
}


def ask_for(
    kind: MoveKind, *, number: UUID, token: str, amount_fen: int, parcel: Parcel | None
) -> MoneyAnswer:
    """Send a request under its number; the bank does the same number once."""
    if kind is MoveKind.OPEN:
        if parcel is None:
            raise ValueError("an account is opened by a parcel")
        return bank.open_account(parcel, key=number.hex)
    if kind is MoveKind.CLOSE:
        return bank.close_account(account=token, key=number.hex)
    return bank.move(Move(kind.value), account=token, amount_fen=amount_fen, key=number.hex)


def proof_of(
    subject_id: UUID, number: UUID, answer: MoneyAnswer, *, is_first: bool = False
) -> Proof:
    """Read an answer as proof; a refused question is a no only where nothing was asked before."""
    finding = _FINDINGS.get(answer.outcome, Finding.UNKNOWN)
    if answer.outcome is MoneyOutcome.REFUSED and is_first:
        finding = Finding.DECLINED
    return Proof(
        subject_id=subject_id,
        number=number,
        finding=finding,
        amount_fen=answer.amount_fen,
        reference=answer.reference,
        code=answer.code[:_CODE_CHARS_MAX] or ("refused" if finding is Finding.DECLINED else ""),
        account=answer.account,
        at=answer.at,
    )
