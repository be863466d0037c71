"""The tally is at every moment what a recount of the cases gives, whoever writes, and however many do."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, event, func, insert, select, text, true, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from admin_app import migrations, tally
from admin_app.models.cases import Case, Party
from admin_app.models.committees import Committee
from admin_app.models.figures import TALLIES
from admin_app.models.preventions import Prevention
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import sums as summing
from admin_app.operations import tallies
from admin_app.operations.figures import count, figures_of, scope_of_posts
from admin_app.operations.sums import Scope, sums_by_committee, sums_by_month
from admin_app.rules.cases import Stage
from admin_app.rules.dates import now
from admin_app.rules.figures import EVERY, Of, every
from admin_app.rules.periods import Period
from admin_app.rules.tally import COLUMNS, kept
from tests.databases import open_session
from tests.test_figures import COMMITTEES, make
from tests.test_past_figures import Walk, acts
from tests.world import World

Person = Callable[[str], User]
MARCH = 2026 * 12 + 2
days = st.dates(date(2025, 12, 1), date(2026, 8, 31))
periods = st.tuples(st.none() | days, st.none() | days).map(lambda ends: Period(*ends))


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    sent: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        sent.append(statement)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    yield sent
    event.remove(session.get_bind(), "before_cursor_execute", note)


def booked(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(TALLIES)) or 0


def test_every_sum_of_the_figures_is_kept() -> None:
    for each in (*EVERY, *every(("2", "3"))):
        assert bool(kept(each.key)) is (each.of is not Of.MONTH)
    assert kept(next(each for each in every(("3", "新")) if each.name == "difficult").key) == ()
    facts = {key[2].fact for key in COLUMNS.values() if key[0] is Of.CASE} - {"", "performance"}
    assert facts < set(tally.FACTS)
    assert {"form", "fulfilment", "people", "amount", "removed_at"} < set(tally.FACTS)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(acts, st.integers(0, 99), st.booleans()), min_size=1, max_size=10),
    periods,
    st.sets(st.sampled_from(COMMITTEES), min_size=1),
    st.sampled_from((("3", "4"), ("2",), ("3", "新"))),
)
def test_after_any_changes_it_is_what_a_recount_gives(
    session: Session,
    world: World,
    walk: list[tuple[tuple[str, Any], int, bool]],
    period: Period,
    where: set[str],
    hard: tuple[str, ...],
) -> None:
    walker = Walk(session, world)
    for (name, given_), pick, folded in walk:
        walker.act(name, given_, pick)
        if folded:
            tally.fold(session)
            session.commit()
    assert list(tally.faults(session)) == []
    committees = Committee.id.in_([getattr(world, f"{each}_committee") for each in where])
    figures, counted = every(hard), Scope(committees, true())  # one by one, not off the tally
    for asked in (sums_by_committee, sums_by_month):
        off_tally, one_by_one = (
            {key: each for key, each in asked(session, scope, period, figures) if any(each.values())}
            for scope in (Scope(committees), counted)
        )
        assert off_tally == one_by_one


def test_what_is_rolled_back_was_never_there(session: Session, world: World) -> None:
    before = booked(session)
    make(session, world)
    session.flush()
    tally.settle(session)
    assert booked(session) == before + 1
    session.rollback()
    session.commit()
    assert booked(session) == before
    assert list(tally.faults(session)) == []


def test_who_counts_before_the_commit_counts_what_was_changed(
    session: Session, person: Person, world: World
) -> None:
    city, who = session.get_one(Unit, world.city), person("bureau_city")
    before = count(session, who, city, Period())[-1].numbers["total"]
    case = make(session, world)
    assert count(session, who, city, Period())[-1].numbers["total"] == before + 1
    case.accepted_on = None
    assert count(session, who, city, Period())[-1].numbers["total"] == before


def test_saving_a_case_costs_one_statement_more_and_only_where_it_counts(
    session: Session, world: World
) -> None:
    case = make(session, world, parties=(None,))
    session.commit()
    for change, more in (
        ({"brief": "又起争执"}, 0),
        ({"stage": Stage.CLOSED}, 0),
        ({"kind": "2"}, 1),
        ({"accepted_on": date(2026, 5, 1)}, 2),  # a month each
        ({"amount": Decimal(5)}, 1),
        ({"stage": Stage.REGISTERED}, 1),
    ):
        for name, value in change.items():
            setattr(case, name, value)
        with statements(session) as sent:
            session.commit()
        assert len([each for each in sent if "tallies" in each]) == more
        assert not [each for each in sent if "FOR NO KEY UPDATE" in each]
        assert case.version


def test_a_new_case_that_nobody_has_taken_up_costs_nothing(session: Session, world: World) -> None:
    make(session, world, accepted_on=None, stage=Stage.REGISTERED)
    with statements(session) as sent:
        session.commit()
    assert not [each for each in sent if "tallies" in each]


def _write(engine: Engine, seed: int, cases: list[int], committees: list[int]) -> int:
    """Random changes by one of many writers, in transactions of one to three; how many were done."""
    chance, done = Random(seed), 0
    with open_session(engine) as session:
        for _ in range(12):
            try:
                for _ in range(chance.randint(1, 3)):
                    _change(session, chance, session.get_one(Case, chance.choice(cases)), committees)
                    session.flush()
                if chance.random() < 0.2:
                    tally.settle(session)
                session.rollback() if chance.random() < 0.1 else session.commit()
                if chance.random() < 0.2:
                    tally.fold(session) if chance.random() < 0.5 else tally.mend(session)
                    session.commit()
                done += 1
            except (StaleDataError, OperationalError):  # another was quicker; or two waited for each other
                session.rollback()
            session.expire_all()
    return done


def _change(session: Session, chance: Random, case: Case, committees: list[int]) -> None:
    match chance.randrange(8):
        case 0:
            case.committee_id = chance.choice(committees)
        case 1:
            case.accepted_on = chance.choice((None, date(2026, 3, 3), date(2026, 4, 4)))
        case 2:
            case.people = chance.choice((None, 3, 7))
        case 3:
            case.removed_at = None if case.removed_at else now()
        case 4:  # a line alone, as nothing of ours writes it
            session.add(
                Party(case_id=case.id, side="02", kind="01", name="丙某", headcount=chance.randint(1, 9))
            )
        case 5:
            line = Prevention(
                case_id=case.id, kind="01", people=2, prevented_on=date(2026, 3, 3), situation="劝住"
            )
            session.add(line)
        case 6:
            case.kind = chance.choice("123")
        case 7:
            lines = session.scalars(select(Party).where(Party.case_id == case.id)).all()
            for line in lines[1:]:
                session.delete(line)


@pytest.mark.filterwarnings("ignore:DELETE statement on table 'parties'")  # another has taken it out too
def test_many_writers_at_once_leave_it_right(engine: Engine, world: World) -> None:
    """On the same few cases, with lines alone, moves, rollbacks, folding and mending in between."""
    with open_session(engine) as session:
        cases = [make(session, world, where=COMMITTEES[n % 3], people=None) for n in range(8)]
        session.commit()
        ids = [each.id for each in cases]
        committees = sorted({each.committee_id for each in cases})
    many = 16 if engine.dialect.name == "postgresql" else 4
    with ThreadPoolExecutor(many) as pool:
        done = list(pool.map(lambda seed: _write(engine, seed, ids, committees), range(many)))
    assert sum(done) > many
    with open_session(engine) as session:
        assert list(tally.faults(session)) == []
        tally.fold(session)
        assert list(tally.faults(session)) == []
        place = TALLIES.c.committee_id, TALLIES.c.month
        assert session.execute(select(*place).group_by(*place).having(func.count() > 1)).all() == []


def test_a_line_waits_for_who_moves_its_case(engine: Engine, world: World) -> None:
    """Else it would be counted where the case no longer is, and be missing where it has gone."""
    with open_session(engine) as session:
        case = make(session, world, people=None)
        session.commit()
        case_id = case.id

    def add_a_line() -> None:
        with open_session(engine) as session:
            session.add(Party(case_id=case_id, side="02", kind="01", name="丙某", headcount=5))
            session.commit()

    with open_session(engine) as session, ThreadPoolExecutor(1) as pool:
        session.get_one(Case, case_id).accepted_on = date(2026, 9, 9)
        tally.settle(session)
        line = pool.submit(add_a_line)
        with pytest.raises(TimeoutError):
            line.result(timeout=0.5)
        session.commit()
        line.result(timeout=20)
    with open_session(engine) as session:
        assert list(tally.faults(session)) == []


def _spoil(session: Session, world: World) -> None:
    """As somebody might who writes past us."""
    session.execute(update(TALLIES).values(total=7).where(TALLIES.c.committee_id == world.village_committee))
    session.execute(insert(TALLIES).values(committee_id=world.far_committee, month=MARCH, people=3))
    session.commit()


def test_what_does_not_hold_is_found_and_mended(session: Session, world: World) -> None:
    make(session, world)
    session.commit()
    _spoil(session, world)
    wrong = list(tally.faults(session))
    assert {committee for committee, _ in wrong} == {world.village_committee, world.far_committee}
    tally.mend(session)
    assert list(tally.faults(session)) == []
    session.execute(delete(TALLIES))
    tally.mend(session)
    assert list(tally.faults(session)) == []


def test_the_daily_job_mends_all_of_it_within_a_month(session: Session, world: World) -> None:
    make(session, world)
    session.commit()
    _spoil(session, world)
    wrong = len(list(tally.faults(session)))
    mended = [tallies.mend_some(session, date(2026, 2, day)) for day in range(1, 29)]
    assert sum(mended) == wrong
    assert list(tally.faults(session)) == []
    assert tallies.fold(session, date(2026, 2, 28)) > 0
    assert tallies.fold(session, date(2026, 2, 28)) == 0


def test_an_upgrade_fills_it_from_the_cases_there_are(engine: Engine, world: World) -> None:
    """The migration has its own words for what the rules say today."""
    chance = Random(3)
    with open_session(engine) as session:
        for _ in range(40):
            make(
                session,
                world,
                where=chance.choice(COMMITTEES),
                kind=chance.choice(("1", "9", "17", "18", "新")),
                source=chance.choice("12345678新"),
                difficulty=chance.choice("1234新"),
                stage=chance.choice(list(Stage)),
                accepted_on=date(2026, chance.randint(1, 12), 5),
                result=chance.choice((None, "1", "2", "新")),
                form=chance.choice((None, "1", "2", "新")),
                fulfilment=chance.choice((None, "03", "05", "06", "99")),
                people=chance.choice((None, 4)),
                amount=chance.choice((None, Decimal(0), Decimal("88.55"))),
                removed=chance.random() < 0.1,
                parties=[chance.choice((None, 0, 5)) for _ in range(chance.randrange(3))],
                preventions=[
                    (chance.choice(("01", "02", "03", "04", "新")), 3) for _ in range(chance.randrange(2))
                ],
            )
        session.commit()
    migrations.downgrade(engine, "20261213_postgres")
    migrations.upgrade(engine)
    with open_session(engine) as session:
        assert booked(session) > 10
        assert list(tally.faults(session)) == []


def test_months_are_read_off_it_and_odd_days_off_the_cases(
    looking: Session, person: Person, world: World
) -> None:
    scope, figures = scope_of_posts(person("bureau_city")), figures_of(looking, Period())
    keys = [each.key for each in figures]
    for period, by_tally, by_cases in (
        (Period(), True, False),
        (Period(date(2026, 1, 1), date(2026, 12, 31)), True, False),
        (Period(date(2026, 1, 2), date(2026, 12, 31)), True, True),
        (Period(date(2026, 1, 2), date(2026, 1, 30)), False, True),
    ):
        query = str(summing.query_by_holder(scope, period, keys, 14))
        assert ("FROM tallies" in query, "FROM cases" in query) == (by_tally, by_cases), period


def test_a_small_scope_reads_its_rows_alone(looking: Session, world: World) -> None:
    scope = Scope(Committee.id == world.village_committee)
    keys = [each.key for each in every() if each.of is not Of.MONTH]
    query = summing.query_by_holder(scope, Period(), keys, 0)
    sql = str(query.compile(looking.get_bind(), compile_kwargs={"literal_binds": True}))
    if looking.get_bind().dialect.name == "postgresql":
        looking.execute(text("SET LOCAL enable_seqscan = off"))
    prefix = "EXPLAIN " if looking.get_bind().dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    assert "ix_tallies_committee" in "\n".join(str(row) for row in looking.execute(text(prefix + sql)))


@pytest.mark.parametrize("since", [None, date(2026, 1, 1), date(2026, 1, 2)])
@pytest.mark.parametrize("until", [None, date(2026, 1, 31), date(2026, 2, 27), date(2026, 3, 31)])
def test_whole_months_and_odd_days_are_the_period(since: date | None, until: date | None) -> None:
    period = Period(since, until)
    first, last = period.whole_months()
    for ordinal in range(date(2025, 12, 1).toordinal(), date(2026, 5, 1).toordinal()):
        day = date.fromordinal(ordinal)
        odd = sum(each.holds(day) for each in period.odd_days())
        assert odd + (first <= tally.index_of(day) <= last) == period.holds(day)
