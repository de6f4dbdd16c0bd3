"""Whatever is typed, a kind gives one form or says what to do; nothing else ever comes out."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from xingnuo.kit.errors import BadInput
from xingnuo.trust.policy._choices import CHOICES
from xingnuo.trust.policy._kinds import _KINDS, normalise

KINDS = sorted({*_KINDS, *CHOICES})
# Letters of the shapes that kinds read, beside every letter there is.
SHAPED = st.text(
    "0123456789-./:年月日,+()@%[] 长期xXEe元·\u0660\u00b2\uff11\u200b\ud800\0", max_size=40
)
ANY = st.text(st.characters(), max_size=200) | SHAPED | st.from_regex(r"\A[0-9A-Z]{1,20}\Z")
QUICK = settings(max_examples=120, deadline=None, derandomize=True)


@pytest.mark.parametrize("kind", KINDS)
@QUICK
@given(text=ANY)
@example(text="")
@example(text="²")
@example(text="٣٤٥")
@example(text="9" * 5_000)
@example(text="https://[")
@example(text="https://[::1")
@example(text="0001-01-01T00:00:00+23:59")
@example(text="9999-12-31T23:59:59-23:59")
@example(text="0000-00-00")
@example(text="２０２６-１０-０１")
@example(text="\ud800")
@example(text="a\u0301" * 40)
def test_a_kind_gives_its_one_form_or_bad_input(kind: str, text: str) -> None:
    """Its own form is read as itself, and what is refused is not repeated."""
    try:
        value = normalise(kind, text)
    except BadInput as refused:
        words = f"{refused.fields}{refused}"
        assert refused.fields and (len(text) < 8 or text not in words)
        return
    assert normalise(kind, value) == value
    value.encode()
