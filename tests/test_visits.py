"""From a visit to a case: what is carried over, by whom, once."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations import visits
from admin_app.operations.given import Given, Line
from admin_app.rules.refusals import NotAllowed, NotNow, RecordRefused, Stale
from tests.databases import open_session
from tests.web import Browser, form_data, named
from tests.world import World

Person = Callable[[str], User]
ID = "33070219750607121X"
PHONE, ADDRESS = "13857922222", "桃园社区三幢五号"


@pytest.fixture
def known(app: Flask, world: World) -> None:
    """The visit with everything on its sheet filled in."""
    with app.app_context():
        visit = db.session.get_one(Visit, world.visit)
        visit.sex, visit.id_number, visit.address = "1", ID, ADDRESS
        visit.birth_on = date(1975, 6, 7)
        visit.counterpart, visit.kind, visit.people = "甲某、丁某", "2", 3
        db.session.commit()


def convert(here: Browser, world: World, **typed: str) -> int:
    url = f"/visit/{world.visit}/convert"
    given = form_data(here.get(url).text) | typed
    answer = here.post(url, given)
    if answer.status_code == 409 and "可能重复" in answer.text:
        answer = here.post(url, form_data(answer.text))
    return answer.status_code


def made_of(app: Flask, world: World) -> tuple[Visit, Case]:
    visit = db.session.get_one(Visit, world.visit)
    return visit, db.session.get_one(Case, visit.case_id)


@pytest.mark.usefixtures("known")
def test_everything_on_the_sheet_is_carried_over_and_nothing_personal_is_shown(
    app: Flask, world: World
) -> None:
    here = named(app, world, "colleague")
    page = here.get(f"/visit/{world.visit}/convert").text
    for secret in (ID, PHONE, ADDRESS):
        assert secret not in page
    assert convert(here, world) == 302
    with app.app_context():
        visit, case = made_of(app, world)
        visitor, *others = case.parties
        assert (visitor.side, visitor.name, visitor.sex, visitor.birth_on) == (
            "01",
            "丙某",
            "1",
            date(1975, 6, 7),
        )
        assert (visitor.id_kind, visitor.id_number) == ("111", ID)
        assert (visitor.phone, visitor.address) == (PHONE, ADDRESS)
        assert [(each.side, each.name) for each in others] == [("02", "甲某"), ("02", "丁某")]
        assert (case.brief, case.kind, case.people, case.source) == (visit.matter, "2", 5, "1")
        assert (case.committee_id, case.stage.value) == (visit.committee_id, "registered")
        assert [each.mediator_id for each in case.mediators] == [world.colleague_mediator]
        assert visit.outcome == "已转为调解案件"


@pytest.mark.usefixtures("known")
def test_what_is_typed_anew_stands_and_what_is_emptied_is_empty(app: Flask, world: World) -> None:
    typed = {"parties-0-phone": "13857933333", "parties-0-address": ""}
    assert convert(named(app, world, "office"), world, **typed) == 302
    with app.app_context():
        _, case = made_of(app, world)
        assert (case.parties[0].phone, case.parties[0].address) == ("13857933333", None)
        assert case.parties[0].id_number == ID


def test_an_error_keeps_what_was_typed_and_saves_nothing(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    url = f"/visit/{world.visit}/convert"
    given = form_data(here.get(url).text) | {"kind": "", "brief": "争一堵墙"}
    answer = here.post(url, given)
    assert answer.status_code == 422
    assert "争一堵墙" in answer.text
    assert PHONE not in answer.text
    with app.app_context():
        assert db.session.get_one(Visit, world.visit).case_id is None


@pytest.mark.usefixtures("known")
def test_the_second_time_leads_to_the_case_that_was_made(app: Flask, world: World) -> None:
    here, url = named(app, world, "director"), f"/visit/{world.visit}"
    assert "转为案件" in here.get(url).text
    given = form_data(here.get(f"{url}/convert").text)
    assert convert(here, world) == 302
    with app.app_context():
        _, case = made_of(app, world)
        case_url = f'href="/case/{case.id}"'
        before = db.session.scalar(select(func.count(Case.id)))
    for again in (here.get(f"{url}/convert"), here.post(f"{url}/convert", given)):
        assert again.status_code == 409
        assert "已经转成案件" in again.text
        assert case_url in again.text
    with app.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == before
    assert f"{url}/convert" not in here.get(url).text
    assert f'href="{url}"' in here.get(f"/case/{case.id}").text


@pytest.mark.parametrize("opinion", ["03", "04"])
def test_who_was_shown_another_way_has_no_case(app: Flask, world: World, opinion: str) -> None:
    with app.app_context():
        db.session.get_one(Visit, world.visit).opinion = opinion
        db.session.commit()
    here = named(app, world, "director")
    assert f"/visit/{world.visit}/convert" not in here.get(f"/visit/{world.visit}").text
    answer = here.get(f"/visit/{world.visit}/convert")
    assert answer.status_code == 409
    assert "处理意见" in answer.text


def test_only_whoever_may_register_there_converts(session: Session, person: Person, world: World) -> None:
    visit = session.get_one(Visit, world.visit)
    for who in ("inspector", "stranger", "bureau_far"):
        with pytest.raises(NotAllowed):
            visits.take_up(session, person(who), visit, Given())


def test_of_two_at_once_one_wins_and_the_other_is_told(engine: Engine, world: World) -> None:
    """Both have read the visit before either writes. (SQLite lets one begin after the other anyway.)"""
    given = Given(
        {"committee_id": world.village_committee, "kind": "2", "brief": "争墙", "source": "1"}
        | {"registered_on": date(2026, 9, 1), "difficulty": "1", "risk": "1"},
        {"parties": [Line(None, {"name": "丙某", "side": "01", "kind": "01"})]},
    )
    with open_session(engine) as second:
        visit = second.get_one(Visit, world.visit)
        if engine.dialect.name == "sqlite":
            second.rollback()
        with open_session(engine) as first:
            office = first.get_one(User, world.office)
            visits.take_up(first, office, first.get_one(Visit, world.visit), given)
            first.commit()
        with pytest.raises((Stale, NotNow)):
            visits.take_up(second, second.get_one(User, world.director), visit, given)
        second.rollback()
        assert second.scalar(select(func.count(Case.id)).where(Case.brief == "争墙")) == 1


def test_what_a_case_refuses_is_refused_here_too(session: Session, person: Person, world: World) -> None:
    visit = session.get_one(Visit, world.visit)
    with pytest.raises(RecordRefused):
        visits.take_up(session, person("director"), visit, Given())
    assert visit.case_id is None


@pytest.mark.usefixtures("known")
def test_the_page_tells_the_age_on_the_day_of_the_visit(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    assert "来访时 51 岁" in here.get(f"/visit/{world.visit}").text
    with app.app_context():
        db.session.get_one(Visit, world.visit).birth_on = None
        db.session.commit()
    page = here.get(f"/visit/{world.visit}").text  # from the ID number, which stays masked with its date
    assert "来访时 51 岁" in page
    assert "1975" not in page


def test_a_visitors_sex_follows_from_the_id_number(app: Flask, world: World) -> None:
    here, url = named(app, world, "owner"), f"/visit/{world.visit}/edit"
    assert here.post(url, form_data(here.get(url).text) | {"id_number": ID}).status_code == 302
    with app.app_context():
        visit = db.session.get_one(Visit, world.visit)
        assert (visit.sex, visit.birth_on) == ("1", None)


def test_a_cases_page_leads_to_the_visit_it_came_from(app: Flask, world: World) -> None:
    with app.app_context():
        db.session.get_one(Visit, world.visit).case_id = world.case
        db.session.commit()
    assert f'href="/visit/{world.visit}"' in named(app, world, "owner").get(f"/case/{world.case}").text
    assert f'href="/case/{world.case}"' in named(app, world, "owner").get(f"/visit/{world.visit}").text
