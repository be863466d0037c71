"""Counting in SQL agrees with what each case adds by the rules, and nobody counts what they may not see."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case, Party
from admin_app.models.committees import Committee
from admin_app.models.monthly import Monthly
from admin_app.models.parameters import Parameter
from admin_app.models.preventions import Prevention
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.behind import cases_behind
from admin_app.operations.figures import Line, RowKind, count, figures_of, own, sheet
from admin_app.rules.cases import Stage
from admin_app.rules.dates import now
from admin_app.rules.figure_checks import CHECKS, failures
from admin_app.rules.figures import (
    EVERY,
    CaseFacts,
    Numbers,
    Prevented,
    columns,
    counts,
    heads,
    of_case,
    total,
)
from admin_app.rules.parameters import Setting
from admin_app.rules.periods import Period, half, month, year
from admin_app.rules.refusals import NotAllowed, NotSeen
from admin_app.rules.tiers import tier_of
from tests.world import World

Person = Callable[[str], User]
COMMITTEES = ("village", "township", "other", "county", "far")
codes = st.sampled_from(("1", "2", "3", "4", "7", "9", "17", "18", "新"))
parties = st.lists(st.none() | st.integers(0, 40), max_size=3)
preventions = st.lists(st.tuples(st.sampled_from(("01", "02", "04", "新")), st.integers(0, 90)), max_size=2)
drawn_cases = st.fixed_dictionaries(
    {
        "where": st.sampled_from(COMMITTEES),
        "kind": codes,
        "source": codes,
        "difficulty": codes,
        "stage": st.sampled_from(Stage),
        "accepted_on": st.none() | st.dates(date(2025, 12, 1), date(2026, 7, 31)),
        "result": st.none() | st.sampled_from(("1", "2")),
        "form": st.none() | st.sampled_from(("1", "2", "新")),
        "fulfilment": st.none() | st.sampled_from(("03", "05", "06", "99")),
        "people": st.none() | st.integers(0, 500),
        "amount": st.none() | st.decimals(0, 10**9, places=2),
        "removed": st.booleans(),
        "parties": parties,
        "preventions": preventions,
    }
)
periods = st.sampled_from(
    (half(2026, 1), month(2026, 3), Period(date(2026, 2, 3), date(2026, 6, 9)), Period())
)


def make(session: Session, world: World, **given: Any) -> Case:
    """A case as it may lie in the tables, whatever steps have led to it."""
    committee = session.get_one(Committee, getattr(world, f"{given.pop('where', 'village')}_committee"))
    heads_of, lines = given.pop("parties", (None, None)), given.pop("preventions", ())
    case = Case(
        **{
            "registered_on": date(2026, 1, 1),
            "accepted_on": date(2026, 3, 1),
            "stage": Stage.MEDIATING,
            "kind": "1",
            "source": "1",
            "difficulty": "1",
            "risk": "1",
            "brief": "争执",
            "names": "甲某",
            "committee_id": committee.id,
            "unit_id": committee.unit_id,
            "path": committee.path,
            "removed_at": now() if given.pop("removed", False) else None,
            "parties": [Party(side="01", name="甲某", headcount=each) for each in heads_of],
            "preventions": [
                Prevention(kind=kind, people=people, prevented_on=date(2026, 3, 2), situation="劝住")
                for kind, people in lines
            ],
        }
        | given
    )
    session.add(case)
    return case


def facts_of(session: Session, case: Case) -> CaseFacts:
    """A case as the rules read it."""
    committee = session.get_one(Committee, case.committee_id)
    return CaseFacts(
        accepted_on=case.accepted_on,
        stage=case.stage,
        kind=case.kind,
        source=case.source,
        difficulty=case.difficulty,
        result=case.result,
        form=case.form,
        fulfilment=case.fulfilment,
        people=heads(case.people, [each.headcount for each in case.parties]),
        amount=case.amount or Decimal(0),
        body=committee.kind,
        tier=tier_of(committee.path),
        removed=case.removed_at is not None,
        preventions=tuple(Prevented(each.kind, each.people) for each in case.preventions),
    )


def reckoned(session: Session, period: Period, path: str, *, level: bool = False) -> Numbers:
    """The sum of what each case and each month under a path adds."""
    found: list[Numbers] = []

    def here(thing: Any) -> bool:
        return thing.path == path if level else thing.path.startswith(path)

    for case in filter(here, session.scalars(select(Case))):
        facts = facts_of(session, case)
        if counts(facts, period):
            found.append(of_case(facts))
    for each in filter(here, session.scalars(select(Monthly).where(Monthly.removed_at.is_(None)))):
        if period.holds(date(each.year, each.month, 1)) and period.holds(date(each.year, each.month, 28)):
            found.append({"screenings": each.screenings, "prevented": each.prevented})
    return total(found)


def behind(session: Session, actor: User, unit: Unit, period: Period, name: str, **asked: Any) -> list[int]:
    found = cases_behind(session, actor, unit, period, name, **asked)
    return list(session.scalars(select(Case.id).where(found)))


def line(lines: list[Line], kind: RowKind, unit_id: int | None = None) -> Numbers:
    [found] = [each for each in lines if each.kind is kind and unit_id in (None, each.unit.id)]
    return found.numbers


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(drawn_cases, max_size=15), periods, st.sampled_from(("01", "02", "03", "06", "99", "新")))
def test_sql_counts_what_each_case_adds(
    looking: Session, person: Person, world: World, cases: list[dict[str, Any]], period: Period, kind: str
) -> None:
    try:
        looking.get_one(Committee, world.village_committee).kind = kind
        for each in cases:
            make(looking, world, **each)
        looking.flush()
        city, county = looking.get_one(Unit, world.city), looking.get_one(Unit, world.county)
        lines = count(looking, person("bureau_city"), city, period)
        assert line(lines, RowKind.TOTAL) == reckoned(looking, period, city.path)
        assert line(lines, RowKind.SUB, world.county) == reckoned(looking, period, county.path)
        assert line(lines, RowKind.SUB_TOTAL) == line(lines, RowKind.TOTAL)  # the city has no committee
        lines = count(looking, person("bureau_county"), county, period)
        assert line(lines, RowKind.TOTAL) == reckoned(looking, period, county.path)
        assert line(lines, RowKind.OWN) == reckoned(looking, period, county.path, level=True)
    finally:
        looking.rollback()


def test_there_is_a_line_for_each_sub_unit_and_then_the_sums(
    looking: Session, person: Person, world: World
) -> None:
    lines = count(looking, person("bureau_county"), looking.get_one(Unit, world.county), year(2026))
    assert [(each.kind.value, each.label) for each in lines] == [
        ("sub", "城东街道"),
        ("sub", "城中街道"),
        ("own", "婺城区本级"),
        ("sub_total", "下级上报总计"),
        ("total", "本级上报总计"),
    ]
    assert all(set(each.numbers) == {f.name for f in figures_of(looking, year(2026))} for each in lines)


def test_a_clerk_counts_the_units_of_their_scope_alone(
    looking: Session, person: Person, world: World
) -> None:
    county = looking.get_one(Unit, world.county)
    lines = count(looking, person("office"), county, Period())
    assert [each.label for each in lines] == ["城东街道", "下级上报总计", "本级上报总计"]
    own_unit = looking.get_one(Unit, world.township)
    mine = count(looking, person("office"), own_unit, Period())
    assert line(lines, RowKind.TOTAL) == line(mine, RowKind.TOTAL)
    assert 0 < line(lines, RowKind.TOTAL)["total"] < reckoned(looking, Period(), county.path)["total"]


def test_a_director_counts_their_committee_alone(session: Session, person: Person, world: World) -> None:
    village = session.get_one(Unit, world.village)
    before = line(count(session, person("director"), village, Period()), RowKind.OWN)
    room = Committee(
        name="驻所调解室", unit=village, path=village.path, kind="06", status="active", members=[]
    )
    session.add(room)
    session.flush()
    make(session, world, committee_id=room.id)
    session.flush()
    assert line(count(session, person("director"), village, Period()), RowKind.OWN) == before
    assert line(count(session, person("office"), village, Period()), RowKind.OWN)["by_others"] == 1


@pytest.mark.parametrize("who", ["sysadmin", "auditor", "nobody", "inactive", "expert"])
def test_who_has_no_cases_has_no_figures(looking: Session, person: Person, world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        count(looking, person(who), looking.get_one(Unit, world.city), Period())


def test_a_unit_of_others_is_not_seen(looking: Session, person: Person, world: World) -> None:
    with pytest.raises(NotSeen):
        count(looking, person("office"), looking.get_one(Unit, world.other_township), Period())
    assert count(looking, person("two_posts"), looking.get_one(Unit, world.far_township), Period())


def test_the_months_of_a_period_are_added_up(session: Session, person: Person, world: World) -> None:
    village = session.get_one(Unit, world.village)
    for number, removed in ((1, False), (2, False), (3, True), (7, False)):
        session.add(
            Monthly(
                committee_id=world.village_committee,
                unit_id=village.id,
                path=village.path,
                year=2024,
                month=number,
                screenings=10 * number,
                prevented=number,
                removed_at=now() if removed else None,
            )
        )
    session.flush()
    numbers = line(count(session, person("director"), village, half(2024, 1)), RowKind.TOTAL)
    assert (numbers["screenings"], numbers["prevented"]) == (30, 3)
    part = Period(date(2024, 1, 2), date(2024, 2, 29))
    assert line(count(session, person("director"), village, part), RowKind.TOTAL)["screenings"] == 20


def test_what_is_hard_is_what_held_on_the_last_day(session: Session, person: Person, world: World) -> None:
    make(session, world, where="far", difficulty="3", accepted_on=date(2026, 3, 1))
    make(session, world, where="far", difficulty="3", accepted_on=date(2026, 8, 1))
    session.add(Parameter(setting=Setting.DIFFICULT, value="4", valid_from=date(2026, 7, 1)))
    session.add(Parameter(setting=Setting.PERFORMANCE_BLOCK, value="是", valid_from=date(2026, 7, 1)))
    session.flush()
    far, who = session.get_one(Unit, world.far_county), person("bureau_far")
    numbers = [line(count(session, who, far, half(2026, n)), RowKind.TOTAL)["difficult"] for n in (1, 2)]
    assert numbers == [1, 0]
    assert sheet(session, half(2026, 1)) == columns()
    assert sheet(session, half(2026, 2)) == columns(performance=True)


def test_a_mediators_own_are_the_cases_assigned_to_them(
    looking: Session, person: Person, world: World
) -> None:
    mine = own(looking, person("owner"), Period(), ("total", "succeeded"))
    theirs = own(looking, person("stranger"), Period(), ("total",))
    all_ = own(looking, person("director"), Period(), ("total",))
    assert 0 < mine["total"] < all_["total"]
    assert theirs["total"] == 1
    village = line(
        count(looking, person("director"), looking.get_one(Unit, world.village), Period()), RowKind.TOTAL
    )
    assert all_["total"] == village["total"]


def test_the_queries_are_few_however_many_units(
    looking: Session, person: Person, world: World, statements: list[str]
) -> None:
    city, who = looking.get_one(Unit, world.city), person("bureau_city")
    statements.clear()
    count(looking, who, city, year(2026))
    assert len([each for each in statements if each.startswith("SELECT")]) <= 8


@pytest.fixture
def statements(looking: Session) -> Iterator[list[str]]:
    """Every statement sent from now on."""
    sent: list[str] = []
    bind = looking.get_bind()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    yield sent
    event.remove(bind, "before_cursor_execute", note)


def test_nobody_looks_behind_the_numbers_of_others(looking: Session, person: Person, world: World) -> None:
    city = looking.get_one(Unit, world.city)
    mine = behind(looking, person("office"), city, Period(), "total")
    assert mine
    assert set(mine) < set(behind(looking, person("bureau_city"), city, Period(), "total"))
    with pytest.raises(NotSeen):
        behind(looking, person("office"), looking.get_one(Unit, world.far_county), Period(), "total")
    with pytest.raises(NotSeen):
        behind(looking, person("office"), city, Period(), "weather")


def test_behind_each_number_are_the_cases_that_make_it(
    looking: Session, person: Person, world: World
) -> None:
    chance, who, county = Random(7), person("bureau_county"), looking.get_one(Unit, world.county)
    for _ in range(60):
        make(
            looking,
            world,
            where=chance.choice(COMMITTEES),
            kind=chance.choice("1234789新"),
            source=chance.choice("1234567新"),
            difficulty=chance.choice("1234"),
            result=chance.choice((None, "1", "2")),
            form=chance.choice((None, "1", "2", "新")),
            fulfilment=chance.choice((None, "03", "05", "06")),
            amount=chance.choice((None, Decimal(0), Decimal("88.50"))),
            preventions=[(chance.choice(("01", "02", "03", "04")), chance.choice((0, 3)))],
        )
    looking.get_one(Committee, world.other_committee).kind = "06"
    looking.flush()
    adds = {
        each.id: of_case(facts)
        for each in looking.scalars(select(Case).where(Case.under(county.path)))
        if counts(facts := facts_of(looking, each), year(2026))
    }
    level = {each.id for each in looking.scalars(select(Case).where(Case.path == county.path))}
    for name in (each.name for each in EVERY):
        ids = behind(looking, who, county, year(2026), name)
        assert set(ids) == {each for each, numbers in adds.items() if numbers[name]}, name
        own_level = behind(looking, who, county, year(2026), name, level=True)
        assert set(own_level) == set(ids) & level
    for check in CHECKS:
        failing = {
            each for each, numbers in adds.items() if check in [one.check for one in failures(numbers)]
        }
        assert set(behind(looking, who, county, year(2026), check.name)) == failing
    assert behind(looking, who, county, year(2026), "sum_of_forms")
