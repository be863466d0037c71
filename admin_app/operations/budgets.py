"""Budgets against what was paid out of them: one query each, for all units at once (经费执行情况)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.budgets import Budget
from admin_app.models.payments import Payment
from admin_app.models.subsidies import Subsidy
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.subsidies import SubsidyState

NEARLY = Decimal("0.9")  # of a budget: from here on there is a warning


@dataclass(frozen=True)
class Use:
    """A budget, or several of them together, and what was paid out of it."""

    budget: Decimal
    spent: Decimal

    @property
    def left(self) -> Decimal:
        return self.budget - self.spent

    @property
    def share(self) -> Decimal:
        """How much of it is spent; of nothing, all."""
        return self.spent / self.budget if self.budget else Decimal(bool(self.spent))

    @property
    def warning(self) -> str:
        if self.left < 0:
            return "超支"
        return "快用完" if self.spent and self.share >= NEARLY else ""


@dataclass(frozen=True)
class Line:
    """One budget of a year."""

    id: int
    unit: str
    path: str
    funding_kind: str
    funding_source: str
    use: Use


def lines(session: Session, actor: User, year: int, action: str = "budget.see") -> list[Line]:
    """Every budget of a year that the person may see, unit by unit."""
    seen = (policy.visible(Budget, actor, action), Budget.removed_at.is_(None), Budget.year == year)
    query = (
        select(Budget, Unit.name)
        .join(Unit, Unit.id == Budget.unit_id)
        .where(*seen)
        .order_by(Budget.path, Budget.funding_kind, Budget.funding_source)
    )
    spent = spent_of(session, select(Budget.id).where(*seen))
    return [
        Line(
            budget.id,
            unit,
            budget.path,
            budget.funding_kind,
            budget.funding_source,
            Use(budget.amount, spent.get(budget.id, Decimal(0))),
        )
        for budget, unit in session.execute(query)
    ]


def spent_of(session: Session, ids: Any) -> dict[int | None, Decimal]:
    """What was paid out of some budgets."""
    query = select(Subsidy.budget_id, func.sum(Subsidy.total)).where(
        Subsidy.budget_id.in_(ids), Subsidy.state == SubsidyState.PAID, Subsidy.removed_at.is_(None)
    )
    return {
        budget_id: Decimal(total) for budget_id, total in session.execute(query.group_by(Subsidy.budget_id))
    }


def together(found: Iterable[Line], by: Callable[[Line], str]) -> dict[str, Use]:
    """The uses of budgets that have something in common, added up."""
    sums: dict[str, Use] = {}
    for each in found:
        before = sums.get(by(each), Use(Decimal(0), Decimal(0)))
        sums[by(each)] = Use(before.budget + each.use.budget, before.spent + each.use.spent)
    return sums


def pending(session: Session, actor: User) -> Decimal:
    """What is applied for and not paid yet, as far as the person sees it."""
    waiting = [each for each in SubsidyState if each not in (SubsidyState.DRAFT, SubsidyState.PAID)]
    query = select(func.sum(Subsidy.total)).where(
        policy.visible(Subsidy, actor), Subsidy.removed_at.is_(None), Subsidy.state.in_(waiting)
    )
    return Decimal(session.scalar(query) or 0)


def on_paper(session: Session, actor: User, year: int) -> tuple[int, Decimal]:
    """How many subsidies were paid on paper in a year, and how much: of no budget that is known here."""
    query = select(func.count(), func.sum(Payment.amount)).where(
        policy.visible(Payment, actor),
        Payment.removed_at.is_(None),
        Payment.paid_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    count, total = session.execute(query).one()
    return count, Decimal(total or 0)


def years(session: Session, actor: User) -> list[int]:
    """The years of the budgets that a person may see, the newest first."""
    query = select(Budget.year).where(policy.visible(Budget, actor), Budget.removed_at.is_(None)).distinct()
    return sorted(session.scalars(query), reverse=True)
