"""The rules of grading: panel, mean, notice, the certificate's code; and what no walk may reach."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules import awards
from admin_app.rules.awards import (
    ENDED,
    HELD,
    STEP,
    STEPS,
    Attendance,
    AwardState,
    Judge,
    Outcome,
    average,
    check_code,
    grant_refusal,
    months_after,
    panel_findings,
    tidy_code,
    total,
)
from admin_app.rules.working_days import WorkingDays

POINTS = st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=9)
PRESENT, ABSENT, AVOIDED = Attendance.PRESENT, Attendance.ABSENT, Attendance.AVOIDED


@given(POINTS, st.booleans())
def test_the_mean_lies_between_the_lowest_and_the_highest(points: list[Decimal], trimmed: bool) -> None:
    assert min(points) <= average(points, trimmed=trimmed) <= max(points)


@pytest.mark.parametrize(
    ("points", "trimmed", "expected"),
    [
        (["80", "90"], False, "85.00"),
        (["80", "90", "91"], False, "87.00"),
        (["60", "90", "91"], True, "90.00"),
        (["60", "90"], True, "75.00"),  # too few to leave any out
        (["80.5", "80.5", "80.51"], False, "80.50"),
        (["0", "0", "0.01"], False, "0.00"),
        (["33.33", "33.34"], False, "33.34"),  # 33.335, half up
        ([], False, "0"),
    ],
)
def test_the_mean_is_exact(points: list[str], trimmed: bool, expected: str) -> None:
    assert average([Decimal(each) for each in points], trimmed=trimmed) == Decimal(expected)


@given(
    st.decimals(0, 100, places=2),
    st.lists(st.decimals(-200, 200, places=4), max_size=12),
    st.decimals(0, 100, places=2),
    st.decimals(0, 200, places=2),
)
def test_a_score_is_bounded(base: Decimal, reckoned: list[Decimal], panel: Decimal, full: Decimal) -> None:
    assert 0 <= total(base, reckoned, panel, full) <= full


def judge(name: str, points: str | None = "90", attendance: Attendance = PRESENT, **more: object) -> Judge:
    return Judge(
        name,
        attendance,
        Decimal(points) if points else None,
        str(more.get("reason", "")),
        bool(more.get("own")),
    )


@pytest.mark.parametrize(
    ("judges", "said"),
    [
        ([judge("甲"), judge("乙"), judge("丙")], ""),
        ([judge("甲"), judge("乙")], "至少 3 人"),
        ([judge("甲"), judge("乙"), judge("丙", None)], "填写丙的评分"),
        ([judge("甲"), judge("乙"), judge("丙", "101")], "0 至 100"),
        ([judge("甲"), judge("乙"), judge("丙"), judge("丁", None, AVOIDED)], "写明回避的原因"),
        ([judge("甲"), judge("乙"), judge("丙"), judge("丁", None, AVOIDED, reason="近亲属")], ""),
        ([judge("甲"), judge("乙"), judge("丙"), judge("丁", "80", ABSENT, reason="出差")], "不打分"),
        ([judge("甲"), judge("乙"), judge("丙"), judge("丁", own=True)], "不能评自己"),
        ([judge("甲"), judge("乙"), judge("丙"), judge("丁", None, AVOIDED, reason="本人", own=True)], ""),
        ([judge("甲"), judge("乙"), judge("丙"), judge("甲")], "写了两次"),
    ],
)
def test_a_panel_says_what_is_wrong_with_it(judges: list[Judge], said: str) -> None:
    found = "；".join(each.sentence for each in panel_findings(judges, 3, Decimal(100)))
    assert said in found if said else not found


UNTIL = date(2026, 11, 20)
NEXT = UNTIL + timedelta(days=1)


@pytest.mark.parametrize(
    ("until", "day", "outcomes", "said"),
    [
        (None, NEXT, [], "还没有公示"),
        (UNTIL, UNTIL, [], "公示期满"),
        (UNTIL, NEXT, [], None),
        (UNTIL, NEXT, [None], "还有没答复的异议"),
        (UNTIL, UNTIL, [None], "还有没答复的异议"),
        (UNTIL, UNTIL, [Outcome.REJECTED], "公示期满"),
        (UNTIL, NEXT, [Outcome.REJECTED, None], "还有没答复的异议"),
        (UNTIL, NEXT, [Outcome.UPHELD], "异议成立"),
        (UNTIL, NEXT, [Outcome.REJECTED], None),
    ],
)
def test_nothing_is_granted_before_the_notice_is_over_and_answered(
    until: date | None, day: date, outcomes: list[Outcome | None], said: str | None
) -> None:
    found = grant_refusal(until, day, outcomes)
    assert (found is None) if said is None else (said in (found or ""))


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 20))
def test_a_notice_stands_its_full_working_days(first: date, days: int) -> None:
    working = WorkingDays()
    until = working.after(first, days)
    assert grant_refusal(until, until, []) is not None
    assert working.between(first, until) == days


def reached(steps: list[str]) -> list[AwardState]:
    """The states of a walk that takes whichever of these steps are open."""
    stands = [AwardState.APPLIED]
    for name in steps:
        row = STEP[name]
        if stands[-1] in row.sources and row.to is not None:
            stands.append(row.to)
    return stands


@given(st.lists(st.sampled_from(sorted(STEP)), max_size=60))
def test_no_walk_comes_to_a_grant_but_by_review_score_and_notice(steps: list[str]) -> None:
    stands = reached(steps)
    if AwardState.GRANTED in stands:
        before = stands[: stands.index(AwardState.GRANTED)]
        places = [before.index(each) for each in (AwardState.REVIEWED, AwardState.SCORED, AwardState.NOTICED)]
        assert all(a < b for a, b in pairwise(places))
        assert before[-1] is AwardState.NOTICED


def test_what_has_ended_moves_no_more() -> None:
    assert {each.name for each in STEPS if each.sources & ENDED} == set()
    assert {each.name for each in STEPS if each.sources & set(HELD)} == {
        "file",
        "recheck",
        "revoke",
        "expire",
    }


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 1), 12, date(2027, 12, 1)),
    ],
)
def test_a_term_ends_on_the_same_day_of_its_month(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


def test_a_check_code_hangs_on_every_word_and_on_the_seal() -> None:
    day = date(2026, 11, 30)
    codes = {
        check_code(b"a", "1号", "张三", day),
        check_code(b"b", "1号", "张三", day),
        check_code(b"a", "2号", "张三", day),
        check_code(b"a", "1号", "李四", day),
        check_code(b"a", "1号", "张三", day + timedelta(days=1)),
    }
    assert len(codes) == 5
    assert all(tidy_code(each) == each for each in codes)
    assert tidy_code(" abcd2345 0123 ") == "ABCD-2345-OI23"
    assert awards.LEAST_TO_TRIM == 3
