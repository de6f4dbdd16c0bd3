"""Day-end of the bank rail: debits and payouts, each difference in suspense with a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from tests import cast
from tests.money.payments.holders import may_debit
from tests.money.payments.payers import Payer, payer
from tests.money.payments.test_agreements import signed
from tests.money.payments.test_debits import debit, order, told
from tests.money.payments.test_recon import cases, holds, number_of
from tests.outside import Outside
from xingnuo.kit import clock, ids
from xingnuo.kit.db import session
from xingnuo.money.ledger import queries as ledger
from xingnuo.money.ledger.contracts import HouseKind, house
from xingnuo.money.payments import _recon_payouts as payouts
from xingnuo.money.payments import actions
from xingnuo.money.payments.contracts import (
    PaymentKind,
    PaymentShown,
    PaymentState,
    Payouts,
    Way,
)
from xingnuo.money.payments.models import AttemptRow, BillRow, CaseRow
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import DayFileNotReady, StatementLine

pytestmark = pytest.mark.promise("1.2.7a")
DAY = timedelta(days=1)
SUSPENSE = house(HouseKind.SUSPENSE, "bank_rail")


class Statement:
    """A file of our own making, as the bank's client gives one."""

    sha256 = "0" * 64

    def __init__(self, day: date, told: tuple[StatementLine, ...]) -> None:
        self.day, self.told = day, told

    def lines(self) -> Iterator[StatementLine]:
        """Give the lines."""
        return iter(self.told)

    def __enter__(self) -> Statement:
        return self

    def __exit__(self, *_: object) -> None:
        return None


@pytest.fixture
def files(monkeypatch: pytest.MonkeyPatch) -> dict[date, tuple[StatementLine, ...]]:
    """Give the bank's files by their days; a day without one has none yet."""
    made: dict[date, tuple[StatementLine, ...]] = {}

    def statement(day: date) -> Statement:
        if day not in made:
            raise DayFileNotReady("bank")
        return Statement(day, made[day])

    monkeypatch.setattr(bank, "statement", statement)
    return made


def line(key: str, amount_fen: int, *, kind: str = "pay_out") -> StatementLine:
    """Give a line about a key."""
    return StatementLine(
        key=key, kind=kind, account="", amount_fen=amount_fen, reference="r1", at=clock.now()
    )


def withdrawn(alice: Payer, amount_fen: int) -> PaymentShown:
    """Take money out of the balance, to the card."""
    made = alice.create(alice.order(amount_fen, kind=PaymentKind.WITHDRAW, title="提现"))
    return alice.pay(made, Way.BALANCE)


def debited(alice: Payer) -> AttemptRow:
    """Have 1,000 yuan debited under an agreement."""
    may_debit(alice.holder)
    agreement = signed(alice.holder)
    ref = told(alice.holder, agreement)
    done = debit(alice.holder, agreement, order(agreement, ref), ref)
    assert done.state is PaymentState.SUCCESS, done
    return number_of(alice, done)


def waits() -> int:
    """Give what stands in suspense of the bank rail."""
    return ledger.house_balance(SUSPENSE)


def test_every_difference_of_the_banks_file_is_booked(
    outside: Outside, files: dict[date, tuple[StatementLine, ...]]
) -> None:
    """Amount, twice, unknown, again, both ways: suspense moves by each, each has a case."""
    alice, day = payer(outside), date(2019, 3, 4)
    got = debited(alice)
    alice.top_up(90_000)
    good, dearer, twice = (
        number_of(alice, withdrawn(alice, fen)).id.hex for fen in (10_000, 10_001, 10_002)
    )
    stranger, back = ids.uuid7().hex, ids.uuid7().hex
    before = waits()
    files[day] = (
        line(good, 10_000), line(dearer, 9_996), line(twice, 10_002), line(twice, 10_002),
        line(stranger, 777), line(back, 33, kind="debit"), line("not\\a number", 1),
        line(got.id.hex, got.amount_fen, kind="debit"), line(ids.uuid7().hex, 5, kind="top_up"),
    )  # fmt: skip
    assert actions.reconcile_bank(day)
    found = cases("bank")
    assert found[dearer] == ("payout_amount", 10_001, 9_996, "open")
    assert found[twice] == ("payout_twice", 10_002, 20_004, "open")
    assert found[stranger] == ("payout_unknown", 0, 777, "open")
    assert found[back] == ("pay_unknown", 0, 33, "open")
    assert found["not\\a number"] == ("payout_unknown", 0, 1, "open")
    assert good not in found and got.id.hex not in found
    row = BillRow.objects.get(rail="bank", day=day)
    assert (row.lines, row.paid_fen, row.state) == (8, got.amount_fen + 33, "done")
    expected = 5 - 10_002 - 777 + 33 - 1
    assert waits() - before == expected
    holds()
    count = CaseRow.objects.count()
    assert actions.reconcile_bank(day) and CaseRow.objects.count() == count
    files[day + DAY] = (line(good, 10_000),)
    assert actions.reconcile_bank(day + DAY)
    assert cases("bank")[good] == ("payout_again", 0, 10_000, "open")
    assert waits() - before == expected - 10_000
    files[day] = (line(good, 10_000),)
    assert not actions.reconcile_bank(day)
    assert cases("bank")["20190304:file_changed"][3] == "open"
    holds()


