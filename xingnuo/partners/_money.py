"""What partners that move money say under a key: done, declined, or not known yet; no network.

An answer counts only under the partner's signature, a refusal too: where money moves, an unsigned
no is as unknown as an unsigned yes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from xingnuo.partners._signing import IDEMPOTENCY_KEY, NotAuthentic, is_not_known, text, whole

FEN_MAX = 10**12
_FINAL = frozenset({"fields_wrong", "field_malformed", "key_malformed", "key_reused"})
_NEVER = frozenset(
    "account_closed account_unknown already_paid amount_wrong bill_unknown card_closed card_lost"
    " has_account minor mismatch no_agreement not_empty number_unknown".split()
)


class MoneyOutcome(StrEnum):
    """What is known of a movement; anything not understood is pending."""

    DONE = "done"
    DECLINED = "declined"  # for good under this key; nothing moved
    PENDING = "pending"
    NOT_KNOWN = "not_known"  # signed: nothing is on record under this key
    REFUSED = "refused"  # the question itself is wrong; nothing was done


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyAnswer:
    """An outcome with the partner's own number, the amount it states, and why it declined."""

    outcome: MoneyOutcome
    reference: str = ""
    amount_fen: int | None = None
    code: str = ""
    permanent: bool = False
    account: str = ""
    at: datetime | None = None


PENDING = MoneyAnswer(outcome=MoneyOutcome.PENDING)
REFUSED = MoneyAnswer(outcome=MoneyOutcome.REFUSED, permanent=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyNotice:
    """What a partner tells by itself; who takes it keeps its id and does nothing twice."""

    id: str
    key: str
    answer: MoneyAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One movement of a partner's day."""

    key: str
    kind: str
    account: str
    amount_fen: int
    reference: str
    at: datetime


def answer(status: int, told: Mapping[str, object], *, signed: bool, key: str) -> MoneyAnswer:
    """Read an answer: everything but a signed one about this key is pending."""
    if not signed:
        return PENDING
    if is_not_known(status, told, signed=signed):
        return MoneyAnswer(outcome=MoneyOutcome.NOT_KNOWN)
    if 400 <= status < 500 and told.get("code") in _FINAL:
        return REFUSED
    return decided(told, key=key) if status in (200, 202) else PENDING


def decided(told: Mapping[str, object], *, key: str) -> MoneyAnswer:
    """Read a result that is signed as a whole."""
    reference, code = text(told, "reference"), text(told, "code")
    word, amount = text(told, "outcome"), whole(told, "amount_fen", most=FEN_MAX)
    if told.get("key") != key or told.get("state") != "done" or not reference:
        return PENDING
    if word == "declined":
        return MoneyAnswer(
            outcome=MoneyOutcome.DECLINED, reference=reference, code=code,
            permanent=code in _NEVER,
        )  # fmt: skip
    if word != "done" or amount is None:
        return PENDING
    return MoneyAnswer(
        outcome=MoneyOutcome.DONE, reference=reference, amount_fen=amount,
        account=text(told, "account"), at=instant(told.get("at")),
    )  # fmt: skip


def notice(told: Mapping[str, object], *, partner: str) -> MoneyNotice:
    """Read a call that tells a result; raises `NotAuthentic` for one that tells none."""
    name, key = text(told, "id"), text(told, "key")
    found = decided(told, key=key)
    if not name or not IDEMPOTENCY_KEY.fullmatch(key) or found.outcome is MoneyOutcome.PENDING:
        raise NotAuthentic(partner)
    return MoneyNotice(id=name, key=key, answer=found)


def line(told: Mapping[str, object]) -> DayLine | None:
    """Read one line of a day's file; None for one that is malformed."""
    amount, at = whole(told, "amount_fen", most=FEN_MAX), instant(told.get("at"))
    kind, reference = text(told, "kind"), text(told, "reference")
    if amount is None or at is None or not kind or not reference:
        return None
    return DayLine(
        key=text(told, "key"), kind=kind, account=text(told, "account"), amount_fen=amount,
        reference=reference, at=at,
    )  # fmt: skip


def instant(told: object) -> datetime | None:
    """Read an instant that names its zone."""
    try:
        found = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        return None
    return found.astimezone(UTC) if found is not None and found.tzinfo else None


def is_amount(fen: object) -> bool:
    """Say whether an amount can be moved."""
    return type(fen) is int and 0 < fen <= FEN_MAX
