"""How often is screened, and which reports that makes due (S1 三(三); S0 定期排查; M23)."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from admin_app.rules.choices import Choice
from admin_app.rules.findings import Finding
from admin_app.rules.periods import Period, month, quarter
from admin_app.rules.tiers import Tier, covers


class Every(Choice):
    """How long a period of screening is (formats.md 3.2: the sources disagree, so the bureau chooses)."""

    DAY = "day", "每日"
    WEEK = "week", "每周"
    HALF_MONTH = "half_month", "每半月"
    MONTH = "month", "每月"
    QUARTER = "quarter", "每季度"


@dataclass(frozen=True)
class Place:
    """A unit that has to screen."""

    id: int
    path: str
    tier: Tier


@dataclass(frozen=True)
class Rule:
    """A cadence 排查周期: units of a tier, under a path, screen so often and report some days after."""

    path: str
    tier: Tier
    every: Every
    due_days: int
    valid_from: date
    valid_until: date | None = None

    def holds(self, place: Place, day: date) -> bool:
        """Whether it is said of a unit, on a day."""
        in_force = self.valid_from <= day <= (self.valid_until or day)
        return in_force and place.tier is self.tier and covers(self.path, place.path)


@dataclass(frozen=True)
class KeyTime:
    """A key period 敏感期: every unit under a path reports each of its days, if only nought 零报告."""

    id: int
    path: str
    since: date
    until: date
    due_days: int
    tier: Tier | None = None


@dataclass(frozen=True)
class Duty:
    """One report that a unit owes: for which days, until when."""

    unit_id: int
    every: Every
    since: date
    until: date
    due_on: date
    key_period_id: int | None = None

    @property
    def key(self) -> tuple[int, str, date, int | None]:
        """What makes two of them the same: a period is reported once, also when its length was mended."""
        return self.unit_id, self.every.value, self.since, self.key_period_id


def period_of(every: Every, day: date) -> Period:
    """The period in which a day lies; weeks begin on Monday, half months on the 1st and the 16th."""
    match every:
        case Every.DAY:
            return Period(day, day)
        case Every.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Period(monday, monday + timedelta(days=6))
        case Every.HALF_MONTH if day.day <= 15:
            return Period(day.replace(day=1), day.replace(day=15))
        case Every.HALF_MONTH:
            return Period(day.replace(day=16), day.replace(day=monthrange(day.year, day.month)[1]))
        case Every.MONTH:
            return month(day.year, day.month)
        case Every.QUARTER:
            return quarter(day.year, (day.month + 2) // 3)


def rule_for(rules: Iterable[Rule], place: Place, day: date) -> Rule | None:
    """What holds for a unit on a day: the nearest superior's word, and of two the later one."""
    held = [each for each in rules if each.holds(place, day)]
    return max(held, key=lambda each: (len(each.path), each.valid_from), default=None)


def duties(
    day: date, places: Iterable[Place], rules: Iterable[Rule], key_times: Iterable[KeyTime]
) -> Iterator[Duty]:
    """What every unit owes for the periods in which a day lies. Key periods come on top of the cadence."""
    running = [each for each in key_times if each.since <= day <= each.until]
    of_tier: dict[Tier, list[Rule]] = {tier: [] for tier in Tier}
    for each_rule in rules:
        of_tier[each_rule.tier].append(each_rule)
    periods = {every: period_of(every, day) for every in Every}
    for place in places:
        rule = rule_for(of_tier[place.tier], place, day)
        if rule is not None:
            period = periods[rule.every]
            assert period.since is not None
            assert period.until is not None
            due_on = period.until + timedelta(days=rule.due_days)
            yield Duty(place.id, rule.every, period.since, period.until, due_on)
        for each in running:
            meant = place.tier is each.tier if each.tier else rule is not None
            if meant and covers(each.path, place.path):
                due_on = day + timedelta(days=each.due_days)
                yield Duty(place.id, Every.DAY, day, day, due_on, each.id)


def days_finding(days: int) -> Finding | None:
    """A report that may come a season later is none."""
    return None if 0 <= days <= 60 else Finding("", "请填 0 至 60 之间的天数")


def span_finding(since: date | None, until: date | None, name: str) -> Finding | None:
    """An end lies after its beginning."""
    if since is None or until is None or since <= until:
        return None
    return Finding(name, "结束日期不能早于开始日期，请核对")
