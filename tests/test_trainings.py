"""Trainings from plan to hours: the list, the scans at the door, who is told, what is refused."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.models.deadlines import Deadline
from admin_app.models.mediators import Mediator
from admin_app.models.notices import Notice
from admin_app.models.trainings import Attendance, Training
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import inbox, rolls, training_hours, trainings
from admin_app.operations.given import Given
from admin_app.operations.lives import take_step
from admin_app.operations.training_hours import Which
from admin_app.rules import name_lists, scans
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.mediators import MediatorStatus
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused
from admin_app.rules.trainings import Dues, Mark, TrainingState, owed, rested
from tests.web import named
from tests.world import World

Person = Callable[[str], User]


def days_of(training: Training, day: date) -> None:
    training.held_from = training.held_until = day


def test_hours_count_once_the_training_is_held(session: Session, person: Person, world: World) -> None:
    bureau = person("bureau_county")
    training = session.get_one(Training, world.planned_training)
    mediator = session.get_one(Mediator, world.mediator)
    days_of(training, today() - timedelta(days=1))
    rolls.sign(session, bureau, training, mediator.id)
    session.commit()
    before = training_hours.of_one(session, mediator, today().year)
    take_step(session, bureau, training, "hold", Given({"hours": Decimal("6.5")}))
    session.commit()
    after = training_hours.of_one(session, mediator, today().year)
    assert before is not None
    assert after is not None
    assert after.owed.done - before.owed.done == Decimal(8)
    take_step(session, bureau, training, "reopen")
    session.commit()
    again = training_hours.of_one(session, mediator, today().year)
    assert again == before


def test_a_training_is_not_held_before_it_begins_nor_without_anybody(
    session: Session, person: Person, world: World
) -> None:
    bureau = person("bureau_county")
    training = session.get_one(Training, world.planned_training)
    with pytest.raises(RecordRefused) as refused:
        take_step(session, bureau, training, "hold", Given())
    sentences = " ".join(each.sentence for each in refused.value.findings)
    assert "还没有开始" in sentences
    assert "还没有登记谁到了" in sentences


def test_nobody_stands_twice_on_a_list(session: Session, world: World) -> None:
    twice = Attendance(
        training_id=world.training, mediator_id=world.mediator, hours=Decimal(1), mark=Mark.CAME
    )
    session.add(twice)
    with pytest.raises(IntegrityError):
        session.flush()
    session.rollback()
    session.add(
        Attendance(
            training_id=world.far_training, mediator_id=world.mediator, hours=Decimal(-1), mark=Mark.CAME
        )
    )
    with pytest.raises(IntegrityError):
        session.flush()


def test_a_person_scanned_twice_stays_as_they_were(session: Session, person: Person, world: World) -> None:
    bureau = person("bureau_county")
    training = session.get_one(Training, world.planned_training)
    version = training.version
    first = rolls.sign(session, bureau, training, world.mediator, Mark.LATE)
    session.commit()
    again = rolls.sign(session, bureau, training, world.mediator, Mark.CAME)
    assert (first.fresh, first.added, again.fresh) == (True, False, False)
    assert again.line.mark is Mark.LATE
    assert training.version == version, "a scan disturbs nobody who edits the training"
    new = rolls.sign(session, bureau, training, world.township_mediator)
    assert new.added
    assert rolls.take_back(session, bureau, training, world.township_mediator, out=True) == "赵强"
    assert rolls.line_of(session, training, world.township_mediator) is None
    with pytest.raises(NotSeen):
        rolls.take_back(session, bureau, training, world.township_mediator, out=True)


def test_only_whoever_organises_marks_and_only_people_they_see(
    session: Session, person: Person, world: World
) -> None:
    training = session.get_one(Training, world.training)
    for who in ("director", "owner", "inspector", "other_office", "bureau_far"):
        with pytest.raises(NotAllowed):
            rolls.sign(session, person(who), training, world.mediator)
    with pytest.raises(NotSeen):
        rolls.sign(session, person("office"), training, world.far_mediator)


def test_a_cancelled_training_takes_nobody(session: Session, person: Person, world: World) -> None:
    bureau = person("bureau_county")
    training = session.get_one(Training, world.planned_training)
    take_step(session, bureau, training, "cancel", Given({"cancel_reason": "与防汛冲突"}))
    session.commit()
    with pytest.raises(NotNow):
        rolls.sign(session, bureau, training, world.mediator)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("张伟", 1),
        ("　张 伟 ", 1),
        ("13857912345", 4),  # the whole county's mediators share it in this world
        ("１３８５７９１２３４５", 4),
        ("33070219750607121x", 4),
        ("没有这个人", 0),
        ("", 0),
        ("%", 0),
        ("999999999", 0),
        ("9" * 60, 0),
        ("'; DROP TABLE mediators; --", 0),
        ("\x00张\x1f伟\x7f", 1),
    ],
)
def test_a_scan_finds_whom_it_means(looking: Session, person: Person, text: str, found: int) -> None:
    assert len(rolls.like(looking, person("bureau_county"), text)) == found


def test_a_number_of_the_register_is_found_with_noughts_before_it(
    looking: Session, person: Person, world: World
) -> None:
    [found] = rolls.like(looking, person("office"), f"000{world.mediator}")
    assert found.id == world.mediator
    assert rolls.like(looking, person("office"), str(world.far_mediator)) == []


def test_whole_committees_and_units_are_put_on_the_list_once(
    session: Session, person: Person, world: World
) -> None:
    bureau = person("bureau_county")
    training = session.get_one(Training, world.planned_training)
    assert rolls.enrol(session, bureau, training, [world.village_committee], [], Mark.EXPECTED) == 1
    assert rolls.enrol(session, bureau, training, [], [world.county, world.far_county], Mark.EXPECTED) == 2
    assert rolls.enrol(session, bureau, training, [], [world.county], Mark.EXPECTED) == 0
    session.commit()
    on_it = set(session.scalars(select(Attendance.mediator_id).where(Attendance.training_id == training.id)))
    assert on_it == {world.mediator, world.colleague_mediator, world.township_mediator, world.other_mediator}
    assert rolls.mark_all(session, bureau, training) == 4
    assert rolls.present(rolls.tally(session, training)) == 4


def test_directors_are_told_of_a_training_and_of_what_changes(
    session: Session, person: Person, world: World
) -> None:
    bureau, director = person("bureau_county"), world.director
    training = session.get_one(Training, world.planned_training)

    def told() -> list[str]:
        query = select(Notice.words).where(Notice.user_id == director, Notice.word == "training")
        return list(session.scalars(query.order_by(Notice.id)))

    rolls.enrol(session, bureau, training, [world.village_committee], [], Mark.EXPECTED)
    trainings.planned(session, training)
    assert len(told()) == 1
    training.place = "区司法局三楼"
    trainings.planned(session, training)
    assert "培训安排有变动" in told()[-1]
    take_step(session, bureau, training, "cancel", Given({"cancel_reason": "老师生病"}))
    assert "培训取消：老师生病" in told()[-1]
    assert len(told()) == 3


def test_a_day_that_has_passed_waits_in_the_organisers_inbox(
    session: Session, person: Person, world: World
) -> None:
    bureau = person("bureau_county")
    training = session.get_one(Training, world.planned_training)
    group = inbox.GROUP["train"]
    assert list(session.scalars(inbox.waiting(bureau, group))) == []
    days_of(training, today() - timedelta(days=9))
    trainings.planned(session, training)
    session.commit()
    assert list(session.scalars(inbox.waiting(bureau, group))) == [training]
    assert list(session.scalars(inbox.waiting(person("office"), group))) == []
    [late] = session.scalars(inbox.late(bureau).where(Deadline.word == "training")).all()
    assert (late.kind, late.due_on) == (DeadlineKind.TRAIN, today() - timedelta(days=6))
    rolls.sign(session, bureau, training, world.mediator)
    take_step(session, bureau, training, "hold")
    session.commit()
    assert session.get_one(Deadline, late.id).done_at is not None
    assert training.state is TrainingState.HELD


def test_who_has_the_hours_is_counted_as_one_would_by_hand(
    session: Session, person: Person, world: World
) -> None:
    bureau = person("bureau_county")
    found = {each.id: each for each in training_hours.people(session, bureau, None, 2026)}
    assert set(found) == {
        world.mediator,
        world.colleague_mediator,
        world.township_mediator,
        world.other_mediator,
    }
    assert found[world.mediator].owed.done == 8
    assert found[world.mediator].owed.short == 12
    assert found[world.township_mediator].is_(Which.NONE)
    assert found[world.township_mediator].rested
    assert not found[world.mediator].rested
    session.get_one(Mediator, world.other_mediator).status = MediatorStatus.RETIRED
    county = session.get_one(Unit, world.county)
    lines = training_hours.by_unit(session, county, training_hours.people(session, bureau, county, 2026))
    assert lines[-1][0] == "合计"
    assert [lines[-1][2].people, lines[-1][2].met, lines[-1][2].none] == [3, 0, 1]
    assert sum(each.people for _, _, each in lines[:-1]) == 3
    assert sum((each.hours for _, _, each in lines[:-1]), Decimal(0)) == lines[-1][2].hours == 16


@pytest.mark.parametrize(("who", "count"), [("director", 2), ("owner", 1), ("stranger", 1), ("office", 3)])
def test_hours_are_read_by_whom_they_concern(looking: Session, person: Person, who: str, count: int) -> None:
    assert len(training_hours.people(looking, person(who), None, 2026)) == count


def test_person_times_are_the_people_who_were_present(looking: Session, world: World) -> None:
    path = looking.get_one(Unit, world.county).path
    count = training_hours.person_times(
        looking, lambda model: model.under(path), date(2026, 1, 1), date(2026, 12, 31)
    )
    assert count == 2


# ------------------------------------------------------------------ the door


def test_the_page_of_the_day_works_without_script(app: Flask, world: World) -> None:
    office = named(app, world, "bureau_county")
    url = f"/training/{world.planned_training}/scan"
    assert "autofocus" in office.get(url).text
    page = office.post(url, {"text": "张伟", "mark": "late"}).text
    assert "张伟" in page
    assert "迟到" in page
    assert "已经签过到了" in office.post(url, {"text": "张伟"}).text
    fragment = office.client.post(
        url,
        data={"text": "查无此人", "csrf_token": office.token()},
        headers={"Accept": "text/fragment"},
    )
    assert fragment.status_code == 200
    assert "<html" not in fragment.text
    assert "没有找到" in fragment.text
    choices = office.post(url, {"text": "13857912345"}).text
    assert len(re.findall(r'name="mediator"', choices)) == 4
    undone = office.post(url, {"back": str(world.mediator), "out": "0"}).text
    assert "已撤销签到" in undone
    with app.app_context():
        marks = db.session.scalars(
            select(Attendance.mark).where(Attendance.training_id == world.planned_training)
        ).all()
    assert marks == [Mark.EXPECTED]


def test_a_list_shows_each_the_people_they_may_see(app: Flask, world: World) -> None:
    url = f"/training/{world.training}/roll"
    for who, names in (
        ("office", {"张伟", "刘洋"}),
        ("owner", {"张伟", "刘洋"}),
        ("bureau_city", {"张伟", "刘洋"}),
    ):
        page = named(app, world, who).get(url).text
        assert {name for name in ("张伟", "刘洋", "周杰") if name in page} == names
    assert named(app, world, "stranger").get(url).status_code == 404
    far = named(app, world, "stranger").get(f"/training/{world.planned_training}/roll").text
    assert "张伟" not in far


def test_committees_are_ticked_on_a_page(app: Flask, world: World) -> None:
    bureau = named(app, world, "bureau_county")
    url = f"/training/{world.planned_training}/enrol"
    assert "城东街道" in bureau.get(url).text
    assert bureau.post(url).status_code == 409
    assert bureau.post(url, {"unit": str(world.county), "mark": "expected"}).status_code == 302
    assert bureau.post(url, {"committee": "99999999999", "unit": "x"}).status_code == 409
    with app.app_context():
        count = db.session.scalar(
            select(func.count())
            .select_from(Attendance)
            .where(Attendance.training_id == world.planned_training)
        )
    assert count == 4
    assert bureau.post(f"/training/{world.planned_training}/roll/all").status_code == 302
    assert named(app, world, "director").get(url).status_code == 403


def test_the_sum_of_a_list_is_what_its_people_have(session: Session, person: Person, world: World) -> None:
    """The hours on the lists of a year are the hours of the people: none twice, none lost."""
    on_lists = session.scalar(
        select(func.sum(Attendance.hours))
        .join(Training, Training.id == Attendance.training_id)
        .where(Attendance.present, Training.state == TrainingState.HELD)
    )
    found = training_hours.people(session, person("bureau_city"), None, 2026)
    assert sum((each.owed.done for each in found), Decimal(0)) == on_lists
    assert policy.may(person("bureau_city"), "mediator.hours")


# ------------------------------------------------------------------ a pasted list


def test_a_list_is_pasted_looked_at_and_written_whole(app: Flask, world: World) -> None:
    bureau = named(app, world, "bureau_county")
    url = f"/training/{world.planned_training}/paste"
    text = "序号\t姓名\t手机\t学时\t签到\n1\t张伟\t13857912345\t6.5\t迟到\n2\t刘洋\t\t\t\n3\t无名氏\n4\t刘洋"
    page = bureau.post(url, {"text": text}).text
    assert "名册里没有找到" in page
    assert "和第 3 行是同一个人" in page
    assert bureau.post(url, {"text": text, "write": "1"}).status_code == 409
    good = "\n".join(text.split("\n")[:3])
    assert "登记 2 人" in bureau.post(url, {"text": good}).text
    assert bureau.post(url, {"text": good, "write": "1"}).status_code == 302
    with app.app_context():
        lines = db.session.scalars(
            select(Attendance).where(Attendance.training_id == world.planned_training).order_by(Attendance.id)
        ).all()
        assert [(str(each), each.mark, each.hours) for each in lines] == [
            ("张伟", Mark.LATE, Decimal("6.5")),
            ("刘洋", Mark.CAME, Decimal(8)),
        ]


@pytest.mark.parametrize("text", ["", " \n\t\n", "x" * 200_001, "姓名\t手机"])
def test_a_list_without_people_is_refused(app: Flask, world: World, text: str) -> None:
    url = f"/training/{world.planned_training}/paste"
    assert named(app, world, "bureau_county").post(url, {"text": text}).status_code in (413, 422)


@pytest.mark.parametrize(
    ("line", "name", "number", "hours", "mark"),
    [
        ("张伟", "张伟", "", None, None),
        ("3 张伟 13857912345 8 已到", "张伟", "13857912345", Decimal(8), Mark.CAME),
        ("张伟，33070219750607121x，缺席", "张伟", "33070219750607121X", None, Mark.ABSENT),
        ("12\t张 伟\t桃园社区调委会\t4学时", "张伟", "", Decimal(4), None),
        ("138 5791 2345", "", "", None, None),
    ],
)
def test_a_line_is_read_by_what_its_cells_can_only_be(
    line: str, name: str, number: str, hours: Decimal | None, mark: Mark | None
) -> None:
    [cells] = name_lists.lines(line)
    found = name_lists.named(cells)
    if found.fault:
        assert not name
        return
    assert (found.name, found.number.text if found.number else "") == (name, number)
    assert (found.hours, found.mark) == (hours, mark)


@given(st.text(max_size=200))
def test_no_pasted_text_is_too_odd_to_be_read(text: str) -> None:
    for cells in name_lists.lines(text):
        found = name_lists.named(cells)
        assert found.hours is None or 0 <= found.hours <= 400
        scans.read("".join(cells))


@given(
    st.lists(st.decimals(0, 100, places=1), min_size=3, max_size=3),
    st.lists(st.integers(0, 60), min_size=3, max_size=3),
    st.booleans(),
    st.booleans(),
)
def test_nobody_lacks_less_than_nothing(
    done: list[Decimal], dues: list[int], new: bool, special: bool
) -> None:
    ruled = Dues(*(Decimal(each) for each in dues), rotation=3)
    found = owed(*done, ruled, new=new, special=special)
    shorts = (found.short, found.new_short, found.special_short)
    assert all(each >= 0 for each in shorts)
    assert found.met == (not any(shorts))
    assert found.done + found.short >= found.due


@pytest.mark.parametrize(
    ("last", "started", "out"),
    [
        (date(2023, 11, 22), None, True),
        (date(2023, 11, 23), None, False),
        (None, date(2020, 1, 1), True),
        (None, date(2025, 1, 1), False),
        (None, None, True),
    ],
)
def test_the_rotation_has_not_reached_who_was_not_trained_in_three_years(
    last: date | None, started: date | None, out: bool
) -> None:
    assert rested(last, started, date(2026, 11, 22), 3) is out
    assert not rested(date(2024, 2, 29), None, date(2024, 2, 29), 3)


def test_what_was_held_offers_no_way_back_as_its_next_act(app: Flask, world: World) -> None:
    bureau = named(app, world, "bureau_county")
    held = bureau.get(f"/training/{world.training}").text
    assert "改回计划" in held
    assert "button primary" not in held
    assert "button primary" in bureau.get(f"/training/{world.planned_training}").text
