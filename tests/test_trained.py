"""Training person-times 培训人次 of a unit and a period, on charts and in the brief; and warnings."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.mediators import Mediator
from admin_app.models.trainings import Attendance, Training
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.warnings import EarlyWarning
from admin_app.operations.briefs import facts
from admin_app.operations.charts import pictured
from admin_app.operations.trained import person_times
from admin_app.rules.bulletin import sections
from admin_app.rules.periods import month, year
from admin_app.rules.trainings import Mark, TrainingState
from tests.world import World

Person = Callable[[str], User]


def held(session: Session, world: World, day: date, marks: dict[int, Mark], **more: object) -> None:
    """A training of the county with these people."""
    unit = session.get_one(Unit, world.county)
    given = {"state": TrainingState.HELD, "hours": Decimal(8), "title": "岗前培训", "year": day.year} | more
    session.add(
        Training(
            **given,
            kind="01",
            level="02",
            unit_id=unit.id,
            path=unit.path,
            held_from=day,
            attendances=[
                Attendance(mediator_id=each, mark=mark, hours=Decimal(8)) for each, mark in marks.items()
            ],
        )
    )


def people(session: Session, world: World) -> list[int]:
    """Two of the village, and one of far away."""
    at = world.village_committee, world.far_committee
    near, far = (
        list(session.scalars(select(Mediator.id).where(Mediator.committee_id == each).order_by(Mediator.id)))
        for each in at
    )
    return [near[0], near[1], far[0]]


def test_who_was_there_counts_for_their_own_unit(looking: Session, person: Person, world: World) -> None:
    one, two, far = people(looking, world)
    held(looking, world, date(2024, 3, 1), {one: Mark.CAME, two: Mark.ABSENT, far: Mark.CAME})
    held(looking, world, date(2024, 3, 9), {one: Mark.CAME, two: Mark.CAME})
    held(looking, world, date(2023, 3, 9), {one: Mark.CAME})
    held(looking, world, date(2024, 3, 9), {one: Mark.EXPECTED}, state=TrainingState.PLANNED)
    looking.flush()
    county, actor = looking.get_one(Unit, world.county), person("bureau_county")
    asked = [month(2024, 3), None, month(2023, 3), year(2024)]
    assert person_times(looking, actor, county, asked) == [3, None, 1, 3]
    city = looking.get_one(Unit, world.city)
    assert person_times(looking, person("bureau_city"), city, [year(2024)]) == [4]
    found = pictured(looking, actor, county, month(2024, 3))
    assert found.trained == (3, 0, 1)
    told = sections(facts(looking, actor, county, month(2024, 3)))[0].parts
    assert any("调解员参加培训3人次。" in part for part in told if isinstance(part, str))


def test_the_brief_tells_of_the_warnings_that_its_reader_sees(
    looking: Session, person: Person, world: World
) -> None:
    county, november = looking.get_one(Unit, world.county), month(2026, 11)
    seen = looking.scalars(select(EarlyWarning).where(EarlyWarning.under(county.path))).all()
    made = [each for each in seen if november.holds(each.raised_on)]
    actor = person("bureau_county")
    warned = facts(looking, actor, county, november).warned
    assert warned
    assert sum(number for _, number in warned.severities) == len(made) > 0
    assert warned.unclosed == sum(each.waits for each in made)
    told = [str(part) for each in sections(facts(looking, actor, county, november)) for part in each.parts]
    assert any(f"发出预警{len(made)}条：橙色（严重）" in part for part in told)
    quiet = sections(facts(looking, actor, county, month(2020, 1)))
    assert "发出预警" not in str(quiet)
