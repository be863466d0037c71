"""Numbers taken: without a gap, never twice, given back by a rollback, in the pattern of the day."""

import multiprocessing
from datetime import date

import pytest
from sqlalchemy import URL, Engine, select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.counters import Counter
from admin_app.models.parameters import Parameter
from admin_app.models.units import Unit
from admin_app.operations.numbers import HELD, Series, beginning_with, take, unit_word
from admin_app.rules.dates import now
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotNow
from admin_app.rules.tiers import Tier, path_of
from tests.databases import open_engine, open_session
from tests.taking import DAY, EACH, take_some
from tests.test_indexes import plan
from tests.world import World

PROCESSES = 32


@pytest.fixture
def village(looking: Session, world: World) -> Unit:
    return looking.get_one(Unit, world.village)


@pytest.fixture
def fresh(looking: Session, world: World) -> Unit:
    """A unit that has no number yet."""
    return looking.get_one(Unit, world.next_village)


def set_pattern(session: Session, pattern: str, since: date) -> None:
    session.add(Parameter(setting=Setting.CASE_NUMBER, value=pattern, valid_from=since))
    session.flush()
    session.info.pop("parameters", None)


def test_numbers_run_from_one_for_each_series_unit_and_year(
    looking: Session, fresh: Unit, world: World
) -> None:
    grid = looking.get_one(Unit, world.grid)
    taken = [
        take(looking, series, unit, day)
        for series, unit, day in (
            (Series.CASE, fresh, DAY),
            (Series.CASE, fresh, DAY),
            (Series.CASE, fresh, date(2027, 1, 1)),
            (Series.CASE, grid, DAY),
            (Series.REFERRAL, fresh, DAY),
            (Series.CASE, fresh, date(2026, 1, 1)),
        )
    ]
    assert taken == [
        "（2026）青春路社区人调字第0001号",
        "（2026）青春路社区人调字第0002号",
        "（2027）青春路社区人调字第0001号",
        "（2026）桃园社区第一网格人调字第0001号",
        "（2026）青春路社区转字第0001号",
        "（2026）青春路社区人调字第0003号",
    ]


@pytest.mark.parametrize("series", Series)
def test_every_series_can_be_numbered(looking: Session, fresh: Unit, series: Series) -> None:
    first, second = (take(looking, series, fresh, DAY) for _ in range(2))
    assert first.startswith("（2026）青春路社区")
    assert (first[-5:], second[-5:]) == ("0001号", "0002号")


def test_a_run_begins_after_the_numbers_that_stand_already(looking: Session, village: Unit) -> None:
    """The world's cases were numbered by no counter; one of them lies elsewhere now, one in the bin."""
    standing = [
        each or "" for each in looking.scalars(beginning_with(Case.number, "（2026）桃园社区人调字第"))
    ]
    assert len(standing) > 2
    last = max(int(each[-5:-1]) for each in standing)
    case = looking.scalars(select(Case).where(Case.number == f"（2026）桃园社区人调字第{last:04}号")).one()
    case.removed_at = now()
    looking.flush()
    assert take(looking, Series.CASE, village, DAY) == f"（2026）桃园社区人调字第{last + 1:04}号"


def test_a_number_that_came_in_since_is_leapt_over(looking: Session, fresh: Unit, world: World) -> None:
    take(looking, Series.AGREEMENT, fresh, DAY)
    case = looking.get_one(Case, world.case)
    for typed in ("（2026）青春路社区人调协字第2号", "（2026）青春路社区人调协字第0003号"):
        case.agreement_number = typed
        looking.flush()
        taken = take(looking, Series.AGREEMENT, fresh, DAY)
    assert taken == "（2026）青春路社区人调协字第0004号"


def test_a_number_is_written_in_the_pattern_of_its_day(looking: Session, fresh: Unit) -> None:
    take(looking, Series.CASE, fresh, DAY)
    set_pattern(looking, "{unit}〔{year}〕民调字第{n}号", date(2026, 12, 1))
    assert take(looking, Series.CASE, fresh, date(2026, 12, 1)) == "青春路社区〔2026〕民调字第2号"
    assert take(looking, Series.CASE, fresh, DAY) == "（2026）青春路社区人调字第0003号"


