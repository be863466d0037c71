"""《单位名册》: the tree of units, from above (layout ours; it goes with the rosters of formats.md 3.3)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.units import Unit

COLUMNS = (
    ordinal(),
    said(Unit, "code", 17),
    said(Unit, "name", 30),
    said(Unit, "tier", 11, centred=True),
    column("above", "上级单位", 22),
    said(Unit, "phone", 16),
    said(Unit, "address", 40),
    said(Unit, "remark", 20),
)
_Above = aliased(Unit)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these units: one query."""
    query = (
        select(*asked_of(Unit, COLUMNS), Unit.id, _Above.name.label("above"))
        .outerjoin(_Above, _Above.id == Unit.parent_id)
        .where(Unit.id.in_(ids))
    )
    return {row.id: dict(row._mapping) for row in session.execute(query)}


UNIT_ROSTER = declare(
    Ledger(
        name="unit-roster",
        label="单位名册",
        word="unit",
        source=Records(load=load, order=(Unit.path,)),
        layout=Layout(columns=COLUMNS, reference=True, counted="个"),
        note="按区划代码排列，上级在前。没有官方样式，为参考格式。",
    )
)
