"""The daily job makes just the screening tasks that a plain reckoning says, once, whoever else makes them."""

from calendar import monthrange
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from random import Random
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from admin_app.models.cadences import Cadence, KeyPeriod
from admin_app.models.history import Entry
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import records, screening_board, screening_tasks
from admin_app.operations.figures import RowKind
from admin_app.rules.cadences import Every
from admin_app.rules.dates import now
from admin_app.rules.periods import Period
from admin_app.rules.screenings import Found, ScreeningState
from admin_app.rules.tiers import Tier, path_of
from tests.databases import open_session
from tests.world import World

Person = Callable[[str], User]
FIRST, LAST = date(2026, 9, 1), date(2026, 11, 30)
Owed = tuple[int, str, date, date, date, int | None]


def days(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    for ahead in range((last - first).days + 1):
        yield first + timedelta(days=ahead)


def clear(session: Session) -> None:
    """Without the world's own tasks and rules."""
    with session.no_autoflush:
        connection = session.connection()
        connection.execute(update(Screening.__table__.metadata.tables["finds"]).values(screening_id=None))
        for model in (Screening, Cadence, KeyPeriod):
            connection.execute(delete(model.__table__))


def cadence(session: Session, unit: Unit, tier: Tier, every: Every, since: date, **more: Any) -> Cadence:
    row = Cadence(
        unit=unit, path=unit.path, tier=tier, every=every, valid_from=since, **{"due_days": 1} | more
    )
    session.add(row)
    session.flush()
    return row


# ------------------------------------------------------------------ the plain reckoning


def plain_period(every: str, day: date) -> tuple[date, date]:
    last = monthrange(day.year, day.month)[1]
    match every:
        case "day":
            return day, day
        case "week":
            return date.fromisocalendar(*day.isocalendar()[:2], 1), date.fromisocalendar(
                *day.isocalendar()[:2], 7
            )
        case "half_month":
            half = (1, 15) if day.day < 16 else (16, last)
            return day.replace(day=half[0]), day.replace(day=half[1])
        case "month":
            return day.replace(day=1), day.replace(day=last)
    first = day.month - (day.month - 1) % 3
    return date(day.year, first, 1), date(day.year, first + 2, monthrange(day.year, first + 2)[1])


def plain(session: Session, day: date) -> set[Owed]:
    """What is owed on a day, unit by unit and rule by rule."""
    found: set[Owed] = set()
    rules = list(session.scalars(select(Cadence).where(Cadence.removed_at.is_(None))))
    times = list(session.scalars(select(KeyPeriod).where(KeyPeriod.removed_at.is_(None))))
    for unit in session.scalars(select(Unit).where(Unit.removed_at.is_(None))):
        best = None
        for rule in rules:
            begun = rule.valid_from <= day and (rule.valid_until is None or day <= rule.valid_until)
            if begun and rule.tier == unit.tier and unit.path.startswith(rule.path):
                weight = (len(rule.path), rule.valid_from)
                if best is None or weight > best[0]:
                    best = weight, rule
        if best is not None:
            since, until = plain_period(best[1].every.value, day)
            due_on = until + timedelta(days=best[1].due_days)
            found.add((unit.id, best[1].every.value, since, until, due_on, None))
        for time in times:
            meant = unit.tier == time.tier if time.tier is not None else best is not None
            if time.since <= day <= time.until and meant and unit.path.startswith(time.path):
                found.add((unit.id, "day", day, day, day + timedelta(days=time.due_days), time.id))
    return found


def made(session: Session) -> set[Owed]:
    rows = session.scalars(select(Screening)).all()
    found = [(r.unit_id, r.every.value, r.since, r.until, r.due_on, r.key_period_id) for r in rows]
    assert len(found) == len(set(found))
    return set(found)


# ------------------------------------------------------------------ a quarter


def test_a_quarter_makes_just_what_a_plain_reckoning_says(
    session: Session, person: Person, world: World
) -> None:
    """Tiers, cadences that change in the middle, key periods, units that come and go."""
    clear(session)
    get = lambda name: session.get_one(Unit, getattr(world, name))  # noqa: E731
    cadence(session, get("city"), Tier.VILLAGE, Every.WEEK, date(2018, 11, 16))
    cadence(session, get("city"), Tier.TOWNSHIP, Every.MONTH, date(2018, 11, 16), due_days=5)
    quarterly = cadence(session, get("city"), Tier.COUNTY, Every.QUARTER, date(2018, 11, 16), due_days=10)
    new = Unit(name="新设社区", code="330702001099", tier=Tier.VILLAGE, parent_id=world.township)
    expected: set[Owed] = set()
    keys: set[tuple[Any, ...]] = set()

    def change(day: date) -> None:
        match day:
            case date(month=9, day=16):  # a county of its own mind, from the middle of a month and week
                cadence(session, get("county"), Tier.VILLAGE, Every.HALF_MONTH, day, due_days=0)
            case date(month=9, day=28):
                feast = KeyPeriod(
                    unit=get("city"),
                    path=get("city").path,
                    name="国庆",
                    since=date(2026, 10, 1),
                    until=date(2026, 10, 8),
                    due_days=0,
                )
                session.add(feast)
            case date(month=10, day=14):
                new.path = path_of(get("township").path, new.code)
                session.add(new)
            case date(month=10, day=20):  # said a month later to have ended
                cadence(
                    session, get("far_township"), Tier.VILLAGE, Every.DAY, day, valid_until=date(2026, 10, 25)
                )
            case date(month=11, day=5):
                get("next_village").removed_at = now()
            case date(month=11, day=12):
                quarterly.removed_at = now()
            case date(month=11, day=20):
                grids = KeyPeriod(
                    unit=get("village"),
                    path=get("village").path,
                    name="换届",
                    since=day,
                    until=day,
                    due_days=2,
                    tier=Tier.GRID,
                )
                session.add(grids)
        session.flush()

    for day in days():
        change(day)
        for each in sorted(plain(session, day), key=str):
            key = (each[0], each[1], each[2], each[5])
            if key not in keys:
                keys.add(key)
                expected.add(each)
        screening_tasks.make(session, day)
        assert screening_tasks.make(session, day) == 0, day
    assert made(session) == expected
    assert len({each[1] for each in expected}) == 5
    assert any(each[0] == new.id for each in expected)
    session.rollback()


def test_a_days_tasks_leave_one_line_and_know_their_committee(session: Session, world: World) -> None:
    clear(session)
    top = session.get_one(Unit, world.city)
    cadence(session, top, Tier.VILLAGE, Every.WEEK, date(2018, 11, 16))
    session.commit()
    before = session.scalar(select(func.count()).select_from(Entry)) or 0
    assert screening_tasks.make(session, date(2026, 11, 18)) == 4
    session.commit()
    lines = session.scalars(select(Entry).where(Entry.place > before)).all()
    assert [(line.action, line.title) for line in lines] == [("command", "排查任务")]
    assert lines[0].note == "2026-11-18 生成 4 件：每周 4 件"
    mine = session.scalars(select(Screening).where(Screening.unit_id == world.village)).one()
    assert (mine.committee_id, mine.state, mine.version) == (world.village_committee, ScreeningState.DUE, 1)


def test_two_jobs_at_once_make_no_doubles(engine: Engine, world: World) -> None:
    with open_session(engine) as session:
        clear(session)
        cadence(session, session.get_one(Unit, world.city), Tier.VILLAGE, Every.WEEK, date(2018, 11, 16))
        session.commit()
    barrier = Barrier(2)

    def work(_: int) -> int:
        with open_session(engine) as session:
            barrier.wait()
            count = screening_tasks.make(session, date(2026, 11, 18))
            session.commit()
            return count

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(work, range(2)))
    assert sum(counts) == 4
    with open_session(engine) as session:
        assert len(made(session)) == 4


