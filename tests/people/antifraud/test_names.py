"""Names: the same one in another spelling, one letter away, and nothing that can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people.antifraud.test_cases import listed
from xingnuo.kit import ids
from xingnuo.people.antifraud import _listing, _names
from xingnuo.people.antifraud.contracts import ListField, ListKind, ListRow

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("張偉", "张伟"),
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("BIN LADEN, Osama", "osama bin-laden"),
        ("José Núñez", "jose nunez"),
        ("ＡＢＣ　ＤＥＦ", "abc def"),
        ("欧阳 明月", "歐陽明月"),
    ],
)
def test_spelling_does_not_hide_a_name(one: str, other: str) -> None:
    """Width, case, accents, points, order and traditional characters no longer count."""
    assert _names.normal(one) == _names.normal(other)


def near(listed_name: str, asked: str) -> bool:
    """Say whether two names share a number."""
    one, two = _names.keys_of(listed_name), _names.keys_of(asked)
    return bool(one and two and set(one.listed) & set(two.asked))


@given(st.text(LETTERS, min_size=7, max_size=20), st.integers(0, 100), st.sampled_from(LETTERS))
def test_one_letter_away_is_found(name: str, at: int, letter: str) -> None:
    """A letter changed, added or left out."""
    place = at % len(name)
    for other in (
        name[:place] + letter + name[place + 1 :],
        name[:place] + letter + name[place:],
        name[:place] + name[place + 1 :],
    ):
        assert near(name, other)


@given(st.text(LETTERS, min_size=6, max_size=12), st.text(LETTERS, min_size=6, max_size=12))
def test_what_is_found_is_one_letter_away(one: str, other: str) -> None:
    """Nothing further away shares a number."""
    table = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, table = table, [i]
        for j, b in enumerate(other, 1):
            table.append(min(before[j] + 1, table[-1] + 1, before[j - 1] + (a != b)))
    assert near(one, other) == (table[-1] <= 1)


def test_short_names_match_only_themselves() -> None:
    """With three characters one letter makes another person."""
    assert near("王小明", "王小明") and not near("王小明", "王大明") and not near("王小明", "王小")


@given(st.text(max_size=300))
def test_any_text_is_a_name_or_none(text: str) -> None:
    """Whatever comes, the numbers are few and fit a bigint."""
    keys = _names.keys_of(text)
    if keys is not None:
        assert len(keys.listed) <= 201 and all(0 <= key < 2**63 for key in keys.listed)


def test_ten_thousand_characters_are_cut() -> None:
    """A hostile length costs no more than the longest name."""
    keys = _names.keys_of("龘" * 10_000)
    assert keys is not None and len(keys.listed) <= 201


def test_a_list_finds_the_exact_name_first() -> None:
    """Exact and near entries of live lists, with their numbers in the source."""
    base = "".join(LETTERS[int(c, 16)] for c in ids.digest(ids.token())[:14])
    listed(
        ListKind.SANCTIONS,
        ListField.NAME,
        ListRow(value=base + "x", ref="un.2"),
        ListRow(value=base, ref="un.1"),
        ListRow(value=base + "far", ref="un.3"),
    )
    found = _listing.named(base.upper(), [ListKind.SANCTIONS])
    assert [(each.ref, each.is_exact) for each in found] == [("un.1", True), ("un.2", False)]
    assert _listing.named(base, [ListKind.DENY]) == []
    assert _listing.named("", [ListKind.SANCTIONS]) == []
