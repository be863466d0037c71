"""The life of an evaluation and of its plan, and how a score comes about (lifecycle.md 5; formats.md 5.1)."""

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules import evaluation_plans, standards
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import (
    OPEN,
    SHOWN,
    STEP,
    EvaluationState,
    Half,
    Scale,
    appraised,
    came_before,
    correction_fault,
    mark_fault,
    outcome,
    period_of,
    votes_worth,
)
from admin_app.rules.measures import Evidence, Measure
from admin_app.rules.standards import Item, Level, Way

S = EvaluationState


def item(number: int, measure: Measure, way: Way, points: int = 0, **more: object) -> Item:
    return Item(number, measure.label, measure, way, points=Decimal(points), **more)  # type: ignore[arg-type]


ITEMS = (
    item(1, Measure.CASES_CLOSED, Way.SHARE, 40, threshold=Decimal(10)),
    item(2, Measure.LATE, Way.DEDUCT, 2, threshold=Decimal(1), cap=Decimal(10)),
    item(3, Measure.MANUAL, Way.GIVEN, 30),
    item(4, Measure.MANUAL, Way.FINED, 5, cap=Decimal(10)),
    item(5, Measure.APPRAISAL, Way.GIVEN, 20),
)
LEVELS = (
    Level("优秀", 4, Decimal(90)),
    Level("良好", 3, Decimal(80)),
    Level("合格", 2, Decimal(70)),
    Level("不合格", 1, Decimal(0)),
)
SCALE = Scale(Decimal(10), Decimal(100), LEVELS)
FACTS = {Measure.CASES_CLOSED: Evidence(Decimal(8)), Measure.LATE: Evidence(Decimal(1))}


@pytest.mark.parametrize(
    ("name", "sources", "to"),
    [
        ("self_score", {S.DRAWN, S.SELF_SCORED}, S.SELF_SCORED),
        ("review", {S.DRAWN, S.SELF_SCORED}, S.REVIEWED),
        ("appraise", {S.REVIEWED, S.APPRAISED}, S.APPRAISED),
        ("rescore", {S.REVIEWED, S.APPRAISED}, None),
        ("publish", {S.REVIEWED, S.APPRAISED}, S.PUBLISHED),
        ("appeal", {S.PUBLISHED}, S.APPEALED),
        ("answer", {S.APPEALED}, S.FINAL),
        ("finish", {S.PUBLISHED}, S.FINAL),
        ("exempt", set(OPEN), S.EXEMPT),
    ],
)
def test_the_steps_of_an_evaluation(name: str, sources: set[S], to: S | None) -> None:
    assert (STEP[name].sources, STEP[name].to) == (sources, to)


def test_nothing_leaves_the_end_and_only_the_plan_publishes() -> None:
    assert not any({S.FINAL, S.EXEMPT} & step.sources for step in STEP.values())
    assert {name for name, step in STEP.items() if step.led} == {"publish", "finish"}
    assert set(S) == SHOWN | OPEN
    assert not SHOWN & OPEN


def test_the_steps_of_a_plan() -> None:
    rows = {name: (each.sources, each.to) for name, each in evaluation_plans.STEP.items()}
    assert rows == {
        "draw": ({PlanState.PREPARING}, PlanState.RUNNING),
        "add": ({PlanState.RUNNING}, None),
        "publish": ({PlanState.RUNNING}, PlanState.PUBLISHED),
        "close": ({PlanState.PUBLISHED}, PlanState.CLOSED),
    }


@pytest.mark.parametrize(
    ("year", "half", "since", "until"),
    [
        (2026, Half.FIRST, "2026-01-01", "2026-06-30"),
        (2026, Half.SECOND, "2026-07-01", "2026-12-31"),
        (2024, Half.YEAR, "2024-01-01", "2024-12-31"),
    ],
)
def test_the_days_of_a_period(year: int, half: Half, since: str, until: str) -> None:
    period = period_of(year, half)
    assert (str(period.since), str(period.until)) == (since, until)


def test_periods_have_an_order() -> None:
    places = [(2025, Half.YEAR), (2026, Half.FIRST), (2026, Half.SECOND), (2026, Half.YEAR)]
    for before, after in pairwise(places):
        assert came_before(*before, *after)
        assert not came_before(*after, *before)


