"""Limits, fees and served regions as dated values, each with its source.

Marks as in the rule register: P confirmed in primary text, S in a secondary source, R recalled,
D our own design.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xingnuo.kit import clock
from xingnuo.kit.errors import Unavailable

_FIRST = date(2026, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One value with the days on which it holds."""

    id: str
    value: int
    unit: str  # fen | metre | minute | basis_point | count
    from_day: date = _FIRST
    until_day: date | None = None
    source: str = "design"
    mark: str = "D"


RULES: tuple[Dated, ...] = (
    Dated(id="static.day", value=50_000, unit="fen", source="PBoC〔2017〕296, 12", mark="R"),
    Dated(id="dynamic.once", value=5_000_000, unit="fen"),
    Dated(id="dynamic.minutes", value=5, unit="minute"),
    Dated(id="dynamic.open", value=50, unit="count"),
    Dated(id="place.near", value=1_000, unit="metre"),
    Dated(id="place.refused", value=20_000, unit="metre"),
    Dated(id="fee.person", value=38, unit="basis_point"),
    Dated(id="fee.enterprise", value=60, unit="basis_point"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A city that is served: all within `metres` of its middle."""

    code: str  # administrative division code, GB/T 2260
    name: str
    latitude: float
    longitude: float
    metres: int
    from_day: date = _FIRST
    until_day: date | None = None


def _city(code: str, name: str, latitude: float, longitude: float, km: int) -> Region:
    return Region(code=code, name=name, latitude=latitude, longitude=longitude, metres=km * 1_000)


REGIONS: tuple[Region, ...] = (
    _city("110000", "北京", 39.9042, 116.4074, 60),
    _city("120000", "天津", 39.1256, 117.1907, 45),
    _city("310000", "上海", 31.2304, 121.4737, 50),
    _city("320100", "南京", 32.0603, 118.7969, 40),
    _city("330100", "杭州", 30.2741, 120.1551, 45),
    _city("330200", "宁波", 29.8683, 121.5440, 40),
    _city("370200", "青岛", 36.0671, 120.3826, 45),
    _city("420100", "武汉", 30.5928, 114.3055, 45),
    _city("440100", "广州", 23.1291, 113.2644, 45),
    _city("440300", "深圳", 22.5431, 114.0579, 35),
    _city("500000", "重庆", 29.5630, 106.5516, 60),
    _city("510100", "成都", 30.5728, 104.0668, 50),
    _city("610100", "西安", 34.3416, 108.9398, 40),
)

# Category → (name, whether staff look first: goods that launder easily).
CATEGORIES: dict[str, tuple[str, bool]] = {
    "food": ("餐饮", False),
    "retail": ("零售", False),
    "service": ("生活服务", False),
    "market": ("菜场和水果", False),
    "training": ("教育培训", True),
    "jewelry": ("珠宝和贵重物品", True),
    "second_hand": ("二手和寄卖", True),
    "other": ("其他", True),
}
AGREEMENT = "2026-11"


class NoDatedRule(Unavailable):
    """No value is configured for that day, so nothing is guessed."""

    code = "no_dated_rule"


def value(rule_id: str, on: date | None = None) -> int:
    """Give the value that holds on a day; raises where none does."""
    day = on or clock.today()
    for rule in RULES:
        if rule.id == rule_id and rule.from_day <= day < (rule.until_day or date.max):
            return rule.value
    raise NoDatedRule(rule_id)
