"""Rules of early warning 预警规则: data that bureaus set (M24)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Date, Index, Integer, Numeric, String, select
from sqlalchemy.orm import Mapped, Session

from admin_app.models.base import Base, Kept, Located
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.rules.cadences import span_finding
from admin_app.rules.dates import plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.tiers import Tier
from admin_app.rules.warnings import ASKS, Rule, Severity, Sign, rule_findings

WHEN = "什么情况预警"
WHAT = "预警以后"


def _least(number: int) -> Finding | None:
    return None if 1 <= number <= 100_000 else Finding("", "请填 1 至 100000 之间的整数")


def _days(number: int) -> Finding | None:
    return None if 1 <= number <= 1096 else Finding("", "请填 1 至 1096 之间的天数")


def _months(number: int) -> Finding | None:
    return None if 1 <= number <= 24 else Finding("", "请填 1 至 24 之间的月数")


def _ratio(number: Decimal) -> Finding | None:
    return None if 1 < number <= 100 else Finding("", "请填大于 1、不超过 100 的倍数，如 1.5")


def _handle(number: int) -> Finding | None:
    return None if 0 <= number <= 60 else Finding("", "请填 0 至 60 之间的天数")


def _rules(rule: "WarningRule") -> list[Finding]:
    asked = {name: getattr(rule, name) for name in ("least", "days", "ratio", "months", "tier")}
    found = rule_findings(rule.sign, asked)
    span = span_finding(rule.valid_from, rule.valid_until, "valid_until")
    return [*found, span] if span else found


@register(
    "warning_rule",
    "预警规则",
    "系统设置",
    order=("sign", "-valid_from", "-id"),
    rules=_rules,
    making="添加",
    keeps=False,
)
class WarningRule(Located, Kept, Base):
    """One rule of a bureau, for itself and all below it."""

    __tablename__ = "warning_rules"

    name: Mapped[str] = field("规则名称", String(50), nullable=False, listed=True, queried=True)
    unit_id: Mapped[int] = link(
        "适用范围",
        "units.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
        help="这个单位和它下面的单位；下级单位对同一种情形另有规则的，按下级的",
    )
    sign: Mapped[Sign] = field(
        "预警情形", enum(Sign), nullable=False, listed=True, queried=True, form="create", section=WHEN
    )
    risk: Mapped[str | None] = code(
        "哪种案件预测", "case_risk", section=WHEN, help="只用于“有激化苗头”；不填就是“正常”以外的都算"
    )
    least: Mapped[int | None] = field(
        "至少几个才预警",
        Integer(),
        listed=True,
        section=WHEN,
        checks=(_least,),
        help="几个人、几件纠纷、几次来访；数目小的不预警",
    )
    days: Mapped[int | None] = field(
        "在多少天以内", Integer(), section=WHEN, checks=(_days,), help="只用于同一当事人、同一来访人"
    )
    ratio: Mapped[Decimal | None] = field(
        "是平时的几倍",
        Numeric(5, 2),
        section=WHEN,
        checks=(_ratio,),
        help="只用于“比平时多”：本月到当天的件数，和前几个月同期的平均数相比",
    )
    months: Mapped[int | None] = field(
        "和前几个月比", Integer(), section=WHEN, checks=(_months,), help="只用于“比平时多”"
    )
    tier: Mapped[Tier | None] = field(
        "按哪一级单位统计", enum(Tier), section=WHEN, help="只用于“比平时多”：每个村、每个乡镇，还是每个县区"
    )
    severity: Mapped[Severity] = field(
        "预警级别",
        enum(Severity),
        nullable=False,
        default=Severity.YELLOW,
        listed=True,
        queried=True,
        section=WHAT,
    )
    owner: Mapped[Tier | None] = field(
        "由哪一级处置",
        enum(Tier),
        default=Tier.TOWNSHIP,
        listed=True,
        section=WHAT,
        help="不填就由发生地的单位处置",
    )
    handle_days: Mapped[int] = field(
        "几天内处置", Integer(), nullable=False, default=3, section=WHAT, checks=(_handle,)
    )
    valid_from: Mapped[date] = field(
        "启用日期",
        Date(),
        nullable=False,
        listed=True,
        sortable=True,
        from_today=True,
        section="效力",
        checks=(plausible_term,),
        help="这天以前登记的不预警；要把正在办的也查一遍，就填早一点",
    )
    valid_until: Mapped[date | None] = field(
        "停用日期",
        Date(),
        listed=True,
        section="效力",
        checks=(plausible_term,),
        help="这天还有效；不填就一直有效",
    )
    remark: Mapped[str | None] = field("依据", String(200), wide=True, section="效力")

    def rule(self) -> Rule:
        """As the rules read it: what its sign does not ask for is not looked at."""
        asked = {name: getattr(self, name) for name in ASKS[self.sign] if getattr(self, name) is not None}
        return Rule(
            id=self.id,
            path=self.path,
            sign=self.sign,
            severity=self.severity,
            owner=self.owner,
            handle_days=self.handle_days,
            risk=self.risk if self.sign is Sign.RISK else None,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            **asked,
        )

    def __str__(self) -> str:
        return self.name


Index("ix_warning_rules_path", WarningRule.path)


def warning_rules(session: Session, day: date) -> list[Rule]:
    """The rules in force on a day."""
    rows = session.scalars(select(WarningRule).where(WarningRule.removed_at.is_(None)))
    return [rule for row in rows if (rule := row.rule()).holds(rule.path, day)]
