"""Evaluation plans 考核计划: who is evaluated, for which period, by which standard (lifecycle.md 5; S0)."""

from datetime import date

from sqlalchemy import ColumnElement, Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, fk, scope_indexes
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.models.standards import Standard
from admin_app.models.steps import Passed
from admin_app.rules.dates import plausible_term, today
from admin_app.rules.evaluation_plans import PlanState
from admin_app.rules.evaluations import Half
from admin_app.rules.findings import Finding
from admin_app.rules.measures import Subject

_WAITING = (PlanState.PREPARING, PlanState.RUNNING)
_PERIOD = "考核期间"


def _year(year: int) -> Finding | None:
    return None if 2000 <= year <= today().year else Finding("", f"年度应在 2000 至 {today().year} 之间")


def _rules(plan: "EvaluationPlan") -> list[Finding]:
    if plan.since and plan.until and plan.until < plan.since:
        return [Finding("until", f"截止日期不能早于起始日期（{plan.since.isoformat()}）")]
    return []


def _locked(plan: "EvaluationPlan") -> str | None:
    preparing = plan.state is PlanState.PREPARING
    return None if preparing else f"考核计划{plan.state.label}，不能再修改。"


@register(
    "evaluation_plan",
    "考核计划",
    "考评",
    order=("-year", "-id"),
    rules=_rules,
    locked=_locked,
    making="制定",
)
class EvaluationPlan(Located, Kept, Base):
    """One round of evaluation under a unit. Once its figures are drawn, what it asks stays as it is."""

    __tablename__ = "evaluation_plans"
    __table_args__ = (
        *scope_indexes("evaluation_plans", "year", "id"),
        Index("ix_evaluation_plans_path", "path"),
        Index("ix_evaluation_plans_standard", "standard_id"),
    )

    title: Mapped[str] = field("名称", String(100), nullable=False, listed=True, queried=True)
    standard_id: Mapped[int] = link(
        "考核标准",
        "standards.id",
        nullable=False,
        listed=True,
        help="选已发布的考核标准；取数以后不能再换",
    )
    unit_id: Mapped[int] = link(
        "组织单位", "units.id", nullable=False, listed=True, queried=True, form="create", places=True
    )
    year: Mapped[int] = field(
        "年度", Integer(), nullable=False, listed=True, queried=True, sortable=True, checks=(_year,)
    )
    half: Mapped[Half] = field("考核周期", enum(Half), nullable=False, listed=True, queried=True)
    full_time: Mapped[str | None] = code(
        "考核对象", "full_time", help="不选就是全部在册调解员；考核调委会时不用选"
    )
    state: Mapped[PlanState] = field(
        "状态",
        enum(PlanState),
        nullable=False,
        default=PlanState.PREPARING,
        listed=True,
        queried=True,
        form="never",
    )
    since: Mapped[date | None] = field(
        "数据从", Date(), section=_PERIOD, checks=(plausible_term,), help="不填就按考核周期"
    )
    until: Mapped[date | None] = field(
        "数据到", Date(), section=_PERIOD, checks=(plausible_term,), help="不填就按考核周期"
    )
    self_until: Mapped[date | None] = field(
        "自评截止",
        Date(),
        section=_PERIOD,
        checks=(plausible_term,),
        help="填了就请本人先自评，到这一天为止；不填就不用自评",
    )
    due_on: Mapped[date | None] = field(
        "办结期限",
        Date(),
        section=_PERIOD,
        listed=True,
        deadline=True,
        checks=(plausible_term,),
        help="评分、评议、公布要在这一天以前做完",
    )
    drawn_on: Mapped[date | None] = field("取数日期", Date(), section=_PERIOD, form="never")
    published_on: Mapped[date | None] = field("公布日期", Date(), section=_PERIOD, form="never")
    appeal_until: Mapped[date | None] = field("申诉截止", Date(), section=_PERIOD, form="never")
    remark: Mapped[str | None] = field("说明", Text(), wide=True)

    standard: Mapped[Standard] = relationship(lazy="raise_on_sql")
    steps: Mapped[list["EvaluationPlanStep"]] = relationship(
        back_populates="evaluation_plan", order_by="EvaluationPlanStep.id"
    )

    @property
    def subject(self) -> Subject:
        """Whom it evaluates: its standard says so."""
        return self.standard.subject

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the deadline still runs."""
        return cls.state.in_(_WAITING)

    @property
    def waits(self) -> bool:
        """Whether its deadline still runs."""
        return self.state in _WAITING

    def __str__(self) -> str:
        return self.title


class EvaluationPlanStep(Passed, Base):
    """The row that a step of a plan leaves."""

    __tablename__ = "evaluation_plan_steps"

    evaluation_plan_id: Mapped[int] = fk("evaluation_plans.id")
    source: Mapped[PlanState] = mapped_column(enum(PlanState), nullable=False)
    target: Mapped[PlanState] = mapped_column(enum(PlanState), nullable=False)
    evaluation_plan: Mapped[EvaluationPlan] = relationship(back_populates="steps")
