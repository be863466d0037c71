"""The organisation, team and funding sheet: columns off the code tables, people by their terms, scoped."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from admin_app.models.codes import codebook
from admin_app.models.committees import Committee, Funding
from admin_app.models.mediators import Appointment, Mediator
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import RowKind
from admin_app.operations.organisation import count, heads
from admin_app.rules.committees import CommitteeStatus
from admin_app.rules.dates import today
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.organisation import committee_counts, mediator_counts
from admin_app.rules.refusals import NotAllowed, NotSeen
from tests.test_figures import line
from tests.world import World

Person = Callable[[str], User]
NOW, THEN = date(2026, 11, 20), date(2025, 6, 30)
TERM = (date(2025, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("status", "started", "terms", "day", "counted"),
    [
        (MediatorStatus.APPOINTED, None, [], NOW, True),
        (MediatorStatus.DISMISSED, None, [], NOW, False),
        (MediatorStatus.APPOINTED, date(2026, 1, 1), [], THEN, False),
        (MediatorStatus.DISMISSED, None, [TERM], THEN, True),
        (MediatorStatus.DISMISSED, None, [TERM], NOW, False),
        (MediatorStatus.APPOINTED, None, [(date(2026, 1, 1), None)], THEN, False),
        (MediatorStatus.APPOINTED, None, [(date(2024, 1, 1), None)], THEN, True),
        (MediatorStatus.APPOINTED, None, [TERM], NOW, True),  # renewed, and nobody has noted it
    ],
)
def test_a_mediator_counts_while_on_the_roster_or_in_a_term(
    status: MediatorStatus,
    started: date | None,
    terms: list[tuple[date, date | None]],
    day: date,
    counted: bool,
) -> None:
    assert mediator_counts(status, started, terms, day, NOW) is counted


def test_a_committee_counts_while_it_works() -> None:
    assert committee_counts(CommitteeStatus.ACTIVE, None, THEN)
    assert not committee_counts(CommitteeStatus.ACTIVE, date(2026, 1, 1), THEN)
    assert not committee_counts(CommitteeStatus.DISSOLVED, None, NOW)


def test_the_columns_are_the_codes_of_the_tables(looking: Session) -> None:
    columns = heads(looking, today())
    assert len({each.name for each in columns}) == len(columns)
    labels = [each.label for each in columns if each.group == ("组织", "调委会类型")]
    assert labels == [label for _, label in codebook(looking).choices("committee_kind")]
    assert {each.group[0] for each in columns} == {"组织", "队伍", "经费", "保障"}


def test_the_numbers_are_those_of_the_records(session: Session, person: Person, world: World) -> None:
    county = session.get_one(Unit, world.county)
    committee = session.get_one(Committee, world.village_committee)
    committee.computers, committee.area, committee.own_premises = 3, Decimal("40.5"), True
    year = today().year
    committee.funding = [
        Funding(year=year, kind="03", source="02", subsidy="01", amount=Decimal("12345.60")),
        Funding(year=year, kind="01", source="02", amount=Decimal(5000)),
        Funding(year=year - 1, kind="01", source="02", amount=Decimal(99)),
    ]
    session.get_one(Committee, world.other_committee).kind = "06"
    gone = session.get_one(Mediator, world.other_mediator)
    gone.status = MediatorStatus.DISMISSED
    past = today() - timedelta(days=400)
    gone.appointments = [Appointment(since=past - timedelta(days=100), until=past + timedelta(days=100))]
    session.get_one(Mediator, world.colleague_mediator).sex = "2"
    session.flush()

    lines = count(session, person("bureau_county"), county, today())
    assert [each.label for each in lines][-2:] == ["下级上报总计", "本级上报总计"]
    whole = line(lines, RowKind.TOTAL)
    assert (whole["committees"], whole["committees_kind_06"]) == (4, 1)
    assert (whole["mediators"], whole["mediators_sex_1"], whole["mediators_sex_2"]) == (3, 2, 1)
    assert whole["funds"] == Decimal("1.73456")
    assert whole["funds_kind_03"] == whole["funds_subsidy_01"] == Decimal("1.23456")
    assert whole["funds_source_02"] == whole["funds"]
    assert (whole["computers"], whole["area"], whole["own_premises"]) == (3, Decimal("40.5"), 1)
    assert line(lines, RowKind.SUB, world.township)["computers"] == 3
    assert line(lines, RowKind.SUB, world.other_township)["computers"] == 0
    then = line(count(session, person("bureau_county"), county, past), RowKind.TOTAL)
    assert (then["mediators"], then["funds"]) == (4, Decimal("0.0099"))


def test_a_clerk_counts_their_own_scope(looking: Session, person: Person, world: World) -> None:
    county = looking.get_one(Unit, world.county)
    numbers = line(count(looking, person("director"), county, today()), RowKind.TOTAL)
    assert (numbers["committees"], numbers["mediators"]) == (1, 2)
    with pytest.raises(NotSeen):
        count(looking, person("director"), looking.get_one(Unit, world.far_county), today())
    with pytest.raises(NotAllowed):
        count(looking, person("sysadmin"), county, today())
