"""Screening at the door: nought in one tap, finds on one page, review, and a find that becomes a case."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.finds import Find
from admin_app.models.history import Entry
from admin_app.models.notices import Notice
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import screening_board
from admin_app.operations.given import Given
from admin_app.operations.lives import take_step
from admin_app.rules.cases import OWN_INITIATIVE
from admin_app.rules.dates import today
from admin_app.rules.finds import FindState
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused
from admin_app.rules.screenings import Found, ScreeningState
from tests.walking import given_for
from tests.web import Browser, form_data, named
from tests.world import World

Person = Callable[[str], User]


def report_page(world: World) -> str:
    return f"/screening/{world.screening}/step/report"


def typed(index: int = 0, **more: str) -> dict[str, str]:
    """One find, as a thumb types it."""
    values = {
        "kind": "2",
        "persons": "赵六、钱七",
        "people": "2",
        "place": "村东水渠",
        "risk": "1",
        "story": "为放水先后争吵",
        "responsible": "张伟",
        **more,
    }
    return {f"finds-{index}-{name}": value for name, value in values.items()}


def kept(app: Flask, model: type[Any], record_id: int) -> Any:
    with app.app_context():
        return db.session.get_one(model, record_id)


def finds_of(app: Flask, world: World) -> list[Find]:
    with app.app_context():
        query = select(Find).where(Find.screening_id == world.screening, Find.removed_at.is_(None))
        return list(db.session.scalars(query.order_by(Find.id)))


# ------------------------------------------------------------------ reporting


def test_the_inbox_leads_a_mediator_to_the_one_page(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    assert f'href="{report_page(world)}"' in here.get("/").text
    page = here.get(report_page(world)).text
    assert page.index("零报告</button>") < page.index("报告发现</button>")
    assert "桃园社区" in page


def test_nought_is_reported_in_one_tap(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    version = form_data(here.get(report_page(world)).text)["version"]
    answer = here.post(f"/screening/{world.screening}/step/zero", {"version": version})
    assert answer.status_code == 302
    task = kept(app, Screening, world.screening)
    assert (task.state, task.found, task.reported_on) == (ScreeningState.REPORTED, Found.NOTHING, today())
    assert task.screeners == "owner 用户"
    again = here.post(f"/screening/{world.screening}/step/zero", {"version": version})
    assert again.status_code == 409


def test_finds_are_reported_together_and_what_was_settled_at_once_is_settled(
    app: Flask, world: World
) -> None:
    here = named(app, world, "owner")
    data = form_data(here.get(report_page(world)).text) | typed(0) | typed(1, outcome="当场劝和，双方握手")
    assert here.post(report_page(world), data).status_code == 302
    open_, settled = finds_of(app, world)
    assert (open_.state, settled.state) == (FindState.OPEN, FindState.RESOLVED)
    assert settled.resolved_on == settled.found_on
    assert {(f.unit_id, f.committee_id) for f in (open_, settled)} == {
        (world.village, world.village_committee)
    }
    task = kept(app, Screening, world.screening)
    assert (task.found, task.state) == (Found.SOMETHING, ScreeningState.REPORTED)
    with app.app_context():
        told = {
            (line.register, line.record_id)
            for line in db.session.scalars(select(Entry).where(Entry.actor_id == world.owner))
        }
    assert {("screening", task.id), ("find", open_.id), ("find", settled.id)} <= told


def test_a_report_with_faults_keeps_every_word_and_saves_nothing(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    data = form_data(here.get(report_page(world)).text) | typed(0, kind="", people="不知道", story="吵了三回")
    answer = here.post(report_page(world), data)
    assert answer.status_code == 422
    assert "吵了三回" in answer.text and "不知道" in answer.text  # noqa: PT018
    assert "报告发现</button>" in answer.text
    assert finds_of(app, world) == []
    empty = here.post(report_page(world), form_data(here.get(report_page(world)).text))
    assert empty.status_code == 422
    assert "请至少填一条发现" in empty.text


@pytest.mark.parametrize("who", ["stranger", "other_office", "bureau_far", "inspector", "expert", "auditor"])
def test_nobody_else_reports_for_the_village(app: Flask, world: World, who: str) -> None:
    here = named(app, world, who)
    for step in ("report", "zero"):
        assert here.get(f"/screening/{world.screening}/step/{step}").status_code in (403, 404)
        assert here.post(f"/screening/{world.screening}/step/{step}").status_code in (403, 404)
    assert kept(app, Screening, world.screening).state is ScreeningState.DUE


# ------------------------------------------------------------------ reviewing


def test_the_office_above_sends_back_with_a_reason_and_the_village_reports_again(
    app: Flask, world: World
) -> None:
    village, office = named(app, world, "owner"), named(app, world, "office")
    data = form_data(village.get(report_page(world)).text) | typed(0)
    village.post(report_page(world), data)
    back = f"/screening/{world.screening}/step/send_back"
    version = form_data(office.get(back).text)["version"]
    assert office.post(back, {"version": version}).status_code == 422
    assert office.post(back, {"version": version, "opinion": "请写明涉及人数"}).status_code == 302
    task = kept(app, Screening, world.screening)
    assert (task.state, task.found, task.reported_on) == (ScreeningState.DUE, None, None)
    with app.app_context():
        told = set(db.session.scalars(select(Notice.user_id).where(Notice.record_id == task.id)))
    assert {world.owner, world.director} <= told
    page = village.get(report_page(world)).text
    assert "请写明涉及人数" in page
    data = form_data(page)
    assert data["finds-0-persons"] == "赵六、钱七"  # nothing is typed twice
    assert village.post(report_page(world), data | {"finds-0-people": "6"}).status_code == 302
    assert [each.people for each in finds_of(app, world)] == [6]


def test_a_find_left_out_of_a_second_report_is_in_the_bin_unless_something_came_of_it(
    session: Session, person: Person, world: World
) -> None:
    owner, office = person("owner"), person("office")
    task = session.get_one(Screening, world.reported_screening)
    take_step(session, office, task, "send_back", given_for(session, office, task, "send_back"))
    take_step(session, owner, task, "report", given_for(session, owner, task, "report"))
    session.commit()
    session.refresh(task)
    assert session.get_one(Find, world.find).removed_at is not None
    assert len(task.finds) == 1
    assert task.finds[0].id != world.find
    take_step(session, owner, task.finds[0], "resolve", given_for(session, owner, task.finds[0], "resolve"))
    take_step(session, office, task, "send_back", given_for(session, office, task, "send_back"))
    with pytest.raises(RecordRefused, match="不能删去"):
        take_step(session, owner, task, "report", given_for(session, owner, task, "report"))


def test_nobody_reviews_what_their_own_unit_reported(session: Session, person: Person, world: World) -> None:
    task = session.get_one(Screening, world.township_screening)
    with pytest.raises(NotAllowed):
        take_step(session, person("office"), task, "review")
    take_step(session, person("bureau_county"), task, "review")
    assert task.state is ScreeningState.REVIEWED


def test_reports_are_reviewed_in_a_batch(app: Flask, world: World) -> None:
    county = named(app, world, "bureau_county")
    ids = [str(world.reported_screening), str(world.township_screening)]
    page = county.get(f"/screening/batch-step/review?ids={','.join(ids)}")
    assert page.status_code == 200
    seen = re.findall(r'name="seen" value="(\d+:\d+)"', page.text)
    given = {"ids": ids, "seen": seen, "opinion": "情况属实"}
    answer = county.post("/screening/batch-step/review", given)
    assert answer.status_code == 302
    tasks = [kept(app, Screening, int(each)) for each in ids]
    assert {(each.state, each.opinion) for each in tasks} == {(ScreeningState.REVIEWED, "情况属实")}


# ------------------------------------------------------------------ finds


def convert(here: Browser, find_id: int, **more: str) -> Any:
    data = form_data(here.get(f"/find/{find_id}/convert").text)
    return here.post(f"/find/{find_id}/convert", data | more)


def test_a_find_becomes_a_case_and_both_lead_to_each_other(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    page = here.get(f"/find/{world.find}/convert").text
    data = form_data(page)
    assert (data["parties-0-name"], data["parties-1-name"]) == ("丁某", "戊某")
    assert data["source"] == OWN_INITIATIVE
    assert "两家为用水先后争吵" in page
    answer = convert(here, world.find)
    assert answer.status_code == 302
    find = kept(app, Find, world.find)
    assert find.state is FindState.CASE
    assert answer.location.endswith(f"/case/{find.case_id}")
    assert f'href="/find/{find.id}"' in here.get(f"/case/{find.case_id}").text
    assert f'href="/case/{find.case_id}"' in here.get(f"/find/{find.id}").text
    assert "转为案件" in here.get(f"/find/{find.id}").text  # in its timeline
    assert here.get(f"/find/{find.id}/convert").status_code == 409
    with app.app_context():
        assert len(db.session.scalars(select(Case).where(Case.id == find.case_id)).all()) == 1


def test_whoever_holds_the_case_follows_the_find(session: Session, person: Person, world: World) -> None:
    find = session.get_one(Find, world.find)
    stranger, far = person("stranger"), person("bureau_far")
    assert not policy.may(stranger, "find.open", find)
    find.case = session.get_one(Case, world.other_case)
    session.flush()
    assert policy.find(session, stranger, Find, find.id) is find
    assert not policy.may(stranger, "find.edit", find)
    assert not policy.may(far, "find.open", find)


def test_a_find_is_watched_and_then_settled_and_then_closed_to_changes(
    session: Session, person: Person, world: World
) -> None:
    owner, find = person("owner"), session.get_one(Find, world.find)
    take_step(session, owner, find, "watch", given_for(session, owner, find, "watch"))
    assert find.state is FindState.WATCHED
    given = given_for(session, owner, find, "resolve")
    given.values["resolved_on"] = find.found_on.replace(year=2020)
    with pytest.raises(RecordRefused, match="不能早于排查日期"):
        take_step(session, owner, find, "resolve", given)
    session.rollback()
    take_step(session, owner, find, "resolve", given_for(session, owner, find, "resolve"))
    with pytest.raises(NotNow):
        take_step(session, owner, find, "watch", given_for(session, owner, find, "watch"))


# ------------------------------------------------------------------ the board


def test_the_board_leads_from_the_city_down_to_the_very_tasks(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_city")
    asked = "since=2026-11-01&until=2026-11-30"
    city = here.get(f"/screenings/?{asked}").text
    assert "婺城区" in city and "金东区" in city  # noqa: PT018
    county = here.get(f"/screenings/?unit={world.county}&{asked}").text
    assert "城东街道" in county and "多湖街道" not in county  # noqa: PT018
    rows = here.get(f"/screenings/tasks?unit={world.township}&{asked}&figure=owed").text
    shown = set(map(int, re.findall(r'href="/screening/(\d+)"', rows)))
    assert shown == {world.screening, world.reported_screening, world.township_screening}
    own = here.get(f"/screenings/tasks?unit={world.township}&{asked}&figure=owed&level=1").text
    assert set(map(int, re.findall(r'href="/screening/(\d+)"', own))) == {world.township_screening}
    finds = here.get(f"/screenings/tasks?unit={world.city}&{asked}&figure=finds").text
    assert set(map(int, re.findall(r'href="/find/(\d+)"', finds))) == {world.find, world.far_find}
    assert here.get(f"/screenings/tasks?{asked}&figure=nonsense").status_code == 404
    assert here.get("/screenings/?since=x&year=99999&part=never").status_code == 200


@pytest.mark.parametrize("who", ["owner", "director", "office", "bureau_county", "inspector", "bureau_city"])
def test_every_number_of_the_board_counts_the_rows_behind_it_within_scope(
    looking: Session, person: Person, world: World, who: str
) -> None:
    actor, period = person(who), Period(None, None)
    for where in ("city", "county", "township", "village"):
        unit = looking.get_one(Unit, getattr(world, where))
        try:
            lines = screening_board.count(looking, actor, unit, period)
        except NotAllowed:
            continue
        for name, head in screening_board.HEAD.items():
            behind = screening_board.behind(actor, unit, period, name)
            rows = looking.scalars(select(head.model).where(behind)).all()
            assert lines[-1].numbers[name] == len(rows), (where, name)
            assert all(
                policy.may(actor, f"{'find' if head.model is Find else 'screening'}.see", r) for r in rows
            )


def test_who_has_nothing_to_do_with_screening_finds_no_board(app: Flask, world: World) -> None:
    for who in ("expert", "auditor", "sysadmin", "nobody"):
        assert named(app, world, who).get("/screenings/").status_code == 403


# ------------------------------------------------------------------ the monthly report


def test_last_months_report_is_proposed_from_the_records_and_stays_as_saved(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    year, index = divmod(today().year * 12 + today().month - 2, 12)
    with app.app_context():
        task = db.session.get_one(Screening, world.reported_screening)
        task.until = task.since = date(year, index + 1, 9)
        find = db.session.get_one(Find, world.find)
        take_step(
            db.session,
            db.session.get_one(User, world.director),
            find,
            "resolve",
            Given({"outcome": "已和好", "resolved_on": find.found_on}),
        )
        find.resolved_on = date(year, index + 1, 9)
        db.session.commit()
    assert "按排查记录填" in here.get("/monthly/").text
    data = form_data(here.get("/monthly/new?suggest=1").text)
    assert [data[name] for name in ("year", "month", "screenings", "prevented")] == [
        str(year),
        str(index + 1),
        "1",
        "1",
    ]
    answer = here.post("/monthly/new", data | {"screenings": "5"})
    assert answer.status_code == 302
    page = here.get(answer.location).text
    assert "这个月排查 1 次，就地化解 1 件" in page
    assert form_data(here.get("/monthly/new").text)["screenings"] == "0"
