"""Publicity: the log, its person-times by unit, its book."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from admin_app.exports import reading
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.models.publicities import Publicity
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import publicities, records
from admin_app.operations.given import Given
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotAllowed, RecordRefused
from tests.web import named
from tests.world import World

Person = Callable[[str], User]
PUBLICITY = REGISTERS["publicity"]
FACTS = {"title": "宪法日宣传", "held_on": date(2026, 10, 20), "form": "01", "place": "广场"}
NUMBERS = {"people": 50, "materials": 70, "answered": 4}


def given(committee: int, **more: object) -> Given:
    return Given({**FACTS, **NUMBERS, "committee_id": committee, **more})


def test_person_times_are_added_up_by_unit(session: Session, person: Person, world: World) -> None:
    records.create(session, person("owner"), PUBLICITY, given(world.village_committee))
    records.create(session, person("office"), PUBLICITY, given(world.township_committee))
    session.commit()
    county, october = session.get_one(Unit, world.county), Period(date(2026, 10, 1), date(2026, 10, 31))
    found = publicities.count(session, person("bureau_county"), county, october)
    numbers = {line.label: tuple(line.numbers[each] for each in publicities.NAMES) for line in found}
    assert numbers["城东街道"] == (3, 180, 260, 8)  # with the world's own
    assert numbers["本级上报总计"] == (3, 180, 260, 8)
    september = Period(date(2026, 9, 1), date(2026, 9, 30))
    assert {
        tuple(line.numbers.values())
        for line in publicities.count(session, person("bureau_county"), county, september)
    } == {(0, 0, 0, 0)}


def test_whoever_may_see_less_counts_less(session: Session, person: Person, world: World) -> None:
    records.create(session, person("office"), PUBLICITY, given(world.township_committee))
    session.commit()
    town = session.get_one(Unit, world.township)
    whole = publicities.count(session, person("owner"), town, Period())[-1]
    assert whole.numbers["people"] == 80  # of the own committee alone


def test_the_statistics_sheet_has_the_same_numbers(session: Session, person: Person, world: World) -> None:
    asked = Asked(unit=session.get_one(Unit, world.county))
    found = reading.read(session, person("bureau_county"), LEDGERS["publicity-statistics"], asked)
    rows = {row.cells[0]: row.cells[1:] for row in reading.rows(found)}
    assert rows["城东街道"] == [1, 80, 120, 0]


@pytest.mark.parametrize(
    ("more", "field"), [({"people": -1}, "people"), ({"until": date(2026, 10, 19)}, "until")]
)
def test_what_makes_no_sense_is_refused_beside_its_field(
    session: Session, person: Person, world: World, more: dict[str, object], field: str
) -> None:
    with pytest.raises(RecordRefused) as refused:
        records.create(session, person("owner"), PUBLICITY, given(world.village_committee, **more))
    assert [each.field for each in refused.value.findings] == [field]


def test_nobody_writes_for_another_committee(
    session: Session, person: Person, world: World, app: Flask
) -> None:
    with pytest.raises((NotAllowed, RecordRefused)):
        records.create(session, person("owner"), PUBLICITY, given(world.township_committee))
    session.rollback()
    far = session.get_one(Publicity, world.far_publicity).id
    session.rollback()
    assert named(app, world, "owner").get(f"/publicity/{far}").status_code == 404
