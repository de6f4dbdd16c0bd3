"""What wrong tries cost: the table, and what holds for any row of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingnuo.people.unlock._limits import WRONG_BEFORE_LOCK, WRONG_BEFORE_WAIT
from xingnuo.people.unlock._lockout import cost

TABLE = {
    0: (0, False), 1: (0, False), 4: (0, False),
    5: (30, False), 6: (60, False), 7: (120, False), 8: (240, False), 9: (480, False),
    10: (0, True), 11: (0, True),
}  # fmt: skip


@pytest.mark.promise("1.2.2")
@pytest.mark.parametrize(("wrong", "expected"), TABLE.items())
def test_the_table_is_as_it_is_told(wrong: int, expected: tuple[int, bool]) -> None:
    """Five wrong tries cost 30 s, each further one twice as much, the tenth locks."""
    found = cost(wrong)
    assert (found.wait_seconds, found.locks) == expected


@given(st.integers(min_value=0, max_value=1000))
def test_more_wrong_tries_never_cost_less(wrong: int) -> None:
    """No count is cheaper than the one before it."""
    before, now = cost(wrong), cost(wrong + 1)
    assert now.locks >= before.locks
    assert now.locks or now.wait_seconds >= before.wait_seconds


@given(st.lists(st.booleans(), max_size=60))
def test_nobody_guesses_ten_times_in_a_row(tries: list[bool]) -> None:
    """Whatever comes in between, ten wrong in a row are the end, and a right one clears."""
    wrong, guesses = 0, 0
    for right in tries:
        if cost(wrong).locks:
            break
        guesses = 0 if right else guesses + 1
        wrong = 0 if right else wrong + 1
    assert guesses <= WRONG_BEFORE_LOCK
    assert sum(cost(n).wait_seconds for n in range(WRONG_BEFORE_WAIT, WRONG_BEFORE_LOCK)) == 930
