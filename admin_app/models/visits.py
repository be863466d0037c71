"""Visits 来访 (M10; formats.md E1): who came, about what, and what became of it."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, relationship

from admin_app.models.base import Base, Kept, Located, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import code, field, link
from admin_app.models.registry import register
from admin_app.rules import identity
from admin_app.rules.dates import plausible, plausible_birth
from admin_app.rules.findings import Finding
from admin_app.rules.search import Sought


def _somebody(people: int) -> Finding | None:
    return None if people >= 1 else Finding("", "来访人数至少为 1")


@register("visit", "来访", "案件管理", order=("-visited_on", "-id"))
class Visit(Located, Kept, Base):
    """One visit to a committee or a centre; `case_id` is set when it becomes a case."""

    __tablename__ = "visits"
    dated = "visited_on"
    __table_args__ = (
        *scope_indexes("visits", "visited_on", "id"),
        Index("ix_visits_committee", "committee_id", "visited_on", "id"),
        Index("ix_visits_case", "case_id"),
        Index("ix_visits_opinion", "opinion", "visited_on", "id"),
        Index("uq_visits_query_code", "query_code", unique=True),
    )

    visited_on: Mapped[date] = field(
        "来访日期",
        Date(),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        from_today=True,
        checks=(plausible,),
    )
    committee_id: Mapped[int] = link(
        "接待调委会",
        "committees.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
    )
    receiver: Mapped[str] = field("接待人", String(50), nullable=False, listed=True, help="姓名和职务")
    people: Mapped[int] = field("来访人数", Integer(), nullable=False, default=1, checks=(_somebody,))
    name: Mapped[str] = field(
        "来访人姓名",
        String(50),
        nullable=False,
        listed=True,
        queried=True,
        section="来访人",
        sought=Sought.NAME,
    )
    sex: Mapped[str | None] = code("性别", "sex", section="来访人")
    birth_on: Mapped[date | None] = field(
        "出生日期", Date(), section="来访人", checks=(plausible_birth,), help="表上的年龄由它算出"
    )
    id_number: Mapped[str | None] = field(
        "身份证号",
        String(18),
        section="来访人",
        sensitive=True,
        tidy=identity.tidy_number,
        checks=(identity.id_number,),
    )
    phone: Mapped[str | None] = field(
        "联系电话",
        String(30),
        section="来访人",
        sensitive=True,
        checks=(identity.phone,),
        sought=Sought.PHONE,
    )
    address: Mapped[str | None] = field("工作单位或住址", String(200), section="来访人", sensitive=True)
    counterpart: Mapped[str | None] = field(
        "涉及对方当事人", String(100), listed=True, queried=True, section="来访事由", sought=Sought.OTHER
    )
    kind: Mapped[str | None] = code("纠纷类型", "dispute_kind", section="来访事由", queried=True)
    matter: Mapped[str] = field("来访事由", Text(), nullable=False, wide=True, section="来访事由")
    opinion: Mapped[str] = code(
        "处理意见", "visit_opinion", nullable=False, listed=True, queried=True, section="处理"
    )
    outcome: Mapped[str | None] = field("处理结果", Text(), wide=True, section="处理")
    remark: Mapped[str | None] = field("备注", String(500), wide=True, section="处理")
    query_code: Mapped[str | None] = field(
        "查询码",
        String(12),
        queried=True,
        form="never",
        section="处理",
        help="从群众窗口来的才有；申请人凭它和电话后四位查进度",
        sought=Sought.NUMBER,
    )
    case_id: Mapped[int | None] = link("转成的案件", "cases.id", listed=True, form="never", section="处理")
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")

    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")
    case: Mapped[Case | None] = relationship(lazy="raise_on_sql")

    @property
    def age(self) -> int | None:
        """The visitor's age on the day of the visit, from the birth date or the ID number."""
        born = self.birth_on or (identity.birth_date(self.id_number) if self.id_number else None)
        return identity.age_on(born, self.visited_on) if born else None

    def __str__(self) -> str:
        return f"{self.name}（{self.visited_on:%Y-%m-%d} 来访）"
