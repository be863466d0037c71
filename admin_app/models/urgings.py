"""Supervisions 督办 of what is late or grave (M21; lifecycle.md 4, 5)."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, Index, Integer, String, Text, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Moment, Number, Path, fk, path_under, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.models.units import Unit
from admin_app.rules.dates import plausible_term
from admin_app.rules.search import Sought
from admin_app.rules.tiers import covers
from admin_app.rules.urgings import UNCLOSED, About, UrgingState


def _locked(urging: "Urging") -> str | None:
    return None if urging.state is UrgingState.ISSUED else f"督办{urging.state.label}，不能再修改。"


@register("urging", "督办", "案件管理", order=("-id",), locked=_locked, making="")
class Urging(Kept, Base):
    """A superior asks after a case, or another thing: `about` its register, `about_id` the record.

    `path` is the superior's; whoever is asked stands at `to_path`. `case_id` is the case that it concerns.
    """

    __tablename__ = "urgings"
    __table_args__ = (
        *scope_indexes("urgings", "id"),
        *scope_indexes("urgings", "id", by="to", path="to_path", ends=("to_path", "removed_at")),
        Index("ix_urgings_committee", "committee_id", "id"),
        Index("ix_urgings_case", "case_id"),
        Index("ix_urgings_about", "about_id", "about"),
        Index("uq_urgings_number", "number", unique=True),
        # The daily job puts a thing under supervision once.
        Index("uq_urgings_key", "key", unique=True),
    )

    number: Mapped[str] = field(
        "督办编号", Number, nullable=False, listed=True, queried=True, form="never", sought=Sought.NUMBER
    )
    about: Mapped[About] = field(
        "督办什么", enum(About), nullable=False, listed=True, queried=True, form="never"
    )
    subject: Mapped[str] = field(
        "督办事项",
        String(200),
        nullable=False,
        listed=True,
        queried=True,
        form="never",
        wide=True,
        sought=Sought.TITLE,
    )
    case_id: Mapped[int | None] = link("案件", "cases.id", form="never", wide=True)
    unit_id: Mapped[int] = link("督办单位", "units.id", nullable=False, listed=True, form="never")
    to_unit_id: Mapped[int] = link("被督办单位", "units.id", nullable=False, listed=True, form="never")
    reason: Mapped[str] = field("督办事由", Text(), nullable=False, wide=True, listed=True)
    due_on: Mapped[date] = field(
        "答复期限",
        Date(),
        nullable=False,
        required=False,
        listed=True,
        queried=True,
        sortable=True,
        deadline=True,
        checks=(plausible_term,),
        help="不填就按参数里的督办期限",
    )
    state: Mapped[UrgingState] = field(
        "状态",
        enum(UrgingState),
        nullable=False,
        default=UrgingState.ISSUED,
        listed=True,
        queried=True,
        form="never",
    )
    answer: Mapped[str | None] = field("答复", Text(), form="step", section="答复", wide=True)
    issued_at: Mapped[datetime] = field("发出时间", Moment(), nullable=False, form="never", section="答复")
    answered_at: Mapped[datetime | None] = field("答复时间", Moment(), form="never", section="答复")
    about_id: Mapped[int] = mapped_column(Integer, nullable=False)
    key: Mapped[str | None] = mapped_column(String(60))
    path: Mapped[str] = mapped_column(Path, nullable=False)
    to_path: Mapped[str] = mapped_column(Path, nullable=False)
    committee_id: Mapped[int | None] = link("被督办调委会", "committees.id", form="never")

    committee: Mapped[Committee | None] = relationship(lazy="raise_on_sql")
    case: Mapped[Case | None] = relationship(back_populates="urgings", lazy="raise_on_sql")
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")
    to_unit: Mapped[Unit] = relationship(foreign_keys=[to_unit_id], lazy="raise_on_sql")
    steps: Mapped[list["UrgingStep"]] = relationship(back_populates="urging", order_by="UrgingStep.id")

    @classmethod
    def under(cls, path: str) -> ColumnElement[bool]:
        """Both ends: who asks, and who is asked."""
        return or_(path_under(cls.path, path), path_under(cls.to_path, path))

    def is_under(self, path: str) -> bool:
        return covers(path, self.path) or covers(path, self.to_path)

    @classmethod
    def unclosed(cls) -> ColumnElement[bool]:
        """SQL: it is not over yet."""
        return cls.state.in_(UNCLOSED)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the deadline still runs."""
        return cls.state == UrgingState.ISSUED

    @property
    def waits(self) -> bool:
        """Whether its deadline still runs."""
        return self.state is UrgingState.ISSUED

    def __str__(self) -> str:
        return self.number


class UrgingStep(Passed, Base):
    """The row that a step of a supervision leaves."""

    __tablename__ = "urging_steps"

    urging_id: Mapped[int] = fk("urgings.id")
    source: Mapped[UrgingState] = mapped_column(enum(UrgingState), nullable=False)
    target: Mapped[UrgingState] = mapped_column(enum(UrgingState), nullable=False)
    urging: Mapped[Urging] = relationship(back_populates="steps")
