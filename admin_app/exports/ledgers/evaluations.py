"""《调解员考核台账》 (no sample found: [N], layout ours; levels are those of formats.md 5.1)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.committees import Committee
from admin_app.models.evaluations import Evaluation
from admin_app.models.mediators import Mediator

COLUMNS = (
    ordinal(),
    said(Evaluation, "year", 7),
    said(Evaluation, "half", 9, centred=True),
    column("mediator", "被考核调解员", 12),
    said(Mediator, "full_time", 8, centred=True),
    column("committee", "所属调委会", 33),
    said(Evaluation, "score", 9),
    said(Evaluation, "level", 9, centred=True),
    said(Evaluation, "evaluated_on", 11),
    said(Evaluation, "comment", 40),
)
_FACTS = (
    *asked_of(Evaluation, COLUMNS),
    *(Evaluation.id, Mediator.name.label("mediator"), Mediator.full_time),
    Committee.name.label("committee"),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these evaluations: one query."""
    query = (
        select(*_FACTS)
        .join(Mediator, Mediator.id == Evaluation.mediator_id)
        .join(Committee, Committee.id == Evaluation.committee_id)
        .where(Evaluation.id.in_(ids))
    )
    return {row.id: {**row._mapping, "day": row.evaluated_on} for row in session.execute(query)}


EVALUATION_REGISTER = declare(
    Ledger(
        name="evaluation-register",
        label="调解员考核台账",
        word="evaluation",
        source=Records(
            load=load,
            period=Evaluation.evaluated_on,
            order=(Evaluation.year, Evaluation.half, Evaluation.committee_id, Evaluation.id),
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="人次"),
        note="调解员的考核结果，按年度和周期排列。未见公开的官方样式，栏目为参考格式。",
    )
)
