"""What forms about cards, payment password and auto-debit share."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from xingnuo.doors.porch.address import address_of
from xingnuo.doors.web._pages import show
from xingnuo.kit import ids
from xingnuo.kit.errors import BadInput

SECRET_CHARS_MAX = 20
DEVICE = "xn_device"


def form(
    request: HttpRequest,
    name: str,
    context: Mapping[str, object] | None = None,
    *,
    bad: BadInput | None = None,
    typed: tuple[str, ...] = (),
) -> HttpResponse:
    """Draw a form with a fresh key; after a mistake with what may be shown again of it.

    Secrets are never among `typed`, so that none is sent back to a browser.
    """
    fields = bad.fields if bad else {}
    shown = {
        "key": str(ids.uuid7()) if bad is None else request.POST.get("key", "")[:36],
        "errors": fields,
        "faults": [(f"id_{field}", words) for field, words in fields.items()],
        "typed": {one: request.POST.get(one, "")[:100] for one in typed},
        **(context or {}),
    }
    return show(request, name, shown, status=bad.status if bad else 200)


def secret(request: HttpRequest, name: str, words: str = "请输入 6 位支付密码") -> str:
    """Give a secret exactly as it was typed; raises `BadInput` naming the field."""
    values = request.POST.getlist(name)
    if len(values) != 1 or not values[0]:
        raise BadInput({name: words})
    if len(values[0]) > SECRET_CHARS_MAX:
        raise BadInput({name: "支付密码是 6 位数字"})
    return values[0]


def signals(request: HttpRequest) -> dict[str, str]:
    """Give the door's own signals for the check of unusual acts."""
    return {"device": request.COOKIES.get(DEVICE, "")[:100], "address": address_of(request)}
