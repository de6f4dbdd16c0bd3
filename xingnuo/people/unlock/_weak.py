"""Which passwords are refused: common ones in any dress, walks on keys, bare numbers, own words."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable

from xingnuo.kit.errors import BadInput
from xingnuo.people.unlock._common import WORDS
from xingnuo.people.unlock._limits import PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN

OWN_WORDS = ("星诺", "xingnuo", "随星借", "suixingjie", "星号帐号")
CONTEXT_CHARS_MIN = 2
CONTEXT_DIGITS_MIN = 6  # a run of one's own phone number this long gives it away
_WALK_CHARS_MIN = 3
_UNIT_CHARS_MAX = 4  # 12341234, abababab
_DECORATION_CHARS_MAX = 8
_DIGITS_ALONE_MAX = 10  # shorter numbers are dates, phones and lucky numbers
_ENDS_CHARS_MAX = 3  # a123456789, 123456aa

_ENDS = re.compile(rf"^[a-z]{{1,{_ENDS_CHARS_MAX}}}(?=\d)|(?<=\d)[a-z]{{1,{_ENDS_CHARS_MAX}}}$")
_ROWS = ("`1234567890-=", "qwertyuiop[]\\", "asdfghjkl;'", "zxcvbnm,./")
_SHIFTED = str.maketrans('~!@#$%^&*()_+{}|:"<>?', "`1234567890-=[]\\;',./")
_LEET = str.maketrans("@4301!$578", "aaeoiisstb")
_COLUMNS = ("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/")
_PADS = ("147", "258", "369", "159", "357", "789", "456", "123")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"
_LINES = (*_ROWS, "01234567890", _ALPHABET, *_COLUMNS, *_PADS)
_LINE_CHARS_MAX = max(map(len, _LINES))
_WALKS = tuple(itertools.chain.from_iterable((line, line[::-1]) for line in _LINES))


def check(typed: str, context: Iterable[str] = ()) -> str:
    """Give the password in its one spelling, or raise `BadInput` saying what to do.

    Any character may stand in it, none must. `context` are the person's own words and numbers.
    """
    text = spelled(typed)
    if len(text) < PASSWORD_CHARS_MIN:
        raise _bad(f"至少要 {PASSWORD_CHARS_MIN} 个字符")
    if len(text) > PASSWORD_CHARS_MAX:
        raise _bad(f"最多 {PASSWORD_CHARS_MAX} 个字符")
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in text):
        raise _bad("请去掉看不见的控制字符")
    if is_common(text):
        raise _bad("这个密码太常见，别人容易猜到。请换几个不相干的词连在一起")
    if _tells(text, context):
        raise _bad("密码里有你的手机号、昵称或“星诺”，请换掉")
    return text


def spelled(typed: str) -> str:
    """Give a password in its one spelling: the same letters typed on any keyboard are the same."""
    return unicodedata.normalize("NFC", typed)


def is_common(text: str) -> bool:
    """Say whether a password is among the first that anybody would try."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if len(set(plain)) <= 2 or _repeats(plain) or _is_number(plain) or _is_phone(plain):
        return True
    if _is_walk(plain.translate(_SHIFTED)):
        return True
    root = _undecorated(plain).translate(_LEET)
    spelled = (plain, plain.translate(_LEET), _letters(plain).translate(_LEET))
    added = len(plain) - len(root)
    return any(_is_word(one) for one in spelled) or (
        added <= _DECORATION_CHARS_MAX and root in WORDS
    )


def _is_word(plain: str) -> bool:
    root = _undecorated(plain)
    if len(plain) - len(root) > _DECORATION_CHARS_MAX:
        return False
    return root in WORDS or _twice(root) in WORDS or _letters(root) in WORDS


def _undecorated(plain: str) -> str:
    # Password2024! and !!password: what stands around the word is what everybody adds.
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)


def _letters(plain: str) -> str:
    return re.sub(r"[\W_]+", "", plain)


def _twice(root: str) -> str:
    half = len(root) // 2
    return root[:half] if len(root) % 2 == 0 and root[:half] == root[half:] else root


def _repeats(plain: str) -> bool:
    return any(
        plain == (plain[:size] * (len(plain) // size + 1))[: len(plain)]
        for size in range(1, _UNIT_CHARS_MAX + 1)
    )


def _is_walk(plain: str) -> bool:
    if _walks(plain) or (_walks(plain[::2]) and _walks(plain[1::2])):
        return True
    inner = _ENDS.sub("", plain)
    least = PASSWORD_CHARS_MIN - _ENDS_CHARS_MAX
    return any(len(one) >= least and _walks(one) for one in (inner, _undecorated(plain)))


def _walks(plain: str) -> bool:
    """Say whether a text is made of pieces of keyboard lines or of the alphabet alone."""
    reached = {0}
    for end in range(_WALK_CHARS_MIN, len(plain) + 1):
        if any(
            start in reached and any(plain[start:end] in line for line in _WALKS)
            for start in range(max(0, end - _LINE_CHARS_MAX), end - _WALK_CHARS_MIN + 1)
        ):
            reached.add(end)
    return len(plain) in reached


def _is_number(plain: str) -> bool:
    digits = re.sub(r"[-/. 年月日]", "", plain)
    return digits.isdecimal() and len(digits) <= _DIGITS_ALONE_MAX


def _is_phone(plain: str) -> bool:
    return bool(re.fullmatch(r"(\+?86)?1[3-9]\d{9}", re.sub(r"[-\s]", "", plain)))


def _tells(text: str, context: Iterable[str]) -> bool:
    plain = unicodedata.normalize("NFKC", text).casefold()
    spelled = {plain, plain.translate(_LEET), _letters(plain)}
    digits = re.sub(r"\D", "", plain)
    for own in (*OWN_WORDS, *context):
        word = _letters(unicodedata.normalize("NFKC", own).casefold())
        if word.isdecimal():
            if _shares_digits(digits, word):
                return True
        elif len(word) >= CONTEXT_CHARS_MIN and any(word in one for one in spelled):
            return True
    return False


def _shares_digits(digits: str, number: str) -> bool:
    pieces = range(len(number) - CONTEXT_DIGITS_MIN + 1)
    return any(number[start : start + CONTEXT_DIGITS_MIN] in digits for start in pieces)


def _bad(message: str) -> BadInput:
    return BadInput({"password": message})
