"""Referrals 转办: a case that moves between tiers (M14; lifecycle.md 4)."""

from datetime import date, datetime

from sqlalchemy import Boolean, ColumnElement, Date, ForeignKey, Index, Text, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import (
    Base,
    Kept,
    Moment,
    Number,
    Path,
    fk,
    path_under,
    scope_indexes,
    standing,
    stands_in,
)
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.models.units import Unit
from admin_app.models.urged import Urged
from admin_app.rules.dates import plausible_term
from admin_app.rules.referrals import RUNNING, SEEN_BY_RECEIVER, Direction, ReferralState
from admin_app.rules.search import Sought
from admin_app.rules.tiers import covers

_TO = ("to_path", "removed_at")


def _locked(referral: "Referral") -> str | None:
    return None if referral.state is ReferralState.DRAFT else "转办已经发出，不能再修改。"


@register("referral", "转办", "案件管理", order=("-id",), locked=_locked, making="起草")
class Referral(Urged, Kept, Base):
    """A case on its way from one unit to another. State, number and sending unit are moved by verbs only."""

    urged_as = "referral"
    __tablename__ = "referrals"
    __table_args__ = (
        *scope_indexes("referrals", "id"),
        *scope_indexes("referrals", "id", by="to", path="to_path", ends=_TO),
        *scope_indexes("referrals", "due_on", "id", by="waiting", where=standing(RUNNING)),
        *scope_indexes(
            "referrals", "due_on", "id", by="to_waiting", path="to_path", ends=_TO, where=standing(RUNNING)
        ),
        Index("ix_referrals_committee", "committee_id", "id"),
        Index("ix_referrals_to_unit", "to_unit_id", "id"),
        Index("ix_referrals_case", "case_id"),
        Index("uq_referrals_number", "number", unique=True),
    )

    number: Mapped[str | None] = field(
        "转办编号", Number, listed=True, queried=True, sortable=True, form="never", sought=Sought.NUMBER
    )
    case_id: Mapped[int] = link(
        "案件", "cases.id", nullable=False, listed=True, form="create", places=True, wide=True
    )
    direction: Mapped[Direction] = field(
        "转办方向", enum(Direction), nullable=False, listed=True, queried=True, form="create"
    )
    unit_id: Mapped[int] = link("转办单位", "units.id", nullable=False, listed=True, form="never")
    to_unit_id: Mapped[int] = link("接收单位", "units.id", nullable=False, listed=True, form="create")
    state: Mapped[ReferralState] = field(
        "状态",
        enum(ReferralState),
        nullable=False,
        default=ReferralState.DRAFT,
        listed=True,
        queried=True,
        form="never",
    )
    reason: Mapped[str] = code("转办理由", "referral_reason", nullable=False, listed=True, queried=True)
    explanation: Mapped[str | None] = field("理由说明", Text(), wide=True)
    demand: Mapped[str | None] = field("办理要求", Text(), wide=True)
    due_on: Mapped[date | None] = field(
        "办理期限", Date(), listed=True, queried=True, sortable=True, deadline=True, checks=(plausible_term,)
    )
    urged: Mapped[bool | None] = field(
        "督办件", Boolean(), listed=True, queried=True, help="打勾后反馈期限缩短，逾期由上级督办"
    )
    sent_at: Mapped[datetime | None] = field("发出时间", Moment(), form="never", section="签收和反馈")
    received_at: Mapped[datetime | None] = field("签收时间", Moment(), form="never", section="签收和反馈")
    answered_at: Mapped[datetime | None] = field("反馈时间", Moment(), form="never", section="签收和反馈")
    to_committee_id: Mapped[int | None] = link(
        "承办调委会", "committees.id", form="step", section="签收和反馈", help="由接收单位的哪个调委会承办"
    )
    answer: Mapped[str | None] = field("办理结果", Text(), form="step", section="签收和反馈", wide=True)
    return_reason: Mapped[str | None] = field(
        "退回原因", Text(), form="step", section="签收和反馈", wide=True
    )
    path: Mapped[str] = mapped_column(Path, nullable=False)
    to_path: Mapped[str] = mapped_column(Path, nullable=False)
    committee_id: Mapped[int | None] = mapped_column(ForeignKey("committees.id"))

    to_committee: Mapped[Committee | None] = relationship(foreign_keys=[to_committee_id], lazy="raise_on_sql")
    # Who holds the case reads its parties in full, so the policy asks for it.
    case: Mapped[Case] = relationship(back_populates="referrals")
    unit: Mapped[Unit] = relationship(foreign_keys=[unit_id], lazy="raise_on_sql")
    to_unit: Mapped[Unit] = relationship(foreign_keys=[to_unit_id], lazy="raise_on_sql")
    steps: Mapped[list["ReferralStep"]] = relationship(back_populates="referral", order_by="ReferralStep.id")

    @classmethod
    def under(cls, path: str) -> ColumnElement[bool]:
        """Both ends see a referral; the receiving end from the moment it is sent."""
        return or_(
            path_under(cls.path, path),
            and_(cls.state.in_(SEEN_BY_RECEIVER), path_under(cls.to_path, path)),
        )

    def is_under(self, path: str) -> bool:
        return covers(path, self.path) or (self.state in SEEN_BY_RECEIVER and covers(path, self.to_path))

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the deadline still runs."""
        return stands_in(cls.state, RUNNING)

    @property
    def waits(self) -> bool:
        """Whether its deadline still runs."""
        return self.state in RUNNING

    def __str__(self) -> str:
        return self.number or f"转办（{self.state.label}）"


class ReferralStep(Passed, Base):
    """The row that a step of a referral leaves."""

    __tablename__ = "referral_steps"

    referral_id: Mapped[int] = fk("referrals.id")
    source: Mapped[ReferralState] = mapped_column(enum(ReferralState), nullable=False)
    target: Mapped[ReferralState] = mapped_column(enum(ReferralState), nullable=False)
    referral: Mapped[Referral] = relationship(back_populates="steps")
