"""Trainings 培训班 of the mediators, planned and held, and who was there (M08; SYS 调解员教育培训)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from admin_app.models.base import Base, Kept, Located, Moment, Part, fk, scope_indexes
from admin_app.models.fields import code, enum, field, link
from admin_app.models.mediators import Mediator
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.rules.dates import plausible_term, today
from admin_app.rules.findings import Finding
from admin_app.rules.search import Sought
from admin_app.rules.trainings import PRESENT, Mark, TrainingState, days_findings, hours_finding

HOLDING = "办班"
RESULT = "举办情况"


def _year(year: int) -> Finding | None:
    last = today().year + 1
    return None if 2000 <= year <= last else Finding("", f"年度应在 2000 至 {last} 之间")


def _somebody(people: int) -> Finding | None:
    return None if 1 <= people <= 10_000 else Finding("", "计划人数应在 1 至 10000 之间")


def _locked(training: "Training") -> str | None:
    cancelled = training.state is TrainingState.CANCELLED
    return "培训班已取消，不能再修改；要继续办，请先点“改回计划”。" if cancelled else None


def _rules(training: "Training") -> list[Finding]:
    return days_findings(training.held_from, training.held_until)


@register(
    "training",
    "培训班",
    "考评",
    order=("-year", "-id"),
    trail={"attendances": "参训人员"},
    rules=_rules,
    locked=_locked,
    making="登记",
)
class Training(Located, Kept, Base):
    """One class of a year's plan. Its hours count once it is held, for those who were present."""

    __tablename__ = "trainings"
    __table_args__ = (
        *scope_indexes("trainings", "year", "id"),
        Index("ix_trainings_held", "state", "held_from"),
        CheckConstraint("hours >= 0", name="hours"),
    )

    title: Mapped[str] = field(
        "名称", String(100), nullable=False, listed=True, queried=True, wide=True, sought=Sought.TITLE
    )
    issue: Mapped[str | None] = field("期次", String(30), listed=True, help="如“第一期”；只办一期就不填")
    year: Mapped[int] = field(
        "计划年度", Integer(), nullable=False, listed=True, queried=True, sortable=True, checks=(_year,)
    )
    kind: Mapped[str] = code("培训类别", "training_kind", nullable=False, listed=True, queried=True)
    level: Mapped[str] = code("培训层级", "training_level", nullable=False, listed=True, queried=True)
    way: Mapped[str | None] = code("培训方式", "training_way", queried=True)
    unit_id: Mapped[int] = link(
        "主办单位", "units.id", nullable=False, listed=True, queried=True, form="create", places=True
    )
    hours: Mapped[Decimal] = field(
        "学时",
        Numeric(5, 1),
        nullable=False,
        listed=True,
        checks=(hours_finding,),
        help="到了的人按这个数记，个别人不一样的可以单独改",
    )
    capacity: Mapped[int | None] = field("计划人数", Integer(), checks=(_somebody,))
    planned_days: Mapped[Decimal | None] = field("计划天数", Numeric(4, 1))
    content: Mapped[str | None] = field("培训内容", Text(), wide=True)
    held_from: Mapped[date | None] = field(
        "开始日期",
        Date(),
        listed=True,
        queried=True,
        sortable=True,
        checks=(plausible_term,),
        section=HOLDING,
    )
    held_until: Mapped[date | None] = field("结束日期", Date(), checks=(plausible_term,), section=HOLDING)
    place: Mapped[str | None] = field("地点", String(100), section=HOLDING, wide=True)
    teachers: Mapped[str | None] = field("授课人", String(200), section=HOLDING, wide=True)
    state: Mapped[TrainingState] = field(
        "状态",
        enum(TrainingState),
        nullable=False,
        default=TrainingState.PLANNED,
        listed=True,
        queried=True,
        form="never",
    )
    cancel_reason: Mapped[str | None] = field("取消原因", String(200), form="step", section=RESULT)
    remark: Mapped[str | None] = field("备注", String(500), wide=True, section=RESULT)
    # What the attendees' committees were told last: when, where.
    told: Mapped[str | None] = mapped_column(String(300))

    attendances: Mapped[list["Attendance"]] = relationship(
        back_populates="training", cascade="all, delete-orphan", order_by="Attendance.id"
    )
    steps: Mapped[list["TrainingStep"]] = relationship(back_populates="training", order_by="TrainingStep.id")

    def __str__(self) -> str:
        return f"{self.title}（{self.issue}）" if self.issue else self.title


class Attendance(Part, Base):
    """One person on the list of a training; nobody stands there twice. `present` follows from the mark."""

    __tablename__ = "attendances"
    owner = "training"
    __table_args__ = (
        Index("uq_attendances_person", "training_id", "mediator_id", unique=True),
        Index("ix_attendances_mediator", "mediator_id", "present", "training_id", "hours"),
        CheckConstraint("hours >= 0", name="hours"),
    )

    training_id: Mapped[int] = mapped_column(ForeignKey("trainings.id", ondelete="CASCADE"), nullable=False)
    mediator_id: Mapped[int] = link("调解员", "mediators.id", nullable=False, form="create")
    mark: Mapped[Mark] = field("签到", enum(Mark), nullable=False, default=Mark.EXPECTED)
    hours: Mapped[Decimal] = field("学时", Numeric(5, 1), nullable=False, checks=(hours_finding,))
    arrived_at: Mapped[datetime | None] = field("签到时间", Moment(), form="never")
    present: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    remark: Mapped[str | None] = field("备注", String(200))
    training: Mapped[Training] = relationship(back_populates="attendances")
    mediator: Mapped[Mediator] = relationship(lazy="selectin")

    @validates("mark")
    def _presence(self, key: str, mark: Mark) -> Any:
        """Whoever was there gets the hours."""
        self.present = mark in PRESENT
        return mark

    def __str__(self) -> str:
        return str(self.mediator) if self.mediator else ""


class TrainingStep(Passed, Base):
    """The row that a step of a training leaves."""

    __tablename__ = "training_steps"

    training_id: Mapped[int] = fk("trainings.id")
    source: Mapped[TrainingState] = mapped_column(enum(TrainingState), nullable=False)
    target: Mapped[TrainingState] = mapped_column(enum(TrainingState), nullable=False)
    training: Mapped[Training] = relationship(back_populates="steps")
