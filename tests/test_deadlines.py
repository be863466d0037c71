"""Deadlines: one of each kind on a thing, set anew with clean marks, found by scope and day."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.referrals import Referral
from admin_app.models.units import Unit
from admin_app.operations import deadlines
from admin_app.rules.dates import now
from admin_app.rules.deadlines import DeadlineKind
from tests.test_indexes import plan
from tests.world import World

DAY = date(2026, 11, 20)
Set = Callable[..., Deadline]


@pytest.fixture
def due(looking: Session) -> Set:
    """`due(record, DeadlineKind.SIGN)`: at the unit of the record, unless said otherwise."""

    def make(record: Case | Referral, kind: DeadlineKind, on: date = DAY, **more: int) -> Deadline:
        where = {"unit_id": record.unit_id, "path": record.path}
        return deadlines.fall_due(looking, kind, record, on, **{**where, **more})

    return make


def test_a_thing_has_one_deadline_of_each_kind(looking: Session, world: World, due: Set) -> None:
    case = looking.get_one(Case, world.case)
    finish = due(case, DeadlineKind.FINISH, case_id=case.id)
    follow_up = due(case, DeadlineKind.FOLLOW_UP, DAY - timedelta(days=3))
    assert due(case, DeadlineKind.FINISH, DAY + timedelta(days=30)) is finish
    assert deadlines.open_of(looking, case) == [follow_up, finish]
    assert finish.due_on == DAY + timedelta(days=30)
    assert (finish.word, finish.record_id) == ("case", case.id)


def test_the_same_id_in_another_register_is_another_thing(looking: Session, world: World, due: Set) -> None:
    referral = looking.get_one(Referral, world.sent_referral)
    case = looking.get_one(Case, referral.id)
    due(case, DeadlineKind.ANSWER)
    assert deadlines.open_of(looking, referral) == []


def test_setting_it_again_wipes_what_the_daily_job_marked(looking: Session, world: World, due: Set) -> None:
    case = looking.get_one(Case, world.case)
    deadline = due(case, DeadlineKind.FINISH, committee_id=world.village_committee)
    deadline.warned_on = deadline.late_on = deadline.urged_on = DAY
    deadlines.done(looking, DeadlineKind.FINISH, case)
    assert deadlines.open_of(looking, case) == []
    due(case, DeadlineKind.FINISH, unit_id=world.township)
    assert deadlines.open_of(looking, case) == [deadline]
    marks = (deadline.warned_on, deadline.late_on, deadline.urged_on, deadline.done_at)
    assert marks == (None, None, None, None)
    assert (deadline.unit_id, deadline.committee_id) == (world.township, None)


def test_what_is_done_stays_done_at_its_moment(looking: Session, world: World, due: Set) -> None:
    case = looking.get_one(Case, world.case)
    deadlines.done(looking, DeadlineKind.FINISH, case)  # nobody waits: nothing happens
    deadline = due(case, DeadlineKind.FINISH)
    deadlines.done(looking, DeadlineKind.FINISH, case)
    at = deadline.done_at
    deadlines.done(looking, DeadlineKind.FINISH, case)
    assert at is not None
    assert deadline.done_at == at


def test_a_new_record_may_get_its_deadline_at_once(looking: Session, world: World, due: Set) -> None:
    sent = looking.get_one(Referral, world.sent_referral)
    names = ("case_id", "direction", "unit_id", "path", "to_unit_id", "to_path", "reason")
    new = Referral(**{name: getattr(sent, name) for name in names})
    looking.add(new)
    due(new, DeadlineKind.SIGN)
    assert [each.record_id for each in deadlines.open_of(looking, new)] == [new.id]


def test_things_are_the_records_that_still_stand(looking: Session, world: World, due: Set) -> None:
    case, removed = (looking.get_one(Case, getattr(world, name)) for name in ("case", "removed_case"))
    referral = looking.get_one(Referral, world.sent_referral)
    rows = [due(each, DeadlineKind.ANSWER) for each in (case, removed, referral)]
    assert deadlines.things(looking, rows) == {rows[0].id: case, rows[2].id: referral}


def test_the_database_too_holds_one_of_each_kind(looking: Session, world: World, due: Set) -> None:
    """Two requests at once do not see each other's row: the unique index has the last word."""
    case = looking.get_one(Case, world.case)
    first = due(case, DeadlineKind.FINISH)
    facts = {"unit_id": case.unit_id, "path": case.path, "due_on": DAY, "opened_at": now()}
    looking.add(Deadline(kind=DeadlineKind.FINISH, word=first.word, record_id=first.record_id, **facts))
    with pytest.raises(IntegrityError):
        looking.flush()
    looking.rollback()


def test_the_open_deadlines_of_a_subtree_are_those_of_its_units(
    looking: Session, world: World, due: Set
) -> None:
    names = ("case", "township_case", "other_case", "far_case")
    cases = [looking.get_one(Case, getattr(world, name)) for name in names]
    for case in cases:
        due(case, DeadlineKind.FINISH)
    deadlines.done(looking, DeadlineKind.FINISH, cases[1])
    for unit_name, expected in (
        ("city", {0, 2, 3}),
        ("county", {0, 2}),
        ("township", {0}),
        ("village", {0}),
        ("grid", set()),
        ("far_county", {3}),
    ):
        unit = looking.get_one(Unit, getattr(world, unit_name))
        found = select(Deadline.record_id).where(Deadline.under(unit.path), Deadline.done_at.is_(None))
        assert set(looking.scalars(found)) == {cases[each].id for each in expected}, unit_name


@pytest.mark.parametrize("unit_name", ["city", "county", "township", "village"])
def test_they_are_read_off_the_index_by_day(looking: Session, world: World, unit_name: str) -> None:
    unit = looking.get_one(Unit, getattr(world, unit_name))
    query = select(Deadline.id).where(Deadline.under(unit.path), Deadline.done_at.is_(None))
    found = plan(looking, query.order_by(Deadline.due_on, Deadline.id).limit(20))
    assert f"ix_deadlines_{unit_name}_open" in found
    assert "Sort" not in found
    assert "ORDER BY" not in found
