"""A day's bill: fetched, held against its hash, count and totals, then read line by line."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import IO

from xingnuo.partners._day import Fetched
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
from xingnuo.partners.channel._bill_lines import PART_BYTES, Read, Totals
from xingnuo.partners.channel.contracts import (
    Bill,
    BillBroken,
    BillLine,
    BillNotReady,
    Kind,
    Style,
    row,
)

PART_LINES = 5_000


@dataclass(slots=True)
class _Sums:
    """What the lines of a file come to."""

    count: int = 0
    paid: int = 0
    refunded: int = 0
    fee: int = 0

    def add(self, lines: list[BillLine]) -> None:
        self.count += len(lines)
        self.fee += sum(line.fee_fen for line in lines)
        paid = sum(line.amount_fen for line in lines if line.kind is Kind.PAY)
        self.paid += paid
        self.refunded += sum(line.amount_fen for line in lines) - paid


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
    rows = tempfile.TemporaryFile(prefix="xn-")  # noqa: SIM115 (open as long as the bill is)

    def remove() -> None:
        rows.close()
        fetched.close()

    try:
        sums = _sums(read, rows)
    except BillBroken:
        remove()
        raise
    return Bill(
        style=style, day=day, count=sums.count, paid_fen=sums.paid, refunded_fen=sums.refunded,
        fee_fen=sums.fee, sha256=fetched.sha256, _read=lambda: _lines(read),
        _rows=lambda: _parts(rows), _remove=remove,
    )  # fmt: skip


def _sums(read: Callable[[], Read], rows: IO[bytes]) -> _Sums:
    """Add the lines up, and write their rows beside, so that the file is read once."""
    sums, totals = _Sums(), None
    told = read()
    while part := list(islice(told, PART_LINES)):
        if isinstance(part[-1], Totals):
            totals = part.pop()
        found = [line for line in part if isinstance(line, BillLine)]
        sums.add(found)
        rows.write("".join(map(row, found)).encode())
    if totals != Totals(sums.count, sums.paid, sums.refunded):
        raise BillBroken("totals")
    return sums


def _parts(rows: IO[bytes]) -> Iterator[bytes]:
    rows.seek(0)
    while part := rows.read(PART_BYTES):
        yield part


def _lines(read: Callable[[], Read]) -> Iterator[BillLine]:
    return (line for line in read() if isinstance(line, BillLine))
