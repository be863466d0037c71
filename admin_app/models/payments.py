"""Subsidies paid on paper before the panel 以前已发补贴: their cases are never paid for again (M09)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import SCOPED_TIERS, Base, Kept, Located, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import field, link
from admin_app.models.mediators import Mediator
from admin_app.models.registry import register
from admin_app.rules.dates import plausible
from admin_app.rules.findings import Finding
from admin_app.rules.numbers import LONGEST


def _amount(amount: Decimal) -> Finding | None:
    return None if amount > 0 else Finding("", "金额应大于 0")


@register(
    "payment",
    "以前已发补贴",
    "考评",
    order=("-paid_on", "-id"),
    unique=("case_id", "mediator_id"),
    again=True,
    making="补录",
)
class Payment(Located, Kept, Base):
    """What one mediator was paid for one case on paper: no batch takes up the case any more."""

    __tablename__ = "payments"
    __table_args__ = (
        *scope_indexes("payments", "paid_on", "id", tiers=SCOPED_TIERS[:3]),
        Index("ix_payments_mediator", "mediator_id"),
        Index("ix_payments_committee", "committee_id", "id"),
    )

    case_id: Mapped[int] = link(
        "案件", "cases.id", nullable=False, listed=True, queried=True, form="create", places=True
    )
    mediator_id: Mapped[int] = link(
        "领取的调解员", "mediators.id", nullable=False, listed=True, queried=True, form="create"
    )
    amount: Mapped[Decimal] = field(
        "已发金额（元）",
        Numeric(12, 2),
        nullable=False,
        listed=True,
        sortable=True,
        form="create",
        money=True,
        checks=(_amount,),
    )
    paid_on: Mapped[date] = field(
        "发放日期", Date(), nullable=False, listed=True, sortable=True, form="create", checks=(plausible,)
    )
    remark: Mapped[str | None] = field("备注", String(200), wide=True, help="哪一批、哪一张发放表")
    committee_id: Mapped[int] = link(
        "所属调委会", "committees.id", nullable=False, queried=True, form="never"
    )
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")
    number: Mapped[str | None] = mapped_column(String(LONGEST))  # the case's, as it was then

    case: Mapped[Case] = relationship(lazy="raise_on_sql")
    mediator: Mapped[Mediator] = relationship(lazy="raise_on_sql")
    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")

    def __str__(self) -> str:
        return f"{self.number or '没有案号的案件'}：已发 {self.amount:,.2f} 元"


Index(
    "uq_payments_key",
    Payment.case_id,
    Payment.mediator_id,
    unique=True,
    sqlite_where=Payment.removed_at.is_(None),
    postgresql_where=Payment.removed_at.is_(None),
)
