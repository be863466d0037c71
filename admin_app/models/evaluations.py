"""Evaluations 考核 of mediators and committees (lifecycle.md 5): drawn by a plan, or entered by hand."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from admin_app.models.base import Base, Kept, Located, Part, fk, scope_indexes
from admin_app.models.committees import Committee
from admin_app.models.evaluation_plans import EvaluationPlan
from admin_app.models.fields import enum, field, link
from admin_app.models.mediators import Mediator
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.rules.dates import plausible, today
from admin_app.rules.evaluations import EvaluationState, Half
from admin_app.rules.findings import Finding
from admin_app.rules.measures import BY_HAND, Evidence, Measure
from admin_app.rules.standards import Item, Way

RESULT, APPRAISAL, APPEAL = "结果", "民主评议", "申诉"


def _score(score: Decimal) -> Finding | None:
    return None if 0 <= score <= 100 else Finding("", "考核得分应在 0 至 100 之间")


def _year(year: int) -> Finding | None:
    return None if 2000 <= year <= today().year else Finding("", f"年度应在 2000 至 {today().year} 之间")


def _rules(evaluation: "Evaluation") -> list[Finding]:
    """What is entered by hand is entered whole; of what a plan has drawn it follows."""
    if evaluation.plan_id is not None:
        return []
    asked = (("score", "请填写得分"), ("evaluated_on", "请填写考核日期"))
    return [Finding(name, sentence) for name, sentence in asked if getattr(evaluation, name) is None]


def _locked(evaluation: "Evaluation") -> str | None:
    by_hand = evaluation.plan_id is None
    return None if by_hand else "这份考核由考核计划取数产生，得分按标准计算，不能直接修改，请按步骤办理。"


def _votes(label: str) -> Any:
    return field(f"“{label}”票", Integer(), form="step", section=APPRAISAL)


@register(
    "evaluation",
    "考核",
    "考评",
    order=("-year", "-id"),
    trail={"items": "考核项目"},
    fixed=("items",),
    rules=_rules,
    locked=_locked,
    unique=("mediator_id", "committee_id", "year", "half"),
    again=True,
)
class Evaluation(Located, Kept, Base):
    """One mediator's or one committee's result for one period.

    Score, level and coefficient of a drawn one are blank until it is published: nobody types them. One that
    is entered by hand names a mediator, or a committee, and gives the score, from which the level follows;
    a book of former years may give the level too, and that stands.
    """

    __tablename__ = "evaluations"
    dated = "evaluated_on"
    __table_args__ = (
        *scope_indexes("evaluations", "year", "id"),
        *scope_indexes("evaluations", "state", "id", by="state"),
        Index("ix_evaluations_mediator", "mediator_id"),
        Index("ix_evaluations_committee", "committee_id"),
        Index("ix_evaluations_plan", "plan_id", "path", "id"),
    )

    mediator_id: Mapped[int | None] = link(
        "被考核调解员",
        "mediators.id",
        listed=True,
        queried=True,
        form="create",
        places=True,
        help="考核调委会的不用选",
    )
    committee_id: Mapped[int] = link(
        "所属调委会",
        "committees.id",
        nullable=False,
        required=False,
        listed=True,
        form="create",
        help="考核调解员的不用选，按调解员所在的调委会",
    )
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")
    # By name, as it was then: titles name whoever is evaluated without asking for them.
    who: Mapped[str] = field("被考核人", String(100), nullable=False, required=False, form="never")
    plan_id: Mapped[int | None] = link("考核计划", "evaluation_plans.id", queried=True, form="never")
    year: Mapped[int] = field(
        "年度", Integer(), nullable=False, listed=True, queried=True, sortable=True, checks=(_year,)
    )
    half: Mapped[Half] = field("考核周期", enum(Half), nullable=False, listed=True, queried=True)
    state: Mapped[EvaluationState] = field(
        "状态",
        enum(EvaluationState),
        nullable=False,
        default=EvaluationState.FINAL,
        listed=True,
        queried=True,
        form="never",
    )
    score: Mapped[Decimal | None] = field(
        "得分",
        Numeric(6, 2),
        listed=True,
        sortable=True,
        checks=(_score,),
        section=RESULT,
    )
    level: Mapped[str | None] = field(
        "等次", String(30), listed=True, queried=True, form="never", section=RESULT
    )
    coefficient: Mapped[Decimal | None] = field("系数", Numeric(5, 2), form="never", section=RESULT)
    evaluated_on: Mapped[date | None] = field(
        "考核日期", Date(), from_today=True, checks=(plausible,), section=RESULT
    )
    comment: Mapped[str | None] = field("评语", Text(), wide=True, section=RESULT)
    exemption: Mapped[str | None] = field("不参加的原因", Text(), form="step", wide=True, section=RESULT)
    votes_excellent: Mapped[int | None] = _votes("优秀")
    votes_good: Mapped[int | None] = _votes("良好")
    votes_passed: Mapped[int | None] = _votes("合格")
    votes_failed: Mapped[int | None] = _votes("不合格")
    appeal: Mapped[str | None] = field("申诉理由", Text(), form="step", wide=True, section=APPEAL)
    answer: Mapped[str | None] = field("申诉答复", Text(), form="step", wide=True, section=APPEAL)

    mediator: Mapped[Mediator | None] = relationship(lazy="raise_on_sql")
    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")
    plan: Mapped[EvaluationPlan | None] = relationship(lazy="raise_on_sql")
    items: Mapped[list["EvaluationItem"]] = relationship(
        back_populates="evaluation", cascade="all, delete-orphan", order_by="EvaluationItem.position"
    )
    steps: Mapped[list["EvaluationStep"]] = relationship(
        back_populates="evaluation", order_by="EvaluationStep.id"
    )

    @property
    def votes(self) -> tuple[int, int, int, int]:
        """The votes of the appraisal, the best first."""
        return (
            self.votes_excellent or 0,
            self.votes_good or 0,
            self.votes_passed or 0,
            self.votes_failed or 0,
        )

    def __str__(self) -> str:
        return f"{self.who} {self.year} 年{self.half.label}考核"


class EvaluationItem(Part, Base):
    """One item of the standard as it stood when the figures were drawn, with what was found and given.

    `value`, `hit`, `of` and `behind` are the frozen figure and the ids it came from; `own` is the subject's,
    `given` the reviewer's number, of an appraisal what the votes are worth; `corrected` are the points after
    an appeal. `got` are the points that count, reckoned by `rules.standards` from the rest.
    """

    __tablename__ = "evaluation_items"
    owner = "evaluation"

    evaluation_id: Mapped[int] = fk("evaluations.id")
    position: Mapped[int] = mapped_column(Integer, nullable=False)
    label: Mapped[str] = field("项目", String(100), nullable=False, form="never")
    rank: Mapped[int | None] = mapped_column(Integer)
    measure: Mapped[Measure] = field("指标", enum(Measure), nullable=False, form="never")
    way: Mapped[Way] = field("计分方式", enum(Way), nullable=False, form="never")
    threshold: Mapped[Decimal | None] = field("要求", Numeric(10, 2), form="never")
    points: Mapped[Decimal] = field("分值", Numeric(8, 2), nullable=False, form="never")
    cap: Mapped[Decimal | None] = field("最多", Numeric(8, 2), form="never")
    value: Mapped[Decimal | None] = field("数据", Numeric(10, 2), form="never")
    hit: Mapped[int] = mapped_column(Integer, default=0, nullable=False)
    of: Mapped[int] = mapped_column(Integer, default=0, nullable=False)
    behind: Mapped[list[Any]] = mapped_column(JSON, default=list, nullable=False)
    own: Mapped[Decimal | None] = field("自评", Numeric(8, 2), form="step")
    given: Mapped[Decimal | None] = field("评分", Numeric(8, 2), form="step")
    corrected: Mapped[Decimal | None] = field("申诉后得分", Numeric(8, 2), form="step")
    got: Mapped[Decimal] = field("得分", Numeric(8, 2), default=Decimal(0), nullable=False, form="never")
    reason: Mapped[str | None] = field("说明", String(200), form="step")
    evaluation: Mapped[Evaluation] = relationship(back_populates="items")

    @property
    def item(self) -> Item:
        """What the standard asked, for the rules; its id is the line's."""
        return Item(
            self.id,
            self.label,
            self.measure,
            self.way,
            self.threshold,
            self.points,
            self.cap,
            self.rank,
        )

    @property
    def evidence(self) -> Evidence:
        """The frozen figure."""
        behind = tuple((word, tuple(ids)) for word, ids in self.behind)
        return Evidence(self.value, self.hit, self.of, behind)

    @property
    def asks(self) -> bool:
        """Whether a reviewer gives its number: nothing counts it, nobody votes on it."""
        return self.measure in BY_HAND and self.measure is not Measure.APPRAISAL

    def __str__(self) -> str:
        return self.label


class EvaluationStep(Passed, Base):
    """The row that a step of an evaluation leaves."""

    __tablename__ = "evaluation_steps"

    evaluation_id: Mapped[int] = fk("evaluations.id")
    source: Mapped[EvaluationState] = mapped_column(enum(EvaluationState), nullable=False)
    target: Mapped[EvaluationState] = mapped_column(enum(EvaluationState), nullable=False)
    evaluation: Mapped[Evaluation] = relationship(back_populates="steps")


def _period(name: str, *columns: Any, where: Any) -> Index:
    return Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


_LIVE = Evaluation.removed_at.is_(None)
# Nobody is evaluated twice for a period: of a mediator's it is the mediator, of a committee's the committee.
_period("uq_evaluations_period", Evaluation.mediator_id, Evaluation.year, Evaluation.half, where=_LIVE)
_period(
    "uq_evaluations_committee_period",
    Evaluation.committee_id,
    Evaluation.year,
    Evaluation.half,
    where=_LIVE & Evaluation.mediator_id.is_(None),
)
