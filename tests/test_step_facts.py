"""What a step gave: mended like any other fact, never emptied, never taken back by halves, counted once."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.database import db
from admin_app.models.attachments import Attachment
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.users import User
from admin_app.operations import records, reverts
from admin_app.operations.given import Given, Line
from admin_app.operations.lives import take_step
from admin_app.rules.dates import now
from admin_app.rules.refusals import NotNow, RecordRefused
from tests.walking import given_for
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]


def take(session: Session, actor: User, record: object, *names: str) -> None:
    for name in names:
        take_step(session, actor, record, name, given_for(session, actor, record, name))
        session.commit()


def test_a_fact_is_asked_by_its_step_first_and_mended_in_the_form_afterwards(
    app: Flask, world: World
) -> None:
    director, url = named(app, world, "director"), f"/case/{world.unassigned_case}/edit"
    assert "accepted_on" not in form_data(director.get(url).text)
    with app.app_context():
        actor = db.session.get_one(User, world.director)
        case = db.session.get_one(Case, world.unassigned_case)
        take(db.session, actor, case, "accept")  # type: ignore[arg-type]
    data = form_data(director.get(url).text)
    assert data["accepted_on"]
    assert "mediated_on" not in data
    assert director.post(url, {**data, "accepted_on": "2026-11-01"}).status_code == 302
    with app.app_context():
        assert db.session.get_one(Case, world.unassigned_case).accepted_on == date(2026, 11, 1)


@pytest.mark.parametrize(("name", "blank"), [("accepted_on", None), ("kin_checked", False)])
def test_what_a_step_gave_is_not_emptied(
    session: Session, person: Person, world: World, name: str, blank: object
) -> None:
    """Once empty, no form would ask for it again."""
    director, case = person("director"), session.get_one(Case, world.case)
    take(session, director, case, "accept")
    with pytest.raises(RecordRefused) as refused:
        records.edit(session, director, case, Given({name: blank}), version=case.version)
    assert [each.field for each in refused.value.findings] == [name]
    session.rollback()
    line = Line(case.parties[0].id, {"consent": None})
    given = Given(lines={"parties": [line, Line(case.parties[1].id, {})]})
    with pytest.raises(RecordRefused) as refused:
        records.edit(session, director, case, given, version=case.version)
    assert [each.field for each in refused.value.findings] == ["parties-0-consent"]


def test_a_step_raises_the_version_once_and_leaves_one_line(
    session: Session, person: Person, world: World
) -> None:
    director, case = person("director"), session.get_one(Case, world.case)
    for name in ("accept", "start", "hold_session", "settle", "follow_up", "close"):
        version, lines = case.version, len(_entries(session, case))
        take(session, director, case, name)
        assert (case.version, len(_entries(session, case))) == (version + 1, lines + 1), name


def test_what_is_added_line_by_line_is_not_taken_back_in_the_history(
    app: Flask, session: Session, person: Person, world: World
) -> None:
    director, case = person("director"), session.get_one(Case, world.case)
    history.act_as(session, director)
    paper = {"kind": "01", "title": "申请书", "size": 1, "media_type": "application/pdf"}
    case.attachments.append(Attachment(**paper, extension="pdf", sha256="0" * 64, uploaded_at=now()))
    session.commit()
    entry = _entries(session, case)[-1]
    assert entry.changes["fields"][0]["part"] == "attachments"
    with pytest.raises(NotNow):
        reverts.revert(session, director, case, entry)
    session.rollback()
    page = named(app, world, "director").get(f"/case/{case.id}/history").text
    assert "申请书" in page
    assert f"/revert/{entry.id}" not in page


def test_a_step_that_another_took_meanwhile_asks_no_needless_question(app: Flask, world: World) -> None:
    """I changed the remark back to what it was before; the other accepted the case in the meantime."""
    office, url = named(app, world, "office"), f"/case/{world.case}/edit"
    assert office.post(url, {**form_data(office.get(url).text), "remark": "新备注"}).status_code == 302
    mine = form_data(office.get(url).text)
    with app.app_context():
        actor, case = db.session.get_one(User, world.director), db.session.get_one(Case, world.case)
        take(db.session, actor, case, "accept")  # type: ignore[arg-type]
    answer = office.post(url, {**mine, "remark": ""})
    assert answer.status_code == 409
    compared = form_data(answer.text)
    assert {name for name in compared if name.startswith("choose-")} <= {
        "choose-accepted_on",
        "choose-kin_checked",
        "choose-parties",
    }
    assert office.post(url, compared).status_code == 302
    with app.app_context():
        case = db.session.get_one(Case, world.case)
        assert (case.remark, case.kin_checked, case.parties[0].consent) == (None, True, "01")
        assert case.accepted_on is not None


def _entries(session: Session, case: Case) -> list[Entry]:
    query = select(Entry).where(Entry.register == "case", Entry.record_id == case.id).order_by(Entry.place)
    return list(session.scalars(query))
