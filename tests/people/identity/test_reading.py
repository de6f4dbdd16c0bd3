"""What a machine reads on a document is found in its lines, and is only a help."""

from __future__ import annotations

from datetime import date

import pytest

from tests.people.identity.residents import number_of
from xingnuo.people.identity import _reading
from xingnuo.people.identity.contracts import Rule

pytestmark = pytest.mark.promise("1.2.3a")


def test_name_number_and_term_are_found() -> None:
    """Both sides of a card, as lines come from the reader."""
    number = number_of(date(1990, 6, 15))
    lines = ["姓名阿依古丽·买买提", "性别女 民族维吾尔", "出生1990年6月15日", f"公民身份号码{number}",
             "中华人民共和国", "居民身份证", "有效期限 2015.06.20-2035.06.20"]  # fmt: skip
    assert _reading.found_in(lines, Rule.RESIDENT) == {
        "name": "阿依古丽·买买提",
        "number": number,
        "validity": "2015-06-20/2035-06-20",
    }


def test_a_term_without_an_end_is_long() -> None:
    """长期 stands for a card without an end."""
    found = _reading.found_in(["有效期限 2015.06.20-长期"], Rule.RESIDENT)
    assert found == {"validity": "2015-06-20/长期"}


def test_a_number_with_a_wrong_digit_is_not_offered() -> None:
    """What the reader got wrong is left for the person to type."""
    wrong = number_of(date(1990, 6, 15))[:-1] + "?"
    assert _reading.found_in([f"公民身份号码{wrong}", "姓名"], Rule.RESIDENT) == {}
