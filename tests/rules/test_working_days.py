"""Working days: the week, the notice's exceptions, and counting between them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.working_days import WorkingDays

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
NEAR = st.builds(lambda day, ahead: (day, day + timedelta(days=ahead)), DAYS, st.integers(0, 400))
EXCEPTIONS = st.dictionaries(DAYS, st.booleans(), max_size=60)
SPRING = WorkingDays(
    {
        **{date(2026, 2, day): False for day in range(15, 24)},
        date(2026, 2, 14): True,
        date(2026, 2, 28): True,
    }
)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),  # a Friday
        (date(2026, 2, 14), True),  # a Saturday that is worked
        (date(2026, 2, 16), False),  # a Monday that rests
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),
        (date(2026, 3, 1), False),  # an ordinary Sunday
    ],
)
def test_the_notice_comes_before_the_week(day: date, works: bool) -> None:
    assert SPRING.is_working(day) is works


@pytest.mark.parametrize(
    ("day", "count", "then"),
    [
        (date(2026, 2, 13), 0, date(2026, 2, 13)),
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2026, 2, 18), 1, date(2026, 2, 24)),  # counting begins in the holiday
        (date(2026, 2, 27), 1, date(2026, 2, 28)),
        (date(2026, 2, 28), 1, date(2026, 3, 2)),
    ],
)
def test_three_days_across_the_spring_festival(day: date, count: int, then: date) -> None:
    assert SPRING.after(day, count) == then


def test_no_days_are_counted_backwards() -> None:
    with pytest.raises(ValueError, match="forward"):
        WorkingDays().after(date(2026, 1, 1), -1)


@given(EXCEPTIONS, DAYS, st.integers(1, 30))
def test_the_day_found_works_and_lies_so_many_working_days_on(
    exceptions: dict[date, bool], day: date, count: int
) -> None:
    days = WorkingDays(exceptions)
    then = days.after(day, count)
    assert days.is_working(then)
    assert days.between(day, then) == count
    assert days.between(then, day) == -count
    assert days.after(day, count + 1) > then


@given(EXCEPTIONS, NEAR)
def test_counting_says_what_going_day_by_day_says(
    exceptions: dict[date, bool], ends: tuple[date, date]
) -> None:
    days, (first, last) = WorkingDays(exceptions), ends
    walked = (first + timedelta(days=ahead) for ahead in range(1, (last - first).days + 1))
    assert days.between(first, last) == sum(map(days.is_working, walked))


@given(EXCEPTIONS, DAYS, DAYS, DAYS)
def test_counts_add_up(exceptions: dict[date, bool], one: date, two: date, three: date) -> None:
    days = WorkingDays(exceptions)
    assert days.between(one, two) + days.between(two, three) == days.between(one, three)
