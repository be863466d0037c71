"""会议: called, answered, held, what it asked for, who has not met; and that it opens nobody's case."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.meetings import Meeting, MeetingRule, MeetingTask
from admin_app.models.notices import Notice
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import daily, inbox, meetings, records
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.rules.dates import today
from admin_app.rules.meeting_tasks import TaskState
from admin_app.rules.meetings import MeetingState, Rule, owed
from admin_app.rules.periods import month
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen, RecordRefused
from admin_app.rules.tiers import Tier
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]
DAY = timedelta(days=1)


def planned(session: Session, person: Person, world: World, who: str = "office", **more: Any) -> Meeting:
    values = {"title": "11月例会", "kind": "01", "unit_id": world.township, "held_on": today(), **more}
    lines = {
        "members": [Line(None, {"unit_id": world.village}), Line(None, {"unit_id": world.next_village})],
        "agenda": [Line(None, {"topic": "研判", "case_id": world.case})],
    }
    return records.create(session, person(who), REGISTERS["meeting"], Given(values, lines))


def told(session: Session, who: str) -> list[str]:
    query = select(Notice.words).join(User, User.id == Notice.user_id).where(User.username == who)
    return list(session.scalars(query))


def reply(**values: Any) -> Given:
    return Given({}, {"replies": [Line(None, values)]})


def held() -> Given:
    return Given({"held_on": today(), "minutes": "一、通报情况。"})


def task(world: World, **more: Any) -> Given:
    values = {"unit_id": world.village, "what": "走访", "due_on": today() + DAY, **more}
    return Given({}, {"tasks": [Line(None, values)]})


def group(session: Session, user: User, name: str) -> set[int]:
    return set(
        session.scalars(inbox.waiting(user, inbox.GROUP[name]).with_only_columns(inbox.GROUP[name].model.id))
    )


# ---------------------------------------------------------------- its life


def test_the_invited_see_it_once_they_are_called_and_say_who_comes(
    session: Session, person: Person, world: World
) -> None:
    meeting, director = planned(session, person, world), person("director")
    with pytest.raises(NotSeen):
        policy.find(session, director, Meeting, meeting.id)
    take_step(session, person("office"), meeting, "call")
    assert any("请参加会议" in words for words in told(session, "director"))
    assert meeting.id in group(session, director, "invited")
    assert policy.find(session, director, Meeting, meeting.id) is meeting
    with pytest.raises(RecordRefused, match="谁来参加"):
        take_step(session, director, meeting, "reply", reply(coming=True))
    session.rollback()


def test_a_reply_is_of_the_units_own_and_the_group_empties(
    session: Session, person: Person, world: World
) -> None:
    meeting, director = planned(session, person, world), person("director")
    take_step(session, person("office"), meeting, "call")
    take_step(session, director, meeting, "reply", reply(coming=True, people="陈主任"))
    [line] = meeting.replies
    assert (line.unit_id, line.coming, line.people) == (world.village, True, "陈主任")
    assert meeting.id not in group(session, director, "invited")
    with pytest.raises(NotAllowed):
        take_step(session, person("bureau_county"), meeting, "reply", reply(coming=True, people="某"))


def test_who_does_not_come_says_why(session: Session, person: Person, world: World) -> None:
    meeting = planned(session, person, world)
    take_step(session, person("office"), meeting, "call")
    with pytest.raises(RecordRefused, match="写明原因"):
        take_step(session, person("director"), meeting, "reply", reply(coming=None))


def test_a_meeting_to_come_cannot_have_been_held(session: Session, person: Person, world: World) -> None:
    meeting = planned(session, person, world)
    given = Given({"held_on": today() + DAY, "minutes": "一"})
    with pytest.raises(RecordRefused, match="还没有开"):
        take_step(session, person("office"), meeting, "hold", given)


def test_attendance_is_ticked_for_each_unit(session: Session, person: Person, world: World) -> None:
    meeting = planned(session, person, world)
    ticks = [Line(each.id, {"came": each.unit_id == world.village}) for each in meeting.members]
    given = Given(held().values, {"members": ticks})
    take_step(session, person("office"), meeting, "hold", given)
    assert {each.unit_id: bool(each.came) for each in meeting.members} == {
        world.village: True,
        world.next_village: False,
    }


# ---------------------------------------------------------------- what it asked for


def asked(session: Session, person: Person, world: World, **more: Any) -> MeetingTask:
    meeting = planned(session, person, world)
    take_step(session, person("office"), meeting, "hold", held())
    take_step(session, person("office"), meeting, "assign", task(world, **more))
    return meeting.tasks[0]


def test_a_task_lies_in_the_units_inbox_until_it_is_done_with_a_word(
    session: Session, person: Person, world: World
) -> None:
    found, director = asked(session, person, world), person("director")
    assert found.id in group(session, director, "task")
    assert any("会议交办任务" in words for words in told(session, "director"))
    with pytest.raises(RecordRefused):
        take_step(session, director, found, "finish")
    session.rollback()


def test_a_meeting_is_not_over_before_its_tasks_are(session: Session, person: Person, world: World) -> None:
    found, office = asked(session, person, world), person("office")
    with pytest.raises(RecordRefused, match="还有 1 项任务"):
        take_step(session, office, found.meeting, "close")
    session.rollback()
    found = asked(session, person, world)
    take_step(session, person("director"), found, "finish", Given({"result": "已走访 6 户"}))
    assert found.state is TaskState.DONE
    assert any("已走访 6 户" in words for words in told(session, "office"))
    deadline = session.scalars(select(Deadline).where(Deadline.word == "meeting_task")).all()[-1]
    assert deadline.done_at is not None
    take_step(session, office, found.meeting, "close")
    assert found.meeting.state is MeetingState.CLOSED


def test_a_task_of_one_person_is_that_persons_alone(session: Session, person: Person, world: World) -> None:
    found = asked(session, person, world, person_id=world.owner)
    assert found.id in group(session, person("owner"), "task")
    assert found.id not in group(session, person("director"), "task")
    take_step(session, person("owner"), found, "finish", Given({"result": "办好了"}))


def test_a_person_of_another_unit_is_refused(session: Session, person: Person, world: World) -> None:
    with pytest.raises(RecordRefused):
        asked(session, person, world, person_id=world.stranger)


def test_the_daily_job_tells_of_a_late_task_once(session: Session, person: Person, world: World) -> None:
    asked(session, person, world)
    late = today() + 2 * DAY
    assert daily.mark_late(session, late) >= 1
    assert sum("会议任务期限" in words for words in told(session, "director")) == 1
    assert any("会议任务期限" in words for words in told(session, "office"))
    daily.mark_late(session, late)
    assert sum("会议任务期限" in words for words in told(session, "director")) == 1


def test_whoever_led_asks_again(session: Session, person: Person, world: World) -> None:
    found = asked(session, person, world)
    take_step(session, person("director"), found, "finish", Given({"result": "已走访"}))
    with pytest.raises(NotAllowed):
        take_step(session, person("director"), found, "again", Given({"due_on": today() + DAY}))
    take_step(session, person("office"), found, "again", Given({"due_on": today() + 3 * DAY}))
    assert (found.state, found.done_at) == (TaskState.OPEN, None)


# ---------------------------------------------------------------- who may what


def test_whoever_looks_after_a_township_calls_its_people_together(
    session: Session, person: Person, world: World
) -> None:
    meeting = planned(session, person, world, who="minder")
    take_step(session, person("minder"), meeting, "call")
    take_step(session, person("minder"), meeting, "hold", held())
    with pytest.raises(RecordRefused):
        planned(session, person, world, who="minder", unit_id=world.far_township)


def test_a_unit_cannot_stand_twice_nor_the_leading_one(
    looking: Session, person: Person, world: World
) -> None:
    for units in ([world.village, world.village], [world.township]):
        lines = {"members": [Line(None, {"unit_id": each}) for each in units]}
        values = {"title": "例会", "kind": "01", "unit_id": world.township, "held_on": today()}
        with pytest.raises(RecordRefused, match="已经在里面"):
            records.create(looking, person("office"), REGISTERS["meeting"], Given(values, lines))


def test_seeing_a_meeting_opens_no_case_and_tells_no_name(app: Flask, world: World) -> None:
    """The other township is invited to a meeting about a case that it may not see by itself."""
    with app.app_context():
        case = db.session.get_one(Case, world.case)
        db.session.get_one(Meeting, world.meeting).agenda[0].case_id = case.id
        title = str(case)
        db.session.commit()
    page = named(app, world, "other_office").get(f"/meeting/{world.meeting}").text
    assert "研判纠纷" in page
    assert "不在您的管辖范围内" in page
    assert f"/case/{world.case}" not in page
    assert title not in page
    assert f"/case/{world.case}" in named(app, world, "office").get(f"/meeting/{world.meeting}").text
    assert named(app, world, "other_office").get(f"/case/{world.case}").status_code == 404


def test_a_joint_meeting_begins_at_the_case_that_units_have_joined(app: Flask, world: World) -> None:
    office = named(app, world, "office")
    page = office.get(f"/case/{world.mediating_case}").text
    found = re.search(r'href="(/meeting/new\?case_id=\d+)"', page)
    assert found
    form = form_data(office.get(found[1]).text)
    assert form["kind"] == "03"
    assert "会议研判" in page  # the world's meeting has it on its agenda
    assert "召开联席会议" not in office.get(f"/case/{world.township_case}").text


def test_the_minutes_go_out_as_word_once_it_was_held(app: Flask, world: World) -> None:
    county = named(app, world, "bureau_county")
    answer = county.post(f"/papers/meeting/{world.held_meeting}/minutes.docx")
    assert answer.status_code == 200
    assert answer.data[:2] == b"PK"
    assert county.post(f"/papers/meeting/{world.meeting}/minutes.docx").status_code == 409
    assert county.post(f"/papers/meeting/{world.far_meeting}/minutes.docx").status_code == 404


# ---------------------------------------------------------------- who has not met


RULE = Rule("330700/330702/", Tier.TOWNSHIP, "01", date(2026, 1, 1), None)


@pytest.mark.parametrize(
    ("path", "rule", "kinds"),
    [
        ("330700/330702/330702001/", RULE, {"01"}),
        ("330700/330702/", RULE, set()),  # of another tier
        ("330700/330703/330703001/", RULE, set()),  # elsewhere
        ("330700/330702/330702001/", Rule(RULE.path, RULE.tier, "01", date(2026, 11, 2), None), set()),
        (
            "330700/330702/330702001/",
            Rule(RULE.path, RULE.tier, "01", RULE.valid_from, date(2026, 11, 29)),
            set(),
        ),
    ],
)
def test_who_owes_a_meeting_for_a_whole_month(path: str, rule: Rule, kinds: set[str]) -> None:
    assert owed(path, [rule], date(2026, 11, 1), date(2026, 11, 30)) == kinds


def test_the_board_shows_who_has_not_met(session: Session, person: Person, world: World) -> None:
    county = session.get_one(Unit, world.county)
    session.add(
        MeetingRule(unit=county, path=county.path, tier=Tier.TOWNSHIP, kind="01", valid_from=date(2020, 1, 1))
    )
    session.flush()
    period = month(today().year, today().month)
    assert [each.meeting for each in meetings.month(session, person("bureau_county"), period)] == [None, None]
    meeting = planned(session, person, world)
    take_step(session, person("office"), meeting, "hold", held())
    found = meetings.month(session, person("bureau_county"), period)
    assert [(str(each.unit), each.meeting) for each in found] == [("城中街道", None), ("城东街道", meeting)]
    assert [str(each.unit) for each in meetings.month(session, person("office"), period)] == ["城东街道"]
    assert meetings.month(session, person("bureau_far"), period) == []


def test_the_board_opens_and_stands_beside_the_list(app: Flask, world: World) -> None:
    page = named(app, world, "bureau_county").get("/meetings/?year=2026&month=10").text
    assert "没有规定谁要开例会" in page
    assert 'href="/meetings/"' in named(app, world, "bureau_county").get("/meeting/").text
    assert named(app, world, "owner").get("/meetings/").status_code == 403


def test_a_cancelled_meeting_is_told_and_stays_as_it_is(
    session: Session, person: Person, world: World
) -> None:
    meeting = planned(session, person, world)
    take_step(session, person("office"), meeting, "call")
    take_step(session, person("office"), meeting, "cancel", Given({"cancel_reason": "改期"}))
    assert any("取消：改期" in words for words in told(session, "director"))
    with pytest.raises(NotNow):
        records.edit(session, person("office"), meeting, Given({"title": "x"}), version=meeting.version)
