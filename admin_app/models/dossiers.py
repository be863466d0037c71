"""Filed dossiers 卷宗 and their loans (M20; formats.md E4, F01)."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, Number, Part, fk, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.rules import dossiers as rules
from admin_app.rules.dates import plausible, plausible_term, today
from admin_app.rules.dossiers import DossierState
from admin_app.rules.findings import Finding
from admin_app.rules.search import Sought


def _rules(dossier: "Dossier") -> list[Finding]:
    """A loan that has not come back in time is said on the dossier's page."""
    out = [each for each in dossier.loans if each.returned_on is None]
    found = [rules.loan_finding(each.due_on, today()) for each in out]
    return [each for each in found if each]


@register("dossier", "卷宗", "案件管理", order=("-id",), trail={"loans": "借阅登记"}, rules=_rules, making="")
class Dossier(Located, Kept, Base):
    """One case, one dossier 一案一卷: made when the case is archived."""

    __tablename__ = "dossiers"
    __table_args__ = (
        *scope_indexes("dossiers", "id"),
        Index("uq_dossiers_case", "case_id", unique=True),
        Index("uq_dossiers_number", "number", unique=True),
        Index("ix_dossiers_committee", "committee_id", "id"),
    )

    number: Mapped[str] = field(
        "卷号", Number, nullable=False, listed=True, queried=True, form="never", sought=Sought.NUMBER
    )
    title: Mapped[str] = field(
        "卷名",
        String(300),
        nullable=False,
        listed=True,
        queried=True,
        form="never",
        wide=True,
        sought=Sought.TITLE,
    )
    case_id: Mapped[int] = link("案件", "cases.id", nullable=False, listed=True, form="never")
    filer: Mapped[str] = field("立卷人", String(50), nullable=False, listed=True)
    filed_on: Mapped[date] = field(
        "立卷日期",
        Date(),
        nullable=False,
        listed=True,
        sortable=True,
        from_today=True,
        checks=(plausible,),
    )
    checker: Mapped[str | None] = field("审核人", String(50))
    retention: Mapped[str] = code("保管期限", "retention", nullable=False, listed=True, queried=True)
    pages: Mapped[int] = field("页数", Integer(), nullable=False, listed=True)
    place: Mapped[str | None] = field("存放位置", String(100), listed=True, help="例如：档案室 3 柜 2 层")
    remark: Mapped[str | None] = field("备注", String(500), wide=True)
    state: Mapped[DossierState] = field(
        "状态",
        enum(DossierState),
        nullable=False,
        default=DossierState.KEPT,
        listed=True,
        queried=True,
        form="never",
    )
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")
    committee_id: Mapped[int] = link("立卷调委会", "committees.id", nullable=False, listed=True, form="never")

    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")
    case: Mapped[Case] = relationship(back_populates="dossiers", lazy="raise_on_sql")
    loans: Mapped[list["Loan"]] = relationship(
        back_populates="dossier", cascade="all, delete-orphan", order_by="Loan.id"
    )
    steps: Mapped[list["DossierStep"]] = relationship(back_populates="dossier", order_by="DossierStep.id")

    def __str__(self) -> str:
        return self.number


class Loan(Part, Base):
    """One loan of a dossier: to whom, why, until when, and when it came back."""

    __tablename__ = "loans"
    owner = "dossier"

    dossier_id: Mapped[int] = fk("dossiers.id")
    borrower: Mapped[str] = field("借阅人", String(50), nullable=False)
    employer: Mapped[str | None] = field("借阅单位", String(100))
    purpose: Mapped[str] = field("借阅事由", String(200), nullable=False)
    lent_on: Mapped[date] = field("借出日期", Date(), nullable=False, from_today=True, checks=(plausible,))
    due_on: Mapped[date | None] = field("应还日期", Date(), checks=(plausible_term,))
    returned_on: Mapped[date | None] = field("归还日期", Date(), form="never")
    dossier: Mapped[Dossier] = relationship(back_populates="loans")

    def __str__(self) -> str:
        return self.borrower


class DossierStep(Passed, Base):
    """The row that a step of a dossier leaves."""

    __tablename__ = "dossier_steps"

    dossier_id: Mapped[int] = fk("dossiers.id")
    source: Mapped[DossierState] = mapped_column(enum(DossierState), nullable=False)
    target: Mapped[DossierState] = mapped_column(enum(DossierState), nullable=False)
    dossier: Mapped[Dossier] = relationship(back_populates="steps")
