"""What leaves the change card: the account, its movements, what it holds, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import Conflict, NotFound, Refused

RECIPIENT = "card_bank"
OPEN, USE, SHOW = "wallet_card.open", "wallet_card.use", "wallet_card.show"


class MoveKind(StrEnum):
    """What the bank is asked for; the two incomes it brings by itself."""

    OPEN = "open"
    CLOSE = "close"
    TOP_UP = "top_up"  # from the bound card
    WITHDRAW = "withdraw"  # to the bound card
    SPEND = "spend"  # to our collection account, for the person's payment balance
    BUY_DEPOSIT = "buy_deposit"
    SELL_DEPOSIT = "sell_deposit"
    BUY_FUND = "buy_fund"
    SELL_FUND = "sell_fund"
    INCOME_DEPOSIT = "income_deposit"
    INCOME_FUND = "income_fund"


class MoveState(StrEnum):
    """How far a movement is; proof alone ends what was sent."""

    PREPARED = "prepared"  # on record, certainly not sent
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    DECLINED = "declined"
    LATE = "late"  # done after all, though it was declined before


class AccountState(StrEnum):
    """Where the e-account stands."""

    OPENING = "opening"
    OPEN = "open"
    DECLINED = "declined"
    CLOSED = "closed"


LIVE = (MoveState.PREPARED, MoveState.SENT, MoveState.UNKNOWN)
DONE = (MoveState.DONE, MoveState.LATE)
# What the person sets going with an amount; opening and closing have none, income comes by itself.
MONEY = (
    MoveKind.TOP_UP,
    MoveKind.WITHDRAW,
    MoveKind.SPEND,
    MoveKind.BUY_DEPOSIT,
    MoveKind.SELL_DEPOSIT,
    MoveKind.BUY_FUND,
    MoveKind.SELL_FUND,
)
INCOME = (MoveKind.INCOME_DEPOSIT, MoveKind.INCOME_FUND)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountShown:
    """The person's account; `code` says why the bank declined, `fetched_at` when it last told."""

    id: UUID
    state: AccountState
    card_id: UUID
    code: str
    made_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveShown:
    """A movement as its person sees it."""

    id: UUID
    account_id: UUID
    kind: MoveKind
    state: MoveState
    amount_fen: int
    code: str
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetsShown:
    """What the bank said that the account holds, and when it said so."""

    cash_fen: int
    deposit_fen: int
    fund_fen: int
    income_fen: int
    at: datetime

    @property
    def total_fen(self) -> int:
        """Give all of it."""
        return self.cash_fen + self.deposit_fen + self.fund_fen


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitsShown:
    """The limits of the law and of ours, and what is left of them, in fen."""

    once_fen: int
    spend_day_fen: int
    spend_year_fen: int
    day_left_fen: int
    year_left_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthShown:
    """A month of the account: its movements, newest first, and their sums in fen."""

    month: date
    moves: tuple[MoveShown, ...]
    in_fen: int
    out_fen: int
    income_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFacts:
    """What a case is about: the act's number, and what each side says of it, in fen."""

    number: str
    party: str
    day: date | None
    ours_fen: int | None
    theirs_fen: int | None
    is_undecided: bool  # the other side has not said how the act ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """What a day's file of the bank came to against our books."""

    day: date
    lines: int
    matched: int
    proved: int
    income: int
    differences: int


class NoAccount(NotFound):
    """The person has no such account or movement; another's and a missing one look the same."""

    code = "no_wallet_card"


class NotReady(Conflict):
    """The account is not in a state from which this goes on."""

    code = "wallet_card_not_ready"
    message = "零钱卡现在不能办这一步，钱没有动。"
    remedy = "请刷新后看看它到哪一步了。"


class MoveDiffers(Conflict):
    """The same number came with another kind or amount."""

    code = "wallet_move_differs"
    message = "这个编号已经用于另一笔，钱没有动。"
    remedy = "请重新填写一次。"


class OverLimit(Refused):
    """The movement is over a limit; `detail` names it."""

    code = "wallet_over_limit"
    message = "超过了零钱卡的限额，钱没有动。"
    remedy = "请在“首页 › 零钱卡 › 限额”里看还剩多少。"


class Short(Refused):
    """There is less in the account than that."""

    status = 409
    code = "wallet_short"
    message = "零钱卡里没有这么多可用的钱，钱没有动。"
    remedy = "请改小金额，或先充值。"


class Screened(Refused):
    """The check of unusual acts stops the movement."""

    code = "wallet_screened"
    message = "这一笔没有通过安全检查，钱没有动。"
    remedy = "可以在“自动决策”里看原因，或请人工复核。"


class Undecided(Conflict):
    """A case cannot be closed while the other side has not said how the act ended."""

    code = "wallet_card_case_undecided"
    message = "对方还没有给出结果，这张工单不能办结。"
    remedy = "系统会一直查下去；有结果后再复核，或先退回给提出的人。"


class NotEmpty(Conflict):
    """The account cannot be closed: it holds money, or something has no end yet."""

    code = "wallet_not_empty"
    message = "卡里还有钱，或有一笔还没有结果，现在不能销户。"
    remedy = "请先卖出理财、提现，等每一笔都有结果。"
