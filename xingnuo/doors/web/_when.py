"""Times as people say them, on the Beijing clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from xingnuo.kit import clock


def moment(at: datetime | None) -> str:
    """Say an instant: 今天 09:42, 昨天 09:42, 11月20日 09:42, 2025年11月20日."""
    if at is None:
        return ""
    local, today = clock.beijing(at), clock.today()
    if local.date() == today:
        return f"今天 {local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"昨天 {local:%H:%M}"
    if local.year == today.year:
        return f"{local.month}月{local.day}日 {local:%H:%M}"
    return day(local.date())


def day(on: date | datetime | None) -> str:
    """Say a day in full: 2026年11月23日."""
    if on is None:
        return ""
    if isinstance(on, datetime):
        on = clock.beijing(on).date()
    return f"{on.year}年{on.month}月{on.day}日"


def exact(at: datetime) -> str:
    """Say an instant to the second, for lists that someone may have to compare."""
    return f"{clock.beijing(at):%Y-%m-%d %H:%M:%S}"


def month_start() -> datetime:
    """Give the first instant of this month in Beijing."""
    return clock.beijing(clock.now()).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
