"""The day's files: what differs is a case, each once; what is listed proves what was unknown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.services.bill_pay.customers import FEN, MONEY, Customer
from xingnuo.kit import clock
from xingnuo.services.bill_pay import actions, queries
from xingnuo.services.bill_pay.contracts import CaseKind, OrderState
from xingnuo.services.bill_pay.models import CaseRow, DayRow, NumberRow

pytestmark = pytest.mark.promise("1.2.13a")
TODAY = clock.today()


@pytest.fixture(autouse=True)
def _anew(django_db_blocker: object) -> None:
    # One database for all tests: a day that another test compared is compared again.
    DayRow.objects.using("owner").all().delete()


def cases(kind: CaseKind, *numbers: str) -> int:
    """Count the cases of a kind about numbers."""
    return CaseRow.objects.filter(kind=kind.value, number__in=numbers).count()


@pytest.mark.parametrize("what", ["telecom", "utility"])
def test_equal_books_open_no_case_of_ours(alice: Customer, what: str) -> None:
    """What is done on both sides for the same amount is no difference; a day is compared once."""
    order = alice.sent(alice.top_up() if what == "telecom" else alice.bill())
    assert actions.compare(what, day=TODAY)
    assert not CaseRow.objects.filter(number=order.id.hex).exists()
    assert not actions.compare(what, day=TODAY)
    row = DayRow.objects.get(party=what, day_on=TODAY)
    assert row.count >= 1 and row.total_fen >= FEN and len(row.sha256) == 64


def test_what_is_listed_proves_what_was_unknown(alice: Customer) -> None:
    """A signed file is proof as good as any."""
    order = alice.top_up()
    alice.paid(order)
    alice.outside.script("telecom", "top_up", "silence", match=order.id.hex)
    actions.send(subject_id=alice.subject_id, order_id=order.id)
    assert alice.now(order).state is OrderState.UNKNOWN
    assert actions.compare("telecom", day=TODAY)
    assert alice.now(order).state is OrderState.DONE
    assert MONEY - alice.balance() == alice.done_there(order) == FEN


def test_every_difference_is_a_case(alice: Customer) -> None:
    """Not theirs, not ours, another amount: each is one case, however often it is seen."""
    here = alice.sent(alice.top_up())
    other = alice.sent(alice.top_up(1_000))
    stranger = alice.sent(alice.top_up(2_000))
    numbers = NumberRow.objects.using("owner")
    numbers.filter(number=other.id).update(amount_fen=1_001)
    numbers.filter(number=stranger.id).delete()
    lost = alice.top_up()
    numbers.create(
        number=lost.id, subject_id=alice.subject_id, party="telecom_operator", amount_fen=FEN,
        is_open=False, done_at=clock.now(), made_at=clock.now(),
    )  # fmt: skip
    for _ in range(2):
        DayRow.objects.using("owner").all().delete()
        assert actions.compare("telecom", day=TODAY)
        assert cases(CaseKind.WRONG_AMOUNT, other.id.hex) == 1
        assert cases(CaseKind.NOT_OURS, stranger.id.hex) == 1
        assert cases(CaseKind.NOT_THEIRS, lost.id.hex) == 1
        assert not CaseRow.objects.filter(number=here.id.hex).exists()
    page, _ = queries.open_cases(limit=200)
    assert {one.kind for one in page} >= {"wrong_amount", "not_ours", "not_theirs"}
    numbers.filter(number=lost.id).delete()


@pytest.mark.parametrize("fault", ["short", "altered", "repeated", "decline", "bad_signature"])
def test_a_file_that_is_not_whole_is_no_word(alice: Customer, fault: str) -> None:
    """Broken is a case and is asked for again; not there yet is asked for again."""
    order = alice.sent(alice.bill())
    alice.outside.script("utility", "day", fault)
    CaseRow.objects.using("owner").filter(kind__in=["file_broken", "listed_twice"]).delete()
    taken = actions.compare("utility", day=TODAY)
    if fault == "repeated":
        assert taken and CaseRow.objects.filter(kind=CaseKind.LISTED_TWICE.value).exists()
        return
    assert not taken and not DayRow.objects.filter(party="utility", day_on=TODAY).exists()
    broken = cases(CaseKind.FILE_BROKEN, f"utility:{TODAY.isoformat()}")
    assert broken == (fault in ("short", "altered"))
    assert alice.now(order).state is OrderState.DONE


def test_the_last_days_are_asked_for_until_they_are_there(alice: Customer) -> None:
    """Yesterday's empty file is compared too, once."""
    assert actions.compare_days() >= 2
    assert actions.compare_days() == 0
    assert DayRow.objects.filter(day_on=TODAY - timedelta(days=1)).count() == 2
