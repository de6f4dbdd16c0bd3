"""What leaves the channels' client: answers, notices, and the day's bill."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType, TracebackType
from typing import NamedTuple, Self

from xingnuo.kit.errors import Unavailable
from xingnuo.partners._signing import NotAuthentic

__all__ = [
    "RECIPIENTS",
    "UNKNOWN",
    "Answer",
    "Bill",
    "BillBroken",
    "BillLine",
    "BillNotReady",
    "Kind",
    "NotAuthentic",
    "Notice",
    "Outcome",
    "Style",
    "row",
]


class Style(StrEnum):
    """Whose convention is spoken."""

    ALIPAY = "alipay"
    WECHAT = "wechat"
    UNIONPAY = "unionpay"


# As the policy names them.
RECIPIENTS: Mapping[Style, str] = MappingProxyType(
    {Style.ALIPAY: "alipay", Style.WECHAT: "wechat_pay", Style.UNIONPAY: "unionpay"}
)


class Outcome(StrEnum):
    """What is known of a payment or refund; anything not listed by the convention is unknown."""

    PAID = "paid"
    REFUNDED = "refunded"
    OPEN = "open"  # the channel has it and has not decided
    DECLINED = "declined"  # for good under this number; nothing was taken
    CLOSED = "closed"  # no money can come any more
    NOT_FOUND = "not_found"  # proof of nothing
    REFUSED = "refused"  # the question itself is wrong; nothing was done
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """Which way money went."""

    PAY = "pay"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a channel says of one order or refund; amounts in fen, as the channel states them."""

    outcome: Outcome
    channel_no: str = ""
    amount_fen: int | None = None
    fee_fen: int | None = None
    refunded_fen: int | None = None
    at: datetime | None = None
    merchant: str = ""
    currency: str = "CNY"
    permanent: bool = False  # the same card would fail again
    code: str = ""  # the channel's own


UNKNOWN = Answer(outcome=Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a channel tells by itself; the id is the same in every repeat of one notice."""

    id: str
    style: Style
    kind: Kind
    order_no: str
    refund_no: str
    answer: Answer
    at: datetime


class BillLine(NamedTuple):
    """One line of a day's bill; `amount_fen` is never negative, `kind` says which way it went."""

    kind: Kind
    order_no: str
    refund_no: str
    channel_no: str
    amount_fen: int
    fee_fen: int
    at: datetime


def row(line: BillLine) -> str:
    """Write a line as a database copies it in: way, our number or else the channel's, and fen."""
    number = line.order_no if line.kind is Kind.PAY else line.refund_no
    text = (number or line.channel_no).replace("\\", "\\\\")
    return f"{line.kind.value}\t{text}\t{line.amount_fen}\n"


class BillNotReady(Unavailable):
    """The channel has no bill of this day yet, or did not answer: ask again later."""

    code = "bill_not_ready"


class BillBroken(Unavailable):
    """The file is not what the channel made: short, altered, of another merchant or day."""

    code = "bill_broken"


@dataclass(slots=True, kw_only=True)
class Bill:
    """A day's bill on disk, already held against its own hash, count and totals."""

    style: Style
    day: date
    count: int
    paid_fen: int
    refunded_fen: int
    fee_fen: int
    sha256: str
    _read: Callable[[], Iterator[BillLine]] = field(repr=False)
    _rows: Callable[[], Iterator[bytes]] = field(repr=False)
    _remove: Callable[[], None] = field(repr=False)

    def lines(self) -> Iterator[BillLine]:
        """Give the lines in the order of the file, in bounded memory; as often as wanted."""
        return self._read()

    def rows(self) -> Iterator[bytes]:
        """Give every line as `row` writes it, many at once, in bounded memory."""
        return self._rows()

    def close(self) -> None:
        """Remove the file."""
        self._remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()
