"""The auditor's log: pages in both directions, conditions that hold, the chain walked on demand."""

import re
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.codes import Code
from admin_app.models.history import Entry
from admin_app.models.users import Post, User
from admin_app.views import log
from tests.web import Browser, named
from tests.world import World

SHOWN = re.compile(r"第 (\d+) 件事")


@pytest.fixture
def auditor(app: Flask, world: World) -> Browser:
    return named(app, world, "auditor")


def tell(app: Flask, count: int) -> None:
    """So many lines more; every other one by the system, the others by the office."""
    with app.app_context():
        session = db.session
        office = session.query(User).filter_by(username="office").one()
        for number in range(1, count + 1):
            history.act_as(session, office if number % 2 else None)
            history.note(session, history.Action.COMMAND, words=f"第 {number} 件事")
            session.commit()


def link(page: str, rel: str) -> str | None:
    found = re.search(rf'<a href="([^"]+)" rel="{rel}"', page)
    return unescape(found[1]) if found else None


def walk(auditor: Browser, page: str, rel: str) -> list[list[int]]:
    """The numbers on each page from here to the end, in one direction."""
    pages = [[int(each) for each in SHOWN.findall(page)]]
    while url := link(page, rel):
        page = auditor.get(url).text
        pages.append([int(each) for each in SHOWN.findall(page)])
    return pages


def test_pages_lead_to_the_oldest_line_and_back_with_the_conditions_kept(
    app: Flask, auditor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "SIZE", 3)
    tell(app, 16)
    first = auditor.get("/log/?action=command&actor=系统").text
    assert link(first, "prev") is None
    older = walk(auditor, first, "next")
    assert older == [[16, 14, 12], [10, 8, 6], [4, 2]]
    url = link(auditor.get(link(first, "next") or "").text, "next")
    assert url is not None
    assert walk(auditor, auditor.get(url).text, "prev") == older[::-1]


def test_the_newest_page_is_whole_when_less_than_a_page_is_newer(
    app: Flask, auditor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "SIZE", 4)
    tell(app, 6)
    with app.app_context():
        newest = history.last(db.session)[0]
    page = auditor.get(f"/log/?after={newest - 2}").text
    assert SHOWN.findall(page) == ["6", "5", "4", "3"]
    assert link(page, "prev") is None


def test_the_log_claims_no_number_of_lines_and_offers_no_page_to_jump_to(
    app: Flask, auditor: Browser
) -> None:
    tell(app, 60)
    page = auditor.get("/log/?action=command").text
    assert "跳至" not in page
    assert not re.search(r"共 \d+ 条", page)
    assert link(page, "next") is not None


@pytest.mark.parametrize("name", ["actor", "action", "register", "since", "before", "after", "unknown"])
@pytest.mark.parametrize(
    "value", ["%00", "a%00b", "%1b", "%ED%B0%80", "😀", "%E2%80%AE", "9" * 30, "0", "-1", "a" * 9000]
)
def test_no_condition_breaks_the_log(auditor: Browser, name: str, value: str) -> None:
    assert auditor.get(f"/log/?{name}={value}").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "昨天", ""])
def test_an_odd_day_is_no_condition_or_an_empty_page(auditor: Browser, day: str) -> None:
    assert auditor.get(f"/log/?since={day}").status_code == 200


def test_the_auditor_who_may_not_open_records_gets_no_links_to_them(
    app: Flask, world: World, auditor: Browser
) -> None:
    with app.app_context():
        db.session.get_one(Case, world.case).place = "祠堂"
        db.session.commit()
    page = auditor.get("/log/?register=case").text
    assert "祠堂" in page
    assert not re.search(r'href="/case/', page)


def test_the_chain_is_walked_only_when_asked(app: Flask, auditor: Browser) -> None:
    asked = auditor.get("/log/verify").text
    assert "开始核对" in asked
    assert "完好" not in asked
    assert "全部完好" in auditor.post("/log/verify").text
    with app.app_context():
        db.session.execute(update(Entry.__table__).values(note="改了历史"))
        db.session.commit()
    assert "被改动过" in auditor.post("/log/verify").text


def test_only_the_auditor_walks_the_chain(app: Flask, world: World) -> None:
    for who in ("office", "sysadmin", "inspector"):
        assert named(app, world, who).post("/log/verify").status_code == 403


def test_a_code_in_the_history_reads_as_on_the_day_of_its_record(
    app: Flask, world: World, auditor: Browser
) -> None:
    """The case is older than the new wording of its kind."""
    with app.app_context():
        case = db.session.get_one(Case, world.case)
        old = db.session.query(Code).filter_by(table="dispute_kind").order_by(Code.position).all()[1]
        case.kind = old.code
        case.registered_on = case.registered_on.replace(year=2020)
        db.session.add(
            Code(
                table="dispute_kind",
                code=old.code,
                label="改过的叫法",
                valid_from=case.registered_on.replace(2021),
            )
        )
        label = old.label
        db.session.commit()
    page = auditor.get("/log/?register=case").text
    assert label in page
    assert "改过的叫法" not in page


# ------------------------------------------------------------------ the first page


def _recent(app: Flask, world: World) -> str:
    return named(app, world, "office").get("/").text


def _edit(app: Flask, world: World, case: int) -> None:
    with app.app_context():
        history.act_as(db.session, db.session.get_one(User, world.office))
        db.session.get_one(Case, case).names = "只此一家"
        db.session.commit()


def test_the_first_page_links_back_to_what_one_did(app: Flask, world: World) -> None:
    _edit(app, world, world.case)
    assert f"/case/{world.case}" in _recent(app, world)


def test_the_first_page_forgets_what_one_did_before_one_moved(app: Flask, world: World) -> None:
    _edit(app, world, world.case)
    with app.app_context():
        post = db.session.query(Post).filter_by(user_id=world.office).one()
        post.unit_id = world.far_township
        db.session.commit()
    page = _recent(app, world)
    assert "只此一家" not in page
    assert f"/case/{world.case}" not in page


def test_the_first_page_does_not_lead_to_a_removed_record(app: Flask, world: World, session: Session) -> None:
    _edit(app, world, world.case)
    session.get_one(Case, world.case).removed_at = history.now()
    session.commit()
    assert f"/case/{world.case}" not in _recent(app, world)
