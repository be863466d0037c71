"""社会稳定风险评估台账 (M25): no public sheet was found, [C]."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Group, Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.assessments import Assessment, AssessmentMeasure
from admin_app.models.units import Unit

COLUMNS = (
    ordinal(),
    said(Assessment, "proposed_on", 10.2),
    said(Assessment, "title", 24),
    said(Assessment, "kind", 9),
    column("unit", "评估单位", 12),
    said(Assessment, "proposer", 12),
    Group(
        "评估",
        (
            said(Assessment, "assessed_on", 10.2),
            said(Assessment, "ways", 14),
            said(Assessment, "asked_people", 8),
            said(Assessment, "risk", 8),
            said(Assessment, "risks", 26),
            column("measures", "防范化解措施", 32),
        ),
    ),
    Group(
        "决定",
        (
            said(Assessment, "decision", 9),
            said(Assessment, "decided_on", 10.2),
            said(Assessment, "decided_by", 12),
        ),
    ),
    said(Assessment, "follow_by", 10.2),
    said(Assessment, "closed_on", 10.2),
    said(Assessment, "outcome", 22),
    said(Assessment, "state", 8),
)
_FACTS = (*asked_of(Assessment, COLUMNS), Assessment.id)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these assessments: two queries."""
    measures: dict[int, list[str]] = {}
    wanted = select(AssessmentMeasure.assessment_id, AssessmentMeasure.content, AssessmentMeasure.responsible)
    wanted = wanted.where(AssessmentMeasure.assessment_id.in_(ids)).order_by(AssessmentMeasure.id)
    for row in session.execute(wanted):
        here = measures.setdefault(row.assessment_id, [])
        here.append(f"{len(here) + 1}. {row.content}（{row.responsible}）")
    query = select(*_FACTS, Unit.name.label("unit")).join(Unit, Unit.id == Assessment.unit_id)
    return {
        row.id: {**row._mapping, "day": row.proposed_on, "measures": "\n".join(measures.get(row.id, []))}
        for row in session.execute(query.where(Assessment.id.in_(ids)))
    }


ASSESSMENT_REGISTER = declare(
    Ledger(
        name="assessment-register",
        label="社会稳定风险评估台账",
        word="assessment",
        source=Records(
            load=load, period=Assessment.proposed_on, order=(Assessment.proposed_on, Assessment.id)
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="项", paper="A3"),
        note="一项一行，按提出日期排列。未见公开的官方样式，栏目为参考格式。",
    )
)
