"""Masks: one pattern per item, a fixed number of stars, all stars when too short."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xingnuo.trust.gate._masks import STARS, masked
from xingnuo.trust.policy.contracts import Mask


@pytest.mark.promise("4.1.2")
@pytest.mark.parametrize(
    ("mask", "text", "shown"),
    [
        (Mask.NAME, "张三", "张*"),
        (Mask.NAME, "张三丰", "张**"),
        (Mask.NAME, "欧阳锋", "欧阳*"),
        (Mask.NAME, "阿凡提·买买提", "阿**"),
        (Mask.NAME, "𠮷野", "𠮷*"),
        (Mask.PHONE, "19900001234", "199****1234"),
        (Mask.PHONE, "１９９００００１２３４", "199****1234"),
        (Mask.NUMBER, "11010519491231002X", "1****************X"),
        (Mask.EMAIL, "someone@example.com", "s***@example.com"),
        (Mask.CARD, "6222020000000000015", "**** **** **** 0015"),
        (Mask.ADDRESS, "浙江省杭州市西湖区文一路 1 号", "浙江省杭州市西湖区****"),
        (Mask.ADDRESS, "某处", STARS),
        (Mask.DATE, "1990-01-02", "19**-**-**"),
        (Mask.ALL, "已婚", STARS),
        (Mask.NEVER, "x", STARS),
    ],
)
def test_it_masks_by_the_items_pattern(mask: Mask, text: str, shown: str) -> None:
    """Each kind of item has its one pattern."""
    assert masked(mask, text) == shown


@pytest.mark.promise("4.1.2")
@given(
    mask=st.sampled_from(
        [mask for mask in Mask if mask not in (Mask.NONE, Mask.EMAIL, Mask.ADDRESS)]
    ),
    text=st.text(alphabet=st.characters(categories=("L", "Nd")), min_size=3, max_size=40),
)
def test_it_never_shows_the_whole_value(mask: Mask, text: str) -> None:
    """A masked value always has stars and never holds the whole of what was masked."""
    shown = masked(mask, text)
    assert "*" in shown
    assert text not in shown
