"""Numbers of documents, each by its own rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people.identity.residents import number_of
from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.people.identity import _numbers
from xingnuo.people.identity.contracts import Rule

pytestmark = pytest.mark.promise("1.2.3a")


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2026, 1, 1)))
def test_a_residents_number_tells_its_birth_date(born: date) -> None:
    """Birth date and sex are read from the digits."""
    number = number_of(born)
    found = _numbers.read(Rule.RESIDENT, number)
    assert found.born_on == born
    assert found.sex == ("男" if int(number[16]) % 2 else "女")


@given(st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_seen(place: int, by: int) -> None:
    """The check digit notices every single wrong digit."""
    number = number_of(date(1990, 6, 15))
    digit = "0123456789X".index(number[place])
    wrong = (digit + by) % 10
    if str(wrong) == number[place]:
        return
    with pytest.raises(BadInput):
        _numbers.read(Rule.RESIDENT, number[:place] + str(wrong) + number[place + 1 :])


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (Rule.RESIDENT, "１１０１０５１９４９１２３１００２ｘ"),
        (Rule.PASSPORT, "E12345678"),
        (Rule.PASSPORT, "EA1234567"),
        (Rule.HK_MACAO_PERMIT, "H12345678"),
        (Rule.HK_MACAO_PERMIT, "M1234567801"),
        (Rule.TAIWAN_PERMIT, "12345678"),
        (Rule.RESIDENCE_PERMIT, number_of(date(1980, 1, 2), place="810000")),
        (Rule.RESIDENCE_PERMIT, number_of(date(1980, 1, 2), place="830000")),
        (Rule.PERMANENT_RESIDENT, number_of(date(1980, 1, 2), place="911840")),
        (Rule.PERMANENT_RESIDENT, "CAN110080010202"),
    ],
    ids=range(10),  # the numbers are drawn, so that no test's name may hold one
)
def test_a_number_right_by_its_rules_passes(rule: Rule, number: str) -> None:
    """Full-width, blanks and lower case are folded into one form."""
    assert _numbers.read(rule, f" {number} ").rule is rule


@pytest.mark.parametrize(
    ("rule", "number"),
    [
        (Rule.RESIDENT, "110105194913310021"),
        (Rule.RESIDENT, number_of(date(1980, 1, 2), place="810000")),
        (Rule.RESIDENT, number_of(date(1980, 1, 2), place="911840")),
        (Rule.RESIDENT, "130503670401001"),
        (Rule.RESIDENT, "11010519491231002٣"),
        (Rule.RESIDENCE_PERMIT, number_of(date(1980, 1, 2))),
        (Rule.HK_MACAO_PERMIT, "T12345678"),
        (Rule.TAIWAN_PERMIT, "1234567"),
        (Rule.PERMANENT_RESIDENT, "CAN110080013302"),
        (Rule.PASSPORT, "护照12345"),
        (Rule.PASSPORT, "1' OR '1'='1"),
    ],
    ids=range(11),
)
def test_a_number_wrong_by_its_rules_is_refused(rule: Rule, number: str) -> None:
    """The words say what to do and repeat nothing."""
    with pytest.raises(BadInput) as bad:
        _numbers.read(rule, number)
    assert number not in str(bad.value.fields)


@pytest.mark.promise("6.1")
def test_the_eighteenth_birthday_is_the_first_day() -> None:
    """The day before is too early; 29 February counts from 1 March."""
    for born, day in (
        (date(2008, 11, 23), date(2026, 11, 23)),
        (date(2008, 2, 29), date(2026, 3, 1)),
    ):
        noon = datetime(day.year, day.month, day.day, 4, tzinfo=UTC)
        before = noon - timedelta(days=1)
        number = number_of(born)
        with clock.frozen(before):
            assert _numbers.is_minor(_numbers.read(Rule.RESIDENT, number))
        with clock.frozen(noon):
            assert not _numbers.is_minor(_numbers.read(Rule.RESIDENT, number))
