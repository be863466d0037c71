"""Cells: however a clerk has written it, the value is the one that was meant, or a sentence says why not."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.imports.cells import (
    EXCEL_BEGINS,
    Misread,
    Month,
    amount_of,
    day_of,
    names_of,
    text_of,
    whole_of,
    yes_of,
)
from admin_app.imports.reader import UNRECKONED
from admin_app.rules.dates import today

SOME_DAY = date(2026, 9, 12)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-09-12",
        "2026-9-12",
        "2026.9.12",
        "2026/9/12",
        "2026年9月12日",
        "2026年9月12号",
        "2026 年 9 月 12 日",
        "20260912",
        "２０２６年９月１２日",
        "二〇二六年九月十二日",
        "26-9-12",
        "26.9.12",
        " 2026-09-12 00:00:00 ",
        "2026-09-12T08:30",
        "\u200b2026-09-12",
        20260912,
        20260912.0,
        46277,
        46277.0,
        "46277",
        SOME_DAY,
        datetime(2026, 9, 12, 8, 30),
    ],
)
def test_a_day_in_any_spelling(raw: Any) -> None:
    assert day_of(raw) == SOME_DAY


@pytest.mark.parametrize("raw", ["", "  ", "无", "不详", "　"])
def test_no_day(raw: str) -> None:
    assert day_of(raw) is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("2026-13-01", "这一天"),
        ("2026-02-30", "这一天"),
        (2026, "只有年份"),
        ("2026", "只有年份"),
        ("明天", "看不懂"),
        (True, "不是日期"),
        (timedelta(hours=3), "不是日期"),
        (float("nan"), "看不懂"),
        (1e12, "看不懂"),
        (-5, "看不懂"),
        (UNRECKONED, "公式"),
    ],
)
def test_what_is_no_day_is_said(raw: Any, words: str) -> None:
    with pytest.raises(Misread, match=words):
        day_of(raw)


@pytest.mark.parametrize("raw", ["1975年6月", "1975.6", "1975-06", 197506, "197506"])
def test_a_month_is_known_for_one(raw: Any) -> None:
    found = day_of(raw)
    assert isinstance(found, Month)
    assert (found.year, found.month) == (1975, 6)


def test_a_year_of_two_digits_is_never_to_come() -> None:
    assert day_of("98-3-4") == date(1998, 3, 4)
    assert day_of(f"{(today().year + 2) % 100:02}-3-4") == date(today().year - 98, 3, 4)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_reads_back_from_every_spelling(day: date) -> None:
    serial = (day - EXCEL_BEGINS).days
    for raw in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", float(serial)):
        assert day_of(raw) == day


@pytest.mark.parametrize(
    ("raw", "times", "amount"),
    [
        (88.5, 1, "88.5"),
        ("88.50", 1, "88.50"),
        ("1,234,567.89", 1, "1234567.89"),
        ("１２，０００元", 1, "12000"),
        ("￥12000", 1, "12000"),
        ("人民币 500 元整", 1, "500"),
        ("1.2万元", 1, "12000"),
        ("1.2", 10_000, "12000"),
        (1.2, 10_000, "12000"),
        ("1.2万", 10_000, "12000"),
        (0.1 + 0.2, 1, "0.3"),
        ("0", 1, "0"),
    ],
)
def test_a_sum_in_any_spelling(raw: Any, times: int, amount: str) -> None:
    assert amount_of(raw, times) == Decimal(amount)


@pytest.mark.parametrize("raw", ["很多", "12元5角", "=1+1", True, SOME_DAY, float("inf")])
def test_what_is_no_sum_is_said(raw: Any) -> None:
    with pytest.raises(Misread):
        amount_of(raw)


@given(st.decimals(0, Decimal("99999999999.99"), places=2))
def test_every_sum_reads_back(amount: Decimal) -> None:
    for raw in (f"{amount:,}", f"{amount}元", float(amount)):
        assert amount_of(raw) == amount


@pytest.mark.parametrize(
    ("raw", "whole"), [(3, 3), (3.0, 3), ("3人", 3), ("３", 3), ("3.0", 3), ("1,200", 1200)]
)
def test_a_whole_number(raw: Any, whole: int) -> None:
    assert whole_of(raw) == whole


@pytest.mark.parametrize("raw", [3.5, "三个", "3人半", "9" * 40, float("nan"), False])
def test_what_is_no_whole_number_is_said(raw: Any) -> None:
    with pytest.raises(Misread):
        whole_of(raw)


@pytest.mark.parametrize(
    ("raw", "yes"), [("是", True), ("√", True), (True, True), (1, True), ("否", False), ("×", False)]
)
def test_a_tick(raw: Any, yes: bool) -> None:
    assert yes_of(raw) is yes


def test_a_number_that_excel_has_cut_short_is_refused() -> None:
    for raw in (3.307021975060712e17, "3.30702E+17", 330702197506071200):
        with pytest.raises(Misread, match="丢失"):
            text_of(raw)
    assert text_of(330702750607121.0 % 10**14) == "30702750607121"
    assert text_of(13857912345.0) == "13857912345"


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_with_a_sentence(text: str) -> None:
    for read in (text_of, day_of, amount_of, whole_of, yes_of):
        with suppress(Misread):
            read(text)


def test_names_are_parted_at_stops_and_not_at_blanks() -> None:
    assert names_of("张三、李 四；王五\n赵六,钱七/孙八") == ["张三", "李 四", "王五", "赵六", "钱七", "孙八"]
    assert names_of(" ") == []