def test_a_unit_that_owes_reports_may_still_be_removed(
    session: Session, person: Person, world: World
) -> None:
    clear(session)
    cadence(session, session.get_one(Unit, world.city), Tier.VILLAGE, Every.WEEK, date(2018, 11, 16))
    screening_tasks.make(session, date(2026, 11, 18))
    unit = session.get_one(Unit, world.next_village)
    period = Period(date(2026, 11, 1), date(2026, 11, 30))
    actor, top = person("bureau_city"), session.get_one(Unit, world.township)
    lines = screening_board.count(session, actor, top, period, date(2027, 1, 1))
    assert lines[-1].numbers["missing"] == 2
    records.remove(session, actor, unit)
    lines = screening_board.count(session, actor, top, period, date(2027, 1, 1))
    assert (lines[-1].numbers["owed"], lines[-1].numbers["missing"]) == (1, 1)


# ------------------------------------------------------------------ lateness


@pytest.mark.parametrize("turn", range(3))
def test_the_board_counts_late_and_missing_as_a_plain_reckoning_does(
    session: Session, person: Person, world: World, turn: int
) -> None:
    clear(session)
    chance, city = Random(turn), session.get_one(Unit, world.city)
    for tier, every in (
        (Tier.VILLAGE, Every.WEEK),
        (Tier.TOWNSHIP, Every.MONTH),
        (Tier.COUNTY, Every.QUARTER),
    ):
        cadence(session, city, tier, every, date(2018, 11, 16), due_days=chance.randint(0, 5))
    for day in days():
        screening_tasks.make(session, day)
    table = Screening.__table__
    for row in session.execute(select(table)).all():
        if chance.random() < 0.7:
            what = chance.choice(list(Found))
            state = chance.choice([ScreeningState.REPORTED, ScreeningState.REVIEWED])
            on = row.until + timedelta(days=chance.randint(-1, 8))
            given = {"state": state, "found": what, "reported_on": on}
            session.connection().execute(update(table).where(table.c.id == row.id).values(given))
    session.expire_all()
    on = chance.choice([date(2026, 11, 12), date(2026, 12, 20)])
    period = Period(date(2026, 9, 20), date(2026, 11, 22))
    tasks = [each for each in session.scalars(select(Screening)) if period.holds(each.until)]
    for where in ("city", "county", "township", "village"):
        unit = session.get_one(Unit, getattr(world, where))
        lines = screening_board.count(session, person("bureau_city"), unit, period, on)
        for line in lines:
            path = line.unit.path
            if line.kind is RowKind.SUB:
                mine = [each for each in tasks if each.path.startswith(path)]
            elif line.kind is RowKind.OWN:
                mine = [each for each in tasks if each.path == path]
            elif line.kind is RowKind.SUB_TOTAL:
                mine = [each for each in tasks if each.path.startswith(path) and each.path != path]
            else:
                mine = [each for each in tasks if each.path.startswith(path)]
            told = Counter(name for each in mine for name in names(each, on))
            numbers = {name: line.numbers[name] for name in told | dict.fromkeys(STATES, 0)}
            assert numbers == {name: told[name] for name in numbers}, (where, line.label)


STATES = ("owed", "reported", "nothing", "late", "missing", "waiting", "unread")


def names(task: Screening, on: date) -> Iterator[str]:
    """The numbers of the board to which a task adds."""
    yield "owed"
    if task.reported_on is None:
        yield "missing" if on > task.due_on else "waiting"
        return
    yield "reported"
    if task.found is Found.NOTHING:
        yield "nothing"
    if task.reported_on > task.due_on:
        yield "late"
    if task.state is ScreeningState.REPORTED:
        yield "unread"
