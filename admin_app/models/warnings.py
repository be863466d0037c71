"""Early warnings 预警: raised by the daily job from rules, handled and closed by their owner (M24)."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Index, Integer, String, Text, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, Part, Path, fk, scope_indexes
from admin_app.models.committees import Committee
from admin_app.models.fields import enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.models.units import Unit
from admin_app.models.urged import Urged
from admin_app.models.warning_rules import WarningRule
from admin_app.rules.dates import plausible_term
from admin_app.rules.warnings import UNCLOSED, Outcome, Severity, Sign, WarningState

HANDLING = "处置"
_OPEN: Any = literal_column("state <> 'closed'")


def _locked(warning: "EarlyWarning") -> str | None:
    return None if warning.state in UNCLOSED else "预警已关闭，不能再修改。"


@register(
    "warning",
    "预警",
    "排查预防",
    order=("-raised_on", "-id"),
    trail={"lines": "依据"},
    fixed=("lines",),
    locked=_locked,
    making="",
    keeps=False,
)
class EarlyWarning(Urged, Located, Kept, Base):
    """One sign that a rule saw. Unit and path are where it happened; `owner_id` is whose it is to act."""

    urged_as = "warning"
    __tablename__ = "warnings"
    __table_args__ = (
        *scope_indexes("warnings", "raised_on", "id"),
        Index("ix_warnings_committee", "committee_id", "raised_on", "id"),
        Index("ix_warnings_open", "owner_path", "due_on", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_warnings_owner", "owner_id", "state"),
        Index("ix_warnings_rule", "rule_id"),
        # The same evidence warns once, whoever else runs the daily job.
        Index("uq_warnings_key", "key", unique=True),
    )

    raised_on: Mapped[date] = field(
        "预警日期", Date(), nullable=False, listed=True, queried=True, sortable=True, form="never"
    )
    severity: Mapped[Severity] = field(
        "级别", enum(Severity), nullable=False, listed=True, queried=True, form="never"
    )
    sign: Mapped[Sign] = field("情形", enum(Sign), nullable=False, listed=True, queried=True, form="never")
    words: Mapped[str] = field("内容", Text(), nullable=False, listed=True, wide=True, form="never")
    unit_id: Mapped[int] = link("发生单位", "units.id", nullable=False, listed=True, form="never")
    committee_id: Mapped[int | None] = link("相关调委会", "committees.id", form="never")
    owner_id: Mapped[int] = link("处置单位", "units.id", nullable=False, listed=True, form="never")
    rule_id: Mapped[int] = link("预警规则", "warning_rules.id", nullable=False, form="never")
    state: Mapped[WarningState] = field(
        "状态",
        enum(WarningState),
        nullable=False,
        default=WarningState.RAISED,
        listed=True,
        queried=True,
        form="never",
    )
    due_on: Mapped[date] = field(
        "处置期限",
        Date(),
        nullable=False,
        required=False,
        listed=True,
        sortable=True,
        deadline=True,
        form="never",
        section=HANDLING,
        checks=(plausible_term,),
        help="打算哪天以前办完；不改就按原来的期限",
    )
    measures: Mapped[str | None] = field(
        "处置措施", Text(), form="step", section=HANDLING, wide=True, help="派谁去、做了什么、还要做什么"
    )
    outcome: Mapped[Outcome | None] = field(
        "处置结论", enum(Outcome), form="step", section=HANDLING, queried=True
    )
    result: Mapped[str | None] = field("处置结果", Text(), form="step", section=HANDLING, wide=True)
    remark: Mapped[str | None] = field("备注", String(200), section=HANDLING, wide=True)
    closed_on: Mapped[date | None] = field("关闭日期", Date(), form="never", section=HANDLING)
    key: Mapped[str] = mapped_column(String(100), nullable=False)
    owner_path: Mapped[str] = mapped_column(Path, nullable=False)

    owner: Mapped[Unit] = relationship(foreign_keys=[owner_id], lazy="raise_on_sql")
    committee: Mapped[Committee | None] = relationship(lazy="raise_on_sql")
    rule: Mapped[WarningRule] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["WarningLine"]] = relationship(
        back_populates="warning", cascade="all, delete-orphan", order_by="WarningLine.id"
    )
    steps: Mapped[list["WarningStep"]] = relationship(back_populates="warning", order_by="WarningStep.id")

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the deadline still runs."""
        return cls.state.in_(UNCLOSED)

    @property
    def waits(self) -> bool:
        """Whether its deadline still runs."""
        return self.state in UNCLOSED

    def __str__(self) -> str:
        return f"{self.sign.label}（{self.raised_on:%Y-%m-%d} 预警）"


class WarningLine(Part, Base):
    """One record that a warning rests on; it stays as it was when the warning was raised."""

    __tablename__ = "warning_lines"
    __table_args__ = (Index("ix_warning_lines_record", "record_id", "word"),)
    owner = "warning"

    warning_id: Mapped[int] = fk("warnings.id")
    word: Mapped[str] = mapped_column(String(20), nullable=False)
    record_id: Mapped[int] = mapped_column(Integer, nullable=False)
    words: Mapped[str] = field("内容", Text(), nullable=False, wide=True, form="never")
    warning: Mapped[EarlyWarning] = relationship(back_populates="lines")

    def __str__(self) -> str:
        return self.words[:40]


class WarningStep(Passed, Base):
    """The row that a step of a warning leaves."""

    __tablename__ = "warning_steps"

    warning_id: Mapped[int] = fk("warnings.id")
    source: Mapped[WarningState] = mapped_column(enum(WarningState), nullable=False)
    target: Mapped[WarningState] = mapped_column(enum(WarningState), nullable=False)
    warning: Mapped[EarlyWarning] = relationship(back_populates="steps")
