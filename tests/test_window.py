"""The public window: shut until it is opened, and then it takes much and tells little."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.notices import Notice
from admin_app.models.parameters import Parameter
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.models.window import WindowKnock
from admin_app.operations import inbox, puzzles, window
from admin_app.operations.daily import CHORES
from admin_app.rules.cases import Stage
from admin_app.rules.dates import now, today
from admin_app.rules.parameters import Setting
from admin_app.rules.window import MOST, Knock, digits
from tests.web import Browser, browser, form_data, named
from tests.world import World

TYPED = {
    "name": "申某某",
    "phone": "13857977321",
    "address": "桃园小区九幢",
    "counterpart": "对某某",
    "kind": "2",
    "matter": "楼上漏水，泡坏了天花板",
    "consent": "y",
}
PAGES = ("/window/", "/window/units", "/window/ask", "/window/done", "/window/apply/1", "/window/picture/x")


def put(setting: Setting, value: str) -> None:
    db.session.add(Parameter(setting=setting, value=value))
    db.session.commit()


@pytest.fixture
def here(app: Flask) -> Browser:
    """A stranger, before the window that is open."""
    with app.app_context():
        put(Setting.WINDOW_OPEN, "是")
    return browser(app, None)


def solved(page: str, app: Flask) -> dict[str, str]:
    """The form of a page with the digits that its picture shows."""
    given = form_data(page)
    return given | {"answer": puzzles.answer(app.config["SECRET_KEY"], given["puzzle"])}


def village(app: Flask, world: World) -> int:
    with app.app_context():
        return db.session.get_one(Visit, world.visit).unit_id


def applied(here: Browser, app: Flask, unit: int, **typed: str) -> TestResponse:
    page = here.get(f"/window/apply/{unit}").text
    return here.post(f"/window/apply/{unit}", solved(page, app) | TYPED | typed)


def code_of(here: Browser) -> str:
    found = re.search(r'class="secret">([\d ]+)<', here.get("/window/done").text)
    assert found
    return digits(found[1])


def asked(here: Browser, app: Flask, code: str, tail: str) -> TestResponse:
    page = here.get("/window/ask").text
    return here.post("/window/ask", solved(page, app) | {"code": code, "tail": tail})


def newest() -> Visit:
    return db.session.scalars(select(Visit).order_by(Visit.id.desc()).limit(1)).one()


@pytest.mark.parametrize("page", PAGES)
def test_the_window_is_shut_until_a_bureau_opens_it(app: Flask, page: str) -> None:
    assert browser(app, None).get(page).status_code == 404


def test_an_application_arrives_as_a_visit_in_the_inbox_of_the_unit(
    here: Browser, app: Flask, world: World
) -> None:
    unit = village(app, world)
    assert applied(here, app, unit).status_code == 302
    with app.app_context():
        visit = newest()
        assert {
            name: getattr(visit, name) for name in ("name", "phone", "counterpart", "kind", "matter")
        } == {name: TYPED[name] for name in ("name", "phone", "counterpart", "kind", "matter")}
        assert visit.unit_id == unit
        assert visit.visited_on == today()
        director = db.session.scalars(select(User).where(User.username == "director")).one()
        waiting = db.session.scalars(inbox.waiting(director, inbox.GROUP["window"])).all()
        assert visit in waiting
        told = select(Notice).where(Notice.word == "visit", Notice.record_id == visit.id)
        assert director.id in {each.user_id for each in db.session.scalars(told)}
        lines = select(Entry.record_id).where(Entry.register == "visit").order_by(Entry.id.desc())
        assert db.session.scalars(lines).first() == visit.id
    page = named(app, world, "director").get("/").text
    assert "网上申请待处理" in page


def test_the_way_to_the_unit_is_made_of_links(here: Browser, app: Flask, world: World) -> None:
    target, page = village(app, world), here.get("/window/units").text
    with app.app_context():
        unit = db.session.get_one(Unit, target)
        way = [each.id for each in window.above(db.session, unit)[1:]] + [target]
    assert len(way) == 3
    for each in way:
        assert f"unit={each}" in page
        page = here.get(f"/window/units?unit={each}").text
    assert f"/window/apply/{target}" in page


def test_the_applicant_learns_how_it_stands_and_nothing_else(here: Browser, app: Flask, world: World) -> None:
    applied(here, app, village(app, world))
    code = code_of(here)
    there = browser(app, None)
    page = asked(there, app, code, "7321").text
    assert "已收到，等待处理" in page
    for secret in ("申某某", "13857977321", "桃园小区九幢", "对某某", "漏水"):
        assert secret not in page
    with app.app_context():
        visit, case = newest(), db.session.get_one(Case, world.settled_case)
        visit.case_id, visit.outcome = case.id, "申某某 13857977321 已登记"
        assert case.stage is Stage.SETTLED
        db.session.commit()
        names = [party.name for party in case.parties]
    page = asked(there, app, code, "7321").text
    assert "已达成调解协议" in page
    assert not [each for each in (*names, "申某某") if each in page]


@pytest.mark.parametrize(("code", "tail"), [(None, "0000"), ("000000000000", "7321")])
def test_code_and_telephone_must_belong_together(
    here: Browser, app: Flask, world: World, code: str | None, tail: str
) -> None:
    applied(here, app, village(app, world))
    answer = asked(here, app, code or code_of(here), tail)
    assert answer.status_code == 422
    assert "没有找到" in answer.text


def test_what_was_removed_is_not_found(here: Browser, app: Flask, world: World) -> None:
    applied(here, app, village(app, world))
    with app.app_context():
        newest().removed_at = now()
        db.session.commit()
    assert asked(here, app, code_of(here), "7321").status_code == 422


def test_a_visit_that_did_not_come_by_the_window_cannot_be_asked_for(
    here: Browser, app: Flask, world: World
) -> None:
    for code in ("", "None", "0"):
        assert asked(here, app, code, "2222").status_code == 422


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "请填写"),
        ({"phone": ""}, "请填联系电话"),
        ({"phone": "12"}, "电话"),
        ({"matter": ""}, "请填写"),
        ({"matter": "漏\x00水"}, "控制字符"),
        ({"kind": "999"}, "请"),
        ({"name": "甲" * 400}, "太长"),
        ({"answer": "nein"}, "验证码不对"),
        ({"answer": ""}, "验证码不对"),
        ({"puzzle": "made up"}, "验证码过期"),
        ({"consent": ""}, "同意"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    here: Browser, app: Flask, world: World, typed: dict[str, str], sentence: str
) -> None:
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(Visit))
    answer = applied(here, app, village(app, world), **typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    if "matter" not in typed:
        assert TYPED["matter"] in answer.text
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Visit)) == before


@pytest.mark.parametrize("puzzle", [None, "", "made up", "a/b", "\x00"])
@pytest.mark.parametrize("place", ["apply", "ask"])
def test_whoever_brings_no_picture_of_ours_gets_one(
    here: Browser, app: Flask, world: World, place: str, puzzle: str | None
) -> None:
    path = "/window/ask" if place == "ask" else f"/window/apply/{village(app, world)}"
    given = form_data(here.get(path).text)
    del given["puzzle"]
    answer = here.post(path, given if puzzle is None else given | {"puzzle": puzzle})
    assert answer.status_code == 422
    assert puzzles.alive(app.config["SECRET_KEY"], form_data(answer.text)["puzzle"])


@pytest.mark.parametrize("path", ["/window/apply/99999999999999999999", "/window/units?unit=99999999999"])
def test_a_unit_that_no_database_could_number_is_no_fault(here: Browser, path: str) -> None:
    assert here.get(path).status_code in (200, 404)


def test_a_picture_is_answered_once(here: Browser, app: Flask, world: World) -> None:
    unit = village(app, world)
    given = solved(here.get(f"/window/apply/{unit}").text, app) | TYPED
    assert here.post(f"/window/apply/{unit}", given).status_code == 302
    again = here.post(f"/window/apply/{unit}", given)
    assert again.status_code == 409
    assert "已经用过" in again.text
    with app.app_context():
        mine = select(func.count()).select_from(Visit).where(Visit.name == TYPED["name"])
        assert db.session.scalar(mine) == 1


def test_whoever_comes_too_often_waits(here: Browser, app: Flask, world: World) -> None:
    unit = village(app, world)
    with app.app_context():
        put(Setting.WINDOW_HOURLY, "2")
    assert [applied(here, app, unit).status_code for _ in range(3)] == [302, 302, 429]
    with app.app_context():
        for knock in db.session.scalars(select(WindowKnock)):
            knock.at -= timedelta(hours=1)
        db.session.commit()
    assert applied(here, app, unit).status_code == 302


def test_guessing_is_stopped(here: Browser, app: Flask, world: World) -> None:
    applied(here, app, village(app, world))
    code = code_of(here)
    answers = [asked(here, app, code, f"{n:04}").status_code for n in range(MOST[Knock.MISS] + 1)]
    assert answers == [422] * MOST[Knock.MISS] + [429]
    assert asked(here, app, code, "7321").status_code == 429


def test_nobody_is_remembered_for_longer_than_a_day(here: Browser, app: Flask, world: World) -> None:
    applied(here, app, village(app, world))
    with app.app_context():
        sweep = CHORES["清理群众窗口的来访记录"]
        assert sweep(db.session, today()) == 0
        for knock in db.session.scalars(select(WindowKnock)):
            knock.at -= timedelta(days=2)
        db.session.flush()
        assert sweep(db.session, today()) == 1


def test_a_visit_taken_up_no_longer_waits(here: Browser, app: Flask, world: World) -> None:
    applied(here, app, village(app, world))
    there = named(app, world, "director")
    with app.app_context():
        visit_id = newest().id
    page = there.get(f"/visit/{visit_id}/convert").text
    answer = there.post(f"/visit/{visit_id}/convert", form_data(page))
    if answer.status_code == 409:
        answer = there.post(f"/visit/{visit_id}/convert", form_data(answer.text))
    assert answer.status_code == 302
    assert "已登记为调解案件" in asked(here, app, code_of(here), "7321").text
    assert "网上申请待处理" not in there.get("/").text


def test_a_puzzle_is_ours_and_young(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = "a secret of our own" * 3
    puzzle = puzzles.fresh(secret)
    assert puzzles.alive(secret, puzzle)
    assert not puzzles.alive(secret + "!", puzzle)
    monkeypatch.setattr(puzzles, "AGE", -1)
    assert not puzzles.alive(secret, puzzle)


def test_the_picture_is_a_picture_and_does_not_say_its_digits(here: Browser, app: Flask) -> None:
    page = here.get("/window/ask").text
    given = solved(page, app)
    assert given["answer"] not in page.replace(given["puzzle"], "")
    answer = here.get(f"/window/picture/{given['puzzle']}")
    assert answer.mimetype == "image/png"
    assert answer.data.startswith(b"\x89PNG")
    assert here.get("/window/picture/other").status_code == 404


def test_a_committee_of_the_place_comes_before_those_of_a_trade(app: Flask, world: World) -> None:
    with app.app_context():
        unit = db.session.get_one(Unit, village(app, world))
        found = window.serving(db.session, unit)
        assert found is not None
        assert found.unit_id == unit.id
        county = db.session.scalars(select(Unit).where(Unit.path == unit.path[:14])).one()
        above = window.serving(db.session, county)
        assert above is not None
        assert unit.path.startswith(above.path)
