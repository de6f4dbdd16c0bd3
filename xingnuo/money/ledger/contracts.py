"""What leaves the ledger: transfers, holds, verdicts, balances and what a check finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit import ids
from xingnuo.kit.errors import Conflict, Refused, TooMany, Unavailable

CURRENCY = "CNY"
DAYS_PER_LAW = 3653  # AML 34: ten years from the transaction


class Verdict(StrEnum):
    """What became of one transfer, hold or end; the order is the database's numbering."""

    DONE = "done"
    EXISTS_DIFFERENT = "exists_different"  # the id was used for other content, and that stands
    BURNT = "burnt"  # the id was used for other content, and that was refused
    BAD_AMOUNT = "bad_amount"
    SAME_ACCOUNT = "same_account"
    NO_ACCOUNT = "no_account"
    OTHER_LEDGER = "other_ledger"  # two accounts of different currencies
    FROZEN = "frozen"
    CLOSED = "closed"
    SHORT = "short"
    OVER_CEILING = "over_ceiling"
    IN_GROUP = "in_group"  # refused because another of its group was
    NO_HOLD = "no_hold"
    COMMITTED = "committed"  # the hold ended so before
    VOIDED = "voided"
    EXPIRED = "expired"
    OVER_HOLD = "over_hold"  # more than was held


class AccountState(StrEnum):
    """Frozen: nothing leaves, money may still come in. Closed: nothing moves, for good."""

    OPEN = "open"
    FROZEN = "frozen"
    CLOSED = "closed"


class End(StrEnum):
    """How a hold ends."""

    COMMIT = "commit"
    VOID = "void"
    EXPIRE = "expire"


class HouseKind(StrEnum):
    """The house's own accounts; those of a channel or firm also carry its name."""

    CLEARING = "clearing"  # where the journals of two subjects meet
    RECEIVABLE = "receivable"  # what a channel owes us
    SUSPENSE = "suspense"  # money whose owner is still being looked for
    FEE = "fee"  # what a channel takes
    REFUND_PAYABLE = "refund_payable"
    BANK_FLOAT = "bank_float"  # money at the settlement bank
    INCOME = "income"
    MARKETING = "marketing"  # discounts that the house gives
    COUPON_RESERVED = "coupon_reserved"
    INTEREST = "interest"
    PAYABLE = "payable"  # what the house owes a partner


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """`amount_fen` from one account to another, in the journal of `subject_id`.

    A person's account is named only in that person's journal; house accounts in any. Members of
    one `group_id` in one call are done all or none. `kind` and `ref_type` are declared codes.
    """

    id: UUID
    subject_id: UUID
    from_id: UUID
    to_id: UUID
    amount_fen: int
    kind: str
    group_id: UUID | None = None
    clearing_ref: UUID | None = None
    ref_type: str = ""
    ref_id: UUID | None = None
    event_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """`amount_fen` kept on a person's account for a transfer to come, until `expires_at`."""

    id: UUID
    subject_id: UUID
    from_id: UUID
    to_id: UUID
    amount_fen: int
    expires_at: datetime
    kind: str
    clearing_ref: UUID | None = None
    ref_type: str = ""
    ref_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnd:
    """The end of a hold: committed in whole (no amount) or in part, or voided.

    A commit names the transfer that it makes; what is not committed is given back with it.
    """

    hold_id: UUID
    subject_id: UUID
    how: End
    amount_fen: int | None = None
    transfer_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """An account as it stands; holds that are over are not counted."""

    account_id: UUID
    kind: str
    name: str
    posted_fen: int
    held_fen: int
    version: int
    state: AccountState
    last_at: datetime

    @property
    def available_fen(self) -> int:
        """Give what may be spent."""
        return self.posted_fen - self.held_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldShown:
    """A hold that is still open."""

    id: UUID
    account_id: UUID
    amount_fen: int
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All accounts of a person with their open holds, of one instant."""

    balances: tuple[Balance, ...]
    holds: tuple[HoldShown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryShown:
    """One line of a statement; `amount_fen` is negative when it left the account."""

    version: int
    at: datetime
    amount_fen: int
    balance_after_fen: int
    transfer_id: UUID
    kind: str
    other_id: UUID
    group_id: UUID | None
    clearing_ref: UUID | None
    ref_type: str
    ref_id: UUID | None
    event_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A page of an account's entries in [since, until), newest first.

    `opening_fen` and `closing_fen` are the balances at the ends of the span; `after` continues.
    """

    account_id: UUID
    opening_fen: int
    closing_fen: int
    in_fen: int
    out_fen: int
    entries: tuple[EntryShown, ...]
    after: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySum:
    """What moved on a house account on one Beijing day; final once rolled up past its end."""

    day: date
    sum_fen: int
    entries: int
    is_final: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialLine:
    """One line of the trial balance: all accounts of one kind together."""

    currency: str
    is_house: bool
    kind: str
    name: str
    accounts: int
    sum_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The trial balance of one instant: every ledger sums to zero, or something is wrong."""

    lines: tuple[TrialLine, ...]

    @property
    def is_balanced(self) -> bool:
        """Tell whether each currency sums to zero."""
        sums: dict[str, int] = {}
        for line in self.lines:
            sums[line.currency] = sums.get(line.currency, 0) + line.sum_fen
        return not any(sums.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRef:
    """A clearing reference whose entries do not sum to zero yet."""

    clearing_ref: UUID
    sum_fen: int
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """An invariant that does not hold, with the ids of some rows that show it."""

    invariant: str  # I1 … I20
    what: str
    count: int
    examples: tuple[str, ...] = ()


class NotPosted(Refused):
    """A movement of money was refused; `verdicts` tells each, in order."""

    code = "not_posted"
    message = "这笔款没有动。"
    remedy = "请核对余额和账户状态后再试。"

    def __init__(self, verdicts: Iterable[Verdict]) -> None:
        self.verdicts = tuple(verdicts)
        first = next((each for each in self.verdicts if each is not Verdict.DONE), Verdict.DONE)
        super().__init__(first.value, message=_SAID.get(first, ""))


_SAID = {
    Verdict.SHORT: "可用余额不足，这笔款没有动。",
    Verdict.FROZEN: "账户已被冻结，钱转不出去。",
    Verdict.CLOSED: "账户已经关闭。",
    Verdict.OVER_CEILING: "收款账户超过了余额上限，这笔款没有动。",
    Verdict.EXPIRED: "预留的金额已过期，这笔款没有动。",
}


class NotEmpty(Conflict):
    """An account with money or open holds on it cannot be closed."""

    code = "account_not_empty"
    message = "账户里还有钱或未完成的交易，不能关闭。"
    remedy = "请先转出余额，等未完成的交易结束。"


class Busy(Unavailable):
    """The books were busy for longer than they may be; nothing was done, and a repeat is safe."""

    code = "ledger_busy"
    message = "账务繁忙，这一步没有做。"
    remedy = "请稍后用同一笔重试。"


class QueueFull(TooMany):
    """The batcher's bounded queue is full; nothing was taken."""

    code = "ledger_queue_full"
    message = "账务繁忙，请稍后再试。"


def house(kind: HouseKind, name: str = "") -> UUID:
    """Give the id of a house account, the same everywhere."""
    return ids.derived(f"xingnuo ledger house\n{kind}\n{name}")
