"""《调解简易案件登记表》 E5: oral agreements, a ledger and a sheet for each (formats.md 3.1: F09 and [C])."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Group, Line, Part, asked_of, column, pen, said
from admin_app.exports.joining import mediator_names, terms
from admin_app.exports.layout import Block, Box, Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.exports.sides import columns, sides
from admin_app.models.cases import Case

ORAL = "1"  # table agreement_form
_PERSON = (
    ("name", "当事人姓名", 9),
    ("sex", "性别", 4.2),
    ("ethnicity", "民族", 6),
    ("age", "年龄", 4.2),
    ("occupation", "职业或职务", 9),
    ("phone", "联系方式", 12.5),
    ("address", "单位或住址", 16),
)
COLUMNS = (
    said(Case, "agreement_number", 14.2, "编号"),
    *columns("people", *_PERSON),
    said(Case, "brief", 26, "纠纷主要事实、争议事项"),
    said(Case, "agreement", 26, "经调解自愿达成如下协议"),
    column("terms", "履行方式、时限", 13),
    pen("当事人（签名）", 10),
    column("mediators", "人民调解员（签名）", 10),
    pen("印章", 8),
    said(Case, "agreed_on", 10.2, "日期"),
)
# The sheet has a block for each side, so its columns come side by side.
FORM_COLUMNS: tuple[Part, ...] = (
    COLUMNS[0],
    Group("申请人", columns("applicant", *_PERSON)),
    Group("被申请人", columns("respondent", *_PERSON)),
    *COLUMNS[len(_PERSON) + 1 :],
)
_FACTS = (*asked_of(Case, COLUMNS), Case.id, Case.registered_on, Case.performance, Case.perform_by)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these cases: three queries, however many cases."""
    parties, mediators = sides(session, ids), mediator_names(session, ids)
    return {
        case.id: {
            **case._mapping,
            **parties[case.id],
            "day": case.registered_on,
            "mediators": mediators[case.id],
            "terms": terms(session, case),
        }
        for case in session.execute(select(*_FACTS).where(Case.id.in_(ids)))
    }


def _person(side: str) -> tuple[tuple[Box, ...], ...]:
    box = {what: Box(label, f"{side}{label}") for what, label, _ in _PERSON}
    return (
        (box["name"], box["sex"], box["ethnicity"], box["age"]),
        (box["occupation"], box["phone"]),
        (replace(box["address"], lines=2),),
    )


FORM = Block(
    "调解简易案件登记表",
    (
        (Box("编号", "编号"), Box("日期", "日期")),
        *_person("申请人"),
        *_person("被申请人"),
        (Box("纠纷主要事实、争议事项", "纠纷主要事实、争议事项", 15),),
        (Box("经调解，自愿达成如下协议", "经调解自愿达成如下协议", 15),),
        (Box("履行方式、时限", "履行方式、时限", 2),),
        (Box("当事人（签名）", lines=6), Box("人民调解员（签名）", lines=6)),
    ),
    ("（人民调解委员会印章）", "　　　　年　　月　　日"),
)

ORAL_CASES = Records(
    load=load,
    period=Case.agreed_on,
    order=(Case.agreed_on, Case.id),
    belongs=(Case.form == ORAL) & Case.agreed_on.is_not(None),
)

SIMPLE_REGISTER = declare(
    Ledger(
        name="simple-case-register",
        label="调解简易案件登记表",
        word="case",
        source=ORAL_CASES,
        layout=Layout(columns=COLUMNS, reference=True, counted="件"),
        note="达成口头协议的案件，按协议日期排列。比《人民调解口头协议登记表》多当事人签名；"
        "未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)

SIMPLE_FORMS = declare(
    Ledger(
        name="simple-case-forms",
        label="调解简易案件登记表（一案一张）",
        word="case",
        source=ORAL_CASES,
        layout=Layout(
            columns=FORM_COLUMNS,
            title="调解简易案件登记表",
            reference=True,
            counted="张",
            blocks=(FORM,),
        ),
        note="达成口头协议的案件一案一张，可以打印签名。未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)
