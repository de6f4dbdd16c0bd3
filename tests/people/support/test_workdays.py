"""Working days against the State Council's notices and a naive count."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingnuo.people.support._workdays import YEARS, Workdays, YearMissing

SHIPPED = Workdays({})
DAYS = st.dates(date(2025, 1, 1), date(2027, 9, 1))


@pytest.mark.promise("9.1")
@pytest.mark.parametrize(
    ("day", "worked"),
    [
        ("2026-02-14", True),  # a Saturday worked for the Spring Festival
        ("2026-02-23", False),  # the ninth day of the Spring Festival
        ("2026-02-28", True),
        ("2026-05-05", False),
        ("2026-05-09", True),
        ("2026-10-01", False),
        ("2026-10-10", True),
        ("2026-10-11", False),
        ("2026-11-23", True),
    ],
)
def test_make_up_days_are_worked(day: str, worked: bool) -> None:
    """Holidays fall out, and weekends that make up for them count."""
    assert SHIPPED.is_working(date.fromisoformat(day)) is worked


@pytest.mark.promise("9.1")
def test_fifteen_days_over_the_national_holiday() -> None:
    """Fifteen working days from the last day of September 2026 end on 27 October."""
    assert SHIPPED.after(date(2026, 9, 30), 15) == date(2026, 10, 27)


@given(start=DAYS, count=st.integers(0, 60))
def test_after_and_between_agree(start: date, count: int) -> None:
    """The n-th working day lies n working days after, and is worked itself."""
    end = SHIPPED.after(start, count)
    assert SHIPPED.between(start, end) == count
    assert SHIPPED.between(end, start) == -count
    assert count == 0 or SHIPPED.is_working(end)


@given(start=DAYS, count=st.integers(1, 40), off=st.sets(st.integers(1, 60), max_size=8))
def test_an_entered_holiday_never_shortens_a_clock(start: date, count: int, off: set[int]) -> None:
    """Days that compliance enters as holidays only move an end later."""
    entered = {start + timedelta(days=step): False for step in off}
    assert Workdays(entered).after(start, count) >= SHIPPED.after(start, count)


def test_a_year_without_a_table_is_an_error() -> None:
    """A clock that reaches an unknown year is not set by guess; an entered year is enough."""
    with pytest.raises(YearMissing):
        SHIPPED.after(date(2027, 12, 30), 15)
    assert Workdays({}, frozenset({2028})).after(date(2027, 12, 30), 15) > date(2028, 1, 1)


def test_tables_hold_only_days_that_change_something() -> None:
    """A day off is a weekday, a day worked is a weekend, each of its own year."""
    for year, table in YEARS.items():
        assert all(day.year == year and day.weekday() < 5 for day in table.off)
        assert all(day.year == year and day.weekday() >= 5 for day in table.worked)
