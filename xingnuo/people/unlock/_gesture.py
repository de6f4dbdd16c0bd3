"""The 3×3 gesture as a path of dots, the same whether it was drawn, tapped or typed."""

from __future__ import annotations

from xingnuo.kit.errors import BadInput
from xingnuo.people.unlock._limits import PATTERN_DOTS_MAX, PATTERN_DOTS_MIN

_SIDE = 3


def path(typed: str) -> str:
    """Give the path as digits 1 to 9 by rows, with dots that a line crosses taken along.

    Raises `BadInput` for fewer than four dots, a dot that comes twice, or anything else.
    """
    dots: list[int] = []
    for sign in typed.replace("-", "").replace(",", "").replace(" ", ""):
        if sign not in "123456789":
            raise _unfit()
        dot = int(sign)
        if dot in dots:
            raise _unfit()
        if dots:
            middle = _between(dots[-1], dot)
            # Phones take a crossed dot along; without this a typed path could never be drawn.
            if middle and middle not in dots:
                dots.append(middle)
        dots.append(dot)
    if not PATTERN_DOTS_MIN <= len(dots) <= PATTERN_DOTS_MAX:
        raise _unfit()
    return "".join(map(str, dots))


def _between(one: int, other: int) -> int:
    rows = [(dot - 1) // _SIDE for dot in (one, other)]
    columns = [(dot - 1) % _SIDE for dot in (one, other)]
    if sum(rows) % 2 or sum(columns) % 2:
        return 0
    return sum(rows) // 2 * _SIDE + sum(columns) // 2 + 1


def _unfit() -> BadInput:
    return BadInput({"pattern": f"请连接至少 {PATTERN_DOTS_MIN} 个不同的点"})
