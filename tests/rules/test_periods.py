"""Periods by their names, and recognised again from two days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.periods import Period, half, month, quarter, year


@pytest.mark.parametrize(
    ("period", "name"),
    [
        (month(2026, 6), "2026年6月"),
        (month(2024, 2), "2024年2月"),
        (quarter(2026, 2), "2026年第二季度"),
        (quarter(2026, 4), "2026年第四季度"),
        (half(2026, 1), "2026年上半年"),
        (half(2026, 2), "2026年下半年"),
        (year(2026), "2026年"),
        (Period(date(2026, 2, 1), date(2026, 4, 30)), ""),
        (Period(date(2026, 1, 1), date(2027, 12, 31)), ""),
        (Period(date(2026, 1, 2), date(2026, 1, 31)), ""),
        (Period(date(2026, 6, 30), date(2026, 1, 1)), ""),
        (Period(None, date(2026, 6, 30)), ""),
        (Period(), ""),
    ],
)
def test_a_period_is_known_by_its_name(period: Period, name: str) -> None:
    assert Period(period.since, period.until).name == name


@given(st.integers(1949, 2100), st.integers(1, 12))
def test_a_year_is_made_of_its_parts_without_gap_or_overlap(number: int, which: int) -> None:
    for parts in (
        [month(number, each) for each in range(1, 13)],
        [quarter(number, each) for each in range(1, 5)],
        [half(number, each) for each in (1, 2)],
    ):
        assert sum(each.holds(date(number, which, 28)) for each in parts) == 1
        assert (parts[0].since, parts[-1].until) == (year(number).since, year(number).until)
        assert len({each.name for each in parts}) == len(parts)
