"""The pages of the H5 door, read from the router: a new page is swept without being told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

# What stands for a parameter of a name; any other gets its kind's sample, maybe a missing page.
SAMPLES = {
    "version": "2.0",
    "old": "1.0",
    "new": "2.0",
    "purpose": "loans.credit_query",
    "recipient": "alipay",
    "name": "camera",
    "way": "password",
}
BY_KIND = {"uuid": str(UUID(int=7)), "int": "1", "slug": "x", "str": "x"}
DOORS = ("xingnuo.doors.web", "xingnuo.doors.porch")
OTHER_SAMPLES = {
    "service": {"name": "loans"},
    "feed_card": {"card": "apr"},
    "leave": {"recipient": "sms_gateway"},
    "personal_item": {"item_id": "nickname"},
    "support_article": {"article": "elder-mode"},
    "support_ask": {"topic": "product"},
}
NONE: Mapping[str, Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Route:
    """One route of the door, with an address that can be asked for."""

    name: str
    path: str


def pages(real: Mapping[str, Mapping[str, str]] = NONE) -> list[Route]:
    """Give every route of the door, by name; `real` holds parameters that exist, by route."""
    found = list(_walk(get_resolver().url_patterns, "/", OTHER_SAMPLES | dict(real)))
    return sorted(found, key=lambda route: route.path)


def _walk(
    patterns: list[URLPattern | URLResolver], before: str, real: Mapping[str, Mapping[str, str]]
) -> Iterator[Route]:
    for each in patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _walk(each.url_patterns, pattern, real)
        elif each.callback.__module__.startswith(DOORS):
            name = str(each.name)
            yield Route(name=name, path=_filled(pattern, real.get(name, {})))


def _filled(pattern: str, own: Mapping[str, str]) -> str:
    def sample(found: re.Match[str]) -> str:
        kind, name = found.group(1) or "str", found.group(2)
        return own.get(name) or SAMPLES.get(name) or BY_KIND[kind]

    return re.sub(r"<(?:(\w+):)?(\w+)>", sample, pattern)
