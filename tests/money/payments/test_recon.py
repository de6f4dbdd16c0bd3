"""Day-end: each planted difference is booked to suspense with a case, and what a bill proves is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import pytest

from tests import cast
from tests.money.payments.payers import Payer, payer
from tests.outside import Outside
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.money.ledger import queries as ledger
from xingnuo.money.ledger.contracts import HouseKind, house
from xingnuo.money.payments import actions, queries
from xingnuo.money.payments.contracts import PaymentShown, PaymentState
from xingnuo.money.payments.models import AttemptRow, BillRow, CaseRow
from xingnuo.partners.channel import client as channel
from xingnuo.partners.channel.contracts import Bill, BillLine, BillNotReady, Kind, Style, row

pytestmark = pytest.mark.promise("1.2.7a")
DAY = timedelta(days=1)


class Files:
    """Bills of days that no sandbox has, in place of the channel's."""

    def __init__(self) -> None:
        self.told: dict[tuple[Style, date], list[BillLine]] = {}
        self._real: Callable[..., Bill] = channel.bill

    def put(self, style: str, day: date, *lines: BillLine) -> None:
        """Say what a day's bill lists."""
        self.told[Style(style), day] = list(lines)

    def bill(self, style: Style, day: date) -> Bill:
        """Give the bill as the client does."""
        found = self.told.get((style, day))
        if found is None:
            return self._real(style, day)
        paid = [line for line in found if line.kind is Kind.PAY]
        return Bill(
            style=style, day=day, count=len(found), paid_fen=sum(x.amount_fen for x in paid),
            refunded_fen=sum(x.amount_fen for x in found if x.kind is Kind.REFUND),
            fee_fen=sum(x.fee_fen for x in found), sha256="0" * 64, _read=lambda: iter(found),
            _rows=lambda: iter([row(each).encode() for each in found]), _remove=lambda: None,
        )  # fmt: skip


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """Give bills of our own making."""
    made = Files()
    monkeypatch.setattr(channel, "bill", made.bill)
    yield made


def line(number: str, amount_fen: int, *, kind: Kind = Kind.PAY, fee_fen: int = 0) -> BillLine:
    """Give a line about a number."""
    order_no, refund_no = (number, "") if kind is Kind.PAY else ("", number)
    return BillLine(kind, order_no, refund_no, "9" * 21, amount_fen, fee_fen, clock.now())


def number_of(alice: Payer, payment: PaymentShown) -> AttemptRow:
    """Give the last attempt of a payment."""
    with cast.transaction():
        session.set_subject(alice.subject_id)
        rows = AttemptRow.objects.of(alice.subject_id).filter(payment_id=payment.id)
        found: AttemptRow = rows.order_by("-id")[0]
        return found


def cases(rail: str) -> dict[str, tuple[str, int | None, int | None, str]]:
    """Give the differences by their numbers: code, ours, theirs, state."""
    found = CaseRow.objects.filter(kind="bill_difference", rail=rail)
    return {row.number: (row.code, row.ours_fen, row.theirs_fen, row.state) for row in found}


def suspense(rail: str) -> int:
    """Give what stands in suspense of a channel."""
    return ledger.house_balance(house(HouseKind.SUSPENSE, rail))


def holds() -> None:
    """The invariants of payments and of the books hold."""
    assert queries.check_books() == ()


def test_every_difference_of_a_bill_is_booked_and_owned(outside: Outside, files: Files) -> None:
    """Amount, twice, unknown, again: suspense moves by each, each has a case, fees are booked."""
    alice, day = payer(outside), date(2020, 3, 1)
    paid = [alice.top_up(10_000 + at) for at in range(4)]
    assert {each.state for each in paid} == {PaymentState.SUCCESS}
    good, dearer, twice, later = (number_of(alice, each).id.hex for each in paid)
    stranger = ids.uuid7().hex
    before, fees = suspense("alipay"), ledger.house_balance(house(HouseKind.FEE, "alipay"))
    files.put(
        "alipay", day, line(good, 10_000, fee_fen=60), line(dearer, 10_001 - 5),
        line(twice, 10_002), line(twice, 10_002), line(stranger, 777, fee_fen=5),
        line(stranger, 33, kind=Kind.REFUND), line("not\\a number", 1),
    )  # fmt: skip
    assert actions.reconcile("alipay", day)
    told = cases("alipay")
    assert told[dearer] == ("pay_amount", 10_001, 9_996, "open")
    assert told[twice] == ("pay_twice", 10_002, 20_004, "open")
    assert {told[key] for key in told if key.startswith(stranger)} == {
        ("pay_unknown", 0, 777, "open"),
        ("refund_unknown", 0, 33, "open"),
    }
    assert told["not\\a number"] == ("pay_unknown", 0, 1, "open")
    assert good not in told and later not in told
    assert suspense("alipay") - before == -5 + 10_002 + 777 - 33 + 1
    assert ledger.house_balance(house(HouseKind.FEE, "alipay")) - fees == -65
    holds()
    # The same file again changes nothing; a number that stood in it comes again as a difference.
    count = CaseRow.objects.count()
    assert actions.reconcile("alipay", day)
    assert CaseRow.objects.count() == count
    files.put("alipay", day + DAY, line(good, 10_000), line(later, 10_003))
    assert actions.reconcile("alipay", day + DAY)
    assert cases("alipay")[good] == ("pay_again", 0, 10_000, "open")
    assert suspense("alipay") - before == -5 + 10_002 + 777 - 33 + 1 + 10_000
    holds()


