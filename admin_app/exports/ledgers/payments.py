"""《以前已发补贴台账》: what was paid on paper before the panel (no sample found: [N])."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, column, ordinal, said
from admin_app.exports.joining import party_names
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.payments import Payment

COLUMNS = (
    ordinal(),
    column("committee", "调委会", 28),
    column("number", "案号", 26),
    column("parties", "当事人", 20),
    said(Case, "kind", 10),
    said(Case, "closed_on", 11),
    column("mediator", "调解员", 11),
    said(Payment, "amount", 14, summed=True),
    said(Payment, "paid_on", 11),
    said(Payment, "remark", 24),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these payments: two queries."""
    query = (
        select(
            Payment,
            Case.kind,
            Case.closed_on,
            Case.registered_on.label("day"),
            Committee.name.label("committee"),
            Mediator.name.label("mediator"),
        )
        .join(Case, Case.id == Payment.case_id)
        .join(Committee, Committee.id == Payment.committee_id)
        .join(Mediator, Mediator.id == Payment.mediator_id)
        .where(Payment.id.in_(ids))
    )
    rows = session.execute(query).all()
    parties = party_names(session, [row.Payment.case_id for row in rows])
    return {
        row.Payment.id: {
            **row._mapping,
            **{name: getattr(row.Payment, name) for name in ("number", "amount", "paid_on", "remark")},
            "parties": parties[row.Payment.case_id],
        }
        for row in rows
    }


PAYMENT_REGISTER = declare(
    Ledger(
        name="payment-register",
        label="以前已发补贴台账",
        word="payment",
        source=Records(
            load=load,
            period=Payment.paid_on,
            order=(Payment.committee_id, Payment.paid_on, Payment.id),
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="笔"),
        note="系统启用以前在纸面上已经发过的以案定补，一案一人一行。未见公开的官方样式，栏目为参考格式。",
    )
)
