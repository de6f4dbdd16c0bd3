"""Alipay's bill: GBK comma separated values in a zip, notes behind `#`, totals at the end."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from operator import itemgetter
from pathlib import Path

from xingnuo.partners.channel import _bill_lines as lines
from xingnuo.partners.channel._bill_lines import Read, Totals
from xingnuo.partners.channel.contracts import BillBroken, BillLine, Kind

DETAIL = "_业务明细.csv"
COLUMNS = ("支付宝交易号", "商户订单号", "业务类型", "完成时间", "订单金额（元）",
           "退款批次号/请求号", "服务费（元）")  # fmt: skip
type _Columns = Callable[[list[str]], tuple[str, ...]]
_KINDS = {"交易": Kind.PAY, "退款": Kind.REFUND}
_ACCOUNT = re.compile(r"#账号：\[([0-9]{1,32}?)(?:0156)?\]")
_DAY = re.compile(r"#起始日期：\[([0-9]{4})年([0-9]{2})月([0-9]{2})日 00:00:00\]")
_SUM = re.compile(r"#(交易|退款)合计：([0-9]{1,9})笔，商家实收(?:退款)?共(-?[0-9.]{1,20})元")


def read(path: Path, *, day: date, seller_id: str) -> Read:
    """Give the lines, then the totals; raises `BillBroken`."""
    with lines.unzipped(path) as (whole, names):
        detail = [name for name in names if name.endswith(DETAIL)]
        if len(detail) != 1:
            raise BillBroken("entries")
        with whole.open(detail[0]) as file:
            told, columns = [], None
            for text in lines.texts(file, encoding="gb18030"):
                if text.startswith("#"):
                    told.append(text)
                    if len(told) > 30:
                        raise BillBroken("notes")
                elif columns is None:
                    columns = _columns(text)
                    _own("\n".join(told), day=day, seller_id=seller_id)
                elif text:
                    yield _line(text, columns)
        yield _totals("\n".join(told))


def _columns(text: str) -> _Columns:
    heads = [head.strip() for head in lines.cells(text)]
    try:
        return itemgetter(*(heads.index(name) for name in COLUMNS))
    except ValueError:
        raise BillBroken("columns") from None


def _own(told: str, *, day: date, seller_id: str) -> None:
    account, began = _ACCOUNT.search(told), _DAY.search(told)
    if account is None or account[1] != seller_id:
        raise BillBroken("merchant")
    if began is None or "-".join(began.groups()) != day.isoformat():
        raise BillBroken("day")


def _line(text: str, columns: _Columns) -> BillLine:
    try:
        channel_no, order_no, kind, at, amount, refund_no, fee = map(
            str.strip, columns(lines.cells(text))
        )
        way = _KINDS[kind]
    except (IndexError, KeyError):
        raise BillBroken("line") from None
    fen = lines.yuan(amount) * (1 if way is Kind.PAY else -1)
    if fen < 0 or not order_no:
        raise BillBroken("line")
    # A fee that is taken is written with a minus.
    return BillLine(
        way, lines.name(order_no), lines.name(refund_no), lines.name(channel_no), fen,
        -lines.yuan(fee), lines.at(at),
    )  # fmt: skip


def _totals(told: str) -> Totals:
    found = {kind: (int(count), lines.yuan(fen)) for kind, count, fen in _SUM.findall(told)}
    if found.keys() != _KINDS.keys():
        raise BillBroken("totals")
    (paid, paid_fen), (back, back_fen) = found["交易"], found["退款"]
    return Totals(paid + back, paid_fen, -back_fen)
