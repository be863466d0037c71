"""Periods 期间 of statistics: a month, a quarter, half a year, a year, or any days; and what came before."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_FIRST, _LAST = date(1, 1, 1), date(9999, 12, 31)
_QUARTERS = "一二三四"
MOST_MONTHS = 24  # of which a chart can be read


@dataclass(frozen=True)
class Period:
    """The days from `since` to `until`, both included; an end that is None stands open."""

    since: date | None = None
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return (self.since or _FIRST) <= day <= (self.until or _LAST)

    @property
    def label(self) -> str:
        """As a sheet names it: 2026年上半年, 2026年3月, or the days."""
        return self.name or f"{_words(self.since) or '最早'}至{_words(self.until) or '现在'}"

    @property
    def name(self) -> str:
        """The name of a month, a quarter, half a year or a year; "" for other days."""
        months = self._months()
        if not months or self.since is None:
            return ""
        year, month = self.since.year, self.since.month
        match months, (month - 1) % months:
            case 12, 0:
                return f"{year}年"
            case 6, 0:
                return f"{year}年{'上' if month == 1 else '下'}半年"
            case 3, 0:
                return f"{year}年第{_QUARTERS[month // 3]}季度"
            case 1, 0:
                return f"{year}年{month}月"
        return ""

    def before(self) -> "Period | None":
        """The period of the same length just before, for 环比; None where an end stands open."""
        if self.since is None or self.until is None:
            return None
        months = self._months()
        if months:
            return span(_shifted(self.since, -months), months)
        days = (self.until - self.since).days + 1
        return Period(self.since - timedelta(days=days), self.since - timedelta(days=1))

    def year_before(self) -> "Period | None":
        """The same days a year earlier, for 同比; None where an end stands open."""
        if self.since is None or self.until is None:
            return None
        months = self._months()
        if months:
            return span(_shifted(self.since, -12), months)
        return Period(_year_earlier(self.since), _year_earlier(self.until))

    def whole_months(self) -> tuple[int, int]:
        """The first and the last month that lie wholly in it, each as year × 12 + month - 1."""
        since, until = self.since or _FIRST, self.until or _LAST
        first = _index(since) + (since.day > 1)
        last = _index(until) - (until.day < monthrange(until.year, until.month)[1])
        return first, last

    def odd_days(self) -> "tuple[Period, ...]":
        """Its days before and after its whole months, if any; all of it where it has no whole month."""
        first, last = self.whole_months()
        if first > last:
            return (self,)
        ends = []
        if self.since and first > _index(self.since):
            ends.append(Period(self.since, _first_of(first) - timedelta(days=1)))
        if self.until and last < _index(self.until):
            ends.append(Period(_first_of(last + 1), self.until))
        return tuple(ends)

    def months(self, last: date) -> tuple["Period", ...]:
        """Its months, the first and the last cut to its days, none of them after `last`'s.

        Where it is one month, or more than two years, or open: the twelve months up to its end.
        """
        until = min(self.until or last, last)
        index = _index(until)
        first = _index(self.since) if self.since else index
        trend = not 1 <= index - first < MOST_MONTHS
        found = [span(_first_of(each), 1) for each in range(index - 11 if trend else first, index + 1)]
        if trend or self.since is None:
            return tuple(found)
        found[0] = Period(self.since, found[0].until)
        found[-1] = Period(found[-1].since, min(self.until or until, found[-1].until or until))
        return tuple(found)

    def _months(self) -> int:
        """How many whole months it is made of; 0 when it is made of other days."""
        if self.since is None or self.until is None or self.until < self.since:
            return 0
        first, last = self.whole_months()
        covered = first == _index(self.since) and last == _index(self.until)
        return last - first + 1 if covered else 0


def span(first: date, months: int) -> Period:
    """So many months from the first of one on."""
    return Period(first, _shifted(first, months) - timedelta(days=1))


def month(year: int, number: int) -> Period:
    """A month."""
    return span(date(year, number, 1), 1)


def quarter(year: int, number: int) -> Period:
    """A quarter, 1 to 4."""
    return span(date(year, 3 * number - 2, 1), 3)


def half(year: int, number: int) -> Period:
    """Half a year, 1 or 2."""
    return span(date(year, 6 * number - 5, 1), 6)


def year(number: int) -> Period:
    """A calendar year."""
    return span(date(number, 1, 1), 12)


def _index(day: date) -> int:
    return day.year * 12 + day.month - 1


def _shifted(first: date, months: int) -> date:
    return _first_of(_index(first) + months)


def _first_of(index: int) -> date:
    return date(index // 12, index % 12 + 1, 1)


def _year_earlier(day: date) -> date:
    """29 February becomes 28."""
    last = monthrange(day.year - 1, day.month)[1]
    return day.replace(year=day.year - 1, day=min(day.day, last))


def _words(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""
