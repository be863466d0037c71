"""Look-back 责任倒查 (M21): what gathers on a committee and its mediators from the cases they held."""

from datetime import date

from sqlalchemy import Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import enum, field, link
from admin_app.models.mediators import Mediator
from admin_app.models.registry import register
from admin_app.rules.dates import plausible
from admin_app.rules.lookbacks import Fault


@register("lookback", "责任倒查", "考评", order=("-happened_on", "-id"))
class Lookback(Located, Kept, Base):
    """One thing that happened to a case, on those who held it then. Evidence to be weighed, no verdict."""

    __tablename__ = "lookbacks"
    __table_args__ = (
        *scope_indexes("lookbacks", "happened_on", "id"),
        Index("ix_lookbacks_committee", "committee_id", "happened_on", "id"),
        Index("ix_lookbacks_mediator", "mediator_id"),
        Index("ix_lookbacks_case", "case_id"),
        Index("uq_lookbacks_key", "key", unique=True),
    )

    fault: Mapped[Fault] = field(
        "情形", enum(Fault), nullable=False, listed=True, queried=True, form="create"
    )
    case_id: Mapped[int] = link(
        "案件", "cases.id", nullable=False, listed=True, form="create", places=True, wide=True
    )
    happened_on: Mapped[date] = field(
        "日期",
        Date(),
        nullable=False,
        listed=True,
        sortable=True,
        queried=True,
        form="create",
        from_today=True,
        checks=(plausible,),
    )
    explanation: Mapped[str] = field("情况", Text(), nullable=False, wide=True, form="create")
    finding: Mapped[str | None] = field("核查结论和处理", Text(), wide=True, section="核查")
    committee_id: Mapped[int] = link(
        "调委会", "committees.id", nullable=False, listed=True, queried=True, form="never"
    )
    mediator_id: Mapped[int | None] = link("调解员", "mediators.id", listed=True, queried=True, form="create")
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")
    # What the panel itself notes is noted once for the same thing.
    key: Mapped[str | None] = mapped_column(String(80))

    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")
    mediator: Mapped[Mediator | None] = relationship(lazy="raise_on_sql")
    case: Mapped[Case] = relationship(lazy="raise_on_sql")

    def __str__(self) -> str:
        return f"{self.fault.label}（{self.happened_on:%Y-%m-%d}）"