def test_a_number_too_long_for_its_column_is_refused(looking: Session, fresh: Unit) -> None:
    fresh.name = "长" * 60
    looking.flush()
    with pytest.raises(NotNow, match="缩短编号格式"):
        take(looking, Series.CASE, fresh, DAY)


def test_taking_a_number_does_not_write_what_is_half_done(
    looking: Session, fresh: Unit, world: World
) -> None:
    case = looking.get_one(Case, world.case)
    case.brief = None  # type: ignore[assignment]
    assert take(looking, Series.CASE, fresh, DAY).endswith("0001号")
    assert looking.is_modified(case)


def test_units_of_one_name_are_told_apart_by_those_above(
    looking: Session, village: Unit, world: World
) -> None:
    def twin(above_id: int, code: str) -> Unit:
        above = looking.get_one(Unit, above_id)
        path = path_of(above.path, code)
        unit = Unit(name=village.name, code=code, tier=Tier.VILLAGE, parent_id=above.id, path=path)
        looking.add(unit)
        looking.flush()
        return unit

    assert unit_word(looking, village) == "桃园社区"
    other = twin(world.other_township, "330702002099")
    assert [unit_word(looking, each) for each in (village, other)] == ["城东街道桃园社区", "城中街道桃园社区"]
    looking.get_one(Unit, world.far_township).name = "城东街道"
    far = twin(world.far_township, "330703001099")
    assert [unit_word(looking, each) for each in (village, other, far)] == [
        "婺城区城东街道桃园社区",
        "城中街道桃园社区",
        "金东区城东街道桃园社区",
    ]
    far.removed_at = other.removed_at = now()
    looking.flush()
    assert unit_word(looking, village) == "桃园社区"


def test_a_unit_alone_again_does_not_take_the_numbers_of_the_one_that_went(
    looking: Session, village: Unit, fresh: Unit
) -> None:
    fresh.name = village.name
    village.removed_at = now()
    looking.flush()
    number = take(looking, Series.CASE, fresh, DAY)
    assert number.startswith("（2026）桃园社区人调字第")
    assert looking.scalar(select(Case.id).where(Case.number == number)) is None


def test_a_rollback_gives_the_number_back(engine: Engine, world: World) -> None:
    taken = []
    for _ in range(2):
        with open_session(engine) as session:
            taken.append(take(session, Series.CASE, session.get_one(Unit, world.next_village), DAY))
            session.rollback()
            assert session.scalar(select(Counter.id)) is None
    assert taken == ["（2026）青春路社区人调字第0001号"] * 2


@pytest.mark.parametrize("series", HELD)
def test_the_numbers_of_a_run_are_read_off_an_index(looking: Session, series: Series) -> None:
    found = plan(looking, beginning_with(HELD[series], "（2026）桃园社区"))  # type: ignore[arg-type]
    column = HELD[series]
    assert f"{column.class_.__tablename__}_{column.key}" in found
    assert "SCAN" not in found


def test_many_processes_at_once_take_every_number_once(database_url: URL, world: World) -> None:
    """They begin the run together, too: none of them finds a counter."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.taking"])  # imported once, for all of them
    start, results = context.Barrier(PROCESSES), context.Queue()
    url = database_url.render_as_string(hide_password=False)
    crowd = [
        context.Process(target=take_some, args=(url, world.village, place, start, results), daemon=True)
        for place in range(PROCESSES)
    ]
    for each in crowd:
        each.start()
    kept = [number for _ in crowd for number in results.get(timeout=120)]
    for each in crowd:
        each.join(timeout=60)
    assert {each.exitcode for each in crowd} == {0}

    engine = open_engine(database_url)
    with open_session(engine) as session:
        standing = session.scalars(beginning_with(Case.number, "（2026）桃园社区人调字第")).all()
        counter = session.scalars(select(Counter)).one()
        first = max(int((each or "")[-5:-1]) for each in standing) + 1
        assert len(kept) == PROCESSES * EACH * 2 // 3
        assert sorted(kept) == [f"（2026）桃园社区人调字第{n:04}号" for n in range(first, first + len(kept))]
        assert counter.last == first + len(kept) - 1
    engine.dispose()
