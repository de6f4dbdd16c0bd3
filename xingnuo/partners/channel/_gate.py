"""Where each channel answers, where it calls us back, and what one call gives."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from xingnuo.partners import _line
from xingnuo.partners.channel._keys import LINE
from xingnuo.partners.channel.contracts import Style


@dataclass(frozen=True, slots=True)
class Told:
    """An answer of the wire; a status of 0 where none came that could be read whole."""

    status: int
    body: bytes
    headers: Mapping[str, str]


SILENCE = Told(0, b"", {})


def address(style: Style, path: str) -> str:
    """Give where a path of a channel is; `XN_CHANNEL_<STYLE>_URL` names another gateway."""
    given = os.environ.get(f"XN_CHANNEL_{style.name}_URL", "")
    return f"{(given or f'{LINE.base()}/channel/{style.value}').rstrip('/')}{path}"


def hook(style: Style) -> str:
    """Give where a channel shall call us back."""
    return f"{settings.BASE_URL}/hooks/channel/{style.value}/notify"


def is_own(style: Style, told: str) -> bool:
    """Say whether an address is on the channel's own gateway, so that no other is called."""
    there, here = urlsplit(told), urlsplit(address(style, ""))
    return (there.scheme, there.netloc) == (here.scheme, here.netloc)


def call(method: str, where: str, *, headers: Mapping[str, str], body: bytes = b"") -> Told:
    """Call a channel once; nothing is repeated here."""
    answer = _line.call(method, where, headers=headers, body=body)
    return SILENCE if answer is None else Told(*answer)
