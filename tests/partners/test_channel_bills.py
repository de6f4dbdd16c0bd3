"""A day's bill: what the books hold, held against hash, count and totals, in bounded memory."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.partners import outer
from tests.partners.outer import Somebody
from tests.partners.test_channel import every, number, order, pay, refund
from tests.sandbox.outside import Process, get, post, script
from xingnuo.kit import clock, ids
from xingnuo.partners._day import Fetched
from xingnuo.partners.channel import _bill_alipay, _bill_unionpay, _bill_wechat, client
from xingnuo.partners.channel.contracts import (
    Bill,
    BillBroken,
    BillLine,
    BillNotReady,
    Kind,
    Style,
    row,
)

DAY = date(2026, 11, 20)
LARGE = 20_000


@pytest.fixture(scope="module")
def who(running: Process) -> Somebody:
    """Give a person with a card in good order."""
    return outer.somebody(running)


def traded(who: Somebody, style: Style) -> tuple[str, str]:
    """Pay three orders and give part of one back; give the last order and the refund."""
    order_no, refund_no = number(), number()
    for one in (number(), number(), order_no):
        pay(who, style, one)
    refund(style, order_no, refund_no)
    return order_no, refund_no


def today(style: Style) -> Bill:
    """Fetch today's bill."""
    return client.bill(style, clock.today())


@every
def test_a_bill_lists_what_the_books_hold(enrolled: Process, who: Somebody, style: Style) -> None:
    """Each payment and refund once, with amount, fee, number and time; totals as the books'."""
    order_no, refund_no = traded(who, style)
    books = get(enrolled, f"/books/{style}.json")
    held = order(enrolled, style, order_no)
    assert held is not None
    with today(style) as bill:
        lines = list(bill.lines())
        assert lines == list(bill.lines()), "as often as wanted"
        assert b"".join(bill.rows()) == b"".join(bill.rows()) == "".join(map(row, lines)).encode()
        assert (bill.paid_fen, bill.refunded_fen) == (books["paid_fen"], books["refunded_fen"])
        assert bill.count == len(lines) and len(bill.sha256) == 64
    [paid] = [one for one in lines if one.order_no == order_no and one.kind is Kind.PAY]
    assert (paid.amount_fen, paid.fee_fen) == (held["amount_fen"], held["fee_fen"])
    assert paid.channel_no == held["channel_no"]
    assert abs(paid.at - clock.now()) < timedelta(minutes=5)
    [back] = [one for one in lines if one.refund_no == refund_no]
    assert (back.kind, back.amount_fen) == (Kind.REFUND, 345)


@every
def test_a_day_without_trade_is_an_empty_bill(enrolled: Process, style: Style) -> None:
    """Nothing is not the same as no bill."""
    with client.bill(style, date(2020, 1, 1)) as bill:
        assert (bill.count, bill.paid_fen, list(bill.lines())) == (0, 0, [])


@every
@pytest.mark.parametrize("fault", ["short", "altered"])
def test_a_spoiled_bill_is_broken(
    enrolled: Process, who: Somebody, style: Style, fault: str
) -> None:
    """Nothing of it is given out; the next one is whole."""
    traded(who, style)
    script(enrolled, style, "bill", fault)
    with pytest.raises(BillBroken):
        today(style)
    today(style).close()


@every
def test_a_repeated_line_is_given_twice(enrolled: Process, who: Somebody, style: Style) -> None:
    """The file's own totals agree with it, so it is the bill's to say."""
    _, refund_no = traded(who, style)
    script(enrolled, style, "bill", "repeated")
    with today(style) as bill:
        assert len([one for one in bill.lines() if one.refund_no == refund_no]) == 2


@every
def test_planted_differences_are_all_there(enrolled: Process, who: Somebody, style: Style) -> None:
    """One line missing, one a fen dearer, one of nobody: the file holds, the books differ."""
    traded(who, style)
    with today(style) as bill:
        right = {(one.kind, one.channel_no): one.amount_fen for one in bill.lines()}
    script(enrolled, style, "bill", "differ")
    with today(style) as bill:
        found = {(one.kind, one.channel_no): one.amount_fen for one in bill.lines()}
    assert len(right.keys() - found.keys()) == 1 and len(found.keys() - right.keys()) == 1
    assert sum(found[name] - right[name] for name in right.keys() & found.keys()) == 1


@every
def test_a_bill_may_not_be_there_yet(enrolled: Process, style: Style) -> None:
    """Of a day to come, refused, forged, silent: ask again later."""
    with pytest.raises(BillNotReady):
        client.bill(style, clock.today() + timedelta(days=2))
    for operation, fault in (("bill", "decline"), ("bill", "bad_signature"), ("bill", "5xx"),
                             ("file", "5xx"), ("file", "reset")):  # fmt: skip
        script(enrolled, style, operation, fault)
        with pytest.raises(BillNotReady):
            today(style)
    today(style).close()


