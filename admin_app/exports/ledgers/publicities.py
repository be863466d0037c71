"""普法宣传登记表, and the person-times by unit (M26): no public sheet was found, [C]."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Chart, Layout
from admin_app.exports.ledger import Asked, Counted, Ledger, Records, declare
from admin_app.exports.statistics import TOTALS, columns_of, home, lines_of
from admin_app.models.committees import Committee
from admin_app.models.publicities import Publicity
from admin_app.models.users import User
from admin_app.operations import publicities
from admin_app.rules.periods import Period

COLUMNS = (
    ordinal(),
    said(Publicity, "held_on", 10.2),
    said(Publicity, "until", 10.2),
    said(Publicity, "title", 20),
    said(Publicity, "form", 10),
    said(Publicity, "place", 14),
    column("committee", "承办调委会", 18),
    said(Publicity, "people", 8, summed=True),
    said(Publicity, "materials", 8, summed=True),
    said(Publicity, "answered", 8, summed=True),
    said(Publicity, "speakers", 14),
    said(Publicity, "content", 24),
    said(Publicity, "remark", 9),
)
_FACTS = (*asked_of(Publicity, COLUMNS), Publicity.id)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these events: one query."""
    query = select(*_FACTS, Committee.name.label("committee"))
    query = query.join(Committee, Committee.id == Publicity.committee_id).where(Publicity.id.in_(ids))
    return {row.id: {**row._mapping, "day": row.held_on} for row in session.execute(query)}


PUBLICITY_REGISTER = declare(
    Ledger(
        name="publicity-register",
        label="普法宣传登记表",
        word="publicity",
        source=Records(load=load, period=Publicity.held_on, order=(Publicity.held_on, Publicity.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="场", paper="A3"),
        note="一场一行，按日期排列。未见公开的官方样式，栏目为参考格式。",
    )
)


def lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """Events, person-times and materials of a unit and a period, unit by unit."""
    unit = asked.unit or home(session, actor)
    return lines_of(publicities.count(session, actor, unit, Period(asked.since, asked.until)))


PUBLICITY_STATISTICS = declare(
    Ledger(
        name="publicity-statistics",
        label="普法宣传统计表",
        word="publicity",
        source=Counted(lines, period="宣传日期"),
        layout=Layout(
            columns=columns_of(publicities.HEADS),
            counted="个单位",
            titled=True,
            reference=True,
            totals=TOTALS,
            charts=(Chart("各单位受众人次", "column", "项目", ("受众",)),),
        ),
        note="每个下级单位一行：场次、受众、资料、咨询。未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)
