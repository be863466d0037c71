"""《来访登记表》 E1: the ledger of visits, and a sheet for each (formats.md 3.1; no public sample: [C])."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Column, Line, asked_of, ordinal, said
from admin_app.exports.layout import Block, Box, Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.exports.sides import age
from admin_app.models.visits import Visit

SIGNS = ("接待人（签名）：", "登记日期：　　　　年　　月　　日")
COLUMNS = (
    ordinal(),
    said(Visit, "visited_on", 10.2),
    said(Visit, "name", 10),
    said(Visit, "sex", 4.2, centred=True),
    Column("年龄", lambda line: _age(line), 4.2, kind="integer"),
    said(Visit, "id_number", 18.5),
    said(Visit, "address", 16),
    said(Visit, "phone", 12.5),
    said(Visit, "people", 4.8),
    said(Visit, "matter", 26),
    said(Visit, "counterpart", 9),
    said(Visit, "receiver", 14, "接待人（姓名、职务）"),
    said(Visit, "opinion", 14.5, "处理意见（受理/转办/引导其他途径）"),
    said(Visit, "outcome", 16),
    said(Visit, "remark", 9),
)
_FACTS = (*asked_of(Visit, COLUMNS), Visit.id, Visit.birth_on)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these visits: one query."""
    rows = session.execute(select(*_FACTS).where(Visit.id.in_(ids)))
    return {row.id: {**row._mapping, "day": row.visited_on} for row in rows}


def _age(line: Line) -> int | None:
    return age(line["birth_on"], line["id_number"], line["visited_on"])


def _same(label: str, lines: int = 1, column: str = "") -> Box:
    return Box(label, column or label, lines)


FORM = Block(
    "来访登记表",
    (
        (_same("来访日期"), _same("接待人", 1, "接待人（姓名、职务）")),
        (_same("来访人姓名"), _same("性别"), _same("年龄"), _same("来访人数")),
        (_same("身份证号"), _same("联系电话")),
        (_same("工作单位或住址", 2),),
        (_same("涉及对方当事人"),),
        (_same("来访事由", 20),),
        (_same("处理意见", 2, "处理意见（受理/转办/引导其他途径）"),),
        (_same("处理结果", 12),),
        (_same("备注", 6),),
    ),
    SIGNS,
)

VISITS = Records(load=load, period=Visit.visited_on, order=(Visit.visited_on, Visit.id))

VISIT_REGISTER = declare(
    Ledger(
        name="visit-register",
        label="来访登记表",
        word="visit",
        source=VISITS,
        layout=Layout(columns=COLUMNS, reference=True, counted="次", signs=SIGNS),
        note="来访一次一行，按来访日期排列。未见公开的官方样式，栏目为参考格式。",
    )
)

VISIT_FORMS = declare(
    Ledger(
        name="visit-forms",
        label="来访登记表（一次一张）",
        word="visit",
        source=VISITS,
        layout=Layout(columns=COLUMNS, title="来访登记表", reference=True, counted="张", blocks=(FORM,)),
        note="来访一次一张，可以打印签名。未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)
