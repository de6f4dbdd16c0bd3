"""UnionPay's file: a zip of fixed-width lines (ZM) and their sums (ZMSUM).

Widths follow the ZM file of the gateway's specification, each field ended by a space; they and
the sums are to be checked against the current specification before a real gateway is used.
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import accumulate
from pathlib import Path

from xingnuo.kit.clock import BEIJING
from xingnuo.partners.channel import _bill_lines as lines
from xingnuo.partners.channel._bill_lines import Read, Totals
from xingnuo.partners.channel.contracts import BillBroken, BillLine, Kind

# Transaction code, institutions, trace, time, card, amount, shop kind, terminal, query number,
# way of paying, order, card kind, original trace and time, fee, settled, way, group, type, sub.
WIDTHS = (3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2)
_TIME, _AMOUNT, _QUERY, _ORDER, _FEE, _TYPE = 4, 6, 9, 11, 15, 19
_STARTS = [0, *accumulate(width + 1 for width in WIDTHS)]
_PLACES = [slice(start, start + width) for start, width in zip(_STARTS, WIDTHS, strict=False)]
LENGTH = _STARTS[-1] - 1
_KINDS = {"01": Kind.PAY, "04": Kind.REFUND}


def read(path: Path, *, day: date, mer_id: str) -> Read:
    """Give the lines, then the totals; raises `BillBroken`."""
    stem = f"INN{day:%y%m%d}88"
    with lines.unzipped(path) as (whole, names):
        if {f"{stem}ZM_{mer_id}", f"{stem}ZMSUM_{mer_id}"} != set(names):
            raise BillBroken("merchant")
        with whole.open(f"{stem}ZM_{mer_id}") as file:
            for text in lines.texts(file, encoding="gb18030"):
                yield _line(text, year=day)
        with whole.open(f"{stem}ZMSUM_{mer_id}") as file:
            yield _totals(list(lines.texts(file, encoding="ascii")))


def _line(text: str, *, year: date) -> BillLine:
    if len(text) != LENGTH:
        raise BillBroken("line")
    when, amount, query, order, fee, kind = (
        text[_PLACES[place]].strip() for place in (_TIME, _AMOUNT, _QUERY, _ORDER, _FEE, _TYPE)
    )
    way = _KINDS.get(kind)
    if way is None or not order or not (amount.isascii() and amount.isdigit()):
        raise BillBroken("line")
    return BillLine(
        way, lines.name(order) if way is Kind.PAY else "",
        lines.name(order) if way is Kind.REFUND else "",
        lines.name(query), int(amount), _signed(fee), _at(when, day=year),
    )  # fmt: skip


def _signed(text: str) -> int:
    # D is taken from us, C is given.
    if text[:1] not in ("C", "D") or not (text[1:].isascii() and text[1:].isdigit()):
        raise BillBroken("fee")
    return int(text[1:]) * (1 if text[0] == "D" else -1)


def _at(text: str, *, day: date) -> datetime:
    """Read month, day and time; a settlement day may hold the end of the year before."""
    try:
        month = int(text[:2])
        year = day.year - (1 if month == 12 and day.month == 1 else 0)
        return datetime(
            year, month, int(text[2:4]), int(text[4:6]), int(text[6:8]), int(text[8:10]),
            tzinfo=BEIJING,
        )  # fmt: skip
    except ValueError:
        raise BillBroken("time") from None


def _totals(told: list[str]) -> Totals:
    cells = told[0].split() if len(told) == 1 else []
    if len(cells) != 3 or not all(cell.isascii() and cell.isdigit() for cell in cells):
        raise BillBroken("totals")
    count, paid, back = (int(cell) for cell in cells)
    return Totals(count, paid, back)
