"""Pure text of the parts: money, masked values, sentences about numbers."""

from __future__ import annotations

import re
from typing import Any

MISSING = "—"
MINUS = "\u2212"
FEN_PER_YUAN = 100


def money_text(fen: object, *, signed: bool = False) -> str:
    """Format integer fen as yuan with two decimals and thousands commas, `—` for nothing."""
    if fen is None or fen == "":
        return MISSING
    if isinstance(fen, bool) or not isinstance(fen, int):
        raise TypeError("money needs an integer number of fen")
    sign = MINUS if fen < 0 else "+" if signed and fen > 0 else ""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan:,}.{rest:02d}"


def spoken_mask(text: str) -> str:
    """Say the stars of `138****2210` as one word, for screen readers."""
    return re.sub(r"[*•]+", "（已遮挡）", text)


def percent(value: int, total: int) -> int:
    """Return the whole percentage of `value` in `total`, between 0 and 100."""
    if total <= 0:
        return 0
    return max(0, min(100, value * 100 // total))


def pick(item: Any, name: str, default: Any = "") -> Any:
    """Read a field of a mapping or of an object, so that parts take both."""
    if isinstance(item, dict):
        return item.get(name, default)
    return getattr(item, name, default)
