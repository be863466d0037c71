"""A quarter of daily jobs over the demo: what they make, as a plain reckoning says."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from admin_app.models.base import Base
from admin_app.models.cadences import KeyPeriod
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.finds import Find
from admin_app.models.holidays import calendar
from admin_app.models.lookbacks import Lookback
from admin_app.models.notices import Notice
from admin_app.models.registry import REGISTERS
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.models.visits import Visit
from admin_app.models.warning_rules import WarningRule
from admin_app.models.warnings import EarlyWarning
from admin_app.operations import daily
from admin_app.operations.lateness import SUPERVISED
from admin_app.operations.lives import LIVES
from admin_app.rules.tiers import Tier
from admin_app.rules.warnings import Severity, Sign
from seed.demo import load_demo
from tests.databases import open_engine, open_session

LAST = date(2026, 3, 17)
FIRST = LAST - timedelta(days=91)
DAYS = [FIRST + timedelta(days=ahead) for ahead in range(92)]
WIDTH = {Tier.TOWNSHIP: 24, Tier.VILLAGE: 37}
TOP = 7
GRAVITY = list(Severity)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """The demo in a file of its own; the other database is asked in a smaller world (test_quarter.py)."""
    folder = tmp_path_factory.mktemp("quarter")
    engine = open_engine(f"sqlite:///{folder / 'quarter.db'}")
    Base.metadata.create_all(engine)
    with open_session(engine) as session:
        load_demo(session, "heshi-demo-2026", Path(folder / "accounts.md"), today=LAST)
        session.commit()
        yield session
        session.rollback()
    engine.dispose()


def state(session: Session) -> list[Any]:
    """All that the daily job may add or mark, told by its sums."""
    counted = [session.scalar(select(func.count()).select_from(each)) for each in _ADDED]
    marks = select(Deadline.id, Deadline.warned_on, Deadline.late_on, Deadline.urged_on, Deadline.due_on)
    return [*counted, session.execute(marks.order_by(Deadline.id)).all()]


_ADDED = (Screening, EarlyWarning, Urging, Lookback, Notice)


def test_a_quarter_over_the_demo_is_what_a_plain_reckoning_says(demo: Session) -> None:
    before = {
        each.id: (each.late_on, each.urged_on) for each in demo.scalars(select(Deadline).where(_open()))
    }
    tasks = {_of_task(each) for each in demo.scalars(select(Screening))}
    keys = set(demo.scalars(select(EarlyWarning.key)))
    did: Counter[str] = Counter()
    for day in DAYS:
        did.update(daily.run(demo, day))
    demo.commit()
    after = {_of_task(each) for each in demo.scalars(select(Screening))}
    assert after == tasks | set(owed(demo))
    assert did["生成排查任务"] == len(after - tasks) > 40_000
    warned = set(demo.scalars(select(EarlyWarning.key)))
    assert warned == keys | set(signs(demo))
    assert did["发出预警"] == len(warned - keys) > 5
    assert did["标出已超期"] == late(demo, before) > 10
    assert did["列入督办"] == supervised(demo, before) > 10
    told = state(demo)
    for day in DAYS[::13]:
        assert set(daily.run(demo, day).values()) == {0}, day
    assert set(daily.run(demo, LAST).values()) == {0}
    assert state(demo) == told


# ------------------------------------------------------------------ tasks


def _of_task(task: Screening) -> tuple[int, str, date, date, int | None]:
    return task.unit_id, task.every.value, task.since, task.until, task.key_period_id


def owed(session: Session) -> Iterator[tuple[int, str, date, date, int | None]]:
    """Villages each week, townships each month, counties each quarter; in a key period each day."""
    units = session.execute(select(Unit.id, Unit.tier, Unit.path)).all()
    spans: dict[Tier, set[tuple[str, date, date]]] = defaultdict(set)
    for day in DAYS:
        monday = day - timedelta(days=day.weekday())
        spans[Tier.VILLAGE].add(("week", monday, monday + timedelta(days=6)))
        spans[Tier.TOWNSHIP].add(("month", day.replace(day=1), _end(day, 1)))
        first = day.replace(month=day.month - (day.month - 1) % 3, day=1)
        spans[Tier.COUNTY].add(("quarter", first, _end(first, 3)))
    for number, tier, _ in units:
        yield from ((number, *span, None) for span in spans[tier])
    for period in session.scalars(select(KeyPeriod)):
        for day in (each for each in DAYS if period.since <= each <= period.until):
            for number, tier, path in units:
                if tier is period.tier and path.startswith(period.path):
                    yield number, "day", day, day, period.id


def _end(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1) - timedelta(days=1)


# ------------------------------------------------------------------ warnings


def signs(session: Session) -> Iterator[str]:
    """The key of every warning that the quarter deserves, rule by rule and record by record."""
    rules = sorted(session.scalars(select(WarningRule)), key=lambda r: (GRAVITY.index(r.severity), r.id))
    by = {sign: [each for each in rules if each.sign is sign] for sign in Sign}
    cases = list(session.scalars(select(Case).options(selectinload(Case.parties))))
    finds, visits = list(session.scalars(select(Find))), list(session.scalars(select(Visit)))
    roots = {each.case_id: f"visit:{each.id}" for each in visits if each.case_id}
    roots |= {each.case_id: f"find:{each.id}" for each in finds if each.case_id}
    seen: list[tuple[str, str, int]] = []
    for case in cases:
        if _lately(case.registered_on) or (case.waits and case.registered_on < FIRST):
            seen.append((roots.get(case.id, f"case:{case.id}"), case.risk, case.people or 0))
    for find in (each for each in finds if not each.case_id):
        if _lately(find.found_on) or (find.waits and find.found_on < FIRST):
            seen.append((f"find:{find.id}", find.risk, find.people))
    for matter, risk, people in seen:
        yield from (f"{r.id}:{risk}:{matter}" for r in by[Sign.RISK] if r.risk == risk)
        yield from [f"{r.id}:{matter}" for r in by[Sign.PEOPLE] if people >= (r.least or 0)][:1]
    for visit in (each for each in visits if _lately(each.visited_on) and not each.case_id):
        crowd = [r for r in by[Sign.PEOPLE] if visit.people >= (r.least or 0)]
        yield from (f"{r.id}:visit:{visit.id}" for r in crowd[:1])
    yield from _repeated(by[Sign.AGAIN][0], [(c.id, c.registered_on, c.parties) for c in cases], roots)
    yield from _repeated(by[Sign.VISITS][0], [(v.id, v.visited_on, [v]) for v in visits], {}, "visit")
    yield from _surges(session, by, cases)


def _lately(day: date) -> bool:
    return FIRST - timedelta(days=7) <= day <= LAST


def _repeated(
    rule: WarningRule, given: list[tuple[int, date, Any]], roots: dict[Any, str], word: str = "case"
) -> Iterator[str]:
    assert rule.days is not None
    for number, day, people in given:
        if not _lately(day):
            continue
        since = day - timedelta(days=rule.days)
        earlier = [(i, p) for i, on, p in given if since < on and (on, i) <= (day, number)]
        for one in people:
            often = [i for i, others in earlier if any(_same(one, each) for each in others)]
            if len(often) >= (rule.least or 0):
                yield f"{rule.id}:{roots.get(number, f'{word}:{number}')}"
                break


def _same(one: Any, other: Any) -> bool:
    if one.id_number and other.id_number:
        return bool(one.id_number == other.id_number)
    return bool(one.phone) and (one.name, one.phone) == (other.name, other.phone)


def _surges(session: Session, by: dict[Sign, list[WarningRule]], cases: list[Case]) -> Iterator[str]:
    units = dict(session.execute(select(Unit.path, Unit.id)).all())
    for rule in (*by[Sign.KIND], *by[Sign.PLACE]):
        assert rule.tier is not None
        days: dict[tuple[str, str], list[date]] = defaultdict(list)
        places: dict[str, list[date]] = defaultdict(list)
        for case in (each for each in cases if len(each.path) >= WIDTH[rule.tier]):
            place = case.path[: WIDTH[rule.tier]]
            places[place].append(case.registered_on)
            days[place, case.kind if rule.sign is Sign.KIND else ""].append(case.registered_on)
        for (place, kind), registered in days.items():
            for day in DAYS:
                now = _within(registered, day, 0)
                if now < (rule.least or 0):
                    continue
                back = range(1, (rule.months or 0) + 1)
                before = [_within(registered, day, months) for months in back]
                known = any(_within(places[place], day, months) for months in back)
                if known and now * len(before) >= (rule.ratio or 0) * sum(before):
                    yield f"{rule.id}:{units[place]}:{kind}:{day:%Y-%m}"


def _within(days: list[date], day: date, back: int) -> int:
    """How many lie between the first and this day of the month so many months ago."""
    year, month = divmod(day.year * 12 + day.month - 1 - back, 12)
    return sum(each.year == year and each.month == month + 1 and each.day <= day.day for each in days)


# ------------------------------------------------------------------ lateness and supervision


def _open() -> Any:
    return Deadline.done_at.is_(None)


def late(session: Session, before: dict[int, Any]) -> int:
    """Each open deadline turns late on the first day of the quarter after its own, unless it was marked."""
    marked = 0
    for each in session.scalars(select(Deadline).where(_open())):
        if before.get(each.id, (None, None))[0] is None:
            assert each.late_on == (
                max(each.due_on + timedelta(days=1), FIRST) if each.due_on < LAST else None
            )
            marked += each.late_on is not None
    return marked


def supervised(session: Session, before: dict[int, Any]) -> int:
    """Three working days later the superior asks, of what may be asked after: the city has its people."""
    working, urged = calendar(session), 0
    for each in session.scalars(select(Deadline).where(_open(), Deadline.kind.in_(SUPERVISED))):
        if before.get(each.id, (None, None))[1] is not None:
            continue
        record = session.get_one(REGISTERS[each.word].model, each.record_id)
        first = next((day for day in DAYS if working.between(each.due_on, day) > 3), None)
        above = len(each.path) > TOP  # nobody stands above the city
        may = above and LIVES[each.word].stands(record) in LIVES[each.word].steps["urge"].sources
        assert each.urged_on == (first if may else None), (each.word, each.record_id)
        urged += each.urged_on is not None
    return urged
