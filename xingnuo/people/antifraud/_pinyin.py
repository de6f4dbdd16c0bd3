"""Chinese names as they are spelled in Latin letters: on passports, cards and foreign lists.

Each character has all its readings, tones left out; family and given name stand in either order.
"""

from __future__ import annotations

import os
from functools import lru_cache
from heapq import nsmallest
from itertools import product

from xingnuo.people.antifraud._limits import SPELLINGS_MAX

# Family names of two characters; with any other, the first character is the family's.
COMPOUND = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 司空 夏侯 轩辕 端木 百里 东郭 南宫 "
    "独孤 呼延 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 公羊 仲孙 钟离 鲜于 闾丘 亓官 司寇 子车 "
    "颛孙 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 东门 西门 南门 左丘 梁丘 第五 万俟 赫连 完颜 "
    "纳兰 叶赫 爱新觉罗".split()
)
_COMBINED_MAX = 512  # readings of one name that are looked through


def is_chinese(text: str) -> bool:
    """Say whether a text is Chinese characters alone, the newest extensions among them."""
    return bool(text) and all(
        "\u3400" <= each <= "\u9fff" or "\U00020000" <= each <= "\U0003ffff" or each == "〇"
        for each in text
    )


def folded(text: str) -> str:
    """Write a spelling in its one form: ü is written u, v or yu, and tones may be digits."""
    bare = "".join(each for each in text if not each.isdigit())
    return bare.replace("lyu", "lu").replace("nyu", "nu").replace("lv", "lu").replace("nv", "nu")


def spellings(words: tuple[str, ...]) -> frozenset[str]:
    """Give how a Chinese name may be spelled, in either order, without spaces; few at most.

    `words` are its parts as points or spaces divide them. Gives none where a character has no
    known reading or the name is of one character.
    """
    whole = "".join(words)
    if len(whole) < 2:
        return frozenset()
    readings = [_readings(each) for each in whole]
    found: set[str] = set()
    ends = _family_ends(words, whole)
    for syllables in _likeliest(readings, SPELLINGS_MAX // (2 * len(ends))):
        for at in ends:
            found.add(folded("".join(syllables)))
            found.add(folded("".join((*syllables[at:], *syllables[:at]))))
    return frozenset(found)


def _family_ends(words: tuple[str, ...], whole: str) -> tuple[int, ...]:
    if len(words) > 1:
        return (len(words[0]),)
    # Of four characters the first two may be two families' names, joined by marriage.
    ends = [each for each in (4, 2) if whole[:each] in COMPOUND or (each, len(whole)) == (2, 4)]
    return (1, *(each for each in ends if each < len(whole)))


def _likeliest(readings: list[tuple[str, ...]], most: int) -> list[tuple[str, ...]]:
    if not all(readings):
        return []
    while _count(readings) > _COMBINED_MAX:
        longest = max(range(len(readings)), key=lambda at: len(readings[at]))
        readings[longest] = readings[longest][:-1]
    # A character's readings stand with the usual one first.
    ranked = product(*(list(enumerate(each)) for each in readings))
    few = nsmallest(most, ranked, key=lambda one: sum(rank for rank, _ in one))
    return [tuple(syllable for _, syllable in one) for one in few]


def _count(readings: list[tuple[str, ...]]) -> int:
    count = 1
    for each in readings:
        count *= len(each)
    return count


@lru_cache(maxsize=8192)
def _readings(character: str) -> tuple[str, ...]:
    # One character at a time needs no table of phrases, which would be 40 MB of every process.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    import pypinyin

    found = pypinyin.pinyin(character, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(each for each in (found[0] if found else ()) if each.isascii())
