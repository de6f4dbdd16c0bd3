"""Names made comparable without keeping them: every name becomes a set of keyed numbers.

Two names are near when one edit (a letter changed, added or left out) turns one into the other, or
when one is a spelling in Latin letters of the other's Chinese characters.
With each name stand the digests of all its shortened forms; near names share one of them, so that
an index over whole numbers finds them among a million, and no list in the database can be read.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from xingnuo.people.antifraud import _pinyin
from xingnuo.people.antifraud._digests import key, short
from xingnuo.people.antifraud._limits import NAME_CHARS_MAX

# Characters of names that are written in two ways; the simplified one counts.
_TRADITIONAL = (
    "張陳劉楊趙吳鄭馮許韓鄧蕭馬葉蘇呂盧蔣賈鄒陸湯黃孫謝顧萬龍錢嚴賀龔閻陶譚龐齊喬賴關歐鐘鍾羅畢聶"
    "紀項葛費單衛寧圖華麗東國強偉傑軍勝飛鳳蘭英紅霞瓊瑤蓮雲歡樂興學習書寶貴財發達義禮賢愛慶祥順"
    "豐鵬鶴龜鳥魚連進遠運過還邊鄉醫鐵銀銅鋼鎮鋒鑫長門開閣陽隊階陰險隨難電霧靈靜韋頂順須預領頭"
    "題顏額願類風馳騰驕驗體髮鬥鮮鮑鴻麥黨齡劍勁勵動務勳勞區協單衛廠歷厲壓參雙發變葉號吳員問"
)
_SIMPLIFIED = (
    "张陈刘杨赵吴郑冯许韩邓萧马叶苏吕卢蒋贾邹陆汤黄孙谢顾万龙钱严贺龚阎陶谭庞齐乔赖关欧钟钟罗毕聂"
    "纪项葛费单卫宁图华丽东国强伟杰军胜飞凤兰英红霞琼瑶莲云欢乐兴学习书宝贵财发达义礼贤爱庆祥顺"
    "丰鹏鹤龟鸟鱼连进远运过还边乡医铁银铜钢镇锋鑫长门开阁阳队阶阴险随难电雾灵静韦顶顺须预领头"
    "题颜额愿类风驰腾骄验体发斗鲜鲍鸿麦党龄剑劲励动务勋劳区协单卫厂历厉压参双发变叶号吴员问"
)
assert len(_TRADITIONAL) == len(_SIMPLIFIED), "the table of characters is uneven"
_SIMPLER = str.maketrans(_TRADITIONAL, _SIMPLIFIED)
# Below these lengths one edit makes another name, so only the same name counts.
_NEAR_FROM_HAN, _NEAR_FROM_LATIN = 4, 6


@dataclass(frozen=True, slots=True)
class Keys:
    """The numbers of one name: what an index holds of it, and what is asked to find names near."""

    whole: int
    listed: tuple[int, ...]
    asked: tuple[int, ...]


def normal(name: str) -> str:
    """Write a name in its one form: width, case, accents, points and order no longer count."""
    words = _words(name)
    is_latin = all(each.isascii() for word in words for each in word)
    return "".join(sorted(words) if is_latin else words)[:NAME_CHARS_MAX]


def _words(name: str) -> tuple[str, ...]:
    wide = unicodedata.normalize("NFKC", name[: NAME_CHARS_MAX * 4]).casefold()
    bare = "".join(
        each for each in unicodedata.normalize("NFD", wide) if unicodedata.category(each)[0] != "M"
    )
    simpler = unicodedata.normalize("NFC", bare).translate(_SIMPLER)
    return tuple(
        "".join(each if unicodedata.category(each)[0] in "LN" else " " for each in simpler).split()
    )


def keys_of(name: str) -> Keys | None:
    """Give the numbers of a name, or None where nothing of it can be compared."""
    text = normal(name)
    if not text:
        return None
    least = _NEAR_FROM_LATIN if text.isascii() else _NEAR_FROM_HAN
    secret = key("name")
    # Tagged by what was done: f whole, d one letter left out, c the letter there changed.
    whole = short(secret, f"f:{text}")
    listed, asked = {whole}, {whole}
    if len(text) >= least:
        cut = [text[:at] + text[at + 1 :] for at in range(len(text))]
        changed = {short(secret, f"c:{at}:{each}") for at, each in enumerate(cut)}
        shorter = {each for each in cut if len(each) >= least}
        listed |= changed | {short(secret, f"d:{each}") for each in shorter}
        asked |= changed | {short(secret, f"d:{text}")}
        asked |= {short(secret, f"f:{each}") for each in shorter}
    spelled, sought = _across(name)
    listed |= {short(secret, each) for each in spelled}
    asked |= {short(secret, each) for each in sought}
    return Keys(whole, tuple(listed), tuple(asked))


def _across(name: str) -> tuple[set[str], set[str]]:
    # What a name is listed under, and asked for, in the other script: z spells a Chinese name, l is
    # a Latin one. Two Chinese names that only sound alike meet nowhere.
    words = _words(name)
    text = "".join(words)
    if _pinyin.is_chinese(text):
        found = _pinyin.spellings(words)
        return {f"z:{each}" for each in found}, {f"l:{each}" for each in found}
    if text.isascii() and len(text) <= NAME_CHARS_MAX:
        one = _pinyin.folded(text)
        return {f"l:{one}"}, {f"z:{one}"}
    return set(), set()
