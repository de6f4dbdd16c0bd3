"""Clocks of the queues: how long is left, in a word and a tone that are made on the server."""

from __future__ import annotations

from datetime import datetime, timedelta

from xingnuo.kit import clock

SOON = timedelta(days=1)
_STEPS = ((86_400, "天"), (3_600, "小时"), (60, "分"))


def left(due_at: datetime, *, closed: bool = False) -> tuple[str, str]:
    """Give (word, tone) of a deadline: 剩余 or 已超, never colour alone."""
    if closed:
        return "已办结", ""
    span = due_at - clock.now()
    if span < timedelta():
        return f"已超 {told(-span)}", "bad"
    return f"剩余 {told(span)}", "warn" if span < SOON else "good"


def told(span: timedelta) -> str:
    """Say a span in its two greatest units."""
    seconds = int(span.total_seconds())
    said: list[str] = []
    for size, name in _STEPS:
        count, seconds = divmod(seconds, size)
        if count and len(said) < 2:
            said.append(f"{count} {name}")
    return " ".join(said) or "不到 1 分"


def at(moment: datetime | None) -> str:
    """Give an instant on the Beijing clock, or a dash."""
    return f"{clock.beijing(moment):%Y-%m-%d %H:%M}" if moment else "—"


def day(moment: datetime | None) -> str:
    """Give the day of an instant in Beijing, or a dash."""
    return f"{clock.beijing(moment):%Y-%m-%d}" if moment else "—"
