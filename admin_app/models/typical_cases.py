"""Typical cases 典型案例: what others learn from a case that is over, without anybody's name (M22; S1).

The case it was drawn from is no declared field: whoever reads the library must not be led to it.
"""

from datetime import date

from sqlalchemy import Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, fk, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.rules.search import Sought
from admin_app.rules.typical_cases import TypicalState

BODY, REVIEW = "案例", "审核和发布"


def _locked(typical: "TypicalCase") -> str | None:
    if typical.state is TypicalState.DRAFT:
        return None
    return f"案例现在是“{typical.state.label}”，不能修改；要改请先退回或者撤下再重新起草。"


@register("typical_case", "典型案例", "案件管理", order=("-id",), locked=_locked, making="")
class TypicalCase(Located, Kept, Base):
    """One case told for others."""

    __tablename__ = "typical_cases"
    __table_args__ = (
        *scope_indexes("typical_cases", "id"),
        Index("ix_typical_cases_committee", "committee_id", "id"),
        Index("ix_typical_cases_state", "state", "id"),
        Index("ix_typical_cases_case", "case_id"),
    )

    title: Mapped[str] = field(
        "标题", String(100), nullable=False, listed=True, queried=True, wide=True, sought=Sought.TITLE
    )
    kind: Mapped[str] = code("纠纷类型", "dispute_kind", nullable=False, listed=True, queried=True)
    keywords: Mapped[str | None] = field(
        "关键词",
        String(200),
        listed=True,
        queried=True,
        wide=True,
        help="用顿号隔开，方便别人找",
        sought=Sought.OTHER,
    )
    state: Mapped[TypicalState] = field(
        "状态",
        enum(TypicalState),
        nullable=False,
        default=TypicalState.DRAFT,
        listed=True,
        queried=True,
        form="never",
    )
    brief: Mapped[str] = field("案情简介", Text(), nullable=False, section=BODY, wide=True)
    course: Mapped[str | None] = field("调解过程", Text(), section=BODY, wide=True)
    result: Mapped[str | None] = field("调解结果", Text(), section=BODY, wide=True)
    comment: Mapped[str | None] = field(
        "案例点评", Text(), section=BODY, wide=True, help="好在哪里：用了什么方法、什么法律，别人可以怎么学"
    )
    return_reason: Mapped[str | None] = field(
        "退回原因", String(500), form="step", section=REVIEW, wide=True, help="哪里要改，写清楚"
    )
    withdraw_reason: Mapped[str | None] = field(
        "撤下原因", String(500), form="step", section=REVIEW, wide=True
    )
    published_on: Mapped[date | None] = field("发布日期", Date(), form="never", section=REVIEW, listed=True)
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")
    committee_id: Mapped[int] = mapped_column(ForeignKey("committees.id"), nullable=False)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), nullable=False)

    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")
    case: Mapped[Case] = relationship()
    steps: Mapped[list["TypicalCaseStep"]] = relationship(
        back_populates="typical_case", order_by="TypicalCaseStep.id"
    )

    def __str__(self) -> str:
        return self.title


class TypicalCaseStep(Passed, Base):
    """The row that a step of a typical case leaves."""

    __tablename__ = "typical_case_steps"

    typical_case_id: Mapped[int] = fk("typical_cases.id")
    source: Mapped[TypicalState] = mapped_column(enum(TypicalState), nullable=False)
    target: Mapped[TypicalState] = mapped_column(enum(TypicalState), nullable=False)
    typical_case: Mapped[TypicalCase] = relationship(back_populates="steps")
