"""WeChat Pay's bill: comma separated values behind a backquote each, totals at the end."""

from __future__ import annotations

from pathlib import Path

from xingnuo.partners.channel import _bill_lines as lines
from xingnuo.partners.channel._bill_lines import Read, Totals
from xingnuo.partners.channel.contracts import BillBroken, BillLine, Kind

MARK = "`"
COLUMNS = ("交易时间", "商户号", "微信订单号", "商户订单号", "交易状态", "货币种类", "微信退款单号",
           "商户退款单号", "手续费", "订单金额", "申请退款金额")  # fmt: skip
SUMS = ("总交易单数", "订单总金额", "申请退款总金额")
_KINDS = {"SUCCESS": Kind.PAY, "REFUND": Kind.REFUND}


def read(path: Path, *, mchid: str) -> Read:
    """Give the lines, then the totals; raises `BillBroken`."""
    with path.open("rb") as file:
        told = lines.texts(file, encoding="utf-8-sig")
        columns = _places(next(told, ""), COLUMNS)
        for text in told:
            if text.startswith(MARK):
                yield _line(_bare(text), columns, mchid=mchid)
            elif text:
                sums, places = _bare(next(told, "")), _places(text, SUMS)
                if any(told):
                    raise BillBroken("end")
                yield _totals(sums, places)
                return
    raise BillBroken("end")


def _places(text: str, wanted: tuple[str, ...]) -> list[int]:
    heads = [head.strip() for head in lines.cells(text)]
    try:
        return [heads.index(name) for name in wanted]
    except ValueError:
        raise BillBroken("columns") from None


def _bare(text: str) -> list[str]:
    # No cell holds the mark itself: a comma within one is told from one between two by it.
    if not text.startswith(MARK):
        raise BillBroken("line")
    return text[1:].split(f",{MARK}")


def _line(cells: list[str], columns: list[int], *, mchid: str) -> BillLine:
    try:
        at, ours, channel_no, order_no, state, currency, refund, refund_no, fee, paid, back = [
            cells[place].strip() for place in columns
        ]
        kind = _KINDS[state]
    except (IndexError, KeyError):
        raise BillBroken("line") from None
    if ours != mchid:
        raise BillBroken("merchant")
    fen = lines.yuan(paid if kind is Kind.PAY else back)
    if fen < 0 or currency != "CNY" or not order_no:
        raise BillBroken("line")
    return BillLine(
        kind, lines.name(order_no), lines.name(refund_no) if kind is Kind.REFUND else "",
        lines.name(channel_no if kind is Kind.PAY else refund), fen, lines.yuan(fee), lines.at(at),
    )  # fmt: skip


def _totals(cells: list[str], places: list[int]) -> Totals:
    try:
        count, paid, back = [cells[place].strip() for place in places]
    except IndexError:
        raise BillBroken("totals") from None
    if not (count.isascii() and count.isdigit() and len(count) <= 9):
        raise BillBroken("totals")
    return Totals(int(count), lines.yuan(paid), lines.yuan(back))
