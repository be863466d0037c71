"""Working days 工作日: Monday to Friday, but for the days that the State Council's yearly notice names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

WORKING_WEEK = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays:
    """A calendar. `exceptions`: True for a day off that is worked 调休上班, False for one that rests 放假."""

    exceptions: Mapping[date, bool] = field(default_factory=dict)

    def is_working(self, day: date) -> bool:
        """全国年节及纪念日放假办法 and the notice of the year; without a word there, the week decides."""
        return self.exceptions.get(day, day.weekday() < WORKING_WEEK)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which is not counted itself (民法典 201); 0 is `day`."""
        if count < 0:
            raise ValueError(f"working days are counted forward, not {count}")
        while count:
            day += _DAY
            count -= self.is_working(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Working days from `first`, not counted, to `last`, counted; negative when `last` is past."""
        if last < first:
            return -self.between(last, first)
        moved = (
            works - (day.weekday() < WORKING_WEEK)
            for day, works in self.exceptions.items()
            if first < day <= last
        )
        return _weekdays(last) - _weekdays(first) + sum(moved)


def _weekdays(day: date) -> int:
    """The days from Monday to Friday up to a day, counted from the calendar's first, a Monday."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * WORKING_WEEK + min(rest, WORKING_WEEK)
