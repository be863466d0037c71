"""Days and moments: kept in UTC, shown in Asia/Shanghai; typed in the ways clerks type them."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from admin_app.rules.findings import Finding

SHANGHAI = ZoneInfo("Asia/Shanghai")
SOON = 3  # days before a deadline from which it is near
OLDEST_BIRTH = date(1900, 1, 1)
EARLIEST = date(1949, 10, 1)  # nothing the bureau registers is older than the Republic
_TYPED = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day in China."""
    return now().astimezone(SHANGHAI).date()


def local(moment: datetime) -> datetime:
    """A moment as China's clock shows it; whatever is stored comes back with its zone."""
    return moment.astimezone(SHANGHAI)


def begins(day: date) -> datetime:
    """The first moment of a day in China; nothing registered here is older than the Republic."""
    return datetime.combine(max(day, EARLIEST), time.min, SHANGHAI)


def ends(day: date) -> datetime:
    """The last moment of a day in China."""
    return datetime.combine(day, time.max, SHANGHAI)


def local_day(moment: datetime | None) -> date | None:
    """The day in China on which a moment fell."""
    return local(moment).date() if moment else None


def parse_day(text: str) -> date:
    """`20260912`, `2026-9-12`, `2026.9.12`, `2026/9/12`, `2026年9月12日`; ValueError otherwise."""
    compact = text.strip()
    found = _DIGITS.fullmatch(compact) or _TYPED.fullmatch(compact)
    if not found:
        raise ValueError(f"not a date: {text[:20]!r}")
    return date(*(int(part) for part in found.groups()))


def in_turn(name: str, day: date | None, since: date | None, before: str) -> list[Finding]:
    """The day of a step lies between that of the step before it and today; a blank is asked for elsewhere."""
    if day is None:
        return []
    if since is not None and day < since:
        return [Finding(name, f"不能早于{before}的日期（{since:%Y-%m-%d}）")]
    return [Finding(name, "不能晚于今天")] if day > today() else []


def plausible(day: date) -> Finding | None:
    """A day on which something registered here can have happened: 1949 to tomorrow, as clocks differ."""
    if day < EARLIEST:
        return Finding("", "日期不能早于 1949 年 10 月 1 日，请核对")
    if day > today() + timedelta(days=1):
        return Finding("", "日期不能晚于明天，请核对")
    return None


def plausible_birth(day: date) -> Finding | None:
    """A day on which somebody alive can have been born: the old are born before the Republic."""
    if day < OLDEST_BIRTH:
        return Finding("", "出生日期太早了，请核对年份")
    return Finding("", "出生日期不能晚于今天，请核对") if day > today() else None


def plausible_term(day: date) -> Finding | None:
    """A day on which a term, a deadline or an appointment may end: 1949 to fifty years on."""
    if day < EARLIEST:
        return Finding("", "日期不能早于 1949 年 10 月 1 日，请核对")
    if day.year > today().year + 50:
        return Finding("", "日期太远了，请核对年份")
    return None
