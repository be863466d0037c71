"""《督办台账》: what superiors asked after, and the answers (no sample found: [N], layout ours)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.joining import party_names
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.rules.dates import local_day, today
from admin_app.rules.deadlines import in_time

COLUMNS = (
    ordinal(),
    said(Urging, "number", 15),
    column("unit", "督办单位", 10),
    column("to_unit", "被督办单位", 10),
    column("committee", "被督办调委会", 12),
    said(Urging, "about", 8, "督办对象"),
    said(Urging, "subject", 16),
    column("parties", "当事人", 11),
    said(Case, "kind", 8.5),
    said(Urging, "reason", 22),
    column("issued_on", "发出日期", 10.2, kind="date"),
    said(Urging, "due_on", 10.2),
    said(Urging, "answer", 24),
    column("answered_on", "答复日期", 10.2, kind="date"),
    column("in_time", "是否按期", 9, centred=True),
    said(Urging, "state", 7, centred=True),
)
_To = aliased(Unit)
_FACTS = (
    *asked_of(Urging, COLUMNS),
    *(Urging.id, Urging.case_id, Urging.issued_at, Urging.answered_at),
    *(Case.kind, Case.registered_on.label("day")),
    *(Unit.name.label("unit"), _To.name.label("to_unit"), Committee.name.label("committee")),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these supervisions: two queries, however many."""
    query = (
        select(*_FACTS)
        .outerjoin(Case, Case.id == Urging.case_id)
        .join(Unit, Unit.id == Urging.unit_id)
        .join(_To, _To.id == Urging.to_unit_id)
        .outerjoin(Committee, Committee.id == Urging.committee_id)
        .where(Urging.id.in_(ids))
    )
    rows = session.execute(query).all()
    parties = party_names(session, [row.case_id for row in rows if row.case_id])
    return {row.id: _line(row, parties[row.case_id] if row.case_id else "") for row in rows}


def _line(row: Any, parties: str) -> Line:
    answered_on = local_day(row.answered_at)
    return {
        **row._mapping,
        "parties": parties,
        "issued_on": local_day(row.issued_at),
        "answered_on": answered_on,
        "in_time": in_time(row.due_on, answered_on, today()),
    }


URGING_REGISTER = declare(
    Ledger(
        name="urging-register",
        label="督办台账",
        word="urging",
        source=Records(load=load, period=Urging.issued_at, order=(Urging.issued_at, Urging.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="件"),
        note="督办一件一行，按发出时间排列。未见公开的官方样式，栏目为参考格式。",
    )
)
