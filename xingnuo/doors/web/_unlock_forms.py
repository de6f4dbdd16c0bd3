"""Reading what the unlock forms send: secrets are taken as typed, never stripped, never kept."""

from __future__ import annotations

from django.http import HttpRequest

from xingnuo.kit.errors import BadInput, NotFound
from xingnuo.people.unlock.contracts import Way

SECRET_CHARS_MAX = 200
CREDENTIAL_CHARS_MAX = 16_384


def way_of(name: str) -> Way:
    """Give the way of an address or form; an unknown one is a missing page."""
    try:
        return Way(name)
    except ValueError:
        raise NotFound from None


def secret(request: HttpRequest, name: str, words: str) -> str:
    """Give a secret exactly as it was typed; raises `BadInput` naming the field."""
    values = request.POST.getlist(name)
    if len(values) != 1 or not values[0]:
        raise BadInput({name: words})
    if len(values[0]) > SECRET_CHARS_MAX:
        raise BadInput({name: "太长了，请检查后再输入"})
    return values[0]


def credential(request: HttpRequest) -> str:
    """Give the device's answer as text; it is checked in the room."""
    values = request.POST.getlist("credential")
    if len(values) != 1 or not values[0] or len(values[0]) > CREDENTIAL_CHARS_MAX:
        raise BadInput({"": "这台设备没有完成验证。需要开启 JavaScript，或改用密码、手势"})
    return values[0]


def typed(request: HttpRequest, way: Way) -> str:
    """Give what was typed for a way."""
    if way is Way.PASSWORD:
        return secret(request, "password", "请输入密码")
    if way is Way.PATTERN:
        return secret(request, "pattern", "请画出手势，或输入点的编号")
    return credential(request)
