"""Judging by a standard: conditions, points, levels; and what is wrong with a standard as a whole."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules.measures import BY_HAND, MEASURES, NOTHING, Evidence, Measure, Subject, rate, rounded
from admin_app.rules.standard_checks import day_findings, findings, gaps
from admin_app.rules.standards import (
    CONDITIONS,
    LOSING,
    Item,
    Level,
    StandardKind,
    Way,
    judge,
    level_of,
    most_points,
    score,
    wants,
    window,
)


def item(way: Way, threshold: object = None, points: object = 0, **more: object) -> Item:
    """An item about closed cases, unless told otherwise."""
    told = {"id": 1, "label": "办案", "measure": Measure.CASES_CLOSED, **more}
    cap = told.pop("cap", None)
    asked = None if threshold is None else Decimal(str(threshold))
    most = None if cap is None else Decimal(str(cap))
    return Item(way=way, threshold=asked, points=Decimal(str(points)), cap=most, **told)  # type: ignore[arg-type]


def facts(value: object, measure: Measure = Measure.CASES_CLOSED) -> dict[Measure, Evidence]:
    return {measure: Evidence(None if value is None else Decimal(str(value)))}


@pytest.mark.parametrize(
    ("way", "asked", "there", "passed", "short"),
    [
        (Way.AT_LEAST, 50, 50, True, "0"),
        (Way.AT_LEAST, 50, 43, False, "7"),
        (Way.AT_LEAST, 85, "84.99", False, "0.01"),
        (Way.AT_LEAST, 85, None, False, "85"),
        (Way.AT_MOST, 30, 30, True, "0"),
        (Way.AT_MOST, 30, "31.25", False, "1.25"),
        (Way.AT_MOST, 30, None, True, "0"),
    ],
)
def test_a_condition_is_passed_or_tells_by_how_much_it_is_missed(
    way: Way, asked: int, there: object, passed: bool, short: str
) -> None:
    [verdict] = judge([item(way, asked)], facts(there))
    assert (verdict.passed, verdict.short, verdict.points) == (passed, Decimal(short), 0)


@pytest.mark.parametrize(
    ("way", "asked", "points", "cap", "there", "got"),
    [
        (Way.PER, 1, 2, None, 7, "14"),
        (Way.PER, 1, 2, 10, 7, "10"),
        (Way.PER, 3, 1, None, 5, "1.67"),
        (Way.SHARE, 40, 20, None, 30, "15"),
        (Way.SHARE, 40, 20, None, 90, "20"),
        (Way.DEDUCT, 1, 3, None, 2, "-6"),
        (Way.DEDUCT, 1, 3, 5, 2, "-5"),
        (Way.BAND, 20, 8, None, 20, "8"),
        (Way.BAND, 20, 8, None, 19, "0"),
        (Way.PER, 1, 2, None, None, "0"),
    ],
)
def test_points_are_given_and_taken(
    way: Way, asked: int, points: int, cap: int | None, there: object, got: str
) -> None:
    [verdict] = judge([item(way, asked, points, cap=cap)], facts(there))
    assert verdict.passed is None
    assert verdict.points == Decimal(got)


def test_of_bands_of_one_thing_the_best_that_is_reached_counts() -> None:
    bands = [item(Way.BAND, asked, points, id=asked) for asked, points in ((10, 5), (20, 8), (30, 10))]
    assert [each.points for each in judge(bands, facts(25))] == [0, 8, 0]
    assert most_points(bands) == 10
    other = item(Way.BAND, 10, 3, id=99, label="另一项")
    assert score(judge([*bands, other], facts(25))) == 11


def test_what_people_give_is_judged_too() -> None:
    given_points = item(Way.GIVEN, points=10, id=1, measure=Measure.APPRAISAL)
    fined = item(Way.FINED, points=2, cap=5, id=2, measure=Measure.MANUAL)
    asked = item(Way.AT_LEAST, 60, id=3, measure=Measure.MANUAL)
    before = judge([given_points, fined, asked], {})
    assert [(each.passed, each.points) for each in before] == [(None, 0), (None, 0), (None, 0)]
    after = judge([given_points, fined, asked], {}, {1: Decimal("11.5"), 2: Decimal(3), 3: Decimal(59)})
    assert [(each.passed, each.points) for each in after] == [(None, 10), (None, -5), (False, 0)]


def test_the_highest_level_whose_own_and_common_conditions_are_met() -> None:
    levels = [Level("四级", 1), Level("三级", 2, Decimal(60)), Level("二级", 3)]
    items = [
        item(Way.AT_LEAST, 50, id=1),
        item(Way.AT_LEAST, 100, id=2, level=2),
        item(Way.AT_LEAST, 900, id=3, level=3),
    ]
    verdicts = judge(items, facts(120))
    assert level_of(levels, verdicts, Decimal(60)) == levels[1]
    assert level_of(levels, verdicts, Decimal("59.99")) == levels[0]
    assert level_of(levels, judge(items, facts(49)), Decimal(60)) is None


def test_what_a_person_has_yet_to_say_stands_in_the_way_only_in_the_end() -> None:
    levels, asked = [Level("金牌", 1)], item(Way.AT_MOST, 0, measure=Measure.MANUAL)
    verdicts = judge([asked], {})
    assert level_of(levels, verdicts, Decimal(0)) is None
    assert level_of(levels, verdicts, Decimal(0), pending=True) == levels[0]


numbers = st.decimals(0, 500, places=2)
ways = st.sampled_from([way for way in Way if way not in (Way.GIVEN, Way.FINED)])
items = st.lists(
    st.builds(
        Item,
        id=st.integers(1, 10**6),
        label=st.sampled_from(["甲", "乙"]),
        measure=st.sampled_from([each for each in Measure if each not in BY_HAND]),
        way=ways,
        threshold=st.decimals("0.01", 500, places=2),
        points=numbers,
        cap=st.none() | numbers,
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)
measured = st.dictionaries(st.sampled_from(list(Measure)), st.builds(Evidence, value=st.none() | numbers))


@given(items, measured, numbers, st.none() | numbers)
def test_the_points_shown_add_up_to_the_score_within_its_bounds(
    asked: list[Item], there: dict[Measure, Evidence], base: Decimal, full: Decimal | None
) -> None:
    verdicts = judge(asked, there)
    total = score(verdicts, base, full)
    plain = base + sum(each.points for each in verdicts)
    assert total == min(max(plain, Decimal(0)), plain.max(0) if full is None else full)
    most = most_points(asked, base)
    assert most is None or total <= most
    for each in verdicts:
        assert each.points == round(each.points, 2)
        assert (each.points <= 0) if each.item.way in LOSING else (each.points >= 0)
        assert (each.passed is None) == (each.item.way not in CONDITIONS)
        assert not (each.passed and each.short)


@given(items, measured)
def test_frozen_evidence_gives_the_same_verdicts_again(
    asked: list[Item], there: dict[Measure, Evidence]
) -> None:
    again = {measure: Evidence.read(each.written()) for measure, each in there.items()}
    assert judge(asked, again) == judge(asked, there)


@given(st.fractions(-1000, 1000))
def test_rounding_is_half_up_and_never_further_than_half_a_cent(exact: Fraction) -> None:
    cents = rounded(exact)
    assert abs(Fraction(cents) - exact) <= Fraction(1, 200)
    assert rounded(Fraction(5, 1000)) == Decimal("0.01")
    assert rounded(Fraction(-5, 1000)) == Decimal("-0.01")


def test_a_rate_of_nothing_is_none() -> None:
    assert rate("case", [], []).value is None
    two_thirds = rate("case", [1, 2], [3])
    assert (two_thirds.value, two_thirds.hit, two_thirds.of) == (Decimal("66.67"), 2, 3)
    assert two_thirds.behind == (("case", (1, 2)), ("case", (3,)))
    assert Evidence.read(NOTHING.written()) == NOTHING


@pytest.mark.parametrize(
    ("months", "until", "since"),
    [
        (None, date(2026, 11, 22), None),
        (12, date(2026, 12, 31), date(2026, 1, 1)),
        (24, date(2026, 11, 22), date(2024, 11, 23)),
        (6, date(2026, 8, 31), date(2026, 3, 1)),
        (6, date(2026, 6, 30), date(2025, 12, 31)),
        (1, date(2024, 3, 30), date(2024, 3, 1)),
    ],
)
def test_how_far_a_standard_looks_back(months: int | None, until: date, since: date | None) -> None:
    assert window(months, until) == since


def test_every_measure_is_specified_and_every_way_is_said() -> None:
    assert set(MEASURES) == set(Measure)
    said = {wants(item(way, 5, 3, cap=9)) for way in Way}
    assert len(said) == len(Way)
    assert wants(item(Way.SHARE, 100, 15, measure=Measure.SUCCESS_RATE)) == "达到 100% 得 15 分，不到的按比例"
    assert wants(item(Way.AT_LEAST, 50)) == "不低于 50 件"
    assert wants(item(Way.DEDUCT, "1.50", 3, cap=9)) == "每 1.5 件 扣 3 分，最多 9 分"


# ------------------------------------------------------------------ what is wrong with a standard

LADDER = [Level("合格", 1, Decimal(60)), Level("优秀", 2, Decimal(90))]


def sentences(
    levels: list[Level], asked: list[Item], subject: Subject = Subject.MEDIATOR, **marks: Decimal
) -> list[tuple[str, bool]]:
    base = marks.get("base", Decimal(0))
    found = findings(StandardKind.GRADE, subject, levels, asked, base=base, full=marks.get("full"))
    return [(each.field, each.grave) for each in found]


def test_a_sound_standard_has_no_fault() -> None:
    assert sentences(LADDER, [item(Way.SHARE, 40, 100)], full=Decimal(100)) == []
    assert sentences([Level("四级", 1)], [item(Way.AT_LEAST, 50)]) == []


@pytest.mark.parametrize(
    ("levels", "asked", "field"),
    [
        ([Level("甲", 1), Level("乙", 1)], [], "levels-1-rank"),
        ([Level("甲", 1), Level("甲", 2)], [], "levels-1-name"),
        ([Level("甲", 1, Decimal(90)), Level("乙", 2, Decimal(80))], [], "levels-1-least_score"),
        (LADDER, [item(Way.AT_LEAST, 5, level=3)], "items-0-level"),
        (LADDER, [item(Way.PER, 1, 5, level=1)], "items-0-level"),
        (LADDER, [item(Way.GIVEN, points=100)], "items-0-way"),
        (LADDER, [item(Way.AT_LEAST)], "items-0-threshold"),
        (LADDER, [item(Way.SHARE, 0, 100)], "items-0-threshold"),
        (LADDER, [item(Way.AT_LEAST, 101, measure=Measure.SUCCESS_RATE)], "items-0-threshold"),
        (LADDER, [item(Way.PER, 1)], "items-0-points"),
        (LADDER, [item(Way.SHARE, 40, 80)], "levels-1-least_score"),
        (LADDER, [item(Way.AT_LEAST, 2, measure=Measure.UNITIES)], "items-0-measure"),
    ],
)
def test_what_contradicts_itself_is_found_beside_its_field(
    levels: list[Level], asked: list[Item], field: str
) -> None:
    assert (field, True) in sentences(levels, asked)


def test_points_that_miss_the_full_marks_are_a_warning_only() -> None:
    assert sentences([Level("甲", 1)], [item(Way.SHARE, 40, 95)], full=Decimal(100)) == [("full", False)]
    assert ("base", True) in sentences([], [], base=Decimal(120), full=Decimal(100))


def test_an_unfinished_standard_is_warned_of_and_not_published() -> None:
    assert {each.field for each in gaps(StandardKind.GRADE, [], [], grave=True)} == {"levels", "items"}
    evaluation = gaps(StandardKind.EVALUATION, [Level("优秀", 1)], [item(Way.PER, 1, 1)], grave=False)
    assert [(each.field, each.grave) for each in evaluation] == [("levels-0-least_score", False)]
    assert gaps(StandardKind.GRADE, [Level("四级", 1)], [item(Way.AT_LEAST, 1)], grave=True) == []
    assert [each.field for each in day_findings(date(2026, 5, 1), date(2026, 4, 30))] == ["valid_until"]
