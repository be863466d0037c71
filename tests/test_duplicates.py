"""Cases that may be the same: told to whoever may open them, on pages and before saving, never in the way."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.models.cases import Case, Party
from admin_app.models.parameters import Parameter
from admin_app.models.users import User
from admin_app.models.visits import Visit
from admin_app.operations import duplicates
from admin_app.operations.given import Given, Line
from admin_app.rules.parameters import Setting
from tests.test_indexes import plan
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]


def ids(found: list[tuple[Case, str]]) -> set[int]:
    return {case.id for case, _ in found}


@pytest.fixture
def unlike(session: Session, world: World) -> Case:
    """A case of its own parties; every other case of the world has 甲某 and 乙某."""
    case = session.get_one(Case, world.case)
    case.parties = [Party(side="01", kind="01", name="独某")]
    session.flush()
    return case


def test_it_is_told_of_the_same_name_the_same_kind_and_the_same_weeks(
    session: Session, person: Person, world: World, unlike: Case
) -> None:
    director = person("director")
    assert duplicates.like_case(session, director, unlike) == []
    other = session.get_one(Case, world.mediating_case)
    other.parties.append(Party(side="02", kind="01", name="独某"))
    session.flush()
    [(found, shared)] = duplicates.like_case(session, director, unlike)
    assert (found, shared) == (other, "当事人都有独某")
    other.kind = "5"
    assert duplicates.like_case(session, director, unlike) == []
    other.kind = unlike.kind
    for days, told in ((90, True), (91, False)):
        other.registered_on = unlike.registered_on - timedelta(days=days)
        assert bool(duplicates.like_case(session, director, unlike)) is told
    other.registered_on = unlike.registered_on
    assert duplicates.like_case(session, person("inspector"), unlike)


def test_the_same_id_number_tells_whatever_the_name(
    session: Session, person: Person, world: World, unlike: Case
) -> None:
    unlike.parties[0].id_number = "33070219750607121X"
    session.get_one(Case, world.settled_case).parties[0].id_number = "33070219750607121X"
    session.flush()
    [(found, shared)] = duplicates.like_case(session, person("director"), unlike)
    assert (found.id, shared) == (world.settled_case, "有当事人证件号码相同")


def test_nobody_is_told_of_a_case_outside_their_scope(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.case)  # 甲某 and 乙某, as everywhere in the world
    assert world.far_case not in ids(duplicates.like_case(session, person("director"), case))
    given = Given(
        {"kind": case.kind, "registered_on": date(2026, 9, 10)},
        {"parties": [Line(None, {"name": "甲某"})]},
    )
    assert ids(duplicates.like_given(session, person("stranger"), given)) == {world.other_case}
    assert ids(duplicates.like_given(session, person("bureau_far"), given)) == {world.far_case}
    assert duplicates.like_given(session, person("sysadmin"), given) == []
    removed = duplicates.like_given(session, person("bureau_city"), given)
    assert world.removed_case not in ids(removed)


def test_a_bureau_may_turn_it_off(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.case)
    session.add(Parameter(setting=Setting.DUPLICATE_DAYS, value="0", valid_from=date(2026, 1, 1)))
    session.flush()
    session.info.pop("parameters", None)
    assert duplicates.like_case(session, person("director"), case) == []


def test_a_visit_is_compared_by_its_visitor_and_counterparts(
    session: Session, person: Person, world: World
) -> None:
    visit = session.get_one(Visit, world.visit)
    assert duplicates.like_visit(session, person("director"), visit) == []
    visit.counterpart = "丁某、乙某"
    found = ids(duplicates.like_visit(session, person("director"), visit))
    assert found
    visit.case_id = min(found)
    assert min(found) not in ids(duplicates.like_visit(session, person("director"), visit))


def test_parties_are_found_by_their_indexes(looking: Session) -> None:
    assert "ix_parties_name" in plan(looking, select(Party.case_id).where(Party.name.in_(["甲某"])))
    assert "ix_parties_id_number" in plan(looking, select(Party.case_id).where(Party.id_number.in_(["1"])))


def test_pages_warn_with_a_link(app: Flask, world: World) -> None:
    page = named(app, world, "director").get(f"/case/{world.case}").text
    assert "可能重复：" in page
    assert f'href="/case/{world.archived_case}"' in page
    with app.app_context():
        db.session.get_one(Visit, world.visit).counterpart = "甲某"
        db.session.commit()
    assert "可能重复：" in named(app, world, "director").get(f"/visit/{world.visit}").text


def test_before_saving_it_asks_once_and_keeps_what_was_typed(app: Flask, world: World) -> None:
    here = named(app, world, "owner")
    given = form_data(here.get("/case/new").text) | {
        "kind": "1",
        "source": "1",
        "brief": "又为屋檐滴水",
        "registered_on": "2026-09-10",
        "parties-0-side": "01",
        "parties-0-name": "甲某",
        "parties-1-side": "02",
        "parties-1-name": "新某",
    }
    with app.app_context():
        before = db.session.scalar(select(func.count(Case.id)))
    asked = here.post("/case/new", given)
    assert asked.status_code == 409
    assert "可能重复" in asked.text
    assert "再点一次“登记”" in asked.text
    again = form_data(asked.text)
    assert again["brief"] == "又为屋檐滴水"
    assert again["parties-1-name"] == "新某"
    with app.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == before
    assert here.post("/case/new", again).status_code == 302
    with app.app_context():
        assert db.session.scalar(select(func.count(Case.id))) == before + 1


def test_what_is_changed_after_the_question_is_asked_about_anew(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    given = form_data(here.get("/case/new").text) | {
        "kind": "1",
        "source": "1",
        "brief": "为树枝",
        "registered_on": "2026-09-10",
        "parties-0-side": "01",
        "parties-0-name": "甲某",
        "sure": "999",
    }
    assert here.post("/case/new", given).status_code == 409
    assert here.post("/case/new", {**given, "parties-0-name": "谁也不是"}).status_code == 302
