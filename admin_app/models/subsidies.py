"""Subsidy batches 补贴批次, their items and who gets what (M09; lifecycle.md 5).

Items and shares are no parts: a county's quarter draws thousands of them at once, and the history would hold
a line for each. The step that draws them tells how many and how much, and each later change is a step.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, ForeignKey, Index, Integer, Numeric, String, Text, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from admin_app.models.base import SCOPED_TIERS, Base, Kept, Located, Part, fk, scope_indexes
from admin_app.models.budgets import Budget
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import code, enum, field, link
from admin_app.models.mediators import Mediator
from admin_app.models.rates import Rate
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.rules import subsidies as rules
from admin_app.rules.dates import plausible, today
from admin_app.rules.findings import Finding
from admin_app.rules.rates import Ended, SubsidyKind
from admin_app.rules.subsidies import ItemState, SubsidyState
from admin_app.rules.tiers import Tier

REVIEW = "审核"
PAYING = "公示和发放"


def _rules(subsidy: "Subsidy") -> list[Finding]:
    return rules.period_findings(subsidy.kind, subsidy.year, subsidy.period, today())


def _locked(subsidy: "Subsidy") -> str | None:
    if subsidy.state is not SubsidyState.DRAFT:
        return f"这一批现在是“{subsidy.state.label}”，不能再修改。"
    return "这一批已经有明细：要修改或删除，请先“清空明细”。" if subsidy.counted else None


@register(
    "subsidy",
    "补贴批次",
    "考评",
    order=("-year", "-id"),
    trail={"objections": "公示异议"},
    fixed=("objections",),
    rules=_rules,
    locked=_locked,
    making="新建",
)
class Subsidy(Located, Kept, Base):
    """What a committee or a unit asks to be paid for a month or a quarter. Its sums are its items'."""

    __tablename__ = "subsidies"
    __table_args__ = (
        *scope_indexes("subsidies", "year", "id", tiers=SCOPED_TIERS),
        Index("ix_subsidies_committee", "committee_id", "id"),
        Index("ix_subsidies_budget", "budget_id"),
    )

    title: Mapped[str] = field(
        "批次", String(200), nullable=False, default="", listed=True, queried=True, form="never", wide=True
    )
    kind: Mapped[SubsidyKind] = field(
        "补贴种类", enum(SubsidyKind), nullable=False, queried=True, form="create"
    )
    unit_id: Mapped[int] = link(
        "申报单位", "units.id", nullable=False, queried=True, form="create", places=True
    )
    committee_id: Mapped[int | None] = link(
        "申报调委会", "committees.id", form="create", help="只报一个调委会时填；不填就报本单位和下级的全部"
    )
    year: Mapped[int] = field("年度", Integer(), nullable=False, queried=True, sortable=True, form="create")
    period: Mapped[int] = field(
        "季度或月份", Integer(), nullable=False, form="create", help="以案定补填季度 1–4，定额补贴填月份 1–12"
    )
    state: Mapped[SubsidyState] = field(
        "状态",
        enum(SubsidyState),
        nullable=False,
        default=SubsidyState.DRAFT,
        listed=True,
        queried=True,
        form="never",
    )
    counted: Mapped[int] = field(
        "列入（项）", Integer(), nullable=False, default=0, listed=True, form="never"
    )
    total: Mapped[Decimal] = field(
        "合计（元）",
        Numeric(14, 2),
        nullable=False,
        default=Decimal(0),
        listed=True,
        form="never",
        money=True,
    )
    remark: Mapped[str | None] = field("备注", String(500), wide=True)
    first_opinion: Mapped[str | None] = field("初审意见", String(500), form="step", section=REVIEW, wide=True)
    opinion: Mapped[str | None] = field("复核意见", String(500), form="step", section=REVIEW, wide=True)
    return_reason: Mapped[str | None] = field("退回原因", String(500), form="step", section=REVIEW, wide=True)
    noticed_on: Mapped[date | None] = field(
        "公示开始日期", Date(), form="step", section=PAYING, from_today=True, checks=(plausible,)
    )
    notice_until: Mapped[date | None] = field("公示截止日期", Date(), form="never", section=PAYING)
    paid_on: Mapped[date | None] = field(
        "发放日期", Date(), form="step", section=PAYING, from_today=True, checks=(plausible,)
    )
    budget_id: Mapped[int | None] = link(
        "列支预算", "budgets.id", form="step", section=PAYING, help="从哪一笔经费预算里出"
    )

    committee: Mapped[Committee | None] = relationship(lazy="raise_on_sql")
    budget: Mapped[Budget | None] = relationship(lazy="raise_on_sql")
    objections: Mapped[list["Objection"]] = relationship(
        back_populates="subsidy", cascade="all, delete-orphan", order_by="Objection.id"
    )
    steps: Mapped[list["SubsidyStep"]] = relationship(back_populates="subsidy", order_by="SubsidyStep.id")
    shares: Mapped[list["SubsidyShare"]] = relationship(viewonly=True)
    # Given to papers as they list them; thousands are never read by themselves.
    items: Mapped[list["SubsidyItem"]] = relationship(viewonly=True, lazy="raise_on_sql")

    def __str__(self) -> str:
        return self.title


