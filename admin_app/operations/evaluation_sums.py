"""How evaluations turned out, unit by unit: how many stand where, averages, levels, rank."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app.models.base import path_prefix
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.evaluations import Evaluation
from admin_app.models.standards import Standard
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import PLACE, EvaluationState, came_before
from admin_app.rules.measures import rounded
from admin_app.rules.tiers import PATH_WIDTH, Tier, tier_below, tier_of

TOLD = (PlanState.PUBLISHED, PlanState.CLOSED)


@dataclass
class Sum:
    """The evaluations of one unit and of all below it."""

    states: Counter[EvaluationState] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    scored: int = 0
    points: Decimal = Decimal(0)
    best: Decimal | None = None
    worst: Decimal | None = None

    @property
    def total(self) -> int:
        return self.states.total()

    @property
    def average(self) -> Decimal | None:
        """To two places; None while nothing is published."""
        return rounded(Fraction(self.points) / self.scored) if self.scored else None

    def add(self, row: Any) -> None:
        """One group of evaluations that are alike."""
        self.states[row.state] += row.count
        if row.points is None:
            return
        self.scored += row.scored
        self.points += Decimal(row.points)
        self.levels[row.level or ""] += row.scored
        self.best = row.best if self.best is None else max(self.best, row.best)
        self.worst = row.worst if self.worst is None else min(self.worst, row.worst)


def sums(session: Session, width: int, *where: Any) -> dict[str, Sum]:
    """By the first `width` characters of the path: one query, however many evaluations."""
    prefix = path_prefix(Evaluation.path, width).label("prefix")
    query = (
        select(
            prefix,
            Evaluation.state,
            Evaluation.level,
            func.count().label("count"),
            func.count(Evaluation.score).label("scored"),
            func.sum(Evaluation.score).label("points"),
            func.max(Evaluation.score).label("best"),
            func.min(Evaluation.score).label("worst"),
        )
        .where(*where)
        .group_by(prefix, Evaluation.state, Evaluation.level)
    )
    found: dict[str, Sum] = {}
    for row in session.execute(query):
        found.setdefault(row.prefix, Sum()).add(row)
    return found


def whole(parts: Iterable[Sum]) -> Sum:
    """All units together."""
    total = Sum()
    for each in parts:
        total.states += each.states
        total.levels += each.levels
        total.scored += each.scored
        total.points += each.points
        total.best = max((b for b in (total.best, each.best) if b is not None), default=None)
        total.worst = min((w for w in (total.worst, each.worst) if w is not None), default=None)
    return total


def width_below(path: str) -> int:
    """How long the paths of the units just below are."""
    tier = tier_of(path)
    return PATH_WIDTH[tier if tier is Tier.GRID else tier_below(tier)]


def ranks(parts: dict[str, Sum]) -> dict[str, int]:
    """The place of each unit by its average; equal averages share a place."""
    averages = {path: each.average for path, each in parts.items() if each.average is not None}
    return {path: 1 + sum(other > own for other in averages.values()) for path, own in averages.items()}


def plan_before(session: Session, plan: EvaluationPlan) -> EvaluationPlan | None:
    """The unit's last published plan for the same kind of subject, of an earlier period."""
    subject = session.get_one(Standard, plan.standard_id).subject
    alike = (
        select(EvaluationPlan)
        .join(Standard, Standard.id == EvaluationPlan.standard_id)
        .where(
            EvaluationPlan.unit_id == plan.unit_id,
            EvaluationPlan.state.in_(TOLD),
            EvaluationPlan.removed_at.is_(None),
            EvaluationPlan.year <= plan.year,
            Standard.subject == subject,
        )
    )
    earlier = [
        each for each in session.scalars(alike) if came_before(each.year, each.half, plan.year, plan.half)
    ]
    return max(earlier, key=lambda each: (each.year, PLACE[each.half]), default=None)
