"""Screenings 排查: what a unit owes for a period, what it reported, and who reviewed it (M23)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Date, Index, String, Text, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, fk, scope_indexes, standing, stands_in
from admin_app.models.cadences import KeyPeriod
from admin_app.models.committees import Committee
from admin_app.models.fields import enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.models.urged import Urged
from admin_app.rules.cadences import Every
from admin_app.rules.dates import plausible
from admin_app.rules.screenings import Found, ScreeningState, late

if TYPE_CHECKING:
    from admin_app.models.finds import Find

_DUE: Any = literal_column("state = 'due'")
_REPORTED = "state = 'reported'"
_REGULAR: Any = literal_column("key_period_id IS NULL")
_KEY: Any = literal_column("key_period_id IS NOT NULL")


def _locked(screening: "Screening") -> str | None:
    if screening.state is ScreeningState.REPORTED:
        return None
    return f"排查{screening.state.label}，不能修改；报告过、还没有审核的才能改。"


@register(
    "screening",
    "排查任务",
    "排查预防",
    order=("-until", "-id"),
    locked=_locked,
    making="",
    keeps=False,
)
class Screening(Urged, Located, Kept, Base):
    """One period of one unit. Made by the daily job and never by hand; its own row is its deadline."""

    urged_as = "screening"
    __tablename__ = "screenings"
    __table_args__ = (
        *scope_indexes("screenings", "until", "id"),
        Index("ix_screenings_committee", "committee_id", "until", "id"),
        Index("ix_screenings_due", "unit_id", "due_on", sqlite_where=_DUE, postgresql_where=_DUE),
        Index(
            "ix_screenings_due_committee",
            *("committee_id", "due_on"),
            sqlite_where=_DUE,
            postgresql_where=_DUE,
        ),
        *scope_indexes("screenings", "due_on", "id", by="waiting", where=standing([ScreeningState.DUE])),
        *scope_indexes("screenings", "due_on", "id", by="reported", where=_REPORTED, ends=("path",)),
        # The board counts a month of a whole city without touching the table.
        Index(
            "ix_screenings_board",
            *("until", "path", "state", "found", "due_on", "reported_on", "unit_id", "committee_id"),
            "removed_at",
        ),
        Index(
            "uq_screenings_period",
            *("unit_id", "every", "since"),
            unique=True,
            sqlite_where=_REGULAR,
            postgresql_where=_REGULAR,
        ),
        Index(
            "uq_screenings_key",
            *("unit_id", "key_period_id", "since"),
            unique=True,
            sqlite_where=_KEY,
            postgresql_where=_KEY,
        ),
    )

    unit_id: Mapped[int] = link("排查单位", "units.id", nullable=False, listed=True, form="never")
    every: Mapped[Every] = field(
        "排查周期", enum(Every), nullable=False, listed=True, queried=True, form="never"
    )
    since: Mapped[date] = field("从哪天起", Date(), nullable=False, listed=True, form="never")
    until: Mapped[date] = field(
        "到哪天止", Date(), nullable=False, listed=True, queried=True, sortable=True, form="never"
    )
    due_on: Mapped[date] = field(
        "报告期限", Date(), nullable=False, listed=True, queried=True, deadline=True, form="never"
    )
    state: Mapped[ScreeningState] = field(
        "状态",
        enum(ScreeningState),
        nullable=False,
        default=ScreeningState.DUE,
        listed=True,
        queried=True,
        form="never",
    )
    found: Mapped[Found | None] = field("报告内容", enum(Found), listed=True, queried=True, form="never")
    reported_on: Mapped[date | None] = field("报告日期", Date(), listed=True, form="never")
    key_period_id: Mapped[int | None] = link("敏感期", "key_periods.id", form="never")
    committee_id: Mapped[int | None] = link("调委会", "committees.id", form="never")
    screened_on: Mapped[date | None] = field(
        "排查日期", Date(), form="step", section="排查报告", checks=(plausible,)
    )
    screeners: Mapped[str | None] = field("排查人", String(100), form="step", section="排查报告")
    remark: Mapped[str | None] = field("备注", String(200), section="排查报告", wide=True)
    opinion: Mapped[str | None] = field(
        "审核意见", Text(), form="step", section="审核", wide=True, help="退回时写明要补什么"
    )

    committee: Mapped[Committee | None] = relationship(lazy="raise_on_sql")
    key_period: Mapped[KeyPeriod | None] = relationship(lazy="raise_on_sql")
    # Those in the recycle bin are reported no longer.
    finds: Mapped[list["Find"]] = relationship(
        primaryjoin="and_(Find.screening_id == Screening.id, Find.removed_at.is_(None))",
        back_populates="screening",
        order_by="Find.id",
    )
    steps: Mapped[list["ScreeningStep"]] = relationship(
        back_populates="screening", order_by="ScreeningStep.id"
    )

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the deadline still runs."""
        return stands_in(cls.state, [ScreeningState.DUE])

    @property
    def waits(self) -> bool:
        """Whether its deadline still runs."""
        return self.state is ScreeningState.DUE

    def late_on(self, day: date) -> bool:
        """Reported after its day, or still owed on a later one."""
        return late(self.due_on, self.reported_on, day)

    def __str__(self) -> str:
        end = f" 至 {self.until:%m-%d}" if self.until > self.since else ""
        return f"{self.since:%Y-%m-%d}{end} {self.every.label}排查"


class ScreeningStep(Passed, Base):
    """The row that a step of a screening leaves."""

    __tablename__ = "screening_steps"

    screening_id: Mapped[int] = fk("screenings.id")
    source: Mapped[ScreeningState] = mapped_column(enum(ScreeningState), nullable=False)
    target: Mapped[ScreeningState] = mapped_column(enum(ScreeningState), nullable=False)
    screening: Mapped[Screening] = relationship(back_populates="steps")
