"""重大纠纷信息报送: what is major, the clock in hours, first to last report, signatures, and passing on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given as drawn
from hypothesis import strategies as some
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.finds import Find
from admin_app.models.major_reports import MajorReport
from admin_app.models.notices import Notice
from admin_app.models.users import User
from admin_app.operations import inbox, major_reports
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.rules.dates import now, today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.major_reports import (
    BulletinKind,
    Cause,
    ReportState,
    Terms,
    cause,
    hours_late,
    said_late,
)
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused
from admin_app.rules.tiers import Tier
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]
TERMS = Terms(difficulties=["3"], risks=["3", "4"], pressing=["2", "5"], hours=24, pressing_hours=2)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


# ---------------------------------------------------------------- the rule


@pytest.mark.parametrize(
    ("difficulty", "risk", "expected"),
    [
        ("1", "1", None),
        ("4", "6", None),
        ("3", "1", Cause(False, 24)),
        ("1", "4", Cause(True, 24)),
        ("3", "5", Cause(True, 2)),  # what presses comes first
        (None, "2", Cause(True, 2)),
        (None, "1", None),
    ],
)
def test_what_is_major_and_how_many_hours_it_leaves(
    difficulty: str | None, risk: str, expected: Cause | None
) -> None:
    assert cause(TERMS, difficulty=difficulty, risk=risk) == expected


@pytest.mark.parametrize(
    ("over", "hours"),
    [
        (timedelta(hours=-5), 0),
        (timedelta(0), 0),  # at the very moment
        (timedelta(seconds=1), 1),
        (timedelta(hours=1), 1),
        (timedelta(hours=1, microseconds=1), 2),
        (timedelta(days=2), 48),  # nights and holidays too
    ],
)
def test_every_begun_hour_counts(over: timedelta, hours: int) -> None:
    assert hours_late(NOON, NOON + over) == hours


@drawn(some.timedeltas(min_value=timedelta(microseconds=1), max_value=timedelta(days=400)))
def test_so_many_hours_later_it_would_have_been_in_time(over: timedelta) -> None:
    late = hours_late(NOON, NOON + over)
    assert hours_late(NOON + timedelta(hours=late), NOON + over) == 0
    assert hours_late(NOON + timedelta(hours=late - 1), NOON + over) == 1


def test_the_clock_runs_on_until_it_was_reported() -> None:
    later = NOON + timedelta(hours=3)
    assert said_late(NOON, None, later) == "已迟 3 小时"
    assert said_late(NOON, NOON, later) == "按时"
    assert said_late(later, None, NOON) == "未到时限"


# ---------------------------------------------------------------- how it becomes owed


def of(session: Session, case_id: int) -> MajorReport | None:
    return session.scalars(select(MajorReport).where(MajorReport.case_id == case_id)).one_or_none()


def owed(session: Session, world: World) -> MajorReport:
    case = session.get_one(Case, world.colleague_case)
    case.difficulty = "3"
    report = major_reports.watch(session, case)
    assert report is not None
    return report


def told(session: Session, who: str) -> str:
    query = select(Notice.words).join(User, User.id == Notice.user_id).where(User.username == who)
    return "\n".join(session.scalars(query))


def test_the_step_that_makes_a_case_major_starts_the_hours(
    session: Session, person: Person, world: World
) -> None:
    case = session.get_one(Case, world.mediating_case)
    given = Given({"difficulty": "3", "proper_tier": Tier.COUNTY})
    take_step(session, person("director"), case, "triage", given)
    report = of(session, case.id)
    assert report is not None
    assert (report.state, report.hours, report.cause) == (ReportState.DUE, 24, "重大纠纷")
    assert report.due_at - report.major_at == timedelta(hours=24)
    assert (report.unit_id, report.to_unit_id) == (world.village, world.township)
    assert "请在" in told(session, "director")


def test_it_is_owed_once_and_of_open_disputes_only(session: Session, world: World) -> None:
    case = session.get_one(Case, world.colleague_case)
    assert major_reports.watch(session, case) is None  # not major
    report = owed(session, world)
    assert major_reports.watch(session, case) is None
    closed = session.get_one(Case, world.closed_case)
    closed.difficulty = "3"
    assert major_reports.watch(session, closed) is None
    assert of(session, case.id) is report


def test_the_daily_job_finds_what_came_in_another_way_and_then_nothing(
    session: Session, world: World
) -> None:
    session.get_one(Case, world.mediating_case).risk = "5"
    find = session.get_one(Find, world.find)
    find.risk = "4"
    session.flush()
    assert major_reports.watch_all(session, today()) == 2
    assert major_reports.watch_all(session, today()) == 0
    report = of(session, world.mediating_case)
    assert report is not None
    assert report.hours == 2
    assert major_reports.of(session, find) is not None


def test_a_case_goes_on_with_the_report_of_its_find(session: Session, world: World) -> None:
    find = session.get_one(Find, world.find)
    find.risk = "5"
    report = major_reports.watch(session, find)
    case = session.get_one(Case, world.colleague_case)
    find.case_id, case.risk = case.id, "5"
    session.flush()
    assert major_reports.watch(session, case) is None
    assert major_reports.of(session, case) is report


# ---------------------------------------------------------------- its life


def bulletin(**more: Any) -> Given:
    values = {"situation": "二十人聚集", "measures": "已到场劝离", **more}
    return Given({}, {"bulletins": [Line(None, values)]})


def opinion(words: str = "请妥善处置") -> Given:
    return Given({}, {"signatures": [Line(None, {"opinion": words})]})


def group(session: Session, user: User, name: str) -> set[int]:
    return set(session.scalars(inbox.waiting(user, inbox.GROUP[name]).with_only_columns(MajorReport.id)))


def test_first_report_signature_and_passing_on(session: Session, person: Person, world: World) -> None:
    report = owed(session, world)
    assert report.id in group(session, person("director"), "major")
    take_step(session, person("director"), report, "report", bulletin())
    assert (report.late, report.state) == (0, ReportState.SENT)
    assert report.bulletins[0].kind is BulletinKind.FIRST
    office = person("office")
    assert report.id in group(session, office, "major_sign")
    assert "首报，请签阅" in told(session, "office")
    take_step(session, office, report, "pass_on", opinion("情况属实"))
    [line] = report.signatures
    assert (line.signer, line.unit_id, line.passed_on) == ("office 用户", world.township, True)
    assert report.to_unit_id == world.county
    county = person("bureau_county")
    assert report.id in group(session, county, "major_sign")
    assert report.id not in group(session, office, "major_sign")
    take_step(session, county, report, "sign", opinion())
    assert report.state is ReportState.READ
    assert "批示：请妥善处置" in told(session, "director")


def test_follow_ups_and_the_last_report_each_ask_for_a_signature(
    session: Session, person: Person, world: World
) -> None:
    report, director, office = owed(session, world), person("director"), person("office")
    take_step(session, director, report, "report", bulletin())
    take_step(session, office, report, "sign", opinion())
    take_step(session, director, report, "follow_up", bulletin(situation="人员已散"))
    assert report.state is ReportState.SENT
    take_step(session, office, report, "sign", opinion())
    take_step(session, director, report, "finish", bulletin(situation="已达成协议"))
    assert report.id in group(session, office, "major_final")
    take_step(session, office, report, "sign_final", opinion())
    assert report.state is ReportState.CLOSED
    assert report.ended_at is not None
    assert [each.kind for each in report.bulletins] == list(BulletinKind)
    open_ = select(Deadline).where(Deadline.word == "major_report", Deadline.record_id == report.id)
    assert session.scalars(open_.where(Deadline.done_at.is_(None))).all() == []
    with pytest.raises(NotNow):
        take_step(session, director, report, "follow_up", bulletin())


def test_a_late_report_says_by_how_many_hours(session: Session, person: Person, world: World) -> None:
    report = owed(session, world)
    report.due_at = now() - timedelta(hours=2, minutes=10)
    take_step(session, person("director"), report, "report", bulletin())
    assert report.late == 3


def test_only_the_reading_unit_itself_signs(session: Session, person: Person, world: World) -> None:
    report = owed(session, world)
    take_step(session, person("director"), report, "report", bulletin())
    for who in ("director", "bureau_county", "bureau_city", "inspector", "other_office"):
        with pytest.raises(NotAllowed):
            take_step(session, person(who), report, "sign", opinion())


def test_above_the_topmost_unit_nobody_reads(session: Session, person: Person, world: World) -> None:
    report = owed(session, world)
    take_step(session, person("director"), report, "report", bulletin())
    take_step(session, person("office"), report, "pass_on", opinion())
    take_step(session, person("bureau_county"), report, "pass_on", opinion())
    assert report.to_unit_id == world.city
    with pytest.raises(RecordRefused, match="没有可以上报的单位"):
        take_step(session, person("bureau_city"), report, "pass_on", opinion())


def test_a_wrong_grading_is_dropped_with_a_reason(session: Session, person: Person, world: World) -> None:
    report = owed(session, world)
    with pytest.raises(RecordRefused):
        take_step(session, person("director"), report, "drop")
    session.rollback()
    report = owed(session, world)
    take_step(session, person("director"), report, "drop", Given({"reason": "难度级别填错了"}))
    assert report.state is ReportState.DROPPED
    kinds = select(Deadline.kind).where(Deadline.word == "major_report", Deadline.record_id == report.id)
    assert session.scalars(kinds.where(Deadline.done_at.is_(None))).all() == []


def test_its_clock_stands_among_the_deadlines(session: Session, world: World) -> None:
    report = owed(session, world)
    found = session.scalars(
        select(Deadline).where(Deadline.word == "major_report", Deadline.record_id == report.id)
    ).one()
    assert (found.kind, found.unit_id, found.case_id) == (
        DeadlineKind.MAJOR_FIRST,
        world.village,
        world.colleague_case,
    )


# ---------------------------------------------------------------- the door


def test_the_cases_page_offers_the_report_as_the_next_act(app: Flask, world: World) -> None:
    director = named(app, world, "director")
    page = director.get(f"/case/{world.case}").text
    address = f"/major_report/{world.major_report}/step/report"
    assert address in page
    assert "报送重大纠纷</a>" in page
    assert page.count("button primary") == 1
    form = form_data(director.get(address).text)
    form |= {"bulletins-0-situation": "二十人聚集", "bulletins-0-measures": "已到场劝离"}
    assert director.post(address, form).status_code == 302
    assert "报送重大纠纷</a>" not in director.get(f"/case/{world.case}").text
    told_of = named(app, world, "office").get(f"/major_report/{world.major_report}").text
    assert "二十人聚集" in told_of
    assert "按时" in told_of


def test_saving_a_case_as_major_offers_it_at_once(app: Flask, world: World) -> None:
    director = named(app, world, "director")
    address = f"/case/{world.colleague_case}/edit"
    form = form_data(director.get(address).text) | {"difficulty": "3"}
    assert director.post(address, form).status_code == 302
    assert "报送重大纠纷</a>" in director.get(f"/case/{world.colleague_case}").text


def test_it_is_shown_to_those_who_hold_it_and_above(looking: Session, person: Person, world: World) -> None:
    report = looking.get_one(MajorReport, world.major_report)
    seen = {
        who
        for who in ("owner", "director", "office", "bureau_county", "stranger", "other_office", "bureau_far")
        if policy.may(person(who), "major_report.see", report)
    }
    assert seen == {"owner", "director", "office", "bureau_county"}
