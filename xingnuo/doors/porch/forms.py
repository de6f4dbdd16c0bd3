"""Reading what a form or a JSON body sent, with limits and clear errors."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from xingnuo.kit.errors import BadInput, NotFound

TEXT_MAX = 2000
JSON_DEPTH_MAX = 8


def text(request: HttpRequest, name: str, *, limit: int = TEXT_MAX, needed: bool = True) -> str:
    """Give a field of a form, stripped; raises `BadInput` naming the field."""
    values = request.POST.getlist(name)
    if len(values) > 1:
        raise BadInput({name: "同一项只能提交一次"})
    value = values[0].strip() if values else ""
    if "\x00" in value:
        raise BadInput({name: "含有不能接收的字符"})
    if needed and not value:
        raise BadInput({name: "请填写这一项"})
    if len(value) > limit:
        raise BadInput({name: f"最多 {limit} 个字"})
    return value


def uuid_or_404(value: str) -> UUID:
    """Parse an id from a path or form; a wrong one looks like a missing thing."""
    try:
        return UUID(value)
    except ValueError:
        raise NotFound from None


def body(request: HttpRequest) -> dict[str, Any]:
    """Parse a JSON object, refusing duplicate keys, deep nesting and anything but an object."""
    try:
        parsed = json.loads(request.body, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise BadInput({"body": "不是有效的 JSON"}) from None
    if not isinstance(parsed, dict) or _depth(parsed) > JSON_DEPTH_MAX:
        raise BadInput({"body": "需要一个层数不多的 JSON 对象"})
    return parsed


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise ValueError("duplicate key")
    return dict(pairs)


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(inner) for inner in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(inner) for inner in value), default=0)
    return 0
