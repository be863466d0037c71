"""Cadences: periods cover every day once, the nearest word holds, key periods come on top."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.cadences import Every, KeyTime, Place, Rule, duties, period_of, rule_for
from admin_app.rules.tiers import Tier

DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
CITY, COUNTY = "330700/", "330700/330702/"
VILLAGE = Place(1, f"{COUNTY}330702001/330702001008/", Tier.VILLAGE)


@given(DAYS, st.sampled_from(list(Every)))
def test_each_day_lies_in_one_period_and_the_next_day_in_the_same_or_the_next(
    day: date, every: Every
) -> None:
    period = period_of(every, day)
    assert period.holds(day)
    assert period.since is not None and period.until is not None  # noqa: PT018
    for other in (period.since, period.until):
        assert period_of(every, other) == period
    assert period_of(every, period.until + timedelta(days=1)).since == period.until + timedelta(days=1)


def test_the_periods_of_a_day() -> None:
    day = date(2026, 2, 18)  # a Wednesday
    assert [(period.since, period.until) for period in (period_of(every, day) for every in Every)] == [
        (day, day),
        (date(2026, 2, 16), date(2026, 2, 22)),
        (date(2026, 2, 16), date(2026, 2, 28)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 1, 1), date(2026, 3, 31)),
    ]


def test_the_nearest_word_holds_and_of_two_the_later() -> None:
    city = Rule(CITY, Tier.VILLAGE, Every.WEEK, 1, date(2018, 1, 1))
    later = Rule(CITY, Tier.VILLAGE, Every.HALF_MONTH, 1, date(2026, 5, 1))
    county = Rule(COUNTY, Tier.VILLAGE, Every.MONTH, 1, date(2020, 1, 1), date(2020, 12, 31))
    rules = [later, county, city, Rule(CITY, Tier.TOWNSHIP, Every.DAY, 1, date(2018, 1, 1))]
    assert rule_for(rules, VILLAGE, date(2019, 1, 1)) is city
    assert rule_for(rules, VILLAGE, date(2020, 12, 31)) is county
    assert rule_for(rules, VILLAGE, date(2021, 1, 1)) is city
    assert rule_for(rules, VILLAGE, date(2026, 5, 1)) is later
    assert rule_for(rules, VILLAGE, date(2017, 1, 1)) is None
    assert rule_for(rules, Place(2, "330800/x/", Tier.VILLAGE), date(2026, 5, 1)) is None


def test_a_key_period_asks_daily_on_top_of_the_cadence_and_of_whom_it_says() -> None:
    grid = Place(2, f"{VILLAGE.path}330702001008001/", Tier.GRID)
    rules = [Rule(CITY, Tier.VILLAGE, Every.WEEK, 1, date(2018, 1, 1))]
    feast = KeyTime(7, COUNTY, date(2026, 10, 1), date(2026, 10, 7), 0)
    grids = KeyTime(8, COUNTY, date(2026, 10, 1), date(2026, 10, 1), 2, Tier.GRID)
    day = date(2026, 10, 1)
    owed = list(duties(day, [VILLAGE, grid], rules, [feast, grids]))
    assert [(each.unit_id, each.every, each.since, each.due_on, each.key_period_id) for each in owed] == [
        (1, Every.WEEK, date(2026, 9, 28), date(2026, 10, 5), None),
        (1, Every.DAY, day, day, 7),
        (2, Every.DAY, day, date(2026, 10, 3), 8),
    ]
    assert len(list(duties(date(2026, 10, 8), [VILLAGE, grid], rules, [feast, grids]))) == 1
