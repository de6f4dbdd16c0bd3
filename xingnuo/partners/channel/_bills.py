"""A day's bill: fetched, held against its hash, count and totals, then read line by line."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from xingnuo.partners._day import DayFileBroken, Fetched
from xingnuo.partners._file import fetch
from xingnuo.partners.channel import (
    _alipay,
    _bill_alipay,
    _bill_unionpay,
    _bill_wechat,
    _keys,
    _unionpay,
    _wechat,
)
from xingnuo.partners.channel._bill_lines import Read, Totals
from xingnuo.partners.channel.contracts import Bill, BillBroken, BillLine, BillNotReady, Kind, Style

_HASH_MASK = (1 << 64) - 1


@dataclass(slots=True)
class _Sums:
    """What the lines of a file come to."""

    count: int = 0
    paid: int = 0
    refunded: int = 0
    fee: int = 0

    def add(self, line: BillLine) -> None:
        self.count += 1
        self.fee += line.fee_fen
        if line.kind is Kind.PAY:
            self.paid += line.amount_fen
        else:
            self.refunded += line.amount_fen


def bill(style: Style, day: date) -> Bill:
    """Fetch and check a day's bill; raises `BillNotReady` or `BillBroken`."""
    if style is Style.ALIPAY:
        fetched = _fetched(style, _alipay.bill_address(day), headers={})
        return _checked(style, day, fetched, lambda: _bill_alipay.read(
            fetched.path, day=day, seller_id=_keys.ring().alipay.seller_id))  # fmt: skip
    if style is Style.WECHAT:
        where, kind, told = _wechat.bill_address(day)
        target = where.removeprefix("/".join(where.split("/")[:3]))
        signed = {"Authorization": _wechat.authorization("GET", target, b"")}
        fetched = _fetched(style, where, headers=signed)
        _held(fetched, fetched.digest(kind) == told)
        return _checked(style, day, fetched, lambda: _bill_wechat.read(
            fetched.path, mchid=_keys.ring().wechat.mchid))  # fmt: skip
    where, told = _unionpay.bill_address(day)
    fetched = _fetched(style, where, headers={})
    _held(fetched, fetched.sha256 == told)
    return _checked(style, day, fetched, lambda: _bill_unionpay.read(
        fetched.path, day=day, mer_id=_keys.ring().unionpay.mer_id))  # fmt: skip


def _fetched(style: Style, where: str, *, headers: dict[str, str]) -> Fetched:
    fetched = fetch(where, headers=headers)
    if fetched is None:
        raise BillNotReady(style.value)
    return fetched


def _held(fetched: Fetched, right: bool) -> None:
    if not right:
        fetched.close()
        raise BillBroken("hash")


def _checked(style: Style, day: date, fetched: Fetched, read: Callable[[], Read]) -> Bill:
    """Read the whole file once; nothing of it is given out unless all of it holds."""
    try:
        sums, repeated = _sums(read)
    except DayFileBroken:
        fetched.close()
        raise BillBroken("line") from None
    except BillBroken:
        fetched.close()
        raise
    return Bill(
        style=style, day=day, count=sums.count, paid_fen=sums.paid, refunded_fen=sums.refunded,
        fee_fen=sums.fee, sha256=fetched.sha256, repeated=repeated,
        _read=lambda: _lines(read), _remove=fetched.close,
    )  # fmt: skip


def _sums(read: Callable[[], Read]) -> tuple[_Sums, frozenset[str]]:
    sums, totals, seen = _Sums(), None, array("Q")
    for line in read():
        if isinstance(line, Totals):
            totals = line
        else:
            sums.add(line)
            seen.append(hash(_name(line)) & _HASH_MASK)
    if totals is None or (totals.count, totals.paid_fen, totals.refunded_fen) != (
        sums.count, sums.paid, sums.refunded,
    ):  # fmt: skip
        raise BillBroken("totals")
    return sums, _repeated(read, seen)


def _repeated(read: Callable[[], Read], seen: array[int]) -> frozenset[str]:
    """Name the numbers listed more than once; eight bytes a line are held, not the lines."""
    ordered = sorted(seen)
    twice = {a for a, b in zip(ordered, ordered[1:], strict=False) if a == b}
    if not twice:
        return frozenset()
    found: set[str] = set()
    once: set[str] = set()
    for line in _lines(read):
        name = _name(line)
        if hash(name) & _HASH_MASK in twice:
            (found if name in once else once).add(name)
    return frozenset(name.partition(":")[2] for name in found)


def _lines(read: Callable[[], Read]) -> Iterator[BillLine]:
    try:
        for line in read():
            if not isinstance(line, Totals):
                yield line
    except DayFileBroken:
        raise BillBroken("line") from None


def _name(line: BillLine) -> str:
    return f"{line.kind}:{line.order_no if line.kind is Kind.PAY else line.refund_no}"
