"""Kinds of values: what is taken, in which one form, and what is told when it is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingnuo.kit.errors import BadInput
from xingnuo.trust.policy import _kinds, queries

GOOD = [
    ("name", "张三", "张三"),
    ("name", " 欧阳 娜娜 ", "欧阳 娜娜"),
    ("name", "买买提•艾力", "买买提·艾力"),
    ("name", "𠮷田", "𠮷田"),
    ("name", "Anna-Lena O'Neil", "Anna-Lena O'Neil"),
    ("name", "阿" * 50, "阿" * 50),
    ("phone", "13812345678", "13812345678"),
    ("phone", "+86 138-1234-5678", "13812345678"),
    ("phone", "１３８１２３４５６７８", "13812345678"),
    ("phone", "19912345678", "19912345678"),
    ("any_phone", "010-6963 0728", "01069630728"),
    ("any_phone", "13812345678", "13812345678"),
    ("email", " Alice@Example.COM ", "Alice@example.com"),
    ("document_number", "11010519491231002x", "11010519491231002X"),
    ("document_number", "110105 19491231 002X", "11010519491231002X"),
    ("document_number", "E12345678", "E12345678"),
    ("document_number", "H12345678", "H12345678"),
    ("uscc", "91110000600037341l", "91110000600037341L"),
    ("card", "6222 0212 3456 7894", "6222021234567894"),
    ("card_validity", "08/29", "08/29"),
    ("date", "2026年1月5日", "2026-01-05"),
    ("validity", "2020.01.01-2040.01.01", "2020-01-01/2040-01-01"),
    ("validity", "2020-01-01 至 长期", "2020-01-01/长期"),
    ("validity", "长期", "长期"),
    ("sex", "female", "女"),
    ("document_kind", "身份证", "居民身份证"),
    ("education", "本科", "本科"),
    ("money", "1,200.5", "1200.50"),
    ("money", "80000元", "80000.00"),
    ("age", "030", "30"),
    ("imei", "490154203237518", "490154203237518"),
    ("uuid", "A" * 32, "aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa"),
    ("ip", "2001:DB8::1", "2001:db8::1"),
    ("url", "https://example.com/a.png", "https://example.com/a.png"),
    ("instant", "2026-10-01T08:00:00+08:00", "2026-10-01T00:00:00+00:00"),
    ("pattern", "1,2,5,8", "1-2-5-8"),
    ("pin", "135790", "135790"),
    ("long_text", "第一行\r\n第二行", "第一行\n第二行"),
    ("result", "passed", "passed"),
]
BAD = [
    ("name", ""),
    ("name", "·"),
    ("name", "阿" * 51),
    ("name", "张<script>"),
    ("name", "张3"),
    ("name", "张\u202e三"),
    ("phone", "12012345678"),
    ("phone", "1381234567"),
    ("phone", "+1 202 555 0143"),
    ("phone", "010-69630728"),
    ("email", "alice@example"),
    ("email", "a..b@example.com"),
    ("email", "alice@exam ple.com"),
    ("document_number", "110105194912310021"),
    ("document_number", "110105209912310020"),
    ("document_number", "11010519491331002X"),
    ("document_number", "000105194912310028"),
    ("document_number", "12"),
    ("uscc", "91110000600037341M"),
    ("card", "6222021234567890"),
    ("card", "1234"),
    ("card_validity", "13/29"),
    ("date", "2026-02-30"),
    ("validity", "2040-01-01/2020-01-01"),
    ("sex", "其他"),
    ("money", "-1"),
    ("money", "1.234"),
    ("money", "1e9"),
    ("age", "151"),
    ("age", "三十"),
    ("imei", "490154203237519"),
    ("uuid", "nothing"),
    ("ip", "999.1.1.1"),
    ("url", "javascript:alert(1)"),
    ("url", "http://example.com/a.png"),
    ("url", "https://user@example.com/"),
    ("instant", "2026-10-01T08:00:00"),
    ("pattern", "1-2-2-3"),
    ("pin", "123456"),
    ("pin", "888888"),
    ("text", "零\u0000"),
    ("long_text", "   "),
    ("result", "template"),
]


@pytest.mark.parametrize(("kind", "typed", "written"), GOOD)
def test_a_good_value_is_written_in_one_form(kind: str, typed: str, written: str) -> None:
    """The same value, however typed, rests as the same text; writing it again changes nothing."""
    assert queries.normalise(kind, typed) == written
    assert queries.normalise(kind, written) == written


@pytest.mark.parametrize(("kind", "typed"), BAD)
def test_a_bad_value_is_told_what_to_do(kind: str, typed: str) -> None:
    """The refusal is a Chinese sentence that does not repeat what was typed."""
    with pytest.raises(BadInput) as caught:
        queries.normalise(kind, typed)
    (told,) = caught.value.fields.values()
    assert "请" in told
    assert not typed.strip() or typed not in told + str(caught.value)


@given(kind=st.sampled_from(sorted(_kinds._KINDS)), typed=st.text(max_size=60))
def test_no_text_does_more_than_be_refused(kind: str, typed: str) -> None:
    """Whatever is typed, a kind gives a form that it takes again, or says no."""
    try:
        written = _kinds.normalise(kind, typed)
    except BadInput:
        return
    assert _kinds.normalise(kind, written) == written


def test_every_declared_kind_is_known() -> None:
    """Each item has a kind that exists; a choice has its words."""
    for item in queries.declared().items.values():
        assert _kinds.known(item.kind), item.id
    assert queries.choices("sex") == ("男", "女")
    assert queries.choices("text") == ()
    assert not _kinds.known("riddle")


def test_a_birth_date_is_read_from_the_number() -> None:
    """Mainland numbers tell it; other documents do not."""
    born = queries.birth_date("11010519491231002X")
    assert born is not None and born.isoformat() == "1949-12-31"
    assert queries.birth_date("E12345678") is None
    assert queries.birth_date("x" * 18) is None
