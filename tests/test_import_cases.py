"""What is particular in the books of cases: who was turned away, and what one choice tells of all lines."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.imports.case_lines import NOT_TOLD, decision
from admin_app.imports.cells import Misread, Reading
from admin_app.imports.planning import Fate, told
from admin_app.models.cases import Case
from admin_app.models.users import User
from admin_app.rules.cases import Stage
from tests.invariants import faults
from tests.test_import_books import imported, looked
from tests.test_import_pages import previewed
from tests.web import named
from tests.workbooks import xlsx
from tests.world import World

REFUSED = "不予受理：一方当事人明确拒绝调解；已告知：起诉"
BOOK: list[list[Any]] = [
    ["受理日期", "申请人", "被申请人", "纠纷类型", "案件来源", "受理/不予受理及理由", "承办调委会"],
    [
        "2003-4-5",
        "孙某",
        "李某",
        "邻里",
        "当事人申请",
        "不予受理：一方当事人明确拒绝调解；已告知：起诉",
        "桃园社区",
    ],
    ["2003-4-6", "周某", "吴某", "邻里", "当事人申请", "不受理（一方当事人明确拒绝调解）", "桃园社区"],
    ["2003-4-7", "郑某", "王某", "邻里", "当事人申请", "受理", "桃园社区"],
]
ORAL: list[list[Any]] = [
    ["编号", "日期", "甲方", "乙方", "主要事实", "协议", "调委会"],
    ["口91", "2003-1-2", "王某", "李某", "滴水", "装水槽", "桃园社区"],
    ["口92", "2003-1-3", "赵某", "钱某", "噪声", "夜里不放音乐", "桃园社区"],
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("受理", {}),
        ("", {}),
        ("不予受理：拒绝", {"decline_reason": "拒绝"}),
        ("不受理（拒绝）", {"decline_reason": "拒绝"}),
        ("不予受理，拒绝；已告知：去法院", {"decline_reason": "拒绝", "told_channel": "去法院"}),
    ],
)
def test_a_decision_in_one_cell(text: str, found: dict[str, str]) -> None:
    reading = Reading(lambda table, word, day: word, lambda field, word: 0)
    assert decision(reading, text) == found


def test_whoever_was_turned_away_was_told_why() -> None:
    with pytest.raises(Misread, match="理由"):
        decision(Reading(lambda table, word, day: word, lambda field, word: 0), "不予受理")


def test_cases_that_were_not_taken_up_come_in_as_such(
    session: Session, person: Callable[[str], User]
) -> None:
    before = faults(session)
    imported(session, person("bureau_city"), "acceptances", xlsx(("册", BOOK)))
    found = {
        each.names: each
        for each in session.scalars(select(Case).where(Case.registered_on < date(2003, 12, 31)))
    }
    turned = found["孙某、李某"]
    assert (turned.stage, turned.accepted_on, turned.registered_on.isoformat()) == (
        Stage.DECLINED,
        None,
        "2003-04-05",
    )
    assert (turned.decline_reason, turned.told_channel) == ("03", "起诉")
    assert found["周某、吴某"].told_channel == NOT_TOLD
    assert found["郑某、王某"].stage is Stage.ACCEPTED
    assert faults(session) == before
    again = looked(session, person("bureau_city"), "acceptances", xlsx(("册", BOOK)), update=True)
    assert told(again.wrong) == []
    assert dict(again.counts) == {Fate.SAME: 3}


def test_what_no_column_tells_is_asked_once_for_all(app: Flask, world: World) -> None:
    here = named(app, world, "director")
    where = previewed(here, "oral-cases", xlsx(("册", ORAL)))
    page = here.get(where).text
    assert "请为所有行选定" in page
    assert "有问题 2" in page
    assert here.post(f"{where}/common", {"kind": "no such code"}).status_code == 302
    assert "有问题 2" in here.get(where).text
    assert here.post(f"{where}/common", {"kind": "2"}).status_code == 302
    assert "新增 2" in here.get(where).text
    assert here.post(where).status_code == 302
    with app.app_context():
        cases = select(Case.kind).where(Case.agreement_number.in_(("口91", "口92")))
        assert db.session.scalars(cases).all() == ["2", "2"]
    assert here.post(f"{where}/common", {"kind": "2"}).status_code == 409
