"""Experts 咨询专家 (M05; formats.md 3.3)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, Date, Numeric, String, Text
from sqlalchemy.orm import Mapped

from admin_app.models.base import Base, Kept, Located, Named, scope_indexes
from admin_app.models.fields import code, field, link
from admin_app.models.registry import register
from admin_app.rules import identity
from admin_app.rules.dates import plausible, plausible_birth, plausible_term, today
from admin_app.rules.findings import Finding
from admin_app.rules.mediators import person_findings, term_findings
from admin_app.rules.search import Sought


def _rules(expert: "Expert") -> list[Finding]:
    return [
        *person_findings(birth_on=expert.birth_on, sex=expert.sex, id_number=expert.id_number, today=today()),
        *term_findings(expert.since, expert.until),
    ]


@register("expert", "专家", "组织队伍", order=("id",), rules=_rules)
class Expert(Named, Located, Kept, Base):
    """A member of a unit's pool of consulting experts."""

    __tablename__ = "experts"
    __table_args__ = scope_indexes("experts", "id")

    name: Mapped[str] = field(
        "姓名", String(50), nullable=False, listed=True, queried=True, sortable=True, sought=Sought.NAME
    )
    sex: Mapped[str] = code("性别", "sex", nullable=False, listed=True)
    birth_on: Mapped[date | None] = field("出生日期", Date(), checks=(plausible_birth,))
    unit_id: Mapped[int] = link(
        "入库单位", "units.id", nullable=False, listed=True, form="create", places=True
    )
    employer: Mapped[str | None] = field(
        "工作单位", String(100), listed=True, queried=True, sought=Sought.TITLE
    )
    title: Mapped[str | None] = field("职务职称", String(50), listed=True)
    specialities: Mapped[list[str] | None] = code(
        "专业领域", "expert_field", many=True, listed=True, wide=True, required=True
    )
    id_number: Mapped[str | None] = field(
        "身份证号", String(18), sensitive=True, tidy=identity.tidy_number, checks=(identity.id_number,)
    )
    phone: Mapped[str | None] = field(
        "联系电话", String(30), listed=True, sensitive=True, checks=(identity.phone,), sought=Sought.PHONE
    )
    joined_on: Mapped[date | None] = field(
        "入库日期", Date(), section="聘期", sortable=True, checks=(plausible,)
    )
    since: Mapped[date | None] = field("聘期起", Date(), section="聘期", checks=(plausible,))
    until: Mapped[date | None] = field(
        "聘期止", Date(), section="聘期", listed=True, sortable=True, checks=(plausible_term,)
    )
    fee: Mapped[Decimal | None] = field("咨询费（元/次）", Numeric(12, 2), section="聘期", money=True)
    serving: Mapped[bool | None] = field("在聘", Boolean(), default=True, section="聘期", queried=True)
    remark: Mapped[str | None] = field("备注", Text(), section="聘期", wide=True)

    def __str__(self) -> str:
        return self.name
