"""Circulars 通报 to units below and beside, with a receipt of each unit and each reader (M26)."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Boolean, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, Moment, Part, Path, fk, scope_indexes
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.models.units import Unit
from admin_app.rules.circulars import CircularState
from admin_app.rules.findings import Finding
from admin_app.rules.search import Sought

if TYPE_CHECKING:
    from admin_app.models.users import User


def _locked(circular: "Circular") -> str | None:
    return None if circular.state is CircularState.DRAFT else f"通报{circular.state.label}，不能再修改。"


def _rules(circular: "Circular") -> list[Finding]:
    return [] if circular.recipients else [Finding("recipients", "请至少选一个接收单位")]


@register(
    "circular",
    "通报",
    "排查预防",
    order=("-id",),
    parts={"recipients": "接收单位"},
    rules=_rules,
    locked=_locked,
    making="起草",
)
class Circular(Located, Kept, Base):
    """One text from one unit to many. Once sent it stays as it is; whoever reads it signs for it."""

    __tablename__ = "circulars"
    __table_args__ = (*scope_indexes("circulars", "id"), Index("ix_circulars_unit", "unit_id", "id"))

    title: Mapped[str] = field(
        "标题", String(100), nullable=False, listed=True, queried=True, wide=True, sought=Sought.TITLE
    )
    kind: Mapped[str] = code("类别", "circular_kind", nullable=False, listed=True, queried=True)
    number: Mapped[str | None] = field(
        "文号", String(60), listed=True, help="有文号的才填", sought=Sought.NUMBER
    )
    unit_id: Mapped[int] = link(
        "发出单位", "units.id", nullable=False, listed=True, queried=True, form="create", places=True
    )
    text: Mapped[str] = field("正文", Text(), nullable=False, wide=True)
    state: Mapped[CircularState] = field(
        "状态",
        enum(CircularState),
        nullable=False,
        default=CircularState.DRAFT,
        listed=True,
        queried=True,
        form="never",
    )
    sent_at: Mapped[datetime | None] = field("发出时间", Moment(), listed=True, form="never", section="发出")
    sender: Mapped[str | None] = field("发出人", String(50), form="never", section="发出")
    withdraw_reason: Mapped[str | None] = field("撤回原因", String(200), form="step", section="发出")

    recipients: Mapped[list["Recipient"]] = relationship(
        back_populates="circular",
        cascade="all, delete-orphan",
        order_by="Recipient.id",
        lazy="selectin",
    )
    steps: Mapped[list["CircularStep"]] = relationship(back_populates="circular", order_by="CircularStep.id")

    def __str__(self) -> str:
        return self.title


class Recipient(Part, Base):
    """A unit to which a circular goes, or with one tick a whole subtree. `path` is the unit's."""

    __tablename__ = "recipients"
    owner = "circular"
    __table_args__ = (Index("ix_recipients_path", "path", "circular_id"),)

    circular_id: Mapped[int] = fk("circulars.id")
    unit_id: Mapped[int] = link("单位", "units.id", nullable=False)
    whole: Mapped[bool | None] = field("连同它下面的所有单位", Boolean())
    path: Mapped[str] = mapped_column(Path, nullable=False)
    circular: Mapped[Circular] = relationship(back_populates="recipients")

    def __str__(self) -> str:
        return self.path


class Receipt(Base):
    """What one unit owes for a circular: that somebody of it has read it, who first, and when."""

    __tablename__ = "receipts"
    __table_args__ = (
        Index("uq_receipts_unit", "circular_id", "unit_id", unique=True),
        Index("ix_receipts_unit", "unit_id", "circular_id"),
    )

    circular_id: Mapped[int] = mapped_column(ForeignKey("circulars.id", ondelete="CASCADE"), nullable=False)
    unit_id: Mapped[int] = mapped_column(ForeignKey("units.id"), nullable=False)
    path: Mapped[str] = mapped_column(Path, nullable=False)
    read_at: Mapped[datetime | None] = mapped_column(Moment)
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    unit: Mapped[Unit] = relationship(lazy="raise_on_sql")
    reader: Mapped["User | None"] = relationship(lazy="raise_on_sql")


class Reading(Base):
    """One person who has read a circular, and when."""

    __tablename__ = "readings"
    __table_args__ = (Index("uq_readings_person", "user_id", "circular_id", unique=True),)

    circular_id: Mapped[int] = fk("circulars.id")
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), nullable=False)
    at: Mapped[datetime] = mapped_column(Moment, nullable=False)
    user: Mapped["User"] = relationship(lazy="raise_on_sql")


class CircularStep(Passed, Base):
    """The row that a step of a circular leaves."""

    __tablename__ = "circular_steps"

    circular_id: Mapped[int] = fk("circulars.id")
    source: Mapped[CircularState] = mapped_column(enum(CircularState), nullable=False)
    target: Mapped[CircularState] = mapped_column(enum(CircularState), nullable=False)
    circular: Mapped[Circular] = relationship(back_populates="steps")
