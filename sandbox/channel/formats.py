"""The three channels' files, written line by line: GBK tables, backquotes, fixed widths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sandbox.channel import keys
from sandbox.ground import clock

ALIPAY_HEADS = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,"
    "对方账户,订单金额（元）,商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,"
    "商家优惠（元）,券核销金额（元）,券名称,商家红包消费金额（元）,卡消费金额（元）,"
    "退款批次号/请求号,服务费（元）,分润（元）,备注"
)
WECHAT_HEADS = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
    "付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,"
    "退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
WECHAT_SUMS = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
# Widths of the fields that the ZM file begins with, each ended by a space.
ZM_WIDTHS = (3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a day: what was paid or given back."""

    kind: str
    order_no: str
    refund_no: str
    channel_no: str
    amount_fen: int
    fee_fen: int
    at: float


@dataclass(slots=True)
class _Sums:
    paid: int = 0
    paid_fen: int = 0
    back: int = 0
    back_fen: int = 0
    fee_fen: int = 0

    def add(self, line: Line) -> None:
        """Count one line."""
        self.fee_fen += line.fee_fen
        if line.kind == "pay":
            self.paid, self.paid_fen = self.paid + 1, self.paid_fen + line.amount_fen
        else:
            self.back, self.back_fen = self.back + 1, self.back_fen + line.amount_fen


def alipay(day: date, lines: Iterable[Line]) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the entries of the zip: the details, and the summary that nobody needs."""
    sums = _Sums()
    stem = f"{keys.SELLER_ID}0156_{day:%Y%m%d}"
    yield f"{stem}_业务明细.csv", _alipay_detail(day, lines, sums)
    yield (
        f"{stem}_业务明细(汇总).csv",
        iter(("#支付宝业务汇总查询\r\n", f"#合计,{sums.paid},{sums.back}\r\n")),
    )


def wechat(lines: Iterable[Line]) -> Iterator[str]:
    """Give the whole file; every value stands behind a backquote."""
    sums = _Sums()
    yield f"\ufeff{WECHAT_HEADS}\r\n"
    for line in lines:
        sums.add(line)
        pays = line.kind == "pay"
        money, zero = _yuan(line.amount_fen), "0.00"
        cells = (
            _time(line.at), keys.APPID, keys.MCHID, "0", "",
            line.channel_no if pays else f"4{line.channel_no[1:]}",
            line.order_no, "openid", "MICROPAY", "SUCCESS" if pays else "REFUND", "OTHERS", "CNY",
            money if pays else zero, zero, "0" if pays else line.channel_no,
            "0" if pays else line.refund_no, zero if pays else money, zero,
            "" if pays else "ORIGINAL", "" if pays else "SUCCESS", "星诺,付款", "",
            f"{_yuan(line.fee_fen)}000", "0.60%", money if pays else zero,
            zero if pays else money, "",
        )  # fmt: skip
        yield f"`{',`'.join(cells)}\r\n"
    yield f"{WECHAT_SUMS}\r\n"
    told = (
        str(sums.paid + sums.back), _yuan(sums.paid_fen), _yuan(sums.back_fen), "0.00",
        _yuan(sums.fee_fen), _yuan(sums.paid_fen), _yuan(sums.back_fen),
    )  # fmt: skip
    yield f"`{',`'.join(told)}\r\n"


def unionpay(day: date, lines: Iterable[Line]) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the entries of the zip: the lines of fixed width, and their sums."""
    sums, stem = _Sums(), f"INN{day:%y%m%d}88"
    yield f"{stem}ZM_{keys.MER_ID}", _zm(lines, sums)
    total = f"{sums.paid + sums.back:010d} {sums.paid_fen:015d} {sums.back_fen:015d}\n"
    yield f"{stem}ZMSUM_{keys.MER_ID}", iter((total,))


def is_row(line: bytes) -> bool:
    """Say whether a line of a file is one payment or refund, not a head or a total."""
    return (
        line.startswith(b"S22")
        or (line[:3] == b"`20" and line[5:6] == b"-")
        or (line[:1].isdigit() and line.count(b",") > 20)
    )


def dearer(line: bytes) -> bytes:
    """Change the amount of a row."""
    if line.startswith(b"S22"):
        start = sum(width + 1 for width in ZM_WIDTHS[:6])
        amount = f"{int(line[start : start + 12]) + 1:012d}".encode()
        return line[:start] + amount + line[start + 12 :]
    joint, place = (b",`", 24) if line.startswith(b"`") else (b",", 12)
    cells = line.split(joint)
    whole = cells[place].strip()
    digit = str((int(whole[-1:]) + 1) % 10).encode()
    cells[place] = whole[:-1] + digit
    return joint.join(cells)


def _alipay_detail(day: date, lines: Iterable[Line], sums: _Sums) -> Iterator[str]:
    yield "#支付宝业务明细查询\r\n"
    yield f"#账号：[{keys.SELLER_ID}0156]\r\n"
    yield f"#起始日期：[{day:%Y年%m月%d日} 00:00:00]   终止日期：[{day:%Y年%m月%d日} 23:59:59]\r\n"
    yield "#-----------------------------------------业务明细列表----------------------------\r\n"
    yield f"{ALIPAY_HEADS}\r\n"
    for line in lines:
        sums.add(line)
        pays = line.kind == "pay"
        money = _yuan(line.amount_fen) if pays else f"-{_yuan(line.amount_fen)}"
        fee = f"-{_yuan(line.fee_fen)}" if line.fee_fen else "0.00"
        cells = (
            f"{line.channel_no}\t", f"{line.order_no}\t", "交易" if pays else "退款",
            '"星诺,付款"', _time(line.at), _time(line.at), "", "", "", "", "***(*文涛)", money, money,
            *("0.00",) * 5, "", "0.00", "0.00", f"{line.refund_no}\t", fee, "0.00", "",
        )  # fmt: skip
        yield f"{','.join(cells)}\r\n"
    yield "#-----------------------------------------业务明细列表结束------------------------\r\n"
    yield (f"#交易合计：{sums.paid}笔，商家实收共{_yuan(sums.paid_fen)}元，商家优惠共0.00元\r\n")
    back = f"-{_yuan(sums.back_fen)}" if sums.back_fen else "0.00"
    yield f"#退款合计：{sums.back}笔，商家实收退款共{back}元，商家优惠退款共0.00元\r\n"
    yield f"#导出时间：[{_time(clock.now())}]\r\n"


def _zm(lines: Iterable[Line], sums: _Sums) -> Iterator[str]:
    for line in lines:
        sums.add(line)
        pays = line.kind == "pay"
        fee = f"{'D' if line.fee_fen else 'C'}{line.fee_fen:012d}"
        settled = f"{'C' if pays else 'D'}{line.amount_fen:012d}"
        cells = (
            "S22", "00049992", "00049992", line.channel_no[-6:], f"{_moment(line.at):%m%d%H%M%S}",
            "6229********0000", f"{line.amount_fen:012d}", "5411", "07", line.channel_no, "",
            line.order_no if pays else line.refund_no, "01", "000000", "0000000000", fee, settled,
            "0001", "", "01" if pays else "04", "01" if pays else "00",
        )  # fmt: skip
        whole = " ".join(cell.ljust(width) for cell, width in zip(cells, ZM_WIDTHS, strict=True))
        yield f"{whole}\n"


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, clock.BEIJING)


def _time(at: float) -> str:
    return f"{_moment(at):%Y-%m-%d %H:%M:%S}"


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"
