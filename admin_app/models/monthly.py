"""Monthly totals of screening and prevention 排查预防月报 of a committee (案件总体情况, formats.md 2.1).

排查纠纷 and 预防纠纷 of the statistics sheet come from here: what was reported stays as reported, and the
month's screening only proposes it (decisions/0020). The cases of the month are counted and are no field.
"""

from datetime import date

from sqlalchemy import Index, Integer, String
from sqlalchemy.orm import Mapped, relationship

from admin_app.models.base import Base, Kept, Located, scope_indexes
from admin_app.models.committees import Committee
from admin_app.models.fields import field, link
from admin_app.models.registry import register
from admin_app.rules.dates import today
from admin_app.rules.findings import Finding

OLDEST_YEAR = 2000


def _year(year: int) -> Finding | None:
    newest = today().year
    return None if OLDEST_YEAR <= year <= newest else Finding("", f"年度应在 {OLDEST_YEAR} 至 {newest} 之间")


def _month(month: int) -> Finding | None:
    return None if 1 <= month <= 12 else Finding("", "月份应在 1 至 12 之间")


def _count(number: int) -> Finding | None:
    return None if 0 <= number < 10**6 else Finding("", "请填 0 至 999999 之间的整数")


def _rules(monthly: "Monthly") -> list[Finding]:
    if not monthly.year or not monthly.month or not 1 <= monthly.month <= 12:
        return []
    ahead = date(monthly.year, monthly.month, 1) > today()
    return [Finding("month", "这个月还没有到，请核对年度和月份")] if ahead else []


@register(
    "monthly",
    "排查预防月报",
    "排查预防",
    order=("-year", "-month", "-id"),
    rules=_rules,
    unique=("committee_id", "year", "month"),
    making="填报",
)
class Monthly(Located, Kept, Base):
    """What one committee screened and prevented in one month."""

    __tablename__ = "monthlies"
    __table_args__ = scope_indexes("monthlies", "year", "month", "id")

    committee_id: Mapped[int] = link(
        "调委会", "committees.id", nullable=False, listed=True, queried=True, form="create", places=True
    )
    year: Mapped[int] = field(
        "年度",
        Integer(),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        form="create",
        checks=(_year,),
    )
    month: Mapped[int] = field(
        "月份", Integer(), nullable=False, listed=True, queried=True, form="create", checks=(_month,)
    )
    screenings: Mapped[int] = field(
        "排查纠纷（次）",
        Integer(),
        nullable=False,
        default=0,
        listed=True,
        checks=(_count,),
        help="这个月排查了几次；没有就填 0",
    )
    prevented: Mapped[int] = field(
        "预防纠纷（件）",
        Integer(),
        nullable=False,
        default=0,
        listed=True,
        checks=(_count,),
        help="这个月提前化解、没有闹成纠纷的件数",
    )
    remark: Mapped[str | None] = field("备注", String(200), wide=True)
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")

    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")

    def __str__(self) -> str:
        return f"{self.year} 年 {self.month} 月排查预防月报"


Index(
    "uq_monthlies_month",
    Monthly.committee_id,
    Monthly.year,
    Monthly.month,
    unique=True,
    sqlite_where=Monthly.removed_at.is_(None),
    postgresql_where=Monthly.removed_at.is_(None),
)
