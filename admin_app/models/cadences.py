"""Screening cadences 排查周期 and key periods 敏感期: data that bureaus set (M23; formats.md 3.2)."""

from datetime import date

from sqlalchemy import Date, Index, Integer, String, select
from sqlalchemy.orm import Mapped, Session

from admin_app.models.base import Base, Kept, Located
from admin_app.models.fields import enum, field, link
from admin_app.models.registry import register
from admin_app.rules.cadences import Every, KeyTime, Rule, days_finding, span_finding
from admin_app.rules.dates import EARLIEST, plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.tiers import Tier


def _cadence_rules(cadence: "Cadence") -> list[Finding]:
    found = span_finding(cadence.valid_from, cadence.valid_until, "valid_until")
    return [found] if found else []


def _key_rules(period: "KeyPeriod") -> list[Finding]:
    found = span_finding(period.since, period.until, "until")
    if found or not period.since or not period.until or (period.until - period.since).days < 366:
        return [found] if found else []
    return [Finding("until", "敏感期不能超过一年，请核对")]


@register(
    "cadence",
    "排查周期",
    "系统设置",
    order=("tier", "-valid_from", "-id"),
    rules=_cadence_rules,
    unique=("unit_id", "tier", "valid_from"),
    making="添加",
)
class Cadence(Located, Kept, Base):
    """How often units of a tier screen: said by a bureau, for itself and all below it."""

    __tablename__ = "cadences"

    unit_id: Mapped[int] = link(
        "适用范围",
        "units.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
        help="这个单位和它下面的单位；下级单位另有规定的，按下级的",
    )
    tier: Mapped[Tier] = field(
        "哪一级排查", enum(Tier), nullable=False, default=Tier.VILLAGE, listed=True, queried=True
    )
    every: Mapped[Every] = field(
        "多久一次", enum(Every), nullable=False, default=Every.WEEK, listed=True, queried=True
    )
    due_days: Mapped[int] = field(
        "期满后几天内报告",
        Integer(),
        nullable=False,
        default=1,
        listed=True,
        checks=(days_finding,),
        help="填 0 就是当天报",
    )
    valid_from: Mapped[date] = field(
        "启用日期",
        Date(),
        nullable=False,
        default=EARLIEST,
        listed=True,
        sortable=True,
        checks=(plausible_term,),
        help="从这天所在的一期起按新的周期；已经生成的任务不变",
    )
    valid_until: Mapped[date | None] = field(
        "停用日期", Date(), listed=True, checks=(plausible_term,), help="这天还有效；不填就一直有效"
    )
    remark: Mapped[str | None] = field("依据", String(200), wide=True)

    def __str__(self) -> str:
        return f"{self.tier.label}{self.every.label}排查"


Index(
    "uq_cadences_tier",
    Cadence.unit_id,
    Cadence.tier,
    Cadence.valid_from,
    unique=True,
    sqlite_where=Cadence.removed_at.is_(None),
    postgresql_where=Cadence.removed_at.is_(None),
)


@register("key_period", "敏感期", "系统设置", order=("-since", "-id"), rules=_key_rules, making="添加")
class KeyPeriod(Located, Kept, Base):
    """Days on which every unit reports daily, if only nought: holidays, congresses, busy seasons (S0)."""

    __tablename__ = "key_periods"

    name: Mapped[str] = field("名称", String(50), nullable=False, listed=True, queried=True)
    unit_id: Mapped[int] = link(
        "适用范围",
        "units.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
        help="这个单位和它下面的单位",
    )
    since: Mapped[date] = field(
        "从哪天起", Date(), nullable=False, listed=True, sortable=True, checks=(plausible_term,)
    )
    until: Mapped[date] = field(
        "到哪天止", Date(), nullable=False, listed=True, sortable=True, checks=(plausible_term,)
    )
    tier: Mapped[Tier | None] = field(
        "哪一级报告", enum(Tier), listed=True, help="不填就是凡有排查周期的单位；没有情况也要零报告"
    )
    due_days: Mapped[int] = field(
        "过后几天内报告",
        Integer(),
        nullable=False,
        default=0,
        checks=(days_finding,),
        help="填 0 就是当天报",
    )
    remark: Mapped[str | None] = field("依据", String(200), wide=True)

    def __str__(self) -> str:
        return self.name


def cadences(session: Session) -> list[Rule]:
    """Every cadence there is, as the rules read it."""
    rows = session.scalars(select(Cadence).where(Cadence.removed_at.is_(None)))
    return [
        Rule(row.path, row.tier, row.every, row.due_days, row.valid_from, row.valid_until) for row in rows
    ]


def key_times(session: Session, day: date) -> list[KeyTime]:
    """The key periods in which a day lies."""
    held = (KeyPeriod.since <= day, KeyPeriod.until >= day, KeyPeriod.removed_at.is_(None))
    rows = session.scalars(select(KeyPeriod).where(*held))
    return [KeyTime(row.id, row.path, row.since, row.until, row.due_days, row.tier) for row in rows]
