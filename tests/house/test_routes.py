"""Every route is declared by its door, named, and carries nothing about a person."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

# What may stand in an address: ids of things and names of kinds. Never a phone or a number of
# a document, for addresses end up in histories, logs and referrers.
PERSONAL = re.compile(r"phone|mobile|name|email|card|document|id_number|address|birth|token")
CONVERTERS = {"uuid", "uuidstr", "slug", "int", "str", "date"}


class Route(NamedTuple):
    """One route: its whole pattern, its name and the view that answers."""

    pattern: str
    name: str
    module: str
    view: str


def routes() -> list[Route]:
    """Give every route of the house."""
    console = get_resolver("xingnuo.doors.console.urls").url_patterns
    return [*_walk(get_resolver().url_patterns, "", ""), *_walk(console, "", "")]


def _walk(patterns: list[URLPattern | URLResolver], before: str, space: str) -> Iterator[Route]:
    for each in patterns:
        pattern = before + str(each.pattern)
        if isinstance(each, URLResolver):
            inner = ":".join(filter(None, (space, each.namespace)))
            yield from _walk(each.url_patterns, pattern, inner)
        else:
            view = getattr(each.callback, "view_class", each.callback)
            name = ":".join(filter(None, (space, each.name)))
            yield Route(pattern, name, view.__module__, getattr(view, "__name__", "view"))


def test_there_are_routes() -> None:
    """The sweep looks at the real address list."""
    assert len(routes()) > 10


def test_each_route_is_answered_by_its_door() -> None:
    """A route of somebody else's would be outside the foreign-access and CSRF sweeps."""
    for route in routes():
        # django-ninja answers for the API's operations, which the api door declares.
        inside = route.module.startswith("xingnuo.doors.")
        ninja = ("ninja.", "functools")
        by_ninja = route.module.startswith(ninja) and route.name.startswith("api:")
        assert inside or by_ninja, route


def test_each_route_has_a_name_of_its_own() -> None:
    """The name is how sweeps, evidence and logs speak of a route."""
    named = Counter(route.name for route in routes() if not route.module.startswith("ninja."))
    assert not [route for route in routes() if not route.name]
    assert not [name for name, count in named.items() if count > 1]


def test_no_route_carries_a_personal_value() -> None:
    """Parameters are ids and kinds, each behind a converter."""
    for route in routes():
        for converter, name in re.findall(r"<(?:(\w+):)?(\w+)>", route.pattern):
            assert converter in CONVERTERS, route
            assert not (converter == "str" and PERSONAL.search(name)), route


@pytest.mark.parametrize("ending", ["admin/", "__debug__/", "api/docs", "static/", "media/"])
def test_nothing_of_the_workshop_is_open(ending: str) -> None:
    """No admin, no debug pages, no file listing stands in the address list."""
    assert not [route for route in routes() if route.pattern.lstrip("^/").startswith(ending)]
