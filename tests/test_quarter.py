"""A quarter of days, one after the other: what follows from lateness, once and only once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.holidays import calendar
from admin_app.models.lookbacks import Lookback
from admin_app.models.notices import Notice
from admin_app.models.referrals import Referral
from admin_app.models.urgings import Urging
from admin_app.models.users import User
from admin_app.operations import clocks, daily, deadlines
from admin_app.operations.lives import take_step
from admin_app.rules.cases import Stage
from admin_app.rules.dates import now
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.lookbacks import Fault
from admin_app.rules.refusals import NotNow
from admin_app.rules.urgings import UrgingState
from tests.walking import given_for
from tests.world import World

FIRST = date(2026, 8, 3)  # a Monday; the national holidays lie in the quarter
DAYS = [FIRST + timedelta(days=n) for n in range(92)]
DUE = date(2026, 9, 28)


def urged(session: Session) -> list[Urging]:
    return list(session.scalars(select(Urging).where(Urging.key.is_not(None)).order_by(Urging.id)))


def faults(session: Session) -> list[Lookback]:
    return list(session.scalars(select(Lookback).where(Lookback.key.is_not(None)).order_by(Lookback.id)))


def follow_ups(session: Session, case: Case) -> list[Deadline]:
    query = select(Deadline).where(Deadline.kind == DeadlineKind.FOLLOW_UP, Deadline.record_id == case.id)
    return list(session.scalars(query))


def state(session: Session) -> list[Any]:
    """Everything that a day may have changed."""
    tables = (Urging.id, Lookback.id, Notice.id)
    rows: list[Any] = [session.scalars(select(each).order_by(each)).all() for each in tables]
    marks = select(Deadline.id, Deadline.warned_on, Deadline.late_on, Deadline.urged_on, Deadline.due_on)
    return [*rows, session.execute(marks.order_by(Deadline.id)).all()]


# ------------------------------------------------------------------ a quarter against a plain recomputation


def test_a_quarter_of_days_is_what_a_plain_recomputation_says(session: Session, world: World) -> None:
    """Every deadline of the world, each twice a day; done on some day or never."""
    cases = [
        session.get_one(Case, getattr(world, each)) for each in ("mediating_case", "other_case", "far_case")
    ]
    rows: dict[int, date | None] = {}
    for number, case in enumerate(cases):
        clocks.of_case(session, case, DeadlineKind.FINISH, FIRST + timedelta(days=17 * number + 9))
        (row,) = deadlines.open_of(session, case)
        rows[row.id] = None if number else FIRST + timedelta(days=30)
    sent = session.get_one(Referral, world.sent_referral)
    clocks.of_referral(session, sent, DeadlineKind.SIGN, date(2026, 9, 30))
    (row,) = deadlines.open_of(session, sent)
    rows[row.id] = None
    session.commit()

    for day in DAYS:
        for row_id, done in rows.items():
            if done == day:
                session.get_one(Deadline, row_id).done_at = now()
        daily.run(session, day)
        session.commit()
        before = state(session)
        assert set(daily.run(session, day).values()) == {0}
        session.commit()
        assert state(session) == before

    working = calendar(session)
    for row_id, done in rows.items():
        row = session.get_one(Deadline, row_id)
        open_on = [day for day in DAYS if done is None or day < done]
        late = [day for day in open_on if day > row.due_on]
        supervised = [day for day in late if working.between(row.due_on, day) > 3]
        assert row.warned_on == next((d for d in open_on if 0 <= (row.due_on - d).days <= 3), None)
        assert row.late_on == next(iter(late), None)
        assert row.urged_on == next(iter(supervised), None)
        keyed = [each for each in urged(session) if f"late:{row_id}:" in (each.key or "")]
        assert len(keyed) == bool(supervised)
    assert date(2026, 9, 30) < session.get_one(Deadline, row_id).urged_on  # type: ignore[operator]
    assert session.get_one(Deadline, row_id).urged_on == date(2026, 10, 12)  # 放假 1 to 7 October


# ------------------------------------------------------------------ supervision


def test_a_late_case_is_supervised_by_the_nearest_superior_with_people(
    session: Session, world: World
) -> None:
    case = session.get_one(Case, world.mediating_case)
    clocks.of_case(session, case, DeadlineKind.FINISH, DUE)
    for day in DAYS:
        daily.run(session, day)
    (urging,) = urged(session)
    assert (urging.unit_id, urging.to_unit_id, urging.committee_id) == (
        world.township,
        world.village,
        world.village_committee,
    )
    assert urging.state is UrgingState.ISSUED
    assert "办结期限 2026-09-28，逾期仍未办理" in urging.reason
    step = case.steps[-1]
    assert (step.name, step.actor_id, step.facts) == ("urge", None, {"line": urging.id})
    assert case.stage is Stage.MEDIATING
    told = session.scalars(
        select(Notice.user_id).where(Notice.word == "urging", Notice.record_id == urging.id)
    )
    assert world.director in set(told)


def test_who_did_not_sign_is_supervised_not_who_sent(session: Session, world: World) -> None:
    referral = session.get_one(Referral, world.sent_referral)
    clocks.of_referral(session, referral, DeadlineKind.SIGN, DUE)
    for day in DAYS:
        daily.run(session, day)
    (urging,) = urged(session)
    assert (urging.unit_id, urging.to_unit_id, urging.committee_id) == (world.county, world.township, None)
    fault, unanswered = faults(session)
    assert "督办答复期限" in unanswered.explanation
    assert (fault.committee_id, fault.mediator_id, fault.unit_id) == (
        world.township_committee,
        None,
        world.township,
    )


@pytest.mark.parametrize("kind", [DeadlineKind.FOLLOW_UP, DeadlineKind.CONFIRM])
def test_other_kinds_are_late_but_not_supervised(session: Session, world: World, kind: DeadlineKind) -> None:
    clocks.of_case(session, session.get_one(Case, world.settled_case), kind, DUE)
    for day in (date(2026, 10, 10), date(2026, 10, 30)):
        daily.run(session, day)
    assert urged(session) == []
    assert len(faults(session)) == (kind is DeadlineKind.FOLLOW_UP)


def test_where_nobody_stands_above_it_stays_late(session: Session, world: World) -> None:
    case = session.get_one(Case, world.county_case)
    clocks.of_case(session, case, DeadlineKind.FINISH, DUE)
    session.get_one(User, world.bureau_city).active = False
    daily.run(session, DAYS[-1])
    assert urged(session) == []


def test_an_archived_case_is_left_in_peace(session: Session, world: World) -> None:
    case = session.get_one(Case, world.archived_case)
    clocks.of_case(session, case, DeadlineKind.FINISH, DUE)
    daily.run(session, DAYS[-1])
    assert urged(session) == []


def test_set_anew_it_may_be_late_and_supervised_anew(session: Session, world: World) -> None:
    case = session.get_one(Case, world.mediating_case)
    for due_on, run_on in ((DUE, date(2026, 10, 20)), (date(2026, 10, 21), date(2026, 11, 20))):
        clocks.of_case(session, case, DeadlineKind.FINISH, due_on)
        daily.run(session, run_on)
        daily.run(session, run_on)
    assert len(urged(session)) == 2
    assert {each.happened_on for each in faults(session)} == {date(2026, 10, 20), date(2026, 11, 20)}


# ------------------------------------------------------------------ evidence


def test_whoever_had_to_act_gathers_evidence(session: Session, world: World) -> None:
    case = session.get_one(Case, world.mediating_case)
    clocks.of_case(session, case, DeadlineKind.FINISH, DUE)
    for day in DAYS[:70]:
        daily.run(session, day)
    found = faults(session)
    assert {each.mediator_id for each in found} == {world.mediator, world.colleague_mediator}
    assert {(each.fault, each.committee_id, each.happened_on) for each in found} == {
        (Fault.LATE, world.village_committee, DUE + timedelta(days=1))
    }


def test_a_dispute_that_goes_to_the_police_has_grown_worse(
    session: Session, person: Callable[[str], User], world: World
) -> None:
    director, case = person("director"), session.get_one(Case, world.mediating_case)
    take_step(session, director, case, "fail", given_for(session, director, case, "fail"))
    given = given_for(session, director, case, "hand_over")
    given.lines["hand_overs"][0].values["agency_kind"] = "03"
    take_step(session, director, case, "hand_over", given)
    session.flush()
    query = select(Lookback.fault).where(Lookback.case_id == case.id, Lookback.fault == Fault.ESCALATED)
    assert len(session.scalars(query).all()) == 2  # for each of its mediators


# ------------------------------------------------------------------ clocks that no step has started


def test_a_settled_case_without_a_follow_up_gets_one(session: Session, world: World) -> None:
    case = session.get_one(Case, world.settled_case)
    case.agreed_on = date(2026, 9, 20)
    daily.run(session, date(2026, 10, 1))
    assert [each.due_on for each in follow_ups(session, case)] == [date(2026, 10, 20)]
    daily.run(session, date(2026, 10, 2))
    assert len(follow_ups(session, case)) == 1


def test_a_task_that_comes_late_is_not_late_at_once(session: Session, world: World) -> None:
    case = session.get_one(Case, world.settled_case)
    case.agreed_on = date(2024, 1, 1)
    daily.run(session, DUE)
    (task,) = follow_ups(session, case)
    assert (task.due_on, task.late_on) == (DUE + timedelta(days=30), None)


@pytest.mark.parametrize(
    ("fulfilment", "visited", "again"),
    [
        (None, None, True),
        ("01", -5, True),
        ("02", 0, True),
        ("03", -5, False),
        ("01", 3, False),
        ("06", -5, False),
    ],
)
def test_when_the_day_of_performance_has_passed_somebody_goes_and_looks(
    session: Session, world: World, fulfilment: str | None, visited: int | None, again: bool
) -> None:
    case = session.get_one(Case, world.closed_case)
    case.perform_by, case.fulfilment = DUE, fulfilment
    if visited is not None:
        case.visited_on = DUE + timedelta(days=visited)
        clocks.of_case(session, case, DeadlineKind.FOLLOW_UP, DUE)
        clocks.done(session, DeadlineKind.FOLLOW_UP, case)
    daily.run(session, DUE)
    assert not [each for each in follow_ups(session, case) if each.done_at is None]
    daily.run(session, DUE + timedelta(days=1))
    daily.run(session, DUE + timedelta(days=2))
    due = [each.due_on for each in follow_ups(session, case) if each.done_at is None]
    assert due == ([DUE + timedelta(days=30)] if again else [])


def test_what_was_imported_gets_its_clocks(session: Session, world: World) -> None:
    case, referral = session.get_one(Case, world.other_case), session.get_one(Referral, world.sent_referral)
    case.due_on, referral.sent_at = date(2026, 10, 9), now()
    answered = session.get_one(Referral, world.far_referral)
    answered.due_on = date(2026, 10, 12)
    assert (
        daily.run(session, date(2026, 9, 1))["补上期限"] == 5
    )  # with the coming training and the yearly review
    assert [each.kind for each in deadlines.open_of(session, case)] == [DeadlineKind.FINISH]
    assert [each.kind for each in deadlines.open_of(session, referral)] == [DeadlineKind.SIGN]
    assert [each.due_on for each in deadlines.open_of(session, answered)] == [date(2026, 10, 12)]
    assert daily.run(session, date(2026, 9, 1))["补上期限"] == 0


def test_by_hand_nobody_urges_an_archived_case(
    session: Session, person: Callable[[str], User], world: World
) -> None:
    case = session.get_one(Case, world.archived_case)
    with pytest.raises(NotNow):
        take_step(session, person("bureau_county"), case, "urge")
