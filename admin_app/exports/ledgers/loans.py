"""《卷宗借阅登记》: every loan of a dossier (no sample found: [N], layout ours)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, ordinal, pen, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.dossiers import Dossier, Loan

COLUMNS = (
    ordinal(),
    said(Dossier, "number", 15),
    said(Dossier, "title", 26),
    said(Loan, "borrower", 9),
    said(Loan, "employer", 18),
    said(Loan, "purpose", 22),
    said(Loan, "lent_on", 10.2),
    said(Loan, "due_on", 10.2),
    said(Loan, "returned_on", 10.2),
    pen("借阅人（签名）", 11),
    pen("备注", 11),
)
_FACTS = (*asked_of(Loan, COLUMNS), *asked_of(Dossier, COLUMNS), Loan.id)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these loans: one query."""
    query = select(*_FACTS).join(Dossier, Dossier.id == Loan.dossier_id).where(Loan.id.in_(ids))
    return {row.id: dict(row._mapping) for row in session.execute(query)}


LOAN_REGISTER = declare(
    Ledger(
        name="loan-register",
        label="卷宗借阅登记",
        word="dossier",
        source=Records(load=load, period=Loan.lent_on, order=(Loan.lent_on, Loan.id), part=Loan),
        layout=Layout(columns=COLUMNS, reference=True, counted="次"),
        note="卷宗借出一次一行，按借出日期排列。未见公开的官方样式，栏目为参考格式。",
        main=False,
    )
)
