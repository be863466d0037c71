"""The examples of standards: sound, complete, marked where a number is ours, and loaded once."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from admin_app.models.base import Base
from admin_app.models.registry import REGISTERS
from admin_app.models.standards import Standard, StandardItem
from admin_app.models.units import Unit
from admin_app.rules.measures import BY_HAND, Measure
from admin_app.rules.standards import StandardState, Way, most_points
from admin_app.rules.tiers import Tier
from seed.standards import EXAMPLES, load_standards
from tests.databases import open_session

DAY = date(2026, 11, 22)


@pytest.fixture
def house(empty_engine: Engine) -> Iterator[Session]:
    """A new house: one unit and nothing else."""
    Base.metadata.create_all(empty_engine)
    with open_session(empty_engine) as session:
        session.add(Unit(name="金华市", code="330700", tier=Tier.CITY, path="330700/"))
        session.flush()
        yield session


@pytest.fixture
def examples(house: Session) -> list[Standard]:
    """The examples, published."""
    assert load_standards(house, DAY, StandardState.PUBLISHED) == len(EXAMPLES)
    return list(house.scalars(select(Standard).order_by(Standard.id)))


def test_every_example_is_sound_and_in_force(examples: list[Standard]) -> None:
    for each in examples:
        assert REGISTERS["standard"].rules(each) == [], each.name
        assert each.is_in_force(DAY) or each.state is StandardState.RETIRED
        assert each.levels
        assert [line.rank for line in each.levels] == list(range(1, len(each.levels) + 1))


def test_they_are_loaded_once(house: Session, examples: list[Standard]) -> None:
    assert load_standards(house, DAY, StandardState.DRAFT) == 0


def test_the_known_thresholds_of_the_lowest_grade(examples: list[Standard]) -> None:
    """潮安区: 2 years, 50 cases, oral at most 30 %, success at least 85 %."""
    [found] = [each for each in examples if "广东" in each.name]
    asked = {line.measure: (line.way, line.threshold) for line in found.items if line.level == 1}
    assert asked == {
        Measure.SERVICE_YEARS: (Way.AT_LEAST, 2),
        Measure.CASES_CLOSED: (Way.AT_LEAST, 50),
        Measure.ORAL_SHARE: (Way.AT_MOST, 30),
        Measure.SUCCESS_RATE: (Way.AT_LEAST, 85),
    }


def test_the_village_rubric_starts_from_a_hundred_and_takes_points(examples: list[Standard]) -> None:
    [found] = [each for each in examples if each.name.startswith("村级")]
    assert found.base == found.full == most_points(found.judged_by(), found.base) == 100
    assert {(line.name, line.least_score) for line in found.levels} == {
        ("优秀", 90),
        ("良好", 80),
        ("合格", 70),
        ("不合格", 0),
    }
    assert {line.way for line in found.items} == {Way.FINED, Way.DEDUCT}


def test_points_of_a_season_add_up_to_its_full_marks(examples: list[Standard]) -> None:
    stars = [each for each in examples if each.name.startswith("星级")]
    assert len(stars) == 2
    assert all(most_points(each.judged_by(), each.base) == each.full == 100 for each in stars)


def test_what_is_not_in_a_public_text_says_so(examples: list[Standard]) -> None:
    def says(line: StandardItem) -> bool:
        return "参考" in (line.note or "")

    assert all("参考" in (each.basis or "") for each in examples)
    counted = [
        line for each in examples for line in each.items if line.points and line.measure not in BY_HAND
    ]
    assert [line.label for line in counted if not says(line)] == ["没有及时调解"]
