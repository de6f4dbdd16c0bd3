"""Chinese working days: weekdays less holidays, plus weekends that are worked to make up for them.

A year's table follows the notice of the State Council's general office. A year without a table is
an error: a clock must never run on a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType

from xingnuo.kit import clock
from xingnuo.kit.errors import Unavailable

WORKING_DAYS_MAX = 400


class YearMissing(Unavailable):
    """No table of working days has been entered for a year, so no clock can be set."""

    code = "calendar_year_missing"
    message = "工作日历还缺这一年，暂时算不出期限。"
    remedy = "请合规人员在后台录入国务院办公厅的放假安排。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One year's table: weekdays off, weekends worked, where it is from, how sure it is."""

    off: frozenset[date]
    worked: frozenset[date]
    source: str
    provisional: bool = False  # statutory days alone: clocks then end no later than they must


def _days(year: int, text: str) -> frozenset[date]:
    return frozenset(date(year, int(one[:2]), int(one[3:])) for one in text.split())


YEARS: Mapping[int, Year] = MappingProxyType(
    {
        2025: Year(
            off=_days(
                2025,
                "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05"
                " 06-02 10-01 10-02 10-03 10-06 10-07 10-08",
            ),
            worked=_days(2025, "01-26 02-08 04-27 09-28 10-11"),
            source="国办发明电〔2024〕12号",
        ),
        2026: Year(
            off=_days(
                2026,
                "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05"
                " 06-19 09-25 10-01 10-02 10-05 10-06 10-07",
            ),
            worked=_days(2026, "01-04 02-14 02-28 05-09 09-20 10-10"),
            source="国办发明电〔2025〕7号",
        ),
        2027: Year(
            off=_days(
                2027,
                "01-01 02-05 02-08 02-09 02-10 04-05 05-03 05-04 06-09 09-15 10-01 10-04 10-05",
            ),
            worked=frozenset(),
            source="全国年节及纪念日放假办法（国令795号）；调休安排公布后在后台补录",
            provisional=True,
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Workdays:
    """The calendar in force: the shipped tables, and the days that compliance entered since."""

    entered: Mapping[date, bool]  # day → whether it is worked; wins over the shipped table
    years: frozenset[int] = frozenset()  # years that compliance entered as a whole

    def is_working(self, day: date) -> bool:
        """Tell whether a day is worked; raises `YearMissing` for a year without a table."""
        if day in self.entered:
            return self.entered[day]
        table = YEARS.get(day.year)
        if table is None and day.year not in self.years:
            raise YearMissing(str(day.year))
        if table is not None and day.year not in self.years:
            if day in table.off:
                return False
            if day in table.worked:
                return True
        return day.weekday() < 5

    def after(self, day: date, count: int) -> date:
        """Give the `count`-th working day after a day; the day itself does not count."""
        if not 0 <= count <= WORKING_DAYS_MAX:
            raise ValueError("a clock runs from 0 to 400 working days")
        while count:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Count the working days after `first` up to and with `last`; negative when reversed."""
        if last < first:
            return -self.between(last, first)
        span = (last - first).days
        return sum(self.is_working(first + timedelta(days=step + 1)) for step in range(span))


def end_of(day: date) -> datetime:
    """Give the last instant of a Beijing day as an instant."""
    return datetime.combine(day, time(23, 59, 59), clock.BEIJING)
