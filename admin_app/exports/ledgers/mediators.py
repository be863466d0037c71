"""《人民调解员名册》 and a registration form for each (formats.md 3.3; its sign-off lines are [C])."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Column, Line, asked_of, column, ordinal, pen, said
from admin_app.exports.layout import Block, Box, Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.units import Unit
from admin_app.rules.dates import today
from admin_app.rules.identity import age_on

# The order of a deployed system's roster. 是否兼职 and 调解员类型 are told by the fields that say so.
ROSTER = (
    ordinal(),
    said(Mediator, "name", 8),
    said(Mediator, "sex", 4.2, centred=True),
    said(Mediator, "phone", 12.5),
    said(Mediator, "ethnicity", 6, centred=True),
    said(Mediator, "id_number", 18.5),
    said(Mediator, "education", 8),
    said(Mediator, "origin", 6, "调解员类型", centred=True),
    said(Mediator, "position", 8, centred=True),
    said(Mediator, "started_on", 10.2, "开始执业时间"),
    said(Mediator, "full_time", 5, "是否兼职", centred=True),
    column("committee", "所属人民调解委员会", 18),
    column("filing_number", "机构编号", 11),
    said(Mediator, "politics", 8),
    column("region", "所属行政区域", 11),
    said(Mediator, "introduction", 20),
    pen("图片", 8),
)
# What the registration form asks beyond the roster (formats.md 2.3).
FORM_COLUMNS = (
    *ROSTER[1:-1],
    said(Mediator, "birth_on", 10.2),
    said(Mediator, "speciality", 10),
    said(Mediator, "employer", 14),
    said(Mediator, "other_role", 9),
    Column("从事调解年限", lambda line: _years(line), 6, kind="integer"),
    said(Mediator, "purchased", 6),
    said(Mediator, "profession", 9),
    said(Mediator, "qualification", 9),
    said(Mediator, "marriage", 6),
    said(Mediator, "injury", 6),
    said(Mediator, "email", 14),
    said(Mediator, "address", 16),
)
_FACTS = (
    *asked_of(Mediator, (*ROSTER, *FORM_COLUMNS)),
    *(Mediator.id, Committee.name.label("committee"), Committee.filing_number, Unit.name.label("region")),
)


def _years(line: Line) -> int | None:
    """Full years, to today (从事人民调解工作年限，系统计算)."""
    return age_on(line["started_on"], today()) if line["started_on"] else None


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these mediators: one query."""
    query: Any = (
        select(*_FACTS)
        .join(Committee, Committee.id == Mediator.committee_id)
        .join(Unit, Unit.id == Mediator.unit_id)
        .where(Mediator.id.in_(ids))
    )
    return {row.id: dict(row._mapping) for row in session.execute(query)}


MEDIATORS = Records(load=load, order=(Mediator.path, Mediator.committee_id, Mediator.id))

MEDIATOR_ROSTER = declare(
    Ledger(
        name="mediator-roster",
        label="人民调解员名册",
        word="mediator",
        source=MEDIATORS,
        layout=Layout(columns=ROSTER, reference=True, counted="人"),
        note="按单位和调委会排列，图片留空待贴。未见公开的官方样式，栏目为参考格式。",
    )
)


def _same(label: str, lines: int = 1) -> Box:
    return Box(label, label, lines)


FORM = Block(
    "人民调解员登记表",
    (
        (_same("姓名"), _same("性别"), _same("民族"), Box("照片", lines=4)),
        (_same("出生日期"), _same("身份证号")),
        (_same("学历"), _same("所学专业"), _same("政治面貌"), _same("婚姻状况")),
        (_same("所属人民调解委员会"), _same("所属行政区域")),
        (Box("产生方式", "调解员类型"), _same("调委会职务"), Box("专兼职", "是否兼职")),
        (_same("开始执业时间"), _same("从事调解年限"), _same("政府购买服务")),
        (_same("身份职业"), _same("兼备其他身份"), _same("资格职称")),
        (_same("所属工作单位"), _same("因公伤亡")),
        (_same("手机"), _same("电子邮箱")),
        (_same("联系地址"),),
        (_same("个人简介", 8),),
        (Box("本人申请/推选（聘任）单位意见", lines=7),),
        (Box("调委会意见", lines=7),),
        (Box("司法所意见", lines=7),),
        (Box("县（区）司法局备案意见", lines=7),),
    ),
)

MEDIATOR_FORMS = declare(
    Ledger(
        name="mediator-forms",
        label="人民调解员登记表",
        word="mediator",
        source=MEDIATORS,
        layout=Layout(columns=FORM_COLUMNS, reference=True, counted="张", blocks=(FORM,)),
        note="一人一张，照片和各级意见留空待填。未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)
