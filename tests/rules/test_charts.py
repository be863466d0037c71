"""Charts: what they add up to, where their marks lie, and comparisons in words."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules import charts
from admin_app.rules.chart_shapes import FLOOR, LONGEST, TOP, rows, sheet
from admin_app.rules.charts import Behind, Chart, Kind, Mark, Place, Series, Span
from admin_app.rules.comparisons import grown, moved
from admin_app.rules.figures import FIGURE, KINDS, Numbers, total
from admin_app.rules.periods import Period, month, quarter, year

DAY = date(2026, 11, 22)
heights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12)


def numbers(**given: Any) -> Numbers:
    """Nothing of anything, but for what is said."""
    return total([given])


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (105, 100, "增长 5.0%"),
        (869, 1028, "下降 15.5%"),  # 黄石, August 2016
        (7, 7, "持平"),
        (0, 0, "持平"),
        (3, 0, "由 0 起"),
        (0, 3, "下降 100.0%"),
        (3, None, "—"),
        (Decimal("2.5"), Decimal(2), "增长 25.0%"),
    ],
)
def test_growth_in_words_never_divides_by_nothing(now: Any, before: Any, words: str) -> None:
    assert grown(now, before) == words


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (Decimal("0.982"), Decimal("0.977"), "上升 0.5 个百分点"),
        (Decimal("0.90"), Decimal("0.95"), "下降 5.0 个百分点"),
        (Decimal("0.98"), Decimal("0.9801"), "持平"),
        (None, Decimal(1), "—"),
        (Decimal(1), None, "—"),
    ],
)
def test_shares_move_by_points(now: Any, before: Any, words: str) -> None:
    assert moved(now, before) == words


def test_the_months_of_a_period_are_its_days_and_none_after_today() -> None:
    assert [each.label for each in year(2026).months(DAY)] == [f"2026年{n}月" for n in range(1, 12)]
    assert quarter(2026, 1).months(DAY) == (month(2026, 1), month(2026, 2), month(2026, 3))
    found = Period(date(2026, 2, 3), date(2026, 6, 9)).months(DAY)
    assert (found[0], found[-1]) == (
        Period(date(2026, 2, 3), date(2026, 2, 28)),
        Period(date(2026, 6, 1), date(2026, 6, 9)),
    )


@pytest.mark.parametrize(
    "period",
    [month(2026, 11), Period(), Period(until=DAY), Period(date(2001, 1, 1), DAY), year(2027)],
)
def test_where_there_are_no_months_to_show_the_last_twelve_are(period: Period) -> None:
    found = period.months(DAY)
    assert (found[0], found[-1], len(found)) == (month(2025, 12), month(2026, 11), 12)


def test_what_is_split_up_adds_up_and_leaves_out_what_is_nothing() -> None:
    chart = charts.by_kind(numbers(kind_1=3, kind_2=9, kind_18=1))
    assert chart.categories == ("邻里纠纷", "婚姻家庭纠纷", "其他纠纷")
    assert chart.total == 13
    assert chart.series[0].marks[0] == Mark(9, Behind("kind_2"))
    assert chart.note == f"另有 {len(KINDS) - 3} 项是 0，没有画出。"
    assert charts.by_kind(numbers()).total == 0


def test_units_without_cases_are_told_and_not_drawn() -> None:
    places = [
        Place("甲镇", 1, False, numbers(total=5, succeeded=4, failed=1, amount=Decimal("0.5"))),
        Place("乙镇", 2, False, numbers()),
        Place("本级", 3, True, numbers(total=2, undecided=2)),
    ]
    chart = charts.by_unit(places)
    assert chart.categories == ("甲镇", "本级")
    assert chart.total == 7
    assert chart.series[2].marks == (Mark(0), Mark(2, Behind("undecided", unit_id=3, level=True)))
    assert "1 个单位" in chart.note
    money = charts.money_by_unit(places)
    assert (money.categories, money.said(money.total)) == (("甲镇",), "0.50")


def test_a_month_without_cases_has_no_rate() -> None:
    spans = [
        Span("1月", month(2026, 1), numbers(total=4, succeeded=3)),
        Span("2月", month(2026, 2), numbers()),
        Span("3月", month(2026, 3), numbers(total=2, succeeded=2)),
    ]
    chart = charts.rate_by_month(spans)
    assert [mark.number for mark in chart.series[0].marks] == [75, None, 100]
    drawn = sheet(chart)
    assert [spot.place for spot in drawn.spots] == [0, 2]
    assert drawn.lines == ()  # no line over the gap
    assert not drawn.broad
    assert sheet(charts.rate_by_month(spans * 4)).broad
    assert charts.by_month(spans).series[0].marks[0] == Mark(4, Behind("total", month(2026, 1)))


@given(heights, st.sampled_from(Kind))
def test_marks_lie_on_their_sheet_and_are_as_long_as_their_numbers(found: list[int], kind: Kind) -> None:
    chart = Chart(
        *("made", "试画", "件", kind),
        tuple(str(each) for each in range(len(found))),
        (Series("一", tuple(map(Mark, found))), Series("二", tuple(map(Mark, reversed(found))))),
    )
    for row in rows(chart):
        assert all(0 <= bar.end <= LONGEST + 0.1 for bar in row.bars)
        assert all(piece.x + piece.width <= bar.end + 0.1 for bar in row.bars for piece in bar.pieces)
    drawn = sheet(chart)
    assert all(TOP <= spot.y <= FLOOR for spot in drawn.spots)
    assert all(0 <= spot.x <= drawn.width - spot.width for spot in drawn.spots)
    first = sorted((spot for spot in drawn.spots if spot.series == 0), key=lambda spot: -spot.y)
    assert all(one.mark.number <= other.mark.number for one, other in pairwise(first) if one.y > other.y)


def test_every_mark_counts_a_figure_there_is() -> None:
    spans = [Span("1月", month(2026, 1), numbers(total=1, succeeded=1))]
    made = [
        charts.by_source(numbers(court=1)),
        charts.by_tier(numbers(tier_village=1)),
        charts.by_body(numbers(by_village=2)),
        charts.by_form(numbers(oral=1)),
        charts.by_prevention(numbers(crime_cases=36)),
        charts.two_months(spans[0], spans[0]),
    ]
    behind = [mark.behind for chart in made for each in chart.series for mark in each.marks if mark.behind]
    assert {each.figure for each in behind} <= set(FIGURE)
    assert len(behind) == 9
