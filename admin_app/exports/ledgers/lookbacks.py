"""《责任倒查台账》: the evidence that gathers on committees and mediators (no sample found: [N])."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, pen, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.lookbacks import Lookback
from admin_app.models.mediators import Mediator

COLUMNS = (
    ordinal(),
    said(Lookback, "happened_on", 10.2),
    said(Lookback, "fault", 10),
    column("committee", "调委会", 16),
    column("mediator", "调解员", 9),
    column("case_number", "案号", 15),
    column("parties", "当事人", 13),
    said(Case, "kind", 9),
    said(Lookback, "explanation", 34),
    said(Lookback, "finding", 28),
    pen("备注", 10),
)
_FACTS = (
    *asked_of(Lookback, COLUMNS),
    *(Lookback.id, Case.number.label("case_number"), Case.names.label("parties"), Case.kind),
    *(Case.registered_on.label("day"), Committee.name.label("committee"), Mediator.name.label("mediator")),
)


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of this evidence: one query."""
    query = (
        select(*_FACTS)
        .join(Case, Case.id == Lookback.case_id)
        .join(Committee, Committee.id == Lookback.committee_id)
        .outerjoin(Mediator, Mediator.id == Lookback.mediator_id)
        .where(Lookback.id.in_(ids))
    )
    return {row.id: dict(row._mapping) for row in session.execute(query)}


LOOKBACK_REGISTER = declare(
    Ledger(
        name="lookback-register",
        label="责任倒查台账",
        word="lookback",
        source=Records(load=load, period=Lookback.happened_on, order=(Lookback.happened_on, Lookback.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="条"),
        note="不予受理、超期、退回、激化、反复等情形，按日期排列；是核查的线索，不是结论。"
        "未见公开的官方样式，栏目为参考格式。",
    )
)
