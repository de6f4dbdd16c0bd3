"""What leaves the room: orders, saved accounts, links with their review, and the refusals."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from xingnuo.kit.errors import Conflict, NotFound, Refused, TooMany, Unavailable

SERVICE = "bill_pay"
OPERATOR = "telecom_operator"
ISSUERS = ("utility_power", "utility_water", "utility_gas")


class OrderKind(StrEnum):
    """What is paid for."""

    TOP_UP = "top_up"
    BILL = "bill"


class OrderState(StrEnum):
    """How far an order has come; proof alone leads out of sent and unknown."""

    DRAFT = "draft"  # a number is checked, no amount chosen
    UNPAID = "unpaid"
    CLOSED = "closed"  # nobody paid
    PREPARED = "prepared"  # paid, not sent yet
    SENT = "sent"
    UNKNOWN = "unknown"
    DONE = "done"
    DECLINED = "declined"  # the money is on its way back
    REFUNDED = "refunded"


class CaseKind(StrEnum):
    """What a person must look at."""

    UNKNOWN_OLD = "unknown_old"
    CONTRADICTION = "contradiction"
    WRONG_AMOUNT = "wrong_amount"
    NOT_OURS = "not_ours"  # a line of the file about no order of ours
    NOT_THEIRS = "not_theirs"  # done with us, and not in the file
    LISTED_TWICE = "listed_twice"
    FILE_BROKEN = "file_broken"


class LinkState(StrEnum):
    """How far a link's review has come; two people let it in, one takes it out."""

    PROPOSED = "proposed"
    LIVE = "live"
    WITHDRAWN = "withdrawn"


UNDECIDED = (OrderState.SENT, OrderState.UNKNOWN)
# A bill with an order in one of these is not paid a second time.
TAKEN = (
    OrderState.UNPAID,
    OrderState.PREPARED,
    OrderState.SENT,
    OrderState.UNKNOWN,
    OrderState.DONE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderShown:
    """An order as its payer may see it; the number or account rests in the vault."""

    id: UUID
    kind: OrderKind
    party: str
    state: OrderState
    carrier: str
    region: str
    offered_fen: tuple[int, ...]
    amount_fen: int | None
    bill_no: str
    month: str
    payment_id: UUID | None
    reference: str
    seal: str
    code: str
    made_at: datetime
    paid_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountShown:
    """An account at an issuer, with what the issuer last said; hidden in part by the issuer."""

    id: UUID
    issuer: str
    number: str = field(repr=False)  # masked
    is_saved: bool
    bill_no: str
    due_fen: int
    balance_fen: int | None
    month: str
    asked_at: datetime
    name: str = field(default="", repr=False)
    address: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordShown:
    """A line of the records: an order with what it was about, as the vault keeps it."""

    order: OrderShown
    about: str = field(repr=False)


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
class LinkReview:
    """What two people looked at before a link is shown; each part has its day and its end."""

    code: str
    title: str
    about: str
    firm: str
    url: str
    policy_url: str
    qualification: str
    qualified_on: date
    qualified_until: date
    safe_on: date
    safe_until: date
    terms_on: date
    terms_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkShown:
    """A link with its review as it stands."""

    id: UUID
    state: LinkState
    review: LinkReview
    proposed_by: str
    released_by: str
    at: datetime


class NoSuchOrder(NotFound):
    """There is no such order, account or link; another's looks the same."""

    code = "no_bill_order"
    message = "没有这一笔。"
    remedy = "请回到生活缴费里查看。"


class OtherOrder(Conflict):
    """The order is not in a state from which this leads on."""

    code = "bill_order_step"
    message = "这一步已经做过，或现在不能做。"
    remedy = "请刷新后看它的最新状态。"


class BillChanged(Conflict):
    """The bill is no longer as it was shown."""

    code = "bill_changed"
    message = "账单和刚才显示的不一样了，没有扣款。"
    remedy = "请重新查询，核对后再缴。"


class BillTaken(Conflict):
    """The bill is paid, or being paid."""

    code = "bill_taken"
    message = "这张账单已经缴了，或正在缴。"
    remedy = "请在缴费记录里看结果，不用再缴。"


class Undecided(Conflict):
    """A case cannot be closed while the other side has not said how the act ended."""

    code = "bill_pay_case_undecided"
    message = "对方还没有给出结果，这张工单不能办结。"
    remedy = "系统会一直查下去；有结果后再复核，或先退回给提出的人。"


class NotAnswering(Unavailable):
    """The other side did not say; nothing was done."""

    code = "bill_not_answering"
    message = "对方暂时没有回答，没有扣款。"
    remedy = "请过一会儿再试。"


class TooManyAccounts(TooMany):
    """A person keeps a few accounts, not a list."""

    code = "bill_too_many"
    message = "户号太多了。"
    remedy = "请先删掉不用的户号。"


class SamePerson(Refused):
    """Who proposed does not release."""

    code = "bill_link_same_person"
    message = "提出的人不能自己放行。"
    remedy = "请另一位同事核对后放行。"
