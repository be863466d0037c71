"""Notices: whom to tell, once and not twice; the bell; and a page that shows only one's own."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.notices import Notice
from admin_app.models.referrals import Referral
from admin_app.models.users import Role, User
from admin_app.operations import notices
from admin_app.rules.dates import now
from admin_app.rules.notices import NoticeKind
from admin_app.rules.refusals import NotSeen
from tests.test_indexes import plan
from tests.web import Browser, named
from tests.world import World

Person = Callable[[str], User]


# ------------------------------------------------------------------ telling


def test_with_a_key_nobody_is_told_twice(looking: Session, person: Person, world: World) -> None:
    case = looking.get_one(Case, world.case)
    both = [person("office"), person("director")]
    assert notices.tell(looking, both[:1], "已超期", case, key="late:1") == 1
    assert notices.tell(looking, both, "已超期", case, key="late:1") == 1
    assert notices.tell(looking, both, "已超期", case, key="late:1") == 0
    assert notices.tell(looking, both, "已超期", case, key="late:2") == 2
    assert notices.tell(looking, [both[0], both[0]], "没有键的话每次都说") == 1
    assert notices.tell(looking, both, "没有键的话每次都说") == 2
    assert [notices.unread(looking, each) for each in both] == [4, 3]


def test_a_notice_says_what_it_is_about(looking: Session, person: Person, world: World) -> None:
    referral = looking.get_one(Referral, world.sent_referral)
    notices.tell(looking, [person("office")], "长" * 400, referral, kind=NoticeKind.LATE)
    told = looking.scalars(select(Notice).where(Notice.user_id == world.office)).one()
    assert (told.word, told.record_id, told.kind) == ("referral", referral.id, NoticeKind.LATE)
    assert len(told.words) == 300
    assert told.read_at is None


def test_the_people_of_a_unit_are_those_at_this_very_unit(
    looking: Session, person: Person, world: World
) -> None:
    def at(unit: int, *roles: Role) -> set[str]:
        return {user.username for user in notices.people_at(looking, unit, roles)}

    assert at(world.township, Role.OFFICE, Role.BUREAU) == {"office"}
    assert at(world.county, Role.OFFICE, Role.BUREAU) == {"bureau_county"}
    assert at(world.city, Role.BUREAU) == {"bureau_city"}  # not the one who may not sign in
    assert at(world.village, Role.OFFICE, Role.BUREAU) == set()
    assert at(world.far_township, Role.OFFICE) == {"two_posts"}
    person("office").removed_at = now()
    looking.flush()
    assert at(world.township, Role.OFFICE) == set()


def test_the_people_of_a_committee_and_of_a_case(looking: Session, world: World) -> None:
    directors = notices.people_of(looking, world.village_committee, [Role.COMMITTEE])
    assert {each.username for each in directors} == {"director", "two_posts"}
    mediating = notices.handlers(looking, world.mediating_case)
    assert {each.username for each in mediating} == {"owner", "colleague"}
    assert notices.handlers(looking, world.unassigned_case) == []
    assert notices.people_of(looking, None, [Role.COMMITTEE, Role.BUREAU]) == []


def test_one_reads_ones_own_only(looking: Session, person: Person) -> None:
    mine, theirs = person("office"), person("director")
    notices.tell(looking, [mine, theirs], "甲")
    notices.tell(looking, [mine, theirs], "乙")
    first = looking.scalars(select(Notice).where(Notice.user_id == mine.id).order_by(Notice.id)).first()
    assert first
    with pytest.raises(NotSeen):
        notices.find(looking, theirs, first.id)
    with pytest.raises(NotSeen):
        notices.find(looking, mine, 2**40)
    notices.read(looking, theirs, first)
    assert notices.unread(looking, mine) == 2
    notices.read(looking, mine, first)
    assert (notices.unread(looking, mine), notices.unread(looking, theirs)) == (1, 2)
    notices.read(looking, mine)
    assert (notices.unread(looking, mine), notices.unread(looking, theirs)) == (0, 2)


def test_what_waits_is_counted_on_its_index(looking: Session, person: Person) -> None:
    for who in ("office", "director"):
        for number in range(200):
            notices.tell(looking, [person(who)], f"第{number}号")
        notices.read(looking, person(who))
        notices.tell(looking, [person(who)], "还没读的")
    looking.execute(text("ANALYZE notices"))
    waiting = select(Notice.id).where(Notice.user_id == person("office").id, Notice.read_at.is_(None))
    assert "ix_notices_unread" in plan(looking, waiting.limit(100))


# ------------------------------------------------------------------ the bell and its page


def told(app: Flask, user_id: int, *words: str, about: tuple[type[Any], int] | None = None) -> list[int]:
    """Notices for a user of the application's database, and their ids."""
    with app.app_context():
        session = db.session
        record = session.get_one(*about) if about else None
        for each in words:
            notices.tell(session, [session.get_one(User, user_id)], each, record)
        session.commit()
        return list(session.scalars(select(Notice.id).where(Notice.user_id == user_id).order_by(Notice.id)))


