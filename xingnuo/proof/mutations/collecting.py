"""Faults in merchant collection and in the place of a scan."""

from __future__ import annotations

from collections.abc import Mapping

from xingnuo.proof._register import mutation
from xingnuo.proof.mutations._faulty import nothing
from xingnuo.services.merchant_collection.queries import REGIONS

_ROOM = "xingnuo.services.merchant_collection"


@mutation("1.2.10")
def every_region_is_served() -> Mapping[str, object]:
    """没开放的地区也能开通收款码。"""
    return {f"{_ROOM}._places.region_of": lambda _: REGIONS[0]}


@mutation("1.2.10")
def a_shop_opens_for_anybody() -> Mapping[str, object]:
    """没核对身份也能开通收款码。"""
    return {f"{_ROOM}._onboard.lacking": nothing}


@mutation("1.3.9")
def a_scan_from_afar_goes_through() -> Mapping[str, object]:
    """在另一个城市扫码也照样付。"""
    return {f"{_ROOM}._scan._stopped": lambda *_, **__: None}


@mutation("1.3.9")
def a_place_is_taken_with_location_off() -> Mapping[str, object]:
    """关了位置，扫码还是拿位置来比。"""
    return {f"{_ROOM}._scan.ensure_permission": nothing}
