"""Requests for help on a case 协同: units that join 联动调处, experts who advise 专家咨询 (M05, M16)."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Boolean, ColumnElement, Date, Index, Numeric, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Moment, Path, fk, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.experts import Expert
from admin_app.models.fields import enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.models.units import Unit
from admin_app.rules.assistances import AssistanceState, helper_findings
from admin_app.rules.dates import plausible_term
from admin_app.rules.findings import Finding


def _rules(assistance: "Assistance") -> list[Finding]:
    return helper_findings(unit=assistance.unit_id is not None, expert=assistance.expert_id is not None)


def _locked(assistance: "Assistance") -> str | None:
    if assistance.state is AssistanceState.ASKED:
        return None
    return f"这件协同{assistance.state.label}，不能再修改。"


@register("assistance", "协同", "案件管理", order=("-id",), rules=_rules, locked=_locked, making="")
class Assistance(Kept, Base):
    """One helper, one task, one answer. `path` is the helper's unit, whose people see the case."""

    __tablename__ = "assistances"
    __table_args__ = (
        *scope_indexes("assistances", "id"),
        Index("ix_assistances_case", "case_id"),
        Index("ix_assistances_expert", "expert_id"),
    )

    case_id: Mapped[int] = link("案件", "cases.id", nullable=False, listed=True, form="never")
    unit_id: Mapped[int | None] = link("参加单位", "units.id", listed=True, queried=True, form="create")
    expert_id: Mapped[int | None] = link("专家", "experts.id", listed=True, queried=True, form="create")
    leads: Mapped[bool | None] = field("由该单位牵头", Boolean(), listed=True)
    task: Mapped[str] = field("请其做什么", Text(), nullable=False, wide=True, listed=True)
    due_on: Mapped[date | None] = field(
        "反馈期限", Date(), listed=True, queried=True, sortable=True, deadline=True, checks=(plausible_term,)
    )
    state: Mapped[AssistanceState] = field(
        "状态",
        enum(AssistanceState),
        nullable=False,
        default=AssistanceState.ASKED,
        listed=True,
        queried=True,
        form="never",
    )
    answer: Mapped[str | None] = field("反馈意见", Text(), form="step", section="反馈", wide=True)
    fee: Mapped[Decimal | None] = field(
        "咨询费（元）", Numeric(10, 2), form="step", section="反馈", money=True
    )
    asked_at: Mapped[datetime] = field("发出时间", Moment(), nullable=False, form="never", section="反馈")
    answered_at: Mapped[datetime | None] = field("反馈时间", Moment(), form="never", section="反馈")
    path: Mapped[str] = mapped_column(Path, nullable=False)  # of the helper: its unit, or the expert's

    # Who holds the case decides who sees the request, so the policy asks for it.
    case: Mapped[Case] = relationship(back_populates="assistances")
    unit: Mapped[Unit | None] = relationship(lazy="raise_on_sql")
    expert: Mapped[Expert | None] = relationship(lazy="raise_on_sql")
    steps: Mapped[list["AssistanceStep"]] = relationship(
        back_populates="assistance", order_by="AssistanceStep.id"
    )

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the deadline still runs."""
        return cls.state == AssistanceState.ASKED

    @property
    def waits(self) -> bool:
        """Whether its deadline still runs."""
        return self.state is AssistanceState.ASKED

    def __str__(self) -> str:
        return f"协同（{self.state.label}）"


class AssistanceStep(Passed, Base):
    """The row that a step of a request for help leaves."""

    __tablename__ = "assistance_steps"

    assistance_id: Mapped[int] = fk("assistances.id")
    source: Mapped[AssistanceState] = mapped_column(enum(AssistanceState), nullable=False)
    target: Mapped[AssistanceState] = mapped_column(enum(AssistanceState), nullable=False)
    assistance: Mapped[Assistance] = relationship(back_populates="steps")
