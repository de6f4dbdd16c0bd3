"""Names: the same one in another spelling, one letter away, and nothing that can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.people.antifraud.test_cases import listed
from xingnuo.kit import ids
from xingnuo.people.antifraud import _listing, _names, _pinyin
from xingnuo.people.antifraud._limits import NAME_KEYS_MAX, SPELLINGS_MAX
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


@pytest.mark.parametrize(
    ("chinese", "latin"),
    [
        ("张伟", "Zhang Wei"),
        ("张伟", "WEI ZHANG"),
        ("张伟", "Zhāng Wěi"),
        ("张伟", "zhang1wei3"),
        ("張偉", "Zhang, Wei"),
        ("李小明", "Li Xiao-Ming"),
        ("李小明", "Xiaoming LI"),
        ("李小明", "Xiao Ming Li"),
        ("欧阳明月", "OUYANG Mingyue"),
        ("欧阳明月", "Mingyue Ouyang"),
        ("歐陽 明月", "mingyue ou yang"),
        ("单雄信", "Shan Xiongxin"),
        ("仇和", "QIU HE"),
        ("万俟卨", "Moqi Xie"),
        ("尉迟恭", "Yuchi Gong"),
        ("吕行", "Lü Xing"),
        ("吕行", "LYU XING"),
        ("吕行", "LV XING"),
        ("吕行", "Lu, Xing"),
        ("西安", "Xi'an"),
        ("陈方安生", "Ansheng Chenfang"),
        ("陈方安生", "Fangansheng Chen"),
        ("迪丽热巴·迪力木拉提", "Dilimulati Dilireba"),
        ("爱新觉罗溥仪", "Aixinjueluo Puyi"),
    ],
)
def test_a_name_is_found_in_the_other_script(chinese: str, latin: str) -> None:
    """A list in pinyin hits the Chinese name, and the other way round."""
    assert near(latin, chinese) and near(chinese, latin)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("张伟", "章玮"),
        ("李小明", "李晓鸣"),
        ("张伟", "Zhang Wen"),
        ("张伟", "Zhang Weiming"),
        ("李小明", "Ming Xiaoli"),
        ("王", "Wang"),
    ],
)
def test_what_only_sounds_alike_is_another_name(one: str, other: str) -> None:
    """Two Chinese names meet by their characters; a spelling is whole or none."""
    assert not near(one, other) and not near(other, one)


HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)


@given(st.text(HAN, min_size=2, max_size=4), st.data())
def test_every_spelling_of_a_name_finds_it(name: str, data: st.DataObject) -> None:
    """Any reading of each character, family name first or last, split anywhere."""
    found = sorted(_pinyin.spellings((_names.normal(name),)))
    assert len(found) <= SPELLINGS_MAX
    if not found:
        return
    spelled = data.draw(st.sampled_from(found))
    at = data.draw(st.integers(0, len(spelled)))
    asked = f"{spelled[:at].upper()} {spelled[at:]}"
    assert near(name, asked) and near(asked, name)


@given(st.text(HAN, min_size=2, max_size=60))
def test_readings_of_a_long_name_stay_few(name: str) -> None:
    """Characters of many readings multiply into no more than so many spellings."""
    assert len(_pinyin.spellings((name,))) <= SPELLINGS_MAX


def test_short_names_match_only_themselves() -> None:
    """With three characters one letter makes another person."""
    assert near("王小明", "王小明") and not near("王小明", "王大明") and not near("王小明", "王小")


@given(st.text(max_size=300))
def test_any_text_is_a_name_or_none(text: str) -> None:
    """Whatever comes, the numbers are few and fit a bigint."""
    keys = _names.keys_of(text)
    if keys is not None:
        assert len(keys.listed) <= NAME_KEYS_MAX and all(0 <= key < 2**63 for key in keys.listed)


def test_ten_thousand_characters_are_cut() -> None:
    """A hostile length costs no more than the longest name."""
    keys = _names.keys_of("龘" * 10_000)
    assert keys is not None and len(keys.listed) <= NAME_KEYS_MAX


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


def test_a_list_in_pinyin_is_met_by_a_chinese_name() -> None:
    """Both ways through the database; a hit across scripts is near, never the same name."""
    drawn = int.from_bytes(ids.random_bytes(4))
    chinese = "欧阳" + chr(0x4E00 + drawn % 5000) + chr(0x4E00 + drawn // 5000 % 5000)
    spelled = min(_pinyin.spellings((_names.normal(chinese),)))
    for value, asked in ((spelled.upper(), chinese), (chinese, spelled)):
        ref = f"un.{ids.digest(ids.token())[:12]}"
        listed(ListKind.SANCTIONS, ListField.NAME, ListRow(value=value, ref=ref))
        met = {each.ref: each.is_exact for each in _listing.named(asked, [ListKind.SANCTIONS])}
        assert met.get(ref) is False
