"""《调解案件卷宗登记册》 E4 (formats.md 3.1; eight columns from F01 and F13, the rest [C])."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.joining import joined, mediator_names, step_takers
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.cases import Case, CaseStep
from admin_app.models.dossiers import Dossier, Loan

COLUMNS = (
    ordinal(),
    said(Dossier, "number", 15),
    said(Dossier, "title", 22),
    column("mediators", "人民调解员", 9.6),
    said(Case, "mediated_on", 10.2),
    said(Dossier, "filer", 8),
    said(Dossier, "filed_on", 10.2),
    said(Dossier, "retention", 5.2, centred=True),
    said(Dossier, "pages", 4.8),
    column("archived_on", "移交/归档日期", 10.2, kind="date"),
    said(Dossier, "place", 15),
    column("loans", "借阅登记", 20),
    said(Dossier, "remark", 12),
)
_FACTS = (*asked_of(Dossier, COLUMNS), Dossier.id, Dossier.case_id, Case.mediated_on)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these dossiers: four queries, however many dossiers."""
    query = select(*_FACTS).join(Case, Case.id == Dossier.case_id).where(Dossier.id.in_(ids))
    rows = session.execute(query).all()
    cases = [row.case_id for row in rows]
    mediators = mediator_names(session, cases)
    steps = step_takers(session, CaseStep, CaseStep.case_id, cases)
    loans = _loans(session, ids)
    return {
        row.id: {
            **row._mapping,
            "day": row.filed_on,
            "mediators": mediators[row.case_id],
            "archived_on": steps.get((row.case_id, "archive"), ("", row.filed_on))[1],
            "loans": loans.get(row.id, ""),
        }
        for row in rows
    }


def _loans(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Who had it, from when to when."""
    query = select(Loan.dossier_id, Loan.borrower, Loan.lent_on, Loan.returned_on)
    rows = session.execute(query.where(Loan.dossier_id.in_(ids)).order_by(Loan.id))
    spans = ((each.dossier_id, f"{each.borrower}：{_span(each.lent_on, each.returned_on)}") for each in rows)
    return joined(spans, "\n")


def _span(lent: object, back: object) -> str:
    return f"{lent} 借，{back} 还" if back else f"{lent} 借，未还"


DOSSIER_REGISTER = declare(
    Ledger(
        name="dossier-register",
        label="调解案件卷宗登记册",
        word="dossier",
        source=Records(load=load, period=Dossier.filed_on, order=(Dossier.filed_on, Dossier.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="卷"),
        note="已归档的卷宗，一案一卷，按立卷日期排列。未见公开的官方样式，栏目为参考格式。",
    )
)
