"""《考核台账》 (no sample found: [N], layout ours; levels are those of formats.md 5.1)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.committees import Committee
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.mediators import Mediator
from admin_app.rules.evaluations import SHOWN

COLUMNS = (
    ordinal(),
    said(Evaluation, "year", 7),
    said(Evaluation, "half", 9, centred=True),
    column("who", "被考核人", 12),
    said(Mediator, "full_time", 8, centred=True),
    column("committee", "所属调委会", 33),
    column("plan", "考核计划", 26),
    said(Evaluation, "score", 9),
    said(Evaluation, "level", 9, centred=True),
    said(Evaluation, "coefficient", 8),
    said(Evaluation, "state", 9, centred=True),
    said(Evaluation, "evaluated_on", 11),
    said(Evaluation, "comment", 40),
)
_FACTS = (
    *asked_of(Evaluation, COLUMNS),
    *(Evaluation.id, Evaluation.who, Mediator.full_time, EvaluationPlan.title.label("plan")),
    Committee.name.label("committee"),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these evaluations: one query."""
    query = (
        select(*_FACTS)
        .outerjoin(Mediator, Mediator.id == Evaluation.mediator_id)
        .outerjoin(EvaluationPlan, EvaluationPlan.id == Evaluation.plan_id)
        .join(Committee, Committee.id == Evaluation.committee_id)
        .where(Evaluation.id.in_(ids))
    )
    return {row.id: {**row._mapping, "day": row.evaluated_on} for row in session.execute(query)}


EVALUATION_REGISTER = declare(
    Ledger(
        name="evaluation-register",
        label="考核台账",
        word="evaluation",
        source=Records(
            load=load,
            period=Evaluation.evaluated_on,
            belongs=Evaluation.state.in_(SHOWN),
            order=(Evaluation.year, Evaluation.half, Evaluation.committee_id, Evaluation.id),
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="人次"),
        note="已公布的考核结果，按年度和周期排列。未见公开的官方样式，栏目为参考格式。",
    )
)
