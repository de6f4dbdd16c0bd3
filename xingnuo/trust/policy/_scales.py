"""For each field of a declaration, which way is wider; what has no scale is another thing.

Every scale is antisymmetric: what widens one way narrows the other way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from xingnuo.trust.policy.contracts import (
    After,
    Basis,
    Compiled,
    DataClass,
    Direction,
    Form,
    Shows,
    Standing,
)

type Scale = Callable[[Any, Any], Direction]

_FLIPPED = {Direction.WIDER: Direction.NARROWER, Direction.NARROWER: Direction.WIDER}
_SHOWS = (Shows.NOTHING, Shows.MASKED, Shows.REVERIFIED, Shows.PLAIN)
_FORMS = {Form.TRANSIENT: 0, Form.RESULT: 1, Form.DIGEST: 1, Form.VALUE: 2, Form.FILE: 2}
_CLASSES = {DataClass.C3: 0, DataClass.C2: 1, DataClass.C1: 2}
# The more a person is asked, the narrower; the bases that ask nobody are equally wide.
_BASES = {Basis.SEPARATE_CONSENT: 0, Basis.CONSENT: 1, Basis.CONTRACT: 2}
_PARTIES = {Standing.PROCESSOR: 0, Standing.HANDLER: 1}


def flip(direction: Direction) -> Direction:
    """Give the direction of the same change made backwards."""
    return _FLIPPED.get(direction, direction)


def scale(
    kind: str, name: str, was: Any, now: Any, *, old: Compiled, new: Compiled
) -> Direction | None:
    """Say which way a field moved; None for what is compared in another place."""
    if kind == "purpose" and name == "function":
        return _controller(was, now, old, new)
    if kind == "item" and name in ("retention", "kept_by_law"):
        return _term(was, now, old, new)
    if (kind, name) in _ELSEWHERE:
        return None
    found = _SCALES.get((kind, name))
    return found(was, now) if found is not None else Direction.SAME


def _rank(order: Mapping[Any, int], else_rank: int = -1) -> Scale:
    def compare(was: Any, now: Any) -> Direction:
        before, after = order.get(was, else_rank), order.get(now, else_rank)
        if before == after:
            return Direction.OTHER
        return Direction.WIDER if after > before else Direction.NARROWER

    return compare


def _set(was: Any, now: Any) -> Direction:
    before, after = set(was), set(now)
    if before < after:
        return Direction.WIDER
    return Direction.NARROWER if after < before else Direction.OTHER


def _fewer(was: Any, now: Any) -> Direction:
    return flip(_set(was, now))


def _bounds(was: Any, now: Any) -> Direction:
    # No bound at all means every platform.
    if not was or not now:
        return Direction.NARROWER if not was else Direction.WIDER
    return _set(was, now)


def _more(was: Any, now: Any) -> Direction:
    return Direction.WIDER if now > was else Direction.NARROWER


def _less(was: Any, now: Any) -> Direction:
    return flip(_more(was, now))


def _other(was: Any, now: Any) -> Direction:
    return Direction.OTHER


def _controller(was: str, now: str, old: Compiled, new: Compiled) -> Direction | None:
    before = old.functions[was].controller
    after = new.functions[now].controller
    if before != after:
        return Direction.OTHER
    return Direction.SAME if was != now else None


def _term(was: str, now: str, old: Compiled, new: Compiled) -> Direction:
    if not was or not now:
        return Direction.WIDER if now else Direction.NARROWER
    before, after = old.retention[was], new.retention[now]
    if before.event != after.event:
        return Direction.OTHER
    if before.days == after.days:
        return Direction.SAME
    return _more(before.days, after.days)


_ELSEWHERE = frozenset(
    {
        ("purpose", "items"),
        ("purpose", "optional"),
        ("recipient", "items"),
        ("recipient", "purposes"),
    }
)
_SCALES: Mapping[tuple[str, str], Scale] = {
    ("purpose", "basis"): _rank(_BASES, else_rank=3),
    ("purpose", "automated"): _more,
    ("purpose", "sentence"): _other,
    ("purpose", "own_consent"): _less,
    ("purpose", "marketing"): _more,
    ("purpose", "actors"): _set,
    ("purpose", "in_states"): _set,
    ("purpose", "permissions"): _set,
    ("purpose", "typed"): _set,
    ("purpose", "needs_permission"): _less,
    ("purpose", "shows"): _rank({shows: place for place, shows in enumerate(_SHOWS)}),
    ("item", "sensitive"): _less,
    ("item", "data_class"): _rank(_CLASSES),
    ("item", "form"): _rank(_FORMS),
    ("item", "bounds"): _bounds,
    ("item", "lookup"): _more,
    ("recipient", "name"): _other,
    ("recipient", "method"): _other,
    ("recipient", "standing"): _rank(_PARTIES, else_rank=2),
    ("recipient", "region"): _other,
    ("recipient", "sub_processors"): _set,
    ("permission", "bounds"): _bounds,
    ("permission", "purposes"): _set,
    # Items that come by no other way: naming one more holds it back.
    ("permission", "items"): _fewer,
    ("retention", "days"): _more,
    ("retention", "event"): _other,
    ("retention", "role"): _other,
    ("retention", "sealed"): _less,
    ("retention", "after"): _rank({After.DELETE: 0, After.ANONYMISE: 1}),
    ("controller", "name"): _other,
    ("controller", "role"): _other,
    ("exception", "basis"): _other,
    ("exception", "law"): _other,
    ("exception", "disclosure"): _more,
}
