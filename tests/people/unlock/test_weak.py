"""Which passwords are refused, and that nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingnuo.kit.errors import BadInput
from xingnuo.people.unlock._common import WORDS
from xingnuo.people.unlock._weak import check, is_common

COMMON = """
    password Password1! p@ssw0rd P@$$w0rd123 qwertyuiop 1qaz2wsx !QAZ@WSX 123456789 87654321
    asdf1234 qwer1234 abcd1234 iloveyou1314 woaini1314520 woaini520 19900101 01011990 1990-01-01
    13800138000 +8613800138000 aaaaaaaa abababab 12341234
    zhangwei1990 Dragon2024 letmein123 1q2w3e4r 1q2w3e4r5t
    admin@123 qwerty123 147258369 zaq12wsx a123456789 abc123456 aa123456 123456aa q123456789
    5201314520 passwordpassword Aa123456 11223344 88888888 woaini88 qaz123456 zxc123456 nihao123
    pass@word1 i_love_you １２３４５６７８９ ＰＡＳＳＷＯＲＤ１ football2026 !!sunshine!! MicroSoft2026
""".split()
GOOD = [
    "correct horse battery staple",
    "蓝色的大象爱吃西瓜",
    "mQ9!x-vv7Lk",
    "tangerine-lamp-9",
    "河边有三棵老柳树",
    "password-horse-blue",
    "8264 7193 5508",
    "x7Kp2mLq",
    "🐘🌵🥁🪁🧵🫖🪵🧭",
    "        spaces        count",
]
PHONE, NICKNAME = "13912345678", "晴天娃娃"


@pytest.mark.promise("4.2")
@pytest.mark.parametrize("typed", COMMON)
def test_it_refuses_what_everybody_tries(typed: str) -> None:
    """Common words in any dress, walks on keys, dates, phones, repetitions."""
    with pytest.raises(BadInput) as refused:
        check(typed)
    assert "常见" in refused.value.fields["password"]
    assert typed == "password" or typed not in str(refused.value)


@pytest.mark.parametrize("typed", GOOD)
def test_it_takes_what_nobody_guesses(typed: str) -> None:
    """Any character, no demand for kinds of them."""
    assert check(typed, [PHONE, NICKNAME])


def test_the_list_holds_the_thousand_most_common() -> None:
    """Every word of it is refused as it is, written large, with a year and doubled."""
    assert len(WORDS) >= 1000
    for word in WORDS:
        for dressed in (word.upper(), f"{word}2026", f"{word}!", f"{word}{word}"):
            assert is_common(dressed), dressed


@pytest.mark.promise("4.2")
@pytest.mark.parametrize(
    "typed",
    [
        "my13912345678",
        "river 345678 stone",
        "晴天娃娃在唱歌呢",
        "晴 天 娃 娃 abc",
        "星诺是我的钱包呀",
        "xingnuo-river-stone",
        "XingNu0 river stone",
    ],
)
def test_it_refuses_ones_own_words(typed: str) -> None:
    """One's own number, nickname and our name are the first that somebody near would try."""
    with pytest.raises(BadInput) as refused:
        check(typed, [PHONE, NICKNAME])
    assert "手机号" in refused.value.fields["password"]


@pytest.mark.parametrize(
    ("typed", "word"), [("a1!b2@c", "至少"), ("长" * 129, "最多"), ("lamp\x00river 9", "控制")]
)
def test_length_and_control_characters(typed: str, word: str) -> None:
    """Eight to 128 characters, none of them invisible."""
    with pytest.raises(BadInput) as refused:
        check(typed)
    assert word in refused.value.fields["password"]


def test_a_long_pass_phrase_is_welcome() -> None:
    """64 characters and more."""
    phrase = " ".join(f"word{n}x{n * 7919 % 89}" for n in range(14))
    assert 64 < len(phrase) <= 128 and check(phrase) == phrase


def test_the_same_letters_are_the_same_password() -> None:
    """Composed or decomposed, as keyboards differ."""
    assert check("cafe\u0301 river stone 9") == check("caf\u00e9 river stone 9")


@given(st.text(max_size=140))
def test_it_never_breaks(typed: str) -> None:
    """Whatever is typed is taken or refused with words."""
    try:
        assert 8 <= len(check(typed, [PHONE, NICKNAME])) <= 128
    except BadInput as refused:
        assert refused.fields["password"]
