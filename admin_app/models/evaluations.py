"""Evaluations 考核 of mediators (lifecycle.md 5)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Index, Integer, Numeric, Text
from sqlalchemy.orm import Mapped, relationship

from admin_app.models.base import Base, Kept, Located, scope_indexes
from admin_app.models.committees import Committee
from admin_app.models.fields import enum, field, link
from admin_app.models.mediators import Mediator
from admin_app.models.registry import register
from admin_app.rules.dates import plausible, today
from admin_app.rules.evaluations import Half, Level
from admin_app.rules.findings import Finding


def _score(score: Decimal) -> Finding | None:
    return None if 0 <= score <= 100 else Finding("", "考核得分应在 0 至 100 之间")


def _year(year: int) -> Finding | None:
    return None if 2000 <= year <= today().year else Finding("", f"年度应在 2000 至 {today().year} 之间")


@register("evaluation", "考核", "考评", order=("-year", "-id"), unique=("mediator_id", "year", "half"))
class Evaluation(Located, Kept, Base):
    """One mediator's result for one period; the level follows from the score."""

    __tablename__ = "evaluations"
    dated = "evaluated_on"
    __table_args__ = (
        *scope_indexes("evaluations", "year", "id"),
        Index("ix_evaluations_mediator", "mediator_id"),
        Index("ix_evaluations_committee", "committee_id"),
    )

    mediator_id: Mapped[int] = link(
        "被考核调解员",
        "mediators.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
    )
    committee_id: Mapped[int] = link("所属调委会", "committees.id", nullable=False, listed=True, form="never")
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")
    year: Mapped[int] = field(
        "年度", Integer(), nullable=False, listed=True, queried=True, sortable=True, checks=(_year,)
    )
    half: Mapped[Half] = field("考核周期", enum(Half), nullable=False, listed=True, queried=True)
    score: Mapped[Decimal] = field(
        "得分", Numeric(5, 2), nullable=False, listed=True, sortable=True, checks=(_score,)
    )
    level: Mapped[Level] = field("等次", enum(Level), nullable=False, listed=True, queried=True, form="never")
    evaluated_on: Mapped[date] = field(
        "考核日期", Date(), nullable=False, from_today=True, checks=(plausible,)
    )
    comment: Mapped[str | None] = field("评语", Text(), wide=True)

    mediator: Mapped[Mediator] = relationship(lazy="raise_on_sql")
    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")

    def __str__(self) -> str:
        return f"{self.year} 年{self.half.label}考核"


Index(
    "uq_evaluations_period",
    Evaluation.mediator_id,
    Evaluation.year,
    Evaluation.half,
    unique=True,
    sqlite_where=Evaluation.removed_at.is_(None),
    postgresql_where=Evaluation.removed_at.is_(None),
)
