"""Closing with a whole dossier, filing it by its contents, and the requirements as data."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from admin_app.models.cases import Case
from admin_app.models.requirements import Requirement
from admin_app.models.users import User
from admin_app.operations import attachments, dossiers
from admin_app.operations.lives import take_step
from admin_app.rules.cases import Stage
from admin_app.rules.dates import today
from admin_app.rules.dossiers import COVERS, Outcome, whole_dossier
from admin_app.rules.refusals import NotNow, RecordRefused
from tests.files import pdf
from tests.walking import given_for
from tests.web import form_data, named
from tests.world import World

Person = Callable[[str], User]


def bare(session: Session, case: Case) -> None:
    """Without the files that the world gives to every case."""
    case.attachments.clear()
    session.commit()


def test_closing_names_each_missing_document_and_what_to_do(
    session: Session, person: Person, world: World
) -> None:
    director, case = person("director"), session.get_one(Case, world.settled_case)
    case.form = "2"
    bare(session, case)
    with pytest.raises(RecordRefused) as refused:
        take_step(session, director, case, "close", given_for(session, director, case, "close", whole=False))
    told = [each.sentence for each in refused.value.findings]
    labels = ["身份证明材料", "权利义务告知书", "人民调解记录", "人民调解协议书（口头协议登记表）"]
    assert [next(s for s in told if f"“{label}”" in s) for label in labels] == told
    assert all("上传" in each for each in told)
    session.rollback()
    for kind in ("02", "05", "08", "09"):
        attachments.attach(session, director, case, kind, "", f"{kind}.pdf", pdf())
    take_step(session, director, case, "close", given_for(session, director, case, "close", whole=False))
    assert case.stage is Stage.CLOSED


def test_the_facts_stand_for_the_panels_own_papers(session: Session, person: Person, world: World) -> None:
    director, case = person("director"), session.get_one(Case, world.case)
    bare(session, case)
    for name in ("triage", "accept", "start", "hold_session", "settle"):
        take_step(session, director, case, name, given_for(session, director, case, name))
    told = dict(dossiers.checklist(session, case))
    assert told.pop("身份证明材料") is dossiers.Standing.MISSING
    assert set(told.values()) == {dossiers.Standing.WRITTEN}
    attachments.attach(session, director, case, "09", "", "协议.pdf", pdf(2))
    told = dict(dossiers.checklist(session, case))
    assert told["人民调解协议书（口头协议登记表）"] is dossiers.Standing.UPLOADED


def test_a_bureau_asks_for_more_from_a_day_on(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.settled_case)
    assert dossiers.missing_findings(session, case) == []
    row = Requirement(kind="12", outcome=Outcome.SETTLED, valid_from=today() + timedelta(days=1))
    session.add(row)
    session.commit()
    assert dossiers.missing_findings(session, case) == []
    row.valid_from = today()
    session.commit()
    (found,) = dossiers.missing_findings(session, case)
    assert "卷宗情况说明" in found.sentence
    row.valid_until = today()
    session.commit()
    assert dossiers.missing_findings(session, case) == []


def test_the_outcome_is_that_of_the_last_mediation(session: Session, world: World) -> None:
    told = {
        name: dossiers.outcome_of(session.get_one(Case, getattr(world, name)))
        for name in ("case", "settled_case")
    }
    assert told == {"case": None, "settled_case": Outcome.SETTLED}
    closed = session.get_one(Case, world.closed_case)
    closed.result = "2"
    assert dossiers.outcome_of(closed) is Outcome.FAILED


def test_filing_begins_with_what_the_contents_count(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    page = here.get(f"/case/{world.closed_case}/step/archive").text
    data = form_data(page)
    # four scans of a page, the system's own 受理登记表, and cover, contents, back cover
    assert data["dossiers-0-pages"] == str(COVERS + 5)
    assert (data["dossiers-0-retention"], data["dossiers-0-filer"]) == ("2", "director 用户")
    assert "其中 1 份不知道页数" in page
    assert here.post(f"/case/{world.closed_case}/step/archive", data).status_code == 302
    tab = here.get(f"/case/{world.closed_case}/dossier").text
    assert "卷内目录" in tab
    assert 'name="files"' not in tab


def test_the_close_form_says_what_is_missing_before_one_types(
    app: Flask, session: Session, world: World
) -> None:
    case = session.get_one(Case, world.settled_case)
    bare(session, case)
    session.close()
    page = named(app, world, "director").get(f"/case/{world.settled_case}/step/close").text
    assert "卷宗里还缺“权利义务告知书”" in page


def test_nothing_of_an_archived_case_changes(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.archived_case)
    before = [(each.id, each.title, each.kind) for each in case.attachments]
    with pytest.raises(NotNow):
        attachments.attach(session, person("bureau_city"), case, "07", "", "a.pdf", pdf())
    session.rollback()
    assert [(each.id, each.title, each.kind) for each in case.attachments] == before


def test_the_contents_count_scans_and_papers(session: Session, person: Person, world: World) -> None:
    case = session.get_one(Case, world.mediating_case)
    attachments.attach(session, person("owner"), case, "07", "借条", "借条.pdf", pdf(3))
    entries = dossiers.contents(session, case)
    assert [each.title for each in entries] == [
        "人民调解申请书（受理登记表）",
        "身份证.pdf",
        "告知书.pdf",
        "借条",
        "调解记录.pdf",
        "协议书.pdf",
        "移送函、转办通知书",  # from the police, in the world
    ]
    assert [each.page for each in entries] == [1, 2, 3, 4, 7, 8, 9]
    assert whole_dossier(entries) == COVERS + 9


def test_the_sysadmin_keeps_the_requirements_and_the_bureau_reads_them(app: Flask, world: World) -> None:
    sysadmin, bureau = named(app, world, "sysadmin"), named(app, world, "bureau_city")
    data = form_data(sysadmin.get("/requirement/new").text) | {"kind": "12", "difficulty": "4"}
    assert sysadmin.post("/requirement/new", data).status_code == 302
    assert bureau.get("/requirement/").status_code == 200
    assert bureau.get("/requirement/new").status_code == 403
    assert named(app, world, "office").get("/requirement/").status_code == 403
