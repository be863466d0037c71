"""Requirements 卷宗要求 ⚙: which documents a dossier must have, from a day on (lifecycle.md 5)."""

from datetime import date

from sqlalchemy import Date, Index, String, select
from sqlalchemy.orm import Mapped, Session

from admin_app.models.base import Base, Kept
from admin_app.models.fields import code, enum, field
from admin_app.models.registry import register
from admin_app.rules.dates import EARLIEST, plausible_term
from admin_app.rules.dossiers import Demand, Outcome


@register(
    "requirement",
    "卷宗要求",
    "系统设置",
    order=("kind", "valid_from"),
    unique=("kind", "difficulty", "form", "outcome", "valid_from"),
    making="添加",
)
class Requirement(Kept, Base):
    """A document without which certain cases are not closed. What is left blank holds for all cases."""

    __tablename__ = "requirements"

    kind: Mapped[str] = code(
        "文书种类", "document_kind", nullable=False, listed=True, queried=True, sortable=True
    )
    difficulty: Mapped[str | None] = code(
        "难度级别", "difficulty", listed=True, queried=True, help="不填：各种难度都要"
    )
    form: Mapped[str | None] = code("协议形式", "agreement_form", listed=True, help="不填：口头、书面都要")
    outcome: Mapped[Outcome | None] = field(
        "调解结果", enum(Outcome), listed=True, help="不填：不管结果怎样都要"
    )
    valid_from: Mapped[date] = field(
        "启用日期", Date(), nullable=False, default=EARLIEST, listed=True, checks=(plausible_term,)
    )
    valid_until: Mapped[date | None] = field(
        "停用日期", Date(), listed=True, checks=(plausible_term,), help="从这天起结案不再要这份文书"
    )
    remark: Mapped[str | None] = field("依据", String(200), listed=True)

    def __str__(self) -> str:
        return f"卷宗要求 {self.kind}"


Index(
    "uq_requirements",
    Requirement.kind,
    Requirement.difficulty,
    Requirement.form,
    Requirement.outcome,
    Requirement.valid_from,
    unique=True,
)


def demands(session: Session) -> list[Demand]:
    """All requirements, as the rules take them."""
    rows = session.scalars(select(Requirement).where(Requirement.removed_at.is_(None)))
    return [
        Demand(row.kind, row.difficulty, row.form, row.outcome, row.valid_from, row.valid_until)
        for row in rows
    ]
