"""Oral cases registered in one go: through every step, all or none, never twice."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.users import User
from admin_app.operations import quick
from admin_app.rules.cases import Stage
from admin_app.rules.refusals import NotAllowed, RecordRefused
from tests.web import Browser, form_data, named
from tests.world import World

Person = Callable[[str], User]
DAY = date(2026, 9, 10)


@pytest.fixture
def values(world: World) -> dict[str, Any]:
    return {
        "committee_id": world.village_committee,
        "mediator_id": world.mediator,
        "day": DAY,
        "applicant": "申某",
        "applicant_phone": "13857900011",
        "respondent": "被某",
        "respondent_phone": None,
        "kind": "2",
        "brief": "为一棵树争吵",
        "agreement": "把树枝锯掉",
        "amount": Decimal(200),
        "performance": "99",
        "fulfilment": "03",
        "perform_by": None,
        "consent": True,
        "kin_checked": True,
        "rights_told": True,
    }


def count(session: Session) -> int:
    return session.scalar(select(func.count(Case.id))) or 0


def refused(session: Session, actor: User, values: dict[str, Any]) -> set[str]:
    with pytest.raises(RecordRefused) as caught:
        quick.register(session, actor, values, "sheet")
    session.rollback()
    return {each.field for each in caught.value.findings}


@pytest.mark.parametrize("who", ["owner", "director", "office", "bureau_county"])
def test_it_goes_through_every_step_and_each_leaves_its_row(
    session: Session, person: Person, values: dict[str, Any], who: str
) -> None:
    case = quick.register(session, person(who), values, "sheet")
    assert [row.name for row in case.steps] == ["accept", "start", "settle", "fulfil"]
    assert (case.stage, case.form, case.result, case.difficulty) == (Stage.SETTLED, "1", "1", "1")
    assert (case.fulfilment, case.fulfilled_on, case.effective_on) == ("03", DAY, DAY)
    assert (case.rights_told_on, case.perform_by, case.mediated_on) == (DAY, DAY, DAY)
    assert case.number is not None
    assert case.agreement_number is not None
    assert [each.consent for each in case.parties] == ["01", "01"]
    assert case.due_on is not None


@pytest.mark.parametrize(
    ("name", "value", "beside"),
    [
        ("applicant", None, "applicant"),
        ("respondent", None, "respondent"),
        ("applicant_phone", "12", "applicant_phone"),
        ("kind", None, "kind"),
        ("brief", None, "brief"),
        ("agreement", None, "agreement"),
        ("mediator_id", None, "mediator_id"),
        ("day", date(1940, 1, 1), "day"),
        ("consent", False, "consent"),
        ("kin_checked", False, "kin_checked"),
        ("rights_told", False, "rights_told"),
        ("performance", None, "performance"),
        ("fulfilment", None, "fulfilment"),
        ("committee_id", None, "committee_id"),
    ],
)
def test_every_rule_holds_and_speaks_beside_its_field(
    session: Session, person: Person, values: dict[str, Any], name: str, value: Any, beside: str
) -> None:
    assert refused(session, person("director"), {**values, name: value}) == {beside}


def test_a_mediator_registers_only_what_they_mediate(
    session: Session, person: Person, world: World, values: dict[str, Any]
) -> None:
    others = {**values, "mediator_id": world.colleague_mediator}
    assert refused(session, person("owner"), others) == {"mediator_id"}
    assert refused(session, person("stranger"), values) == {"committee_id", "mediator_id"}
    with pytest.raises(NotAllowed):
        quick.register(session, person("inspector"), values, "sheet")


def test_all_rows_or_none(session: Session, person: Person, values: dict[str, Any]) -> None:
    director, before = person("director"), count(session)
    rows = [values, {**values, "agreement": None}, {**values, "applicant": None}]
    with pytest.raises(RecordRefused) as caught:
        quick.register_all(session, director, rows, "sheet")
    session.rollback()
    assert {each.field for each in caught.value.findings} == {"rows-1-agreement", "rows-2-applicant"}
    assert count(session) == before
    director = person("director")
    cases = quick.register_all(session, director, [values] * 3, "sheet")
    session.commit()
    numbers = [case.number for case in cases]
    assert len(set(numbers)) == 3
    assert quick.made_of(session, director, "sheet") == cases
    assert quick.made_of(session, person("bureau_far"), "sheet") == []


def test_not_too_many_and_not_none(session: Session, person: Person, values: dict[str, Any]) -> None:
    for rows in ([], [values] * 51):
        with pytest.raises(RecordRefused):
            quick.register_all(session, person("director"), rows, "sheet")


def test_the_database_keeps_a_sheet_but_once(
    session: Session, person: Person, values: dict[str, Any]
) -> None:
    quick.register(session, person("director"), values, "sheet")
    session.commit()
    before = count(session)
    with pytest.raises(RecordRefused):
        quick.register(session, person("director"), values, "sheet")
    session.rollback()
    assert count(session) == before


# ------------------------------------------------------------------ the door


TYPED = {
    "day": "20260910",
    "applicant": "申某",
    "applicant_phone": "13857900011",
    "respondent": "被某",
    "kind": "2",
    "brief": "为一棵树争吵",
    "agreement": "把树枝锯掉",
}


def cases_in(app: Flask) -> int:
    with app.app_context():
        return count(db.session)


def in_row(index: int, **typed: str) -> dict[str, str]:
    return {f"rows-{index}-{name}": value for name, value in typed.items()}


def shown(here: Browser, url: str, world: World) -> dict[str, Any]:
    return form_data(here.get(url).text)


def test_a_mediator_types_little_and_gets_a_number(app: Flask, world: World) -> None:
    here, before = named(app, world, "owner"), cases_in(app)
    given = shown(here, "/case/quick", world)
    assert given["committee_id"] == str(world.village_committee)
    assert given["mediator_id"] == str(world.mediator)
    answer = here.post("/case/quick", given | TYPED)
    assert answer.status_code == 302
    done = here.get(answer.location).text
    assert "人调字" in done
    assert "再登记一件" in done
    assert cases_in(app) == before + 1
    again = here.post("/case/quick", given | TYPED)  # pressed twice
    assert again.location == answer.location
    assert cases_in(app) == before + 1


def test_an_error_stands_beside_its_field_and_what_was_typed_stays(app: Flask, world: World) -> None:
    here, before = named(app, world, "owner"), cases_in(app)
    given = shown(here, "/case/quick", world)
    answer = here.post("/case/quick", given | TYPED | {"agreement": "", "applicant_phone": "12"})
    assert answer.status_code == 422
    assert 'id="agreement-error"' in answer.text or "请填写协议内容" in answer.text
    kept = form_data(answer.text)
    assert (kept["brief"], kept["entry"]) == (TYPED["brief"], given["entry"])
    assert cases_in(app) == before
    assert here.post("/case/quick", kept | TYPED).status_code == 302


def test_it_asks_once_about_what_may_be_the_same(app: Flask, world: World) -> None:
    here, before = named(app, world, "owner"), cases_in(app)
    given = shown(here, "/case/quick", world) | TYPED | {"applicant": "甲某", "kind": "1"}
    asked = here.post("/case/quick", given)
    assert asked.status_code == 409
    assert "可能重复" in asked.text
    assert cases_in(app) == before
    assert here.post("/case/quick", form_data(asked.text)).status_code == 302
    assert cases_in(app) == before + 1


def test_a_table_of_rows_is_saved_whole_and_blank_rows_are_not(app: Flask, world: World) -> None:
    here, before = named(app, world, "director"), cases_in(app)
    given = shown(here, "/case/quick/batch", world) | {"mediator_id": str(world.mediator)}
    assert "rows-4-applicant" in given
    row = {name: value for name, value in TYPED.items() if name != "day"}
    given |= (
        {"day": "2026-09-10"}
        | in_row(0, **row)
        | in_row(3, **{**row, "day": "20260911", "applicant": "别某"})
    )
    answer = here.post("/case/quick/batch", given)
    assert answer.status_code == 302, answer.text
    assert "已登记 2 件" in here.get(answer.location).text
    assert cases_in(app) == before + 2
    assert here.post("/case/quick/batch", given).location == answer.location
    assert cases_in(app) == before + 2
    with app.app_context():
        days = db.session.scalars(select(Case.registered_on).where(Case.entry.is_not(None)).order_by(Case.id))
        assert list(days) == [date(2026, 9, 10), date(2026, 9, 11)]


def test_one_wrong_row_keeps_the_whole_table(app: Flask, world: World) -> None:
    here, before = named(app, world, "director"), cases_in(app)
    given = shown(here, "/case/quick/batch", world) | {"mediator_id": str(world.mediator)}
    row = {name: value for name, value in TYPED.items() if name != "day"}
    given |= in_row(0, **row) | in_row(2, **{**row, "agreement": "", "amount": "很多"})
    answer = here.post("/case/quick/batch", given)
    assert answer.status_code == 422
    assert 'id="rows-2-amount-error"' in answer.text
    answer = here.post("/case/quick/batch", given | {"rows-2-amount": "20"})
    assert answer.status_code == 422
    assert 'id="rows-2-agreement-error"' in answer.text
    assert form_data(answer.text)["rows-0-brief"] == TYPED["brief"]
    assert cases_in(app) == before
    empty = {name: "" for name in given if name.startswith("rows-")}
    assert "请至少填一行" in here.post("/case/quick/batch", given | empty).text


def test_the_ways_in_are_shown_to_whoever_may(app: Flask, world: World) -> None:
    for who, may in (("owner", True), ("director", True), ("office", True), ("inspector", False)):
        page = named(app, world, who).get("/case/").text
        assert ("批量快速登记" in page) is may
        assert ('href="/case/quick"' in named(app, world, who).get("/").text) is may
    assert named(app, world, "inspector").get("/case/quick").status_code == 403
