"""Remember what was made from a document; a document never changes, so nothing goes stale."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from xingnuo.trust.policy.contracts import Compiled

ENTRIES_MAX = 32

_made: dict[tuple[str, str], Any] = {}


def once[T](policy: Compiled, what: str, make: Callable[[Compiled], T]) -> T:
    """Give what was made of this document before, or make it now."""
    key = (policy.hash, what)
    if key not in _made:
        if len(_made) >= ENTRIES_MAX:
            _made.clear()
        _made[key] = make(policy)
    found: T = _made[key]
    return found
