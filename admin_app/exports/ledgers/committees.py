"""《人民调解委员会名册》: the information set of the national standard (formats.md 3.3, 2.3)."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, pen, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.units import Unit
from admin_app.rules.dates import local_day
from admin_app.rules.mediators import ON_ROSTER

FULL, PART = "01", "02"  # table full_time
COLUMNS = (
    ordinal(),
    said(Committee, "filing_number", 12, "调委会编码"),
    said(Committee, "name", 22),
    pen("调委会照片", 9),
    said(Committee, "kind", 9),
    said(Committee, "trade", 9, "行专调委会类型"),
    column("full_timers", "专职调解员人数", 6, kind="integer", summed=True),
    column("part_timers", "兼职调解员人数", 6, kind="integer", summed=True),
    said(Committee, "phone", 13),
    said(Committee, "fax", 13),
    said(Committee, "address", 18),
    said(Committee, "postcode", 7.5),
    said(Committee, "email", 15),
    said(Committee, "head", 8),
    said(Committee, "founded_on", 10.2),
    column("collected_on", "信息采集日期", 10.2, kind="date"),
    column("region", "所属区域", 12),
)
_FACTS = (
    *asked_of(Committee, COLUMNS),
    *(Committee.id, Committee.created_at, Committee.changed_at, Unit.name.label("region")),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these committees: two queries. 信息采集日期 is the day of the last change."""
    counts = _mediators(session, ids)
    query = select(*_FACTS).join(Unit, Unit.id == Committee.unit_id).where(Committee.id.in_(ids))
    return {
        row.id: {
            **row._mapping,
            "full_timers": counts.get((row.id, FULL), 0),
            "part_timers": counts.get((row.id, PART), 0),
            "collected_on": local_day(row.changed_at or row.created_at),
        }
        for row in session.execute(query)
    }


def _mediators(session: Session, ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """How many full-time and part-time mediators serve on each."""
    query = (
        select(Mediator.committee_id, Mediator.full_time, func.count())
        .where(
            Mediator.committee_id.in_(ids),
            Mediator.removed_at.is_(None),
            Mediator.status.in_(ON_ROSTER),
        )
        .group_by(Mediator.committee_id, Mediator.full_time)
    )
    return {(committee, full_time): count for committee, full_time, count in session.execute(query)}


COMMITTEE_ROSTER = declare(
    Ledger(
        name="committee-roster",
        label="人民调解委员会名册",
        word="committee",
        source=Records(load=load, order=(Committee.path, Committee.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="个"),
        note="栏目依全国信息标准的调委会基本情况；编码用备案编号，人数是在册的调解员，照片留空待贴。未见公开的官方样式，为参考格式。",
    )
)
