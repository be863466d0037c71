"""Rates 补贴标准 as the rules take them, and whether a new one contradicts what is there."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.rates import Rate
from admin_app.rules import rates as rules
from admin_app.rules.findings import Finding

_SAYS = ("kind", "unit_id", "tier", "full_time", "difficulty", "form")


def in_force(session: Session, kind: rules.SubsidyKind) -> list[rules.Rate]:
    """Every row of a kind that is not in the recycle bin."""
    rows = session.scalars(select(Rate).where(Rate.removed_at.is_(None), Rate.kind == kind))
    return [
        rules.Rate(
            row.id,
            row.kind,
            row.path,
            row.valid_from,
            row.valid_until,
            row.tier,
            row.full_time,
            row.difficulty,
            row.form,
            row.outcome,
            row.amount,
            row.share,
            row.per,
        )
        for row in rows
    ]


def overlap_findings(session: Session, rate: Rate) -> list[Finding]:
    """Two rows that say the same of the same days would leave it to chance which one holds."""
    same = [getattr(Rate, name).is_not_distinct_from(getattr(rate, name)) for name in _SAYS]
    query = select(Rate.valid_from, Rate.valid_until, Rate.outcome).where(
        *same, Rate.removed_at.is_(None), Rate.id != (rate.id or 0)
    )
    settled = rules.Ended.SETTLED
    others = [
        (row.valid_from, row.valid_until)
        for row in session.execute(query)
        if (row.outcome or settled) is (rate.outcome or settled)
    ]
    if not rules.overlap(rate.valid_from, rate.valid_until, others):
        return []
    sentence = "这个单位已经有同样的标准，日期重叠了：请改启用日期，或者先给原来那条填停用日期"
    return [Finding("valid_from", sentence)]
