"""What leaves the permissions room: how a device permission stands, in words for people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Setting(StrEnum):
    """How a permission stands with us; the device's own switch may close it besides."""

    NEVER_ASKED = "never_asked"
    ON = "on"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """One device permission as the person sees it."""

    id: str
    name: str
    why: str
    refusal_cost: str
    by_hand: str
    applies: bool  # it exists on this platform and version
    bounds_text: str
    setting: Setting
    since: datetime | None
    text_hash: str
    purposes: tuple[str, ...]
    items: tuple[str, ...]
