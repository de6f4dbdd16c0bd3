"""Between frozen data and plain JSON values, by the types that the data declares."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Union, cast, get_args, get_origin, get_type_hints


class Unreadable(ValueError):
    """A document does not have the shape that this program knows."""


def encode(value: Any) -> Any:
    """Turn frozen data into JSON values: enums by value, dates by ISO, tuples as lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: encode(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [encode(one) for one in value]
    return value


def decode[T](kind: type[T], data: Any) -> T:
    """Build frozen data from JSON values; a missing field takes its default.

    Raises `Unreadable` for a field that this program does not know.
    """
    hints, needed = _shape(cast("Any", kind))
    strange = set(data) - set(hints)
    if strange:
        raise Unreadable(f"{kind.__name__} has unknown fields {sorted(strange)}")
    missing = needed - set(data)
    if missing:
        raise Unreadable(f"{kind.__name__} lacks {sorted(missing)}")
    return kind(**{name: _value(hints[name], value) for name, value in data.items()})


@cache
def _shape(kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
    needed = {
        one.name
        for one in fields(kind)
        if one.default is MISSING and one.default_factory is MISSING
    }
    return get_type_hints(kind), frozenset(needed)


def _value(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        options = [one for one in get_args(hint) if one is not type(None)]
        return None if value is None else _value(options[0], value)
    if origin is tuple:
        return tuple(_value(get_args(hint)[0], one) for one in value)
    if hint is date:
        return date.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if is_dataclass(hint) and isinstance(hint, type):
        return decode(hint, value)
    if not isinstance(value, hint):
        raise Unreadable(f"{value!r} is not {hint.__name__}")
    return value
