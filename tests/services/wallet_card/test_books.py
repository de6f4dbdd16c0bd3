"""The bank's file of a day against our books: to the fen, whatever is missing, more, or twice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tests import cast
from tests.outside import Outside
from tests.services.wallet_card.owners import Owner, owner
from xingnuo.kit import clock, ids
from xingnuo.money.ledger import queries as ledger
from xingnuo.partners.bank import client as bank
from xingnuo.partners.bank.contracts import DayFileBroken, DayFileNotReady, Move, StatementLine
from xingnuo.services.wallet_card import _books as books
from xingnuo.services.wallet_card import _recon, actions
from xingnuo.services.wallet_card.contracts import LIVE, MoveKind, Reconciled
from xingnuo.services.wallet_card.models import NOBODY, AccountRow, CaseRow, DayRow, NumberRow

pytestmark = pytest.mark.promise("1.2.8")
K = MoveKind


def reconciled(day: date | None = None) -> Reconciled:
    """Reconcile a day as if nobody had done so before; every movement is listed anew."""
    day = day or clock.today()
    DayRow.objects.filter(day=day).delete()
    return actions.reconcile(day)


@pytest.fixture(autouse=True)
def days_are_done_anew() -> None:
    """Let the owner's role forget days: the app may not."""
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute("GRANT DELETE ON wallet_card_day TO xn_app")
        cursor.execute("DELETE FROM wallet_card_day")


def token_of(alice: Owner) -> str:
    """Give the bank's token of the account."""
    with cast.transaction():
        from xingnuo.kit.db import session

        session.set_subject(alice.subject_id)
        return str(AccountRow.objects.of(alice.subject_id).order_by("-id")[0].token)


def cases_of(alice: Owner) -> list[str]:
    """Name the kinds of the person's cases."""
    found = CaseRow.objects.filter(subject_id=alice.subject_id).order_by("opened_at")
    return list(found.values_list("kind", flat=True))


def suspended() -> int:
    """Give what stands in suspense."""
    return ledger.house_balance(books.SUSPENSE)


def test_card_7_a_day_is_matched_to_the_fen(outside: Outside) -> None:
    """Every movement is matched, the day's income is booked once, and both books are equal."""
    alice = owner(outside)
    alice.brought(400_000)
    alice.move(K.BUY_DEPOSIT, 200_000)
    alice.move(K.BUY_FUND, 100_000)
    outside.ask("POST", "/bank/test/income")
    before = suspended()
    found = reconciled()
    assert alice.agree() and found.matched >= 3 and found.income >= 2
    assert suspended() == before and not cases_of(alice)
    reconciled()  # again: nothing moves twice
    assert alice.agree() and suspended() == before
    numbers = NumberRow.objects.filter(subject_id=alice.subject_id).exclude(kind="open")
    assert all(row.matched_on == clock.today() for row in numbers)
    assert alice.month().income_fen == alice.theirs()["income_fen"] > 0
    assert actions.reconcile(clock.today()) == actions.reconcile(clock.today())


def test_card_7_the_file_ends_what_is_unknown(outside: Outside, hasty: None) -> None:
    """A movement whose answer was lost is proved by its line."""
    alice = owner(outside)
    alice.brought(1_000)
    number = ids.uuid7()
    outside.script("bank", "move", "timeout_after(2000)", match=number.hex)
    assert alice.move(K.TOP_UP, 77, number).state == "unknown"
    assert reconciled().proved >= 1
    assert alice.seen(number).state == "done" and alice.agree()


def test_card_7_what_we_did_not_ask_for_is_in_suspense(outside: Outside) -> None:
    """Money that moved at the bank without us stands in suspense, with a case of its person."""
    alice = owner(outside)
    alice.brought(10_000)
    bank.move(Move.WITHDRAW, account=token_of(alice), amount_fen=300, key=ids.uuid7().hex)
    before = suspended()
    reconciled()
    assert suspended() - before == -300 and cases_of(alice) == ["stranger"]
    assert alice.ours()["cash"] - alice.theirs()["cash_fen"] == 300
    reconciled()
    assert suspended() - before == -300 and cases_of(alice) == ["stranger"]


def test_card_7_what_no_file_lists_is_a_case(outside: Outside) -> None:
    """A movement of ours that neither the file of its day nor the next one lists is missing."""
    alice = owner(outside)
    alice.brought(10_000)
    with cast.transaction():
        row = NumberRow.objects.filter(subject_id=alice.subject_id, kind="top_up").get()
        NumberRow.objects.filter(number=row.number).update(
            done_on=date(2026, 1, 5), matched_on=None
        )
    reconciled(date(2026, 1, 6))
    assert cases_of(alice) == ["missing"]