class Objection(Part, Base):
    """What somebody objects during the public notice, and the answer."""

    __tablename__ = "subsidy_objections"
    owner = "subsidy"

    subsidy_id: Mapped[int] = fk("subsidies.id")
    objector: Mapped[str] = field("提出人", String(50), nullable=False)
    raised_on: Mapped[date] = field("提出日期", Date(), nullable=False, from_today=True, checks=(plausible,))
    content: Mapped[str] = field("异议内容", Text(), nullable=False)
    answer: Mapped[str | None] = field("核查结果和答复", Text(), form="step")
    subsidy: Mapped[Subsidy] = relationship(back_populates="objections")

    def __str__(self) -> str:
        return self.objector


class SubsidyStep(Passed, Base):
    """The row that a step of a batch leaves."""

    __tablename__ = "subsidy_steps"

    subsidy_id: Mapped[int] = fk("subsidies.id")
    source: Mapped[SubsidyState] = mapped_column(enum(SubsidyState), nullable=False)
    target: Mapped[SubsidyState] = mapped_column(enum(SubsidyState), nullable=False)
    subsidy: Mapped[Subsidy] = relationship(back_populates="steps")


# Pending or paid: such a case, such a month of a mediator, stands in one batch alone.
_LIVE: Any = literal_column("standing IN ('due', 'paid')")


class SubsidyItem(Base):
    """One case, or one mediator's month, in a batch: paid for, or not and why. Its sum never grows."""

    __tablename__ = "subsidy_items"
    owner = "subsidy"
    __table_args__ = (
        Index("ix_subsidy_items_subsidy", "subsidy_id", "standing", "committee_id", "id"),
        Index("ix_subsidy_items_case", "case_id"),
        Index("ix_subsidy_items_mediator", "mediator_id"),
        Index("uq_subsidy_items_case", "case_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
        Index(
            "uq_subsidy_items_month",
            "mediator_id",
            "month",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    subsidy_id: Mapped[int] = mapped_column(ForeignKey("subsidies.id", ondelete="CASCADE"), nullable=False)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    mediator_id: Mapped[int | None] = mapped_column(ForeignKey("mediators.id"))
    month: Mapped[date | None] = mapped_column(Date)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committees.id"), nullable=False)
    standing: Mapped[ItemState] = field("状态", enum(ItemState), nullable=False, form="never")
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list, nullable=False)
    outcome: Mapped[Ended | None] = field("结果", enum(Ended), form="never")
    tier: Mapped[Tier | None] = field("层级", enum(Tier), form="never")
    full_time: Mapped[str | None] = code("专兼职", "full_time", form="never")
    days: Mapped[int | None] = field("任职天数", Integer(), form="never")
    of_days: Mapped[int | None] = mapped_column(Integer)
    coefficient: Mapped[Decimal] = field(
        "系数", Numeric(4, 2), nullable=False, default=Decimal(1), form="never"
    )
    rate_id: Mapped[int | None] = mapped_column(ForeignKey("rates.id"))
    standard: Mapped[Decimal | None] = field("补贴标准（元）", Numeric(12, 2), form="never", money=True)
    amount: Mapped[Decimal] = field(
        "补贴金额（元）", Numeric(12, 2), nullable=False, default=Decimal(0), form="never", money=True
    )
    cut: Mapped[Decimal] = field(
        "核减（元）", Numeric(12, 2), nullable=False, default=Decimal(0), form="never", money=True
    )
    cut_reason: Mapped[str | None] = field("核减或移出理由", String(200), form="never")

    subsidy: Mapped[Subsidy] = relationship()
    case: Mapped[Case | None] = relationship()
    mediator: Mapped[Mediator | None] = relationship()
    committee: Mapped[Committee] = relationship()
    rate: Mapped[Rate | None] = relationship()
    shares: Mapped[list["SubsidyShare"]] = relationship(back_populates="item", order_by="SubsidyShare.id")

    @property
    def payable(self) -> Decimal:
        """What is paid for it."""
        return self.amount - self.cut if self.standing in rules.LIVE else Decimal(0)


class SubsidyShare(Base):
    """What one mediator gets of an item. The shares of an item add up to what is paid for it."""

    __tablename__ = "subsidy_shares"
    owner = "subsidy"
    __table_args__ = (
        Index("ix_subsidy_shares_item", "item_id"),
        Index("ix_subsidy_shares_subsidy", "subsidy_id", "mediator_id"),
        Index("ix_subsidy_shares_mediator", "mediator_id"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("subsidy_items.id", ondelete="CASCADE"), nullable=False)
    subsidy_id: Mapped[int] = mapped_column(ForeignKey("subsidies.id", ondelete="CASCADE"), nullable=False)
    committee_id: Mapped[int] = mapped_column(ForeignKey("committees.id"), nullable=False)  # the item's
    mediator_id: Mapped[int] = mapped_column(ForeignKey("mediators.id"), nullable=False)
    amount: Mapped[Decimal] = field(
        "实发金额（元）", Numeric(12, 2), nullable=False, form="never", money=True
    )

    item: Mapped[SubsidyItem] = relationship(back_populates="shares")
    subsidy: Mapped[Subsidy] = relationship(viewonly=True)
    mediator: Mapped[Mediator] = relationship()
