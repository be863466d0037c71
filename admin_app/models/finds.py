"""Finds 排查发现: a dispute or a risk that a screening brought to light (M23; formats.md 3.2, GB/T 31000)."""

from datetime import date

from sqlalchemy import ColumnElement, Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, fk, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.models.screenings import Screening
from admin_app.models.steps import Passed
from admin_app.models.urged import Urged
from admin_app.rules import identity
from admin_app.rules.cases import NO_RISK
from admin_app.rules.dates import plausible, plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.finds import UNSETTLED, FindState
from admin_app.rules.search import Sought

SETTLING = "化解"


def _somebody(people: int) -> Finding | None:
    return None if 1 <= people < 10**6 else Finding("", "涉及人数至少为 1")


def _locked(find: "Find") -> str | None:
    return None if find.state in UNSETTLED else f"这条发现{find.state.label}，不能再修改。"


@register("find", "排查发现", "排查预防", order=("-found_on", "-id"), locked=_locked)
class Find(Urged, Located, Kept, Base):
    """One find. Without a `screening_id` it was found at another time 随时排查."""

    urged_as = "find"
    __tablename__ = "finds"
    dated = "found_on"
    __table_args__ = (
        *scope_indexes("finds", "found_on", "id"),
        Index("ix_finds_committee", "committee_id", "found_on", "id"),
        Index("ix_finds_screening", "screening_id"),
        Index("ix_finds_case", "case_id"),
        Index("ix_finds_board", "found_on", "path", "state", "committee_id", "removed_at"),
    )

    committee_id: Mapped[int | None] = link(
        "排查调委会",
        "committees.id",
        required=True,
        listed=True,
        queried=True,
        form="create",
        places=True,
    )
    found_on: Mapped[date] = field(
        "排查日期",
        Date(),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        from_today=True,
        checks=(plausible,),
    )
    kind: Mapped[str] = code("纠纷类型", "dispute_kind", nullable=False, listed=True, queried=True)
    persons: Mapped[str] = field(
        "涉及人员",
        String(200),
        nullable=False,
        listed=True,
        queried=True,
        help="姓名，用顿号隔开",
        sought=Sought.NAME,
    )
    people: Mapped[int] = field(
        "涉及人数", Integer(), nullable=False, default=2, listed=True, checks=(_somebody,)
    )
    involved: Mapped[str | None] = field("涉及单位", String(100))
    place: Mapped[str] = field("排查地点", String(100), nullable=False)
    risk: Mapped[str] = code("风险", "case_risk", nullable=False, default=NO_RISK, listed=True, queried=True)
    story: Mapped[str] = field("简要情况", Text(), nullable=False, wide=True)
    responsible: Mapped[str] = field("化解责任人", String(50), nullable=False, listed=True, section=SETTLING)
    phone: Mapped[str | None] = field(
        "责任人电话", String(30), section=SETTLING, sensitive=True, checks=(identity.phone,)
    )
    measures: Mapped[str | None] = field("化解措施", Text(), section=SETTLING, wide=True)
    resolve_by: Mapped[date | None] = field(
        "化解时限", Date(), listed=True, deadline=True, section=SETTLING, checks=(plausible_term,)
    )
    state: Mapped[FindState] = field(
        "状态",
        enum(FindState),
        nullable=False,
        default=FindState.OPEN,
        listed=True,
        queried=True,
        form="never",
    )
    way: Mapped[str | None] = field("化解方式", String(50), form="step", section=SETTLING)
    outcome: Mapped[str | None] = field(
        "化解情况",
        Text(),
        form="step",
        section=SETTLING,
        wide=True,
        help="当场已经化解的写在这里，写了就算已化解；还没有化解的不填",
    )
    resolved_on: Mapped[date | None] = field(
        "化解日期", Date(), form="step", section=SETTLING, from_today=True, checks=(plausible,)
    )
    case_id: Mapped[int | None] = link("转成的案件", "cases.id", form="never", listed=True, section=SETTLING)
    screening_id: Mapped[int | None] = link("排查任务", "screenings.id", form="never")
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")

    committee: Mapped[Committee | None] = relationship(lazy="raise_on_sql")
    case: Mapped[Case | None] = relationship()
    screening: Mapped[Screening | None] = relationship(back_populates="finds")
    steps: Mapped[list["FindStep"]] = relationship(back_populates="find", order_by="FindStep.id")

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: it is not settled yet."""
        return cls.state.in_(UNSETTLED)

    @property
    def waits(self) -> bool:
        """Whether it is not settled yet."""
        return self.state in UNSETTLED

    def __str__(self) -> str:
        return f"{self.persons}（{self.found_on:%Y-%m-%d} 排查）"


class FindStep(Passed, Base):
    """The row that a step of a find leaves."""

    __tablename__ = "find_steps"

    find_id: Mapped[int] = fk("finds.id")
    source: Mapped[FindState] = mapped_column(enum(FindState), nullable=False)
    target: Mapped[FindState] = mapped_column(enum(FindState), nullable=False)
    find: Mapped[Find] = relationship(back_populates="steps")
