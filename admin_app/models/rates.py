"""Rates of subsidies 补贴标准 ⚙: what a post or a case brings, where, from when on (M09; formats.md 5.2)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Numeric, String
from sqlalchemy.orm import Mapped

from admin_app.models.base import SCOPED_TIERS, Base, Kept, Located, scope_indexes
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.rules.dates import plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.rates import Ended, Per, SubsidyKind, rate_findings
from admin_app.rules.tiers import Tier

WHOM = "发给谁"
HOW_MUCH = "发多少"
WHEN = "什么时候起"


def _rules(rate: "Rate") -> list[Finding]:
    return rate_findings(
        kind=rate.kind,
        full_time=rate.full_time,
        difficulty=rate.difficulty,
        form=rate.form,
        outcome=rate.outcome,
        amount=rate.amount,
        share=rate.share,
        per=rate.per,
        since=rate.valid_from,
        until=rate.valid_until,
    )


@register("rate", "补贴标准", "考评", order=("-valid_from", "-id"), rules=_rules, making="添加")
class Rate(Located, Kept, Base):
    """One amount. It holds for the unit and below; the nearest unit, and there the latest row, wins."""

    __tablename__ = "rates"
    __table_args__ = scope_indexes("rates", "valid_from", "id", tiers=SCOPED_TIERS[:3])

    kind: Mapped[SubsidyKind] = field(
        "补贴种类", enum(SubsidyKind), nullable=False, listed=True, queried=True, form="create"
    )
    unit_id: Mapped[int] = link(
        "适用单位",
        "units.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
        help="这个单位和它的下级都按这一条；下级另有规定的按下级的",
    )
    tier: Mapped[Tier | None] = field(
        "调委会层级", enum(Tier), listed=True, queried=True, section=WHOM, help="不填：各级都一样"
    )
    full_time: Mapped[str | None] = code(
        "专兼职", "full_time", listed=True, section=WHOM, help="只有定额补贴才填；不填：专职、兼职都一样"
    )
    difficulty: Mapped[str | None] = code(
        "难度级别", "difficulty", listed=True, section=WHOM, help="只有以案定补才填；不填：各种难度都一样"
    )
    form: Mapped[str | None] = code(
        "协议形式",
        "agreement_form",
        listed=True,
        section=WHOM,
        help="只有以案定补才填；不填：两种都一样",
    )
    outcome: Mapped[Ended | None] = field(
        "结果", enum(Ended), listed=True, section=WHOM, help="只有以案定补才填；不填就是调解成功"
    )
    amount: Mapped[Decimal | None] = field(
        "金额（元）", Numeric(12, 2), listed=True, section=HOW_MUCH, money=True
    )
    share: Mapped[Decimal | None] = field(
        "比例（%）",
        Numeric(5, 2),
        listed=True,
        section=HOW_MUCH,
        help="只有以案定补可以填：是同样难度、达成书面协议的百分之几",
    )
    per: Mapped[Per | None] = field(
        "按月或按年",
        enum(Per),
        listed=True,
        section=HOW_MUCH,
        help="只有定额补贴才选；按年的分摊到每个月，十二个月合计正好是一年的数",
    )
    valid_from: Mapped[date] = field(
        "启用日期",
        Date(),
        nullable=False,
        listed=True,
        sortable=True,
        section=WHEN,
        checks=(plausible_term,),
        help="这天起结案的案件、这个月起的补贴按这一条；以前的按以前的",
    )
    valid_until: Mapped[date | None] = field(
        "停用日期", Date(), listed=True, section=WHEN, checks=(plausible_term,), help="从这天起不再按这一条"
    )
    basis: Mapped[str | None] = field("依据", String(200), listed=True, section=WHEN, wide=True)

    def __str__(self) -> str:
        much = f"{self.share:f}%" if self.share is not None else f"{self.amount or 0:,.2f} 元"
        return f"{self.kind.label} {much}（{self.valid_from:%Y-%m-%d} 起）"