@pytest.mark.parametrize(
    ("votes", "worth"),
    [
        ((10, 0, 0, 0), "100.00"),
        ((0, 10, 0, 0), "85.00"),
        ((1, 1, 1, 0), "85.00"),
        ((2, 1, 0, 0), "95.00"),
        ((1, 0, 0, 2), "33.33"),
        ((0, 0, 0, 3), "0.00"),
    ],
)
def test_what_votes_are_worth(votes: tuple[int, ...], worth: str) -> None:
    assert votes_worth(votes, (100, 85, 70, 0)) == Decimal(worth)


def test_no_votes_are_worth_nothing_one_could_reckon_with() -> None:
    assert votes_worth((0, 0, 0, 0), (100, 85, 70, 0)) is None


def test_an_appraisal_for_points_takes_its_share_of_them() -> None:
    assert appraised(ITEMS[4], Decimal("87.50")) == Decimal("17.50")
    band = item(5, Measure.APPRAISAL, Way.BAND, 20, threshold=Decimal(80))
    assert appraised(band, Decimal("87.50")) == Decimal("87.50")


def test_a_score_worked_out_by_hand() -> None:
    """10 to begin with, 40 × 8/10 = 32, late once -2, given 28, fined once -5, votes 18: 81."""
    given_ = {3: Decimal(28), 4: Decimal(1), 5: Decimal(18)}
    found = outcome(ITEMS, FACTS, given_, {}, SCALE)
    assert [each.points for each in found.verdicts] == [32, -2, 28, -5, 18]
    assert found.score == 81
    assert found.level is LEVELS[1]


def test_a_correction_stands_for_the_points_of_its_item_and_nothing_else() -> None:
    given_ = {3: Decimal(28), 4: Decimal(1), 5: Decimal(18)}
    found = outcome(ITEMS, FACTS, given_, {1: Decimal(40), 4: Decimal(0)}, SCALE)
    assert [each.points for each in found.verdicts] == [40, -2, 28, 0, 18]
    assert (found.score, found.level) == (94, LEVELS[0])


@pytest.mark.parametrize(
    ("which", "mark", "fits"),
    [(3, "30", True), (3, "30.5", False), (3, "-1", False), (4, "2", True), (4, "1.5", False)],
)
def test_what_a_reviewer_may_give(which: int, mark: str, fits: bool) -> None:
    assert (mark_fault(ITEMS[which - 1], Decimal(mark)) is None) is fits


@pytest.mark.parametrize(
    ("which", "points", "fits"),
    [(1, "40", True), (1, "41", False), (2, "10", True), (2, "11", False), (3, "-1", False)],
)
def test_what_an_appeal_may_make_of_an_item(which: int, points: str, fits: bool) -> None:
    assert (correction_fault(ITEMS[which - 1], Decimal(points)) is None) is fits


def test_a_condition_gives_no_points_and_is_not_corrected() -> None:
    condition = item(9, Measure.SUCCESS_RATE, Way.AT_LEAST, threshold=Decimal(85))
    assert correction_fault(condition, Decimal(1))


MARKS = st.decimals(0, 30, places=2)


@given(
    closed=st.integers(0, 60),
    late=st.integers(0, 20),
    mark=MARKS,
    fined=st.integers(0, 9),
    votes=st.tuples(*[st.integers(0, 50)] * 4),
    corrected=st.dictionaries(st.sampled_from([1, 3]), MARKS),
)
def test_every_score_lies_on_the_scale_and_is_the_sum_of_its_items(
    closed: int, late: int, mark: Decimal, fined: int, votes: tuple[int, ...], corrected: dict[int, Decimal]
) -> None:
    facts = {Measure.CASES_CLOSED: Evidence(Decimal(closed)), Measure.LATE: Evidence(Decimal(late))}
    worth = votes_worth(votes, (100, 85, 70, 0))
    given_ = {3: mark, 4: Decimal(fined)} | ({5: appraised(ITEMS[4], worth)} if worth is not None else {})
    found = outcome(ITEMS, facts, given_, corrected, SCALE)
    total = SCALE.base + sum((each.points for each in found.verdicts), Decimal(0))
    assert found.score == min(max(total, Decimal(0)), Decimal(100))
    assert found.level is not None
    assert found.level == max(
        (each for each in LEVELS if each.least_score is not None and found.score >= each.least_score),
        key=lambda each: each.rank,
    )
    assert standards.score(found.verdicts, SCALE.base, SCALE.full) == found.score