@pytest.fixture
def office(app: Flask, world: World) -> Browser:
    return named(app, world, "office")


def test_the_bell_counts_what_waits(app: Flask, world: World, office: Browser) -> None:
    assert 'aria-label="通知"' in office.get("/").text
    told(app, world.office, *["有一件"] * 3)
    assert 'aria-label="通知，3 条未读"' in office.get("/case/").text
    told(app, world.office, *["又有一件"] * 100)
    assert "通知，99+ 条未读" in office.get("/").text
    assert 'aria-label="通知"' in named(app, world, "director").get("/").text


def test_the_bell_costs_one_query(app: Flask, world: World, office: Browser) -> None:
    statements: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    office.get("/case/")
    assert sum("notices" in each for each in statements) == 1


def test_opening_a_notice_reads_it_and_leads_to_the_record(app: Flask, world: World, office: Browser) -> None:
    (one,) = told(app, world.office, "案件快到期了", about=(Case, world.case))
    assert "案件快到期了" in office.get("/notices/").text
    answer = office.post(f"/notices/{one}/open")
    assert (answer.status_code, answer.location) == (302, f"/case/{world.case}")
    page = office.get("/notices/").text
    assert "未读</span>" not in page
    assert f'href="/case/{world.case}"' in page
    assert "案件快到期了" not in office.get("/notices/?unread=1").text


@pytest.mark.parametrize("about", ["far_case", "removed_case"])
def test_what_one_may_not_see_any_more_stays_a_sentence(
    app: Flask, world: World, office: Browser, about: str
) -> None:
    (one,) = told(app, world.office, "曾经归我管的案件", about=(Case, getattr(world, about)))
    page = office.get("/notices/").text
    assert "知道了" in page
    assert office.post(f"/notices/{one}/open").location == "/notices/"
    page = office.get("/notices/").text
    assert "曾经归我管的案件" in page
    assert f"/case/{getattr(world, about)}" not in page


def test_a_notice_about_nothing_is_a_sentence(app: Flask, world: World, office: Browser) -> None:
    (one,) = told(app, world.office, "明天系统升级")
    assert office.post(f"/notices/{one}/open").location == "/notices/"


def test_the_notices_of_others_are_not_there(app: Flask, world: World, office: Browser) -> None:
    (one,) = told(app, world.director, "只给主任看的")
    assert "只给主任看的" not in office.get("/notices/").text
    assert office.post(f"/notices/{one}/open").status_code == 404
    office.post("/notices/read")
    assert "只给主任看的" in named(app, world, "director").get("/notices/?unread=1").text


def test_all_are_read_at_once(app: Flask, world: World, office: Browser) -> None:
    told(app, world.office, "一", "二")
    page = office.get("/notices/").text
    assert "全部标为已读" in page
    assert office.post("/notices/read").location == "/notices/"
    assert "全部标为已读</button>" not in office.get("/notices/").text


def test_the_newest_come_first_and_pages_go_back(app: Flask, world: World, office: Browser) -> None:
    ids = told(app, world.office, *(f"第{number}号通知" for number in range(45)))
    first = office.get("/notices/").text
    assert first.index("第44号通知") < first.index("第25号通知")
    assert "第24号通知" not in first
    second = office.get(f"/notices/?unread=1&before={ids[25]}").text
    assert "第24号通知" in second
    assert f"/notices/?unread=1&amp;before={ids[5]}" in second
    assert f"/notices/?unread=1&amp;after={ids[24]}" in second
    assert "第44号通知" in office.get(f"/notices/?after={ids[24]}").text
    assert "没有通知" in office.get(f"/notices/?before={ids[0]}").text
    assert office.get("/notices/?before=%00&after=x").status_code == 200


def test_everyone_with_a_post_has_a_bell_and_nobody_else(app: Flask, world: World) -> None:
    for who in ("sysadmin", "auditor", "inspector", "expert", "owner"):
        assert named(app, world, who).get("/notices/").status_code == 200
    assert named(app, world, "nobody").get("/notices/").status_code == 403
    assert 'href="/notices/"' not in named(app, world, "nobody").get("/sign-in/password").text
