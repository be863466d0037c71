"""Which registrations may be the same dispute."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.duplicates import names_in, sought

DAY = date(2026, 9, 1)
names = st.lists(st.sampled_from(["甲", "乙", "丙", "丁"]))
numbers = st.lists(st.sampled_from(["1", "2", "3"]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("王某", ["王某"]),
        ("王某、李某", ["王某", "李某"]),
        ("王某，李某; 某某公司", ["王某", "李某", "某某公司"]),
        ("、", []),
        (None, []),
    ],
)
def test_a_line_names_one_or_several(text: str | None, found: list[str]) -> None:
    assert names_in(text) == found


@pytest.mark.parametrize(
    ("theirs", "ids", "told"),
    [
        (["甲某", "乙某"], [], "当事人都有甲某"),
        (["别人"], ["3307"], "有当事人证件号码相同"),
        (["甲某"], ["3307"], "当事人都有甲某"),
        (["别人"], [None, "1"], ""),
    ],
)
def test_it_says_what_is_shared(theirs: list[str], ids: list[str], told: str) -> None:
    looked = sought(DAY, [" 甲某 ", None, ""], ["3307", None], "2")
    assert looked.shared(theirs, ids) == told


@given(names, numbers, names, numbers)
def test_likeness_is_mutual(a: list[str], m: list[str], b: list[str], n: list[str]) -> None:
    there, back = sought(DAY, a, m, "2").shared(b, n), sought(DAY, b, n, "2").shared(a, m)
    assert bool(there) == bool(back)


@given(st.dates(date(1990, 1, 1), date(2050, 1, 1)), st.integers(0, 3650))
def test_the_window_lies_around_the_day(day: date, days: int) -> None:
    since, until = sought(day, [], [], "").window(days)
    assert until - since == timedelta(days=2 * days)
    assert since <= day <= until
