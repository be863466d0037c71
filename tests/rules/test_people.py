"""The law on committees and mediators (人民调解法 8, 9, 13, 14), and the bands of an evaluation."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin_app.rules import committees, evaluations, mediators
from admin_app.rules.committees import CommitteeStatus, Seat, composition_findings
from admin_app.rules.evaluations import Level, level_of

seats = st.builds(Seat, position=st.sampled_from(["02", "03", "04"]), sex=st.sampled_from(["1", "2"]))


@given(st.lists(seats, max_size=12))
def test_an_active_committee_has_three_to_nine_members_one_director_and_a_woman(members: list[Seat]) -> None:
    lawful = (
        3 <= len(members) <= 9
        and [each.position for each in members].count("03") == 1
        and "2" in {each.sex for each in members}
    )
    found = composition_findings(members, CommitteeStatus.ACTIVE)
    assert (found == []) == lawful
    assert all(each.grave for each in found)


@given(st.lists(seats, max_size=12))
def test_one_being_set_up_is_only_warned_and_a_dissolved_one_left_in_peace(members: list[Seat]) -> None:
    active = composition_findings(members, CommitteeStatus.ACTIVE)
    preparing = composition_findings(members, CommitteeStatus.PREPARING)
    assert [each.sentence for each in preparing] == [each.sentence for each in active]
    assert not any(each.grave for each in preparing)
    assert composition_findings(members, CommitteeStatus.DISSOLVED) == []


@given(st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_a_term_lasts_three_years(start: date) -> None:
    end = committees.term_end(start)
    assert end.year == start.year + 3
    assert (end.month, end.day) == (start.month, 28 if (start.month, start.day) == (2, 29) else start.day)


TODAY = date(2026, 9, 12)


@pytest.mark.parametrize(
    ("start", "end", "grave", "word"),
    [
        (date(2026, 1, 1), date(2025, 12, 31), True, "不能早于"),
        (date(2026, 1, 1), date(2029, 1, 2), True, "三年"),
        (date(2026, 1, 1), date(2029, 1, 1), None, ""),
        (date(2023, 10, 1), TODAY - timedelta(days=1), False, "换届"),
        (date(2024, 1, 1), TODAY + timedelta(days=90), False, "90 天"),
        (date(2024, 1, 1), TODAY + timedelta(days=91), None, ""),
        (None, None, None, ""),
        (TODAY, None, None, ""),
        (None, TODAY, False, "0 天"),
    ],
)
def test_a_committees_term_is_watched(
    start: date | None, end: date | None, grave: bool | None, word: str
) -> None:
    found = committees.term_findings(start, end, TODAY)
    assert [each.grave for each in found] == ([] if grave is None else [grave])
    assert all(word in each.sentence for each in found)


def test_a_mediator_is_of_age() -> None:
    def found(birth: date) -> list[str]:
        return [
            each.field
            for each in mediators.person_findings(birth_on=birth, sex=None, id_number=None, today=TODAY)
            if each.grave
        ]

    assert found(date(2008, 9, 12)) == []
    assert found(date(2008, 9, 13)) == ["birth_on"]


def test_a_birth_date_or_sex_that_contradicts_the_id_number_is_a_warning() -> None:
    def fields(birth: date, sex: str) -> list[tuple[str, bool]]:
        found = mediators.person_findings(
            birth_on=birth, sex=sex, id_number="330702197506071214", today=TODAY
        )
        return [(each.field, each.grave) for each in found]

    assert fields(date(1975, 6, 7), "1") == []
    assert fields(date(1975, 6, 8), "1") == [("birth_on", False)]
    assert fields(date(1975, 6, 7), "2") == [("sex", False)]
    assert fields(date(1975, 6, 7), "9") == []  # not stated contradicts nothing


def test_an_appointment_does_not_end_before_it_begins() -> None:
    day = date(2026, 1, 1)
    assert mediators.term_findings(day, day) == []
    assert mediators.term_findings(None, day) == mediators.term_findings(day, None) == []
    assert [each.grave for each in mediators.term_findings(day, day - timedelta(days=1))] == [True]


@pytest.mark.parametrize(
    ("score", "level"),
    [
        ("100", Level.EXCELLENT),
        ("90", Level.EXCELLENT),
        ("89.99", Level.GOOD),
        ("80", Level.GOOD),
        ("79.99", Level.PASSED),
        ("70", Level.PASSED),
        ("69.99", Level.FAILED),
        ("0", Level.FAILED),
    ],
)
def test_a_score_falls_into_its_band(score: str, level: Level) -> None:
    assert level_of(Decimal(score)) is level


@given(st.decimals(0, 100, places=2), st.decimals(0, 100, places=2))
def test_a_higher_score_is_never_a_lower_level(one: Decimal, two: Decimal) -> None:
    ranks = [level_of(each) for each in (min(one, two), max(one, two))]
    order = list(Level)
    assert order.index(ranks[0]) >= order.index(ranks[1])


@pytest.mark.parametrize("score", ["-0.01", "100.01"])
def test_a_score_outside_the_scale_is_none(score: str) -> None:
    with pytest.raises(ValueError, match="out of range"):
        evaluations.level_of(Decimal(score))
