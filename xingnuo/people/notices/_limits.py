"""When and how often people are written to; a rule of law names its source, the rest is ours."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from xingnuo.kit import clock

TRIES_MAX = 6
LIST_MAX = 100
LINK_DAYS = 365
TAKEN_DAYS = 30
CAMPAIGN_PAGE = 200
TOLD_PAGE = 200  # people told of a policy version by one run of the job
# Design: no rule names hours or counts; a person is not written to at night or every day.
QUIET_FROM = time(21, 0)
QUIET_UNTIL = time(8, 0)
PROMOTIONS_PER_DAY = 1
PROMOTIONS_PER_30_DAYS = 4
CARDS_SHOWN = 4
TAGS_MAX = 20
CALENDAR_TOKENS_MAX = 3
PUSH_MAX = 5


def loud_after(at: datetime) -> datetime:
    """Give the first instant from `at` on that is no quiet hour in Beijing."""
    local = clock.beijing(at)
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at
    day = local.date() + timedelta(days=local.time() >= QUIET_FROM)
    return datetime.combine(day, QUIET_UNTIL, clock.BEIJING)
