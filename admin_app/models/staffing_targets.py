"""Staffing targets 配备目标: how many full-time mediators and studios by which year, as data (M07; S1)."""

from sqlalchemy import Index, Integer, String, select
from sqlalchemy.orm import Mapped, Session

from admin_app.models.base import Base, Kept, Located
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.rules.dates import today
from admin_app.rules.findings import Finding
from admin_app.rules.staffing import Aim, Goal, findings
from admin_app.rules.tiers import Tier


def _year(year: int) -> Finding | None:
    newest = today().year + 10
    return None if 2000 <= year <= newest else Finding("", f"年度应在 2000 至 {newest} 之间")


def _rules(target: "StaffingTarget") -> list[Finding]:
    found = findings(target.aim, target.kind, target.tier, target.number, target.least)
    if target.until_year is not None and target.year is not None and target.until_year < target.year:
        found.append(Finding("until_year", "不能早于开始的年度，请核对"))
    return found


@register(
    "staffing_target",
    "配备目标",
    "组织队伍",
    order=("-year", "id"),
    rules=_rules,
    making="添加",
)
class StaffingTarget(Located, Kept, Base):
    """What a bureau asks of itself and of all below it by the end of a year."""

    __tablename__ = "staffing_targets"
    __table_args__ = (Index("ix_staffing_targets_path", "path"),)

    aim: Mapped[Aim] = field("目标", enum(Aim), nullable=False, listed=True, queried=True, wide=True)
    unit_id: Mapped[int] = link(
        "适用范围",
        "units.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
        help="这个单位和它下面的单位；下级单位另有规定的，按下级的。两种“总数”只说这个单位自己",
    )
    kind: Mapped[str | None] = code(
        "哪类调委会", "committee_kind", listed=True, help="“每个调委会”的目标才选"
    )
    tier: Mapped[Tier | None] = field(
        "哪一级单位", enum(Tier), listed=True, help="“每个单位”和“占多少”的目标才选"
    )
    number: Mapped[int] = field(
        "至少", Integer(), nullable=False, listed=True, sortable=True, help="几人、几个，或者百分之几"
    )
    least: Mapped[int] = field(
        "每个单位几名才算有", Integer(), nullable=False, default=1, help="“占多少”的目标才看这一项"
    )
    year: Mapped[int] = field(
        "到哪年年底做到",
        Integer(),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        checks=(_year,),
        help="从这一年起考察；以后的年度另有规定的，按后来的",
    )
    until_year: Mapped[int | None] = field("考察到哪一年", Integer(), checks=(_year,), help="不填就一直考察")
    basis: Mapped[str | None] = field("依据", String(200), wide=True)

    def __str__(self) -> str:
        return f"{self.year} 年{self.aim.label}"


def goals(session: Session) -> list[Goal]:
    """Every target there is, as the rules read it."""
    rows = session.scalars(select(StaffingTarget).where(StaffingTarget.removed_at.is_(None)))
    return [
        Goal(
            id=row.id,
            path=row.path,
            year=row.year,
            aim=row.aim,
            number=row.number,
            kind=row.kind or "",
            tier=row.tier,
            least=row.least,
            last=row.until_year,
        )
        for row in rows.all()
    ]