@pytest.mark.parametrize("fault", ["short", "altered", "bad_signature", "decline"])
def test_a_file_that_cannot_be_believed_marks_nothing(outside: Outside, fault: str) -> None:
    """Short, altered, unsigned or not there yet: nothing is booked, and the day stays open."""
    alice = owner(outside)
    alice.brought(5_000)
    outside.script("bank", "statement", fault)
    with pytest.raises((DayFileBroken, DayFileNotReady)):
        reconciled()
    assert not DayRow.objects.exists()
    reconciled()
    assert alice.agree()


def test_a_line_that_is_listed_twice_counts_once(outside: Outside) -> None:
    """The second time is in suspense, with a case."""
    alice = owner(outside)
    alice.brought(5_000)
    outside.script("bank", "statement", "repeated")
    before = suspended()
    found = reconciled()
    assert found.differences >= 1 and suspended() - before == 5_000
    assert cases_of(alice) == ["stranger"] and alice.agree()


def test_a_line_of_nobody_is_a_case(outside: Outside) -> None:
    """A kind that we do not know, of an account that we do not know: a person looks."""
    alice = owner(outside)
    alice.brought(5_000)
    outside.script("bank", "statement", "differ")
    before = CaseRow.objects.filter(subject_id=NOBODY, kind="stranger").count()
    found = reconciled()
    assert found.differences >= 1
    assert CaseRow.objects.filter(subject_id=NOBODY, kind="stranger").count() == before + 1


def test_another_amount_than_ours_is_in_suspense(outside: Outside) -> None:
    """What the bank lists beyond what we booked stands in suspense, fen by fen."""
    alice = owner(outside)
    alice.brought(5_000)
    row = NumberRow.objects.filter(subject_id=alice.subject_id, kind="top_up").get()
    line = StatementLine(
        key=row.number.hex, kind="top_up", account=token_of(alice), amount_fen=5_001,
        reference=f"ref{row.number.hex}", at=clock.now(),
    )  # fmt: skip
    before, tally = suspended(), _recon._Tally(clock.today())
    _recon._part([line], tally, frozenset())
    _recon._part([line], tally, frozenset())
    assert suspended() - before == 1 and cases_of(alice)[-1] == "stranger"
    assert alice.agree()


FEN = st.integers(1, 30_000)
WORLD: list[Owner] = []


class Life(RuleBasedStateMachine):
    """Any order of movements under any faults: in the end both sides' books are equal."""

    def __init__(self) -> None:
        super().__init__()
        self.alice = WORLD[0]
        self.numbers: list[UUID] = []

    @rule(
        kind=st.sampled_from([K.TOP_UP, K.WITHDRAW, K.SPEND, K.BUY_DEPOSIT, K.BUY_FUND,
                              K.SELL_DEPOSIT, K.SELL_FUND]),
        fen=FEN,
        fault=st.sampled_from(["ok", "ok", "reset", "5xx", "decline", "late(60)", "bad_signature",
                               "duplicate", "reordered"]),
    )  # fmt: skip
    def move(self, kind: MoveKind, fen: int, fault: str) -> None:
        """Move some money while something goes wrong."""
        from xingnuo.services.wallet_card.contracts import OverLimit, Short

        number = ids.uuid7()
        self.alice.outside.script("bank", "move", fault, match=number.hex)
        try:
            self.alice.move(kind, fen, number)
        except (Short, OverLimit):
            return
        self.numbers.append(number)

    @precondition(lambda self: self.numbers)
    @rule()
    def ask(self) -> None:
        """Ask about the oldest."""
        actions.ask_bank(subject_id=self.alice.subject_id, number=self.numbers[0])

    @invariant()
    def no_pocket_of_the_bank_is_invented(self) -> None:
        """Our mirror never says more than the bank's where nothing is under way."""
        if not self.numbers or all(self.alice.seen(one).state not in LIVE for one in self.numbers):
            assert self.alice.agree()

    def teardown(self) -> None:
        """End everything, and hold both sides against each other."""
        for number in self.numbers:
            assert self.alice.settled(number).state in ("done", "declined", "late")
        assert self.alice.agree()


def test_card_7_any_life_ends_with_equal_books(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A property over whole lives."""
    from hypothesis.stateful import run_state_machine_as_test

    from xingnuo.money.payments import _confirm_acts

    monkeypatch.setattr(_confirm_acts, "value", lambda rule_id: 1_000)
    alice = owner(outside)
    alice.brought(500_000)
    WORLD[:] = [alice]
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=8, stateful_step_count=10, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    reconciled()
    assert alice.agree() and not cases_of(alice)
