"""Places: which served region one lies in, and how far two lie apart. Nothing is kept here."""

from __future__ import annotations

import re
from math import asin, cos, radians, sin, sqrt

from xingnuo.kit import clock
from xingnuo.kit.errors import BadInput
from xingnuo.services.merchant_collection._dated import REGIONS, Region
from xingnuo.services.merchant_collection.contracts import Point

EARTH_METRES = 6_371_000
_NUMBER = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{1,10})?")


def point(latitude: str, longitude: str) -> Point:
    """Read a place as a browser or a person writes it; raises `BadInput`."""
    if not (_NUMBER.fullmatch(latitude) and _NUMBER.fullmatch(longitude)):
        raise BadInput({"place": "请填写纬度和经度，例如 30.2741 和 120.1551"})
    return Point(latitude=float(latitude), longitude=float(longitude))


def written(place: Point) -> str:
    """Write a registered place as it rests in the vault: to about ten metres."""
    return f"{place.latitude:.4f},{place.longitude:.4f}"


def read(text: str) -> Point:
    """Read a registered place back."""
    latitude, _, longitude = text.partition(",")
    return point(latitude, longitude)


def metres(one: Point, other: Point) -> float:
    """Give the great-circle distance of two places in metres."""
    low, high = radians(one.latitude), radians(other.latitude)
    across = sin((high - low) / 2) ** 2
    along = sin(radians(other.longitude - one.longitude) / 2) ** 2
    chord = across + cos(low) * cos(high) * along
    return 2 * EARTH_METRES * asin(sqrt(min(1.0, chord)))


def region_of(place: Point) -> Region | None:
    """Give the served region of today in which a place lies, or None."""
    today = clock.today()
    for region in REGIONS:
        middle = Point(latitude=region.latitude, longitude=region.longitude)
        serves = region.from_day <= today and (region.until_day is None or today < region.until_day)
        if serves and metres(place, middle) <= region.metres:
            return region
    return None
