"""Patterns of numbers, what is read of them, and what a unit is called in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.numbers import ends, formatted, highest, pattern_fault, unit_word

PATTERN = "（{year}）{unit}人调字第{n:04}号"


@pytest.mark.parametrize(
    ("pattern", "number"),
    [
        (PATTERN, "（2026）湖头村人调字第0012号"),
        ("{unit}[{year}]第{n}号", "湖头村[2026]第12号"),
        ("{unit}-{year}-{n:6}", "湖头村-2026-000012"),
        ("{unit}-{year}-{n:1}", "湖头村-2026-12"),
    ],
)
def test_a_pattern_is_filled(pattern: str, number: str) -> None:
    assert pattern_fault(pattern) is None
    assert formatted(pattern, year=2026, unit="湖头村", n=12) == number


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        ("", "各要写一次"),
        ("第{n}号", "各要写一次"),
        ("{year}{unit}号", "各要写一次"),
        ("{year}{year}{unit}第{n}号", "各要写一次"),
        ("第{n}号{year}{unit}", "后面"),
        ("{unit}{year}{n}", "前面要有文字"),
        ("{year}{unit}第{n}号" + "长" * 31, "最多 30 个"),
        *(
            (f"{{year}}{{unit}}第{{n}}号{each}", "大括号")
            for each in ("{", "}", "{}", "{{}}", "{0}", "{n.__class__}", "{unit!r}", "{n:x}", "{year:>99999}")
        ),
        *(
            (f"{{year}}{{unit}}第{each}号", "大括号")
            for each in ("{n:00}", "{n:010}", "{n:٣}", "{n.real}", "{ n }")
        ),
    ],
)
def test_what_is_no_pattern_is_told_why(pattern: str, words: str) -> None:
    assert words in (pattern_fault(pattern) or "")


def test_braces_in_the_name_of_a_unit_are_left_as_they_stand() -> None:
    assert (
        formatted(PATTERN, year=2026, unit="{n}{year.__class__}", n=1)
        == "（2026）{n}{year.__class__}人调字第0001号"
    )


@given(n=st.integers(1, 10**7), year=st.integers(1949, 2100), unit=st.text(min_size=1, max_size=8))
def test_the_running_number_is_found_again_between_the_ends(n: int, year: int, unit: str) -> None:
    number = formatted(PATTERN, year=year, unit=unit, n=n)
    before, after = ends(PATTERN, year=year, unit=unit)
    assert number.startswith(before)
    assert number.endswith(after)
    assert highest([number], before, after) == n


def test_the_highest_leaves_out_what_is_no_number_of_the_run() -> None:
    others = ["甲字第号", "甲字第12号之一", "甲字第1２号", "乙字第99号", "甲字第-3号", f"甲字第{'9' * 12}号"]
    assert highest(["甲字第0009号", "甲字第10号", *others], "甲字第", "号") == 10
    assert highest([], "甲字第", "号") == 0


HOME = ["南苑社区", "江南街道", "婺城区", "金华市"]


@pytest.mark.parametrize(
    ("others", "word"),
    [
        ([], "南苑社区"),
        ([["南苑社区", "壶山街道", "武义县", "金华市"]], "江南街道南苑社区"),
        ([["南苑社区", "江南街道", "永康市", "金华市"]], "婺城区江南街道南苑社区"),
        (
            [HOME],
            "金华市婺城区江南街道南苑社区",
        ),  # two of one name in one place
        ([["南苑社区", "婺城区", "金华市"]], "江南街道南苑社区"),
    ],
)
def test_a_unit_is_called_by_its_name_and_by_as_many_above_it_as_it_takes(
    others: list[list[str]], word: str
) -> None:
    assert unit_word(HOME, others) == word