def test_channels_that_are_away_have_no_bill(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing listens there."""
    monkeypatch.setenv("XN_CHANNEL_URL", "http://localhost:1")
    for style in Style:
        with pytest.raises(BillNotReady):
            today(style)


@every
def test_a_large_bill_is_read_in_bounded_memory(
    enrolled: Process, style: Style, tmp_path: Path
) -> None:
    """In a process of its own, which holds no line longer than it reads it."""
    asked = {"style": style, "day": DAY.isoformat(), "lines": LARGE}
    digest = post(enrolled, "/channel/test/bills", asked, status=201)["sha256"]
    with client.bill(style, DAY) as bill:
        assert (bill.count, bill.sha256) == (LARGE, digest)
        assert bill.paid_fen == sum(100 + index % 10_000 for index in range(LARGE))
        grown = _grown(bill, tmp_path)
    assert grown < 16 * 1024, f"{grown} KiB for {LARGE} lines"


def _grown(bill: Bill, folder: Path) -> int:
    """Say by how many KiB a process grows that reads a bill's lines once."""
    readers = {"alipay": "_bill_alipay", "wechat": "_bill_wechat", "unionpay": "_bill_unionpay"}
    assert bill._remove.__closure__ is not None
    [path] = [
        held.cell_contents.path
        for held in bill._remove.__closure__
        if isinstance(held.cell_contents, Fetched)
    ]
    more = {
        "alipay": f"day=date({DAY.year},{DAY.month},{DAY.day}), seller_id='2088000000000001'",
        "wechat": "mchid='1900000001'",
        "unionpay": f"day=date({DAY.year},{DAY.month},{DAY.day}), mer_id='777290000000001'",
    }[bill.style]
    text = (
        "import resource\nfrom datetime import date\nfrom pathlib import Path\n"
        f"from xingnuo.partners.channel import {readers[bill.style]} as reader\n"
        "from xingnuo.partners.channel import _bill_lines\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"count = sum(1 for _ in reader.read(Path({str(path)!r}), {more}))\n"
        f"assert count == {LARGE} + 1, count\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    return int(done.stdout)


def wechat_file(folder: Path, *rows: str) -> Path:
    """Write a bill with rows of one's own."""
    heads = (
        "交易时间,商户号,微信订单号,商户订单号,交易状态,货币种类,微信退款单号,商户退款单号,手续费,"
        "订单金额,申请退款金额"
    )
    named = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
    sums = "`1,`0.00,`0.00,`0.00,`0.00,`1.00,`0.00"
    path = folder / f"{ids.uuid7().hex}.csv"
    path.write_text("\r\n".join((heads, *rows, named, sums)) + "\r\n", encoding="utf-8")
    return path


ROW = "`2026-11-20 10:00:00,`m,`4200,`o1,`SUCCESS,`CNY,`0,`0,`0.00,`1.00,`0.00"


def test_a_row_of_wechat_is_read_as_it_is_marked(tmp_path: Path) -> None:
    """A backquote before each value; commas within one do not part it."""
    told = list(_bill_wechat.read(wechat_file(tmp_path, ROW.replace("o1", "o,1")), mchid="m"))
    assert isinstance(told[0], BillLine) and told[0].order_no == "o,1"


@pytest.mark.parametrize(
    "row",
    [
        ROW.replace("`m", "`other"), ROW.replace("CNY", "USD"), ROW.replace("1.00", "-1.00"),
        ROW.replace("1.00", "1e2"), ROW.replace("SUCCESS", "NEW"), ROW.replace("2026", "20x6"),
        ROW.replace(",`1.00,`0.00", ""), ROW.replace("o1", ""), ROW.replace("o1", "x" * 65),
        ROW.replace("o1", "x" * 5000),
    ],
)  # fmt: skip
def test_a_malformed_row_breaks_the_bill(tmp_path: Path, row: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(BillBroken):
        list(_bill_wechat.read(wechat_file(tmp_path, row), mchid="m"))


def test_a_bill_that_ends_early_is_broken(tmp_path: Path) -> None:
    """Without its totals, or with something after them."""
    path = wechat_file(tmp_path, ROW)
    whole = path.read_bytes()
    for cut in (whole[: whole.index("总交易".encode())], whole[:-40], whole + b"`x\r\n", b""):
        path.write_bytes(cut)
        with pytest.raises(BillBroken):
            list(_bill_wechat.read(path, mchid="m"))


def test_what_is_no_zip_or_not_ours_is_broken(tmp_path: Path) -> None:
    """Damaged, of another merchant or day, or with entries that nobody expects."""
    path = tmp_path / "bill.zip"

    def broken(*entries: tuple[str, str]) -> None:
        with zipfile.ZipFile(path, "w") as made:
            for name, text in entries:
                made.writestr(name, text.encode("gb18030"))
        for read in (
            lambda: list(_bill_alipay.read(path, day=DAY, seller_id="2088")),
            lambda: list(_bill_unionpay.read(path, day=DAY, mer_id="777")),
        ):
            with pytest.raises(BillBroken):
                read()

    path.write_bytes(b"PK\x03\x04 no zip")
    with pytest.raises(BillBroken):
        list(_bill_alipay.read(path, day=DAY, seller_id="2088"))
    head = "#账号：[{}0156]\n#起始日期：[2026年11月{}日 00:00:00]\n{}\n"
    columns = ",".join(_bill_alipay.COLUMNS)
    broken()
    broken(*((f"{index}", "x") for index in range(20)))
    broken(("a_业务明细.csv", head.format("2099", "20", columns)))
    broken(("a_业务明细.csv", head.format("2088", "19", columns)))
    broken(("a_业务明细.csv", head.format("2088", "20", "其他")))
    broken(("a_业务明细.csv", head.format("2088", "20", columns)))
    broken(("INN26112088ZM_778", ""), ("INN26112088ZMSUM_778", "0 0 0"))
    broken(("INN26111988ZM_777", ""), ("INN26111988ZMSUM_777", "0 0 0"))
    broken(("INN26112088ZM_777", "short\n"), ("INN26112088ZMSUM_777", "0 0 0"))
    broken(("INN26112088ZM_777", ""), ("INN26112088ZMSUM_777", "zero"))
