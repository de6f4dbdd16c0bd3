"""Which six digits are refused: runs, repeats, lucky numbers, and the person's own numbers."""

from __future__ import annotations

from collections.abc import Iterable

from xingnuo.kit.errors import BadInput
from xingnuo.trust.policy import queries as policy

DIGITS = 6
FIELD = "password"
# The first that anybody would try, beside what the rules below find.
_COMMON = frozenset(
    """
    000001 112358 131452 134679 135790 147258 147852 159357 159753 168168 258369 314159 321654
    456123 520131 520520 521521 666888 741852 789456 852456 886688 888666 963852 987456 131400
    """.split()
)


def check(typed: str, own: Iterable[str]) -> str:
    """Give the password, or raise `BadInput` that says what to do.

    `own` are the person's numbers (document, phone, cards): no end of them and no birth date in
    them may be the password.
    """
    try:
        text = policy.normalise("pin", typed)
    except BadInput:
        raise _bad("请用 6 位数字，不要用连号或相同数字") from None
    if is_common(text):
        raise _bad("这个密码太常见，别人容易猜到，请换一个")
    if any(text in _told_by(number) for number in own):
        raise _bad("不要用生日、证件号、手机号或卡号里的数字")
    return text


def is_common(text: str) -> bool:
    """Say whether six digits are among the first that anybody would try."""
    pairs = {text[at : at + 2] for at in (0, 2, 4)}
    return (
        text in _COMMON
        or len(set(text)) <= 2
        or text[:3] == text[3:]
        or text[:3] == text[:2:-1]
        or len(pairs) == 1
        or all(pair[0] == pair[1] for pair in pairs)
        or _runs(text[:3])
        and _runs(text[3:])
    )


def _runs(three: str) -> bool:
    steps = {(int(b) - int(a)) % 10 for a, b in zip(three, three[1:], strict=False)}
    return steps in ({0}, {1}, {9})


def _told_by(number: str) -> set[str]:
    """Give the six digits that somebody's number tells: its end, and the birth date in it."""
    digits = "".join(one for one in number if one.isdigit())
    told = {digits[-DIGITS:], digits[-DIGITS - 1 : -1]}
    born = policy.birth_date(number)
    if born is not None:
        told |= {f"{born:{shape}}" for shape in ("%y%m%d", "%d%m%y", "%m%d%y", "%Y%m", "%m%Y")}
        told |= {f"{born.year}{born.month}{born.day}"[-DIGITS:], f"{born:%m%d}{born:%y}"}
    return told


def _bad(words: str) -> BadInput:
    return BadInput({FIELD: words})
