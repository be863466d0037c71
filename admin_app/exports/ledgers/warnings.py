"""《预警台账》: what was warned of, whose it was, what was done (no sample found: [N], layout ours)."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.warnings import EarlyWarning
from admin_app.rules.dates import today
from admin_app.rules.deadlines import in_time

COLUMNS = (
    ordinal(),
    said(EarlyWarning, "raised_on", 10.2),
    said(EarlyWarning, "severity", 9, centred=True),
    said(EarlyWarning, "sign", 12),
    said(EarlyWarning, "words", 34),
    column("unit", "发生单位", 11),
    column("committee", "相关调委会", 13),
    column("owner", "处置单位", 11),
    said(EarlyWarning, "due_on", 10.2),
    said(EarlyWarning, "measures", 24),
    said(EarlyWarning, "outcome", 9, centred=True),
    said(EarlyWarning, "result", 20),
    said(EarlyWarning, "closed_on", 10.2),
    column("in_time", "是否按期", 9, centred=True),
    said(EarlyWarning, "state", 7, centred=True),
)
_Owner = aliased(Unit)
_FACTS = (
    *asked_of(EarlyWarning, COLUMNS),
    *(EarlyWarning.id, Unit.name.label("unit"), _Owner.name.label("owner")),
    Committee.name.label("committee"),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these warnings: one query."""
    query = (
        select(*_FACTS)
        .join(Unit, Unit.id == EarlyWarning.unit_id)
        .join(_Owner, _Owner.id == EarlyWarning.owner_id)
        .outerjoin(Committee, Committee.id == EarlyWarning.committee_id)
        .where(EarlyWarning.id.in_(ids))
    )
    return {row.id: _line(row) for row in session.execute(query)}


def _line(row: Any) -> Line:
    return {**row._mapping, "in_time": in_time(row.due_on, row.closed_on, today())}


WARNING_REGISTER = declare(
    Ledger(
        name="warning-register",
        label="预警台账",
        word="warning",
        source=Records(
            load=load, period=EarlyWarning.raised_on, order=(EarlyWarning.raised_on, EarlyWarning.id)
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="条"),
        note="预警一条一行，按预警日期排列。未见公开的官方样式，栏目为参考格式。",
    )
)
