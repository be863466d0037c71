"""《经费执行情况表》: budgets by unit, head and source, and what was paid of them (no sample found: [N])."""

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.budgets import Budget
from admin_app.models.units import Unit
from admin_app.operations.budgets import Use, spent_of

COLUMNS = (
    ordinal(),
    said(Budget, "year", 7, centred=True),
    column("unit", "单位", 20),
    said(Budget, "funding_kind", 30),
    said(Budget, "funding_source", 14),
    said(Budget, "amount", 15, summed=True),
    column("spent", "已发放（元）", 15, kind="money", summed=True),
    column("left", "结余（元）", 15, kind="money", summed=True),
    column("share", "执行率", 9, centred=True),
    said(Budget, "remark", 20),
)
_FACTS = (*asked_of(Budget, COLUMNS), Budget.id, Unit.name.label("unit"))


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these budgets: two queries."""
    spent = spent_of(session, ids)
    query = select(*_FACTS).join(Unit, Unit.id == Budget.unit_id).where(Budget.id.in_(ids))
    found = {}
    for row in session.execute(query):
        use = Use(row.amount, spent.get(row.id, Decimal(0)))
        words = {"spent": use.spent, "left": use.left, "share": f"{use.share:.1%}", "group": row.unit}
        found[row.id] = {**row._mapping, **words}
    return found


BUDGET_STANDING = declare(
    Ledger(
        name="budget-standing",
        label="经费执行情况表",
        word="budget",
        source=Records(
            load=load, order=(Budget.path, Budget.year, Budget.funding_kind, Budget.id), group="unit"
        ),
        layout=Layout(columns=COLUMNS, reference=True, counted="笔", subtotals=True),
        note="预算一笔一行，按单位小计；已发放的是登记了发放的补贴批次，不含补录的以前已发补贴。未见公开的官方样式，栏目为参考格式。",
    )
)
