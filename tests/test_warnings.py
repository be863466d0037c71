"""Early warning: what rules see, once for the same evidence; whose it is, what was done, why it is closed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case, Party
from admin_app.models.deadlines import Deadline
from admin_app.models.finds import Find
from admin_app.models.history import Entry
from admin_app.models.lookbacks import Lookback
from admin_app.models.notices import Notice
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.models.warning_rules import WarningRule
from admin_app.models.warnings import EarlyWarning
from admin_app.operations import daily, deadlines, warnings
from admin_app.operations.given import Given
from admin_app.operations.lives import take_step
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.lookbacks import Fault
from admin_app.rules.refusals import NotAllowed, RecordRefused
from admin_app.rules.tiers import Tier
from admin_app.rules.warnings import Outcome, Severity, Sign, WarningState
from tests.databases import open_session
from tests.world import World

Person = Callable[[str], User]
DAY = date(2025, 6, 20)


def rule(session: Session, where: int, sign: Sign, **more: Any) -> WarningRule:
    unit = session.get_one(Unit, where)
    asked = {
        Sign.PEOPLE: {"least": 10},
        Sign.AGAIN: {"least": 3, "days": 180},
        Sign.VISITS: {"least": 3, "days": 90},
        Sign.KIND: {"least": 3, "ratio": Decimal(2), "months": 3, "tier": Tier.TOWNSHIP},
        Sign.PLACE: {"least": 3, "ratio": Decimal(2), "months": 3, "tier": Tier.TOWNSHIP},
    }.get(sign, {})
    row = WarningRule(
        name=sign.label,
        unit=unit,
        path=unit.path,
        sign=sign,
        **{"severity": Severity.RED, "owner": Tier.TOWNSHIP, "valid_from": date(2020, 1, 1)} | asked | more,
    )
    session.add(row)
    session.flush()
    return row


def case(session: Session, world: World, on: date, like: str = "mediating_case", **more: Any) -> Case:
    model = session.get_one(Case, getattr(world, like))
    parties = more.pop("parties", [Party(side="01", name="丁某"), Party(side="02", name="戊某")])
    copied = ("kind", "stage", "committee_id", "unit_id", "path", "source", "brief")
    row = Case(
        **{name: getattr(model, name) for name in copied} | {"risk": "1", "names": "丁某、戊某"} | more,
        registered_on=on,
        parties=parties,
    )
    session.add(row)
    session.flush()
    return row


def raised(session: Session) -> list[EarlyWarning]:
    query = select(EarlyWarning).where(EarlyWarning.key.not_like("world:%")).order_by(EarlyWarning.id)
    return list(session.scalars(query))


def behind(warning: EarlyWarning) -> set[tuple[str, int]]:
    return {(line.word, line.record_id) for line in warning.lines}


# ------------------------------------------------------------------ one record by itself


def test_a_case_with_a_risk_warns_the_unit_whose_it_is_once(session: Session, world: World) -> None:
    rule(session, world.city, Sign.RISK, handle_days=1)
    risky = case(session, world, DAY, risk="2", stage="registered")
    assert warnings.raise_all(session, DAY) == 1
    session.commit()
    [warning] = raised(session)
    assert (warning.state, warning.owner_id, warning.unit_id) == (
        WarningState.RAISED,
        world.township,
        world.village,
    )
    assert behind(warning) == {("case", risky.id)}
    assert warning.words.endswith("当事人有自杀可能")
    [clock] = deadlines.open_of(session, warning)
    assert (clock.kind, clock.due_on, clock.unit_id) == (
        DeadlineKind.WARN_HANDLE,
        DAY + timedelta(days=1),
        world.township,
    )
    told = set(session.scalars(select(Notice.user_id).where(Notice.record_id == warning.id)))
    assert {world.office, world.director} <= told
    assert world.bureau_county not in told
    line = session.scalars(select(Entry).order_by(Entry.place.desc())).first()
    assert line is not None
    assert (line.action, line.note) == ("command", f"{DAY} 发出 1 条：红色（特别严重） 1 条")
    for later in range(4):
        assert warnings.raise_all(session, DAY + timedelta(days=later)) == 0


def test_a_risk_that_is_seen_later_warns_later_while_the_case_is_open(session: Session, world: World) -> None:
    rule(session, world.city, Sign.RISK)
    old = case(session, world, DAY - timedelta(days=100), stage="mediating")
    over = case(session, world, DAY - timedelta(days=100), stage="closed", risk="3")
    assert warnings.raise_all(session, DAY) == 0
    old.risk = "3"
    session.flush()
    assert warnings.raise_all(session, DAY) == 1
    assert behind(raised(session)[0]) == {("case", old.id)}
    assert over.risk == "3"


def test_a_find_warns_and_the_case_that_comes_of_it_does_not_again(session: Session, world: World) -> None:
    rule(session, world.city, Sign.RISK)
    find = session.get_one(Find, world.find)
    find.risk = "4"
    session.flush()
    assert warnings.raise_all(session, find.found_on) == 1
    became = case(session, world, find.found_on + timedelta(days=1), risk="4")
    find.case_id = became.id
    session.flush()
    assert warnings.raise_all(session, find.found_on + timedelta(days=1)) == 0
    # What it grew into is news.
    became.risk = "5"
    session.flush()
    assert warnings.raise_all(session, find.found_on + timedelta(days=1)) == 1


def test_many_people_in_a_case_a_find_or_a_visit_warn_by_the_gravest_rule(
    session: Session, world: World
) -> None:
    few = rule(session, world.city, Sign.PEOPLE, severity=Severity.YELLOW)
    many = rule(session, world.city, Sign.PEOPLE, least=30, severity=Severity.RED, owner=Tier.COUNTY)
    case(session, world, DAY, people=9)
    ten, thirty = case(session, world, DAY, people=10), case(session, world, DAY, people=30)
    visit = session.get_one(Visit, world.visit)
    visit.visited_on, visit.people = DAY, 12
    session.flush()
    assert warnings.raise_all(session, DAY) == 3
    found = {each: (w.rule_id, w.owner_id) for w in raised(session) for each in behind(w)}
    assert found == {
        ("case", ten.id): (few.id, world.township),
        ("case", thirty.id): (many.id, world.county),
        ("visit", visit.id): (few.id, world.township),
    }


def test_the_nearest_bureaus_word_holds(session: Session, world: World) -> None:
    rule(session, world.city, Sign.PEOPLE)
    rule(session, world.county, Sign.PEOPLE, least=20)
    near = case(session, world, DAY, people=15)
    far = case(session, world, DAY, like="far_case", people=15)
    warnings.raise_all(session, DAY)
    assert [behind(each) for each in raised(session)] == [{("case", far.id)}]
    assert near.people == 15


@pytest.mark.parametrize(("since", "until", "count"), [(0, None, 1), (1, None, 0), (-30, 0, 1), (-30, -1, 0)])
def test_a_rule_holds_from_its_first_to_its_last_day(
    session: Session, world: World, since: int, until: int | None, count: int
) -> None:
    last = None if until is None else DAY + timedelta(days=until)
    rule(session, world.city, Sign.PEOPLE, valid_from=DAY + timedelta(days=since), valid_until=last)
    case(session, world, DAY, people=15)
    assert warnings.raise_all(session, DAY) == count


# ------------------------------------------------------------------ the same person again


def party(name: str, id_number: str | None = None, phone: str | None = None) -> Party:
    return Party(side="01", name=name, id_number=id_number, phone=phone)


ID, OTHER_ID = "33070219750607121X", "330702197506071228"


@pytest.mark.parametrize(
    ("parties", "count"),
    [
        ([("丁某", ID, None)] * 3, 1),
        ([("丁某", ID, None), ("丁一某", ID, "138"), ("丁某", ID, None)], 1),
        ([("丁某", None, "13857900000")] * 3, 1),
        ([("丁某", ID, "13857900000"), ("丁某", None, "13857900000"), ("丁某", None, "13857900000")], 1),
        ([("丁某", ID, "13857900000"), ("丁某", OTHER_ID, "13857900000"), ("丁某", ID, None)], 0),
        ([("丁某", None, None)] * 3, 0),
        ([("丁某", None, "13857900000")] * 2 + [("丁某", None, "13857900001")], 0),
    ],
)
def test_the_third_dispute_of_a_person_in_half_a_year_warns(
    session: Session, world: World, parties: list[Any], count: int
) -> None:
    rule(session, world.city, Sign.AGAIN)
    cases = [
        case(session, world, DAY - timedelta(days=50 * ago), parties=[party(*each)])
        for ago, each in zip((2, 1, 0), parties, strict=True)
    ]
    assert warnings.raise_all(session, DAY) == count
    if count:
        [warning] = raised(session)
        assert behind(warning) == {("case", each.id) for each in cases}
        assert ID not in warning.words + "".join(line.words for line in warning.lines)
        case(session, world, DAY + timedelta(days=1), parties=[party(*parties[0])])
        assert warnings.raise_all(session, DAY + timedelta(days=1)) == 1  # the fourth is news


def test_disputes_longer_ago_or_elsewhere_do_not_count(session: Session, world: World) -> None:
    rule(session, world.county, Sign.AGAIN)
    case(session, world, DAY - timedelta(days=180), parties=[party("丁某", ID)])
    case(session, world, DAY - timedelta(days=5), like="far_case", parties=[party("丁某", ID)])
    case(session, world, DAY - timedelta(days=3), parties=[party("丁某", ID)])
    case(session, world, DAY, parties=[party("丁某", ID)])
    assert warnings.raise_all(session, DAY) == 0


def test_whoever_comes_again_and_again_warns(session: Session, world: World) -> None:
    rule(session, world.city, Sign.VISITS)
    model = session.get_one(Visit, world.visit)
    for ago in (60, 20, 0):
        session.add(
            Visit(
                **{n: getattr(model, n) for n in ("committee_id", "unit_id", "path", "receiver", "opinion")},
                visited_on=DAY - timedelta(days=ago),
                name="己某",
                phone="13857944444",
                matter="还是那件事",
            )
        )
    session.flush()
    assert warnings.raise_all(session, DAY) == 1
    [warning] = raised(session)
    assert len(warning.lines) == 3
    assert warning.words == "己某 90 天里 3 次来访"


# ------------------------------------------------------------------ more than is usual


def month(session: Session, world: World, year_month: tuple[int, int], number: int, **more: Any) -> None:
    for turn in range(number):
        case(session, world, date(*year_month, 2 + turn % 15), **more)


@pytest.mark.parametrize(
    ("before", "now", "count"),
    [
        ((1, 1, 1), 3, 1),
        ((2, 2, 2), 3, 0),
        ((2, 2, 2), 4, 1),
        ((1, 0, 0), 2, 0),  # a small number is never unusual
        ((0, 0, 0), 9, 0),  # nobody knows what is usual
        ((0, 0, 1), 9, 1),
    ],
)
def test_a_kind_above_its_usual_level_warns_once_a_month(
    session: Session, world: World, before: tuple[int, ...], now: int, count: int
) -> None:
    rule(session, world.city, Sign.KIND)
    kind = "5"
    for back, number in enumerate(before, 1):
        month(session, world, (2025, 11 - back), number, kind=kind)
    month(session, world, (2025, 11), now, kind=kind)
    last = date(2025, 11, 17)
    assert warnings.raise_all(session, last) == count
    if count:
        [warning] = raised(session)
        assert len(warning.lines) == now
        assert (warning.unit_id, warning.owner_id, warning.committee_id) == (
            world.township,
            world.township,
            None,
        )
        assert f"{now} 件，前 3 个月同期平均 {Decimal(sum(before)) / 3:.1f} 件" in warning.words
        month(session, world, (2025, 11), 3, kind=kind)
        assert warnings.raise_all(session, last + timedelta(days=1)) == 0


def test_the_same_days_of_the_months_before_are_compared(session: Session, world: World) -> None:
    rule(session, world.city, Sign.PLACE)
    month(session, world, (2025, 10), 2)
    for turn in range(6):
        case(session, world, date(2025, 10, 20 + turn))  # later in the month: not yet comparable
    month(session, world, (2025, 11), 3)
    assert warnings.raise_all(session, date(2025, 11, 17)) == 1
    assert warnings.raise_all(session, date(2025, 11, 30)) == 0


# ------------------------------------------------------------------ once, whoever runs the job


def test_two_daily_jobs_at_once_warn_once(engine: Engine, world: World) -> None:
    with open_session(engine) as session:
        rule(session, world.city, Sign.PEOPLE)
        rule(session, world.city, Sign.RISK)
        for turn in range(5):
            case(session, world, DAY, people=10 + turn, risk="2")
        session.commit()
    barrier = Barrier(2)

    def work(_: int) -> int:
        with open_session(engine) as session:
            barrier.wait()
            count = warnings.raise_all(session, DAY)
            session.commit()
            return count

    with ThreadPoolExecutor(2) as pool:
        counts = list(pool.map(work, range(2)))
    assert sum(counts) == 10
    with open_session(engine) as session:
        assert len(raised(session)) == 10
        assert all(len(each.lines) == 1 for each in raised(session))
        clocks = select(func.count()).select_from(Deadline).where(Deadline.kind == DeadlineKind.WARN_HANDLE)
        assert session.scalar(clocks) == 10


def test_the_daily_job_raises_warnings(session: Session, world: World) -> None:
    rule(session, world.city, Sign.PEOPLE)
    case(session, world, DAY, people=15)
    assert daily.run(session, DAY)["发出预警"] == 1
    assert daily.run(session, DAY)["发出预警"] == 0


# ------------------------------------------------------------------ its life


def closed(session: Session, actor: User, warning: EarlyWarning, outcome: Outcome, result: str = "") -> None:
    take_step(session, actor, warning, "close", Given({"outcome": outcome, "result": result or None}))


def test_a_warning_is_handled_and_closed_with_a_word(session: Session, person: Person, world: World) -> None:
    office, warning = person("office"), session.get_one(EarlyWarning, world.warning)
    with pytest.raises(RecordRefused):
        take_step(session, office, warning, "handle", Given({}))
    session.rollback()
    later = date(2026, 12, 1)
    take_step(session, office, warning, "handle", Given({"measures": "上门走访", "due_on": later}))
    assert warning.state is WarningState.HANDLING
    [clock] = deadlines.open_of(session, warning)
    assert clock.due_on == later
    with pytest.raises(RecordRefused, match="处置结果"):
        closed(session, office, warning, Outcome.RESOLVED)
    session.rollback()
    closed(session, office, warning, Outcome.RESOLVED, "双方已经和好")
    assert warning.closed_on is not None
    assert deadlines.open_of(session, warning) == []


def test_a_false_alarm_needs_no_word_and_may_be_taken_up_again(
    session: Session, person: Person, world: World
) -> None:
    office, warning = person("office"), session.get_one(EarlyWarning, world.warning)
    closed(session, office, warning, Outcome.FALSE)
    given = Given({"measures": "又有苗头", "due_on": date(2026, 12, 1)})
    take_step(session, office, warning, "reopen", given)
    assert (warning.state, warning.outcome, warning.closed_on) == (WarningState.HANDLING, None, None)
    assert len(deadlines.open_of(session, warning)) == 1


def test_what_grew_worse_counts_as_evidence_on_whoever_held_the_case(
    session: Session, person: Person, world: World
) -> None:
    warning = session.get_one(EarlyWarning, world.warning)
    closed(session, person("office"), warning, Outcome.ESCALATED, "双方动手，已报警")
    query = select(Lookback).where(
        Lookback.fault == Fault.ESCALATED, Lookback.case_id == world.mediating_case
    )
    found = session.scalars(query).all()
    assert {each.committee_id for each in found} == {world.village_committee}
    assert "双方动手" in found[0].explanation


@pytest.mark.parametrize(
    ("who", "which", "allowed"),
    [
        ("office", "warning", True),
        ("bureau_county", "warning", True),
        ("director", "warning", False),
        ("director", "own_warning", True),
        ("owner", "own_warning", False),
        ("office", "own_warning", True),
        ("other_office", "warning", False),
        ("bureau_far", "warning", False),
        ("inspector", "warning", False),
    ],
)
def test_whose_it_is_acts_and_nobody_else(
    session: Session, person: Person, world: World, who: str, which: str, allowed: bool
) -> None:
    warning = session.get_one(EarlyWarning, getattr(world, which))
    if allowed:
        closed(session, person(who), warning, Outcome.FALSE)
    else:
        with pytest.raises(NotAllowed):
            closed(session, person(who), warning, Outcome.FALSE)
