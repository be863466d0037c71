"""Budgets 经费预算 of mediation, by year, unit, head and source (formats.md 2.2; 财行〔2007〕179号)."""

from decimal import Decimal

from sqlalchemy import Index, Integer, Numeric, String
from sqlalchemy.orm import Mapped

from admin_app.models.base import SCOPED_TIERS, Base, Kept, Located, scope_indexes
from admin_app.models.fields import code, field, link
from admin_app.models.registry import register
from admin_app.rules.dates import today
from admin_app.rules.findings import Finding


def _year(year: int) -> Finding | None:
    newest = today().year + 1
    return None if 2000 <= year <= newest else Finding("", f"年度应在 2000 至 {newest} 之间")


KEY = ("unit_id", "year", "funding_kind", "funding_source")


@register("budget", "经费预算", "考评", order=("-year", "-id"), unique=KEY, making="添加")
class Budget(Located, Kept, Base):
    """What a unit may spend in a year under one head and from one source."""

    __tablename__ = "budgets"
    __table_args__ = scope_indexes("budgets", "year", "id", tiers=SCOPED_TIERS[:3])

    year: Mapped[int] = field(
        "年度", Integer(), nullable=False, listed=True, queried=True, sortable=True, checks=(_year,)
    )
    unit_id: Mapped[int] = link(
        "列支单位",
        "units.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
        help="从哪个单位的预算里出钱",
    )
    funding_kind: Mapped[str] = code("经费类型", "funding_kind", nullable=False, listed=True, queried=True)
    funding_source: Mapped[str] = code(
        "资金来源", "funding_source", nullable=False, listed=True, queried=True
    )
    amount: Mapped[Decimal] = field(
        "预算金额（元）", Numeric(14, 2), nullable=False, listed=True, sortable=True, money=True
    )
    remark: Mapped[str | None] = field("备注", String(200), wide=True, help="例如：文号、追加预算的说明")

    def __str__(self) -> str:
        return f"{self.year} 年预算 {self.amount:,.2f} 元"


Index(
    "uq_budgets_key",
    Budget.unit_id,
    Budget.year,
    Budget.funding_kind,
    Budget.funding_source,
    unique=True,
    sqlite_where=Budget.removed_at.is_(None),
    postgresql_where=Budget.removed_at.is_(None),
)