def test_a_file_that_changed_is_not_taken(outside: Outside, files: Files) -> None:
    """Another file of a day that was taken books nothing and is a case."""
    day, number = date(2020, 4, 1), ids.uuid7().hex
    files.put("alipay", day)
    assert actions.reconcile("alipay", day)
    files.put("alipay", day, line(number, 5))
    before = suspense("alipay")
    assert not actions.reconcile("alipay", day)
    assert cases("alipay")["20200401:file_changed"] == ("file_changed", None, None, "open")
    assert number not in cases("alipay") and suspense("alipay") == before
    holds()


def test_a_paid_line_proves_an_unknown(outside: Outside, files: Files) -> None:
    """What we could not learn otherwise is booked by the bill; a wrong amount stays a case."""
    alice, day = payer(outside), date(2020, 5, 1)
    found = []
    for amount in (7_000, 8_000):
        outside.script("alipay", "pay", "silence")
        found.append(alice.top_up(amount))
    assert {each.state for each in found} == {PaymentState.PAYING}
    right, wrong = (number_of(alice, each).id.hex for each in found)
    files.put("alipay", day, line(right, 7_000), line(wrong, 8_001))
    assert actions.reconcile("alipay", day)
    assert alice.now(found[0]).state is PaymentState.SUCCESS
    assert alice.now(found[1]).state is PaymentState.PAYING
    assert alice.balance() == 7_000
    assert CaseRow.objects.filter(kind="wrong_amount", number=wrong, state="open").exists()
    assert cases("alipay")[wrong][:3] == ("pay_amount", 8_000, 8_001)
    holds()


def test_cut_over_and_the_proof_of_absence(outside: Outside, files: Files) -> None:
    """Ours is looked for in the next file; then it is a difference; a later file ends that.

    An unknown past its time that is in no file of its days took no money.
    """
    today = clock.today()
    alice = payer(outside)
    gone, next_day = alice.top_up(4_000), alice.top_up(5_000)
    outside.script("alipay", "pay", "silence")
    order = alice.order(6_000, expires_at=clock.now() + timedelta(seconds=20))
    lost = alice.pay(alice.create(order))
    assert lost.state is PaymentState.PAYING
    missing, over = (number_of(alice, each).id.hex for each in (gone, next_day))
    files.put("alipay", today)
    assert actions.reconcile("alipay", today)
    assert missing not in cases("alipay") and alice.now(lost).state is PaymentState.PAYING
    before = suspense("alipay")
    files.put("alipay", today + DAY, line(over, 5_000))
    assert actions.reconcile("alipay", today + DAY)
    assert cases("alipay")[missing] == ("pay_missing", 4_000, 0, "open")
    assert over not in cases("alipay")
    ours = [each for each in cases("alipay").values() if each[0].endswith("_missing")]
    assert suspense("alipay") - before == -sum(each[1] or 0 for each in ours)
    held = alice.now(lost)
    assert (held.state, held.code) == (PaymentState.CREATED, "in_no_bill")
    holds()
    files.put("alipay", today + 2 * DAY, line(missing, 4_000))
    assert actions.reconcile("alipay", today + 2 * DAY)
    assert cases("alipay")[missing][3] == "closed"
    assert suspense("alipay") - before == -sum(each[1] or 0 for each in ours) + 4_000
    holds()


def test_the_sandbox_plants_differences(outside: Outside) -> None:
    """The channel's own files: short and altered are not taken, repeated lines are found."""
    day = clock.today()
    alice = payer(outside)
    outside.script("alipay", "pay", "decline")
    paid = alice.top_up(3_300)
    attempt = number_of(alice, paid)
    assert (paid.state, attempt.rail) == (PaymentState.SUCCESS, "wechat")
    for fault in ("short", "altered"):
        outside.script("wechat", "bill", fault)
        assert not actions.reconcile("wechat", day)
        assert not BillRow.objects.filter(rail="wechat", day=day).exists()
    name = f"{day:%Y%m%d}:file_broken"
    assert cases("wechat")[name] == ("file_broken", None, None, "open")
    outside.script("wechat", "bill", "decline")
    with pytest.raises(BillNotReady):
        actions.reconcile("wechat", day)
    outside.script("wechat", "bill", "repeated")
    assert actions.reconcile("wechat", day)
    assert cases("wechat")[attempt.id.hex] == ("pay_twice", 3_300, 6_600, "open")
    assert cases("wechat")[name][3] == "closed"
    holds()


def test_what_is_late_becomes_a_case(outside: Outside, files: Files) -> None:
    """A bill that does not come for days is told; the others are taken."""

    def bill(style: Style, day: date) -> Bill:
        if style is Style.UNIONPAY:
            raise BillNotReady(style.value)
        files.put(style.value, day)
        return files.bill(style, day)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(channel, "bill", bill)
        with clock.frozen(datetime(2021, 1, 20, 4, tzinfo=clock.BEIJING)):
            assert actions.reconcile_due() == 14
            assert actions.reconcile_due() == 0
    late = [key for key in cases("unionpay") if key.endswith("file_late")]
    assert len(late) == 5