def test_the_file_proves_an_unknown_and_another_amount_proves_nothing(
    outside: Outside, files: dict[date, tuple[StatementLine, ...]]
) -> None:
    """What is right ends the payout; what is wrong is in suspense as a whole, with its cases."""
    alice, day = payer(outside), date(2019, 5, 6)
    alice.top_up(50_000)
    outside.script("bank", "pay_out", "timeout_before(1500)")
    first = withdrawn(alice, 7_000)
    outside.script("bank", "pay_out", "timeout_before(1500)")
    second = withdrawn(alice, 8_000)
    assert {first.state, second.state} == {PaymentState.PAYING}
    right, wrong = (number_of(alice, each).id.hex for each in (first, second))
    before = waits()
    files[day] = (line(right, 7_000), line(wrong, 8_001))
    assert actions.reconcile_bank(day)
    assert alice.now(first).state is PaymentState.SUCCESS
    assert alice.now(second).state is PaymentState.PAYING and alice.balance() == 35_000
    assert cases("bank")[wrong] == ("payout_amount", 0, 8_001, "open")
    assert CaseRow.objects.filter(kind="wrong_amount", number=wrong, state="open").exists()
    assert waits() - before == -8_001
    holds()


def test_what_no_file_lists_is_missing_until_one_does(
    outside: Outside, files: dict[date, tuple[StatementLine, ...]]
) -> None:
    """Neither the file of its day nor the next one: a difference, ended by a later file."""
    alice, day = payer(outside), date(2019, 7, 1)
    alice.top_up(50_000)
    number = number_of(alice, withdrawn(alice, 4_000)).id
    with cast.transaction():
        session.set_subject(alice.subject_id)
        at = datetime(2019, 7, 1, 12, tzinfo=clock.BEIJING)
        AttemptRow.objects.of(alice.subject_id).filter(id=number).update(ended_at=at)
    before = waits()
    files[day] = files[day + DAY] = ()
    assert actions.reconcile_bank(day)
    assert number.hex not in cases("bank")
    assert actions.reconcile_bank(day + DAY)
    assert cases("bank")[number.hex] == ("payout_missing", 4_000, 0, "open")
    assert waits() - before == 4_000
    holds()
    files[day + 2 * DAY] = (line(number.hex, 4_000),)
    assert actions.reconcile_bank(day + 2 * DAY)
    assert cases("bank")[number.hex][3] == "closed" and waits() == before
    holds()


def test_what_a_service_pays_out_is_its_own(
    files: dict[date, tuple[StatementLine, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its payouts are matched by its word: another amount, or none in two files, is a case."""
    day, good, other, gone = date(2019, 9, 2), ids.uuid7(), ids.uuid7(), ids.uuid7()
    fen: dict[UUID, int] = {good: 300, other: 400, gone: 500}
    own = Payouts(
        service="a_test",
        of=lambda numbers: {each: fen[each] for each in numbers if each in fen},
        done_on=lambda asked: fen if asked == day else {},
    )
    monkeypatch.setattr(payouts, "_services", {"a_test": own})
    before = waits()
    files[day], files[day + DAY] = (line(good.hex, 300), line(other.hex, 401)), ()
    assert actions.reconcile_bank(day) and actions.reconcile_bank(day + DAY)
    found = cases("bank")
    assert good.hex not in found
    assert found[other.hex] == ("payout_amount", 400, 401, "open")
    assert found[gone.hex] == ("payout_missing", 500, 0, "open")
    assert waits() - before == -1 + 500
    holds()


def test_a_file_of_the_bank_that_does_not_hold_is_a_case(outside: Outside) -> None:
    """Nothing of it is booked; the whole one is taken later and ends the case. Twice is twice."""
    alice, day = payer(outside), clock.today()
    alice.top_up(20_000)
    number = number_of(alice, withdrawn(alice, 3_300)).id.hex
    before = waits()
    for fault in ("short", "altered"):
        outside.script("bank", "statement", fault)
        assert not actions.reconcile_bank(day)
        assert not BillRow.objects.filter(rail="bank", day=day).exists()
    name = f"{day:%Y%m%d}:file_broken"
    assert cases("bank")[name] == ("file_broken", None, None, "open") and waits() == before
    for fault in ("decline", "bad_signature"):
        outside.script("bank", "statement", fault)
        with pytest.raises(DayFileNotReady):
            actions.reconcile_bank(day)
    outside.script("bank", "statement", "repeated")
    assert actions.reconcile_bank(day)
    assert cases("bank")[number] == ("payout_twice", 3_300, 6_600, "open")
    assert cases("bank")[name][3] == "closed"
    assert BillRow.objects.get(rail="bank", day=day).state == "done"


def test_a_file_that_does_not_come_is_told(
    files: dict[date, tuple[StatementLine, ...]],
) -> None:
    """Days that have a file are taken once; those that have none for days are cases."""
    with clock.frozen(datetime(2018, 1, 20, 4, tzinfo=clock.BEIJING)):
        files[date(2018, 1, 19)] = files[date(2018, 1, 13)] = ()
        assert (actions.reconcile_bank_due(), actions.reconcile_bank_due()) == (2, 0)
    late = [key for key in cases("bank") if key.endswith("file_late")]
    assert len(late) == 4
