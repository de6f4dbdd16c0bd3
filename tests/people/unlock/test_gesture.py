"""The gesture's path: the same however it was entered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingnuo.kit.errors import BadInput
from xingnuo.people.unlock._gesture import path


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1478963", "1478963"),
        ("1-4-7-8", "1478"),
        ("1,4,7,8", "1478"),
        ("1397", "1236987"),
        ("1973", "159873"),
        ("2846", "25846"),
        ("5137", "51237"),
    ],
)
def test_a_crossed_dot_is_taken_along(typed: str, expected: str) -> None:
    """Typed and tapped as drawn: phones let no line jump over a dot."""
    assert path(typed) == expected


@pytest.mark.parametrize(
    "typed", ["", "123", "1231", "1150", "12a4", "0123", "12345678912", "１２３４"]
)
def test_it_refuses_what_is_no_gesture(typed: str) -> None:
    """Fewer than four dots, a dot twice, or anything else."""
    with pytest.raises(BadInput):
        path(typed)


@given(st.permutations("123456789"), st.integers(min_value=4, max_value=9))
def test_any_order_of_dots_has_one_path(dots: list[str], length: int) -> None:
    """No dot twice, every typed dot in it in its order, and entering it again changes nothing."""
    typed = "".join(dots[:length])
    try:
        found = path(typed)
    except BadInput:
        # A dot that was taken along before comes a second time.
        return
    assert len(set(found)) == len(found) and set(typed) <= set(found)
    assert path(found) == found
