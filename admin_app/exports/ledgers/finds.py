"""《矛盾纠纷排查登记表》 (formats.md 3.2): 排查日期, 排查地点, 排查人 and 内容 are the national minimum;

from 事件名称 on the columns are those of GB/T 31000-2015 that are asked for, without the parties' papers.
No public sample of the sheet was found: [C].
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Group, Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.committees import Committee
from admin_app.models.fields import field_of
from admin_app.models.finds import Find
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.models.wording import wording
from admin_app.rules.finds import FindState

# Whether it was settled (化解是否成功), as GB/T 31000 asks.
_SETTLED = {FindState.RESOLVED: "是", FindState.CASE: "转为案件"}

COLUMNS = (
    ordinal(),
    said(Find, "found_on", 10.2),
    said(Find, "place", 11),
    column("screeners", "排查人", 8),
    Group(
        "排查内容",
        (
            column("title", "事件名称", 14),
            said(Find, "kind", 9, "事件类别"),
            said(Find, "people", 4.8),
            said(Find, "involved", 10),
            said(Find, "risk", 9),
            said(Find, "story", 26, "事件简述"),
        ),
    ),
    Group(
        "化解",
        (
            said(Find, "resolve_by", 10.2),
            said(Find, "way", 8),
            column("organisation", "化解组织", 14),
            said(Find, "responsible", 8, "化解责任人姓名"),
            said(Find, "phone", 12.5, "化解责任人联系方式"),
            column("settled", "化解是否成功", 6, centred=True),
            said(Find, "outcome", 16),
        ),
    ),
    column("opinion", "审核意见", 10),
)
_FACTS = (*asked_of(Find, COLUMNS), Find.id, Find.state, Find.persons)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these finds: one query."""
    query = (
        select(
            *_FACTS,
            Unit.name.label("unit_name"),
            Committee.name.label("committee_name"),
            Screening.screeners,
            Screening.opinion,
        )
        .join(Unit, Unit.id == Find.unit_id)
        .outerjoin(Committee, Committee.id == Find.committee_id)
        .outerjoin(Screening, Screening.id == Find.screening_id)
    )
    kind, lines = field_of(Find, "kind"), {}
    for row in session.execute(query.where(Find.id.in_(ids))):
        lines[row.id] = {
            **row._mapping,
            "day": row.found_on,
            "title": f"{row.persons}{wording(session, kind, row.kind, on=row.found_on)}",
            "organisation": row.committee_name or row.unit_name,
            "screeners": row.screeners or row.responsible,
            "settled": _SETTLED.get(row.state, "否"),
        }
    return lines


FIND_REGISTER = declare(
    Ledger(
        name="find-register",
        label="矛盾纠纷排查登记表",
        word="find",
        source=Records(load=load, period=Find.found_on, order=(Find.found_on, Find.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="件", paper="A3"),
        note="排查发现一件一行，按排查日期排列。未见公开的官方样式，栏目参照 GB/T 31000，为参考格式。",
    )
)
