"""Mediators 人民调解员: roster, appointments, awards, sanctions (M04; formats.md 2.3)."""

from datetime import date

from sqlalchemy import Boolean, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, synonym

from admin_app.models.base import Base, Kept, Located, Named, Part, fk, scope_indexes
from admin_app.models.committees import Committee
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.rules import identity
from admin_app.rules.dates import plausible, plausible_birth, plausible_term, today
from admin_app.rules.findings import Finding
from admin_app.rules.mediators import MediatorStatus, person_findings, term_findings
from admin_app.rules.search import Sought

POST = "任职情况"
CONTACT = "联系方式与证件"


def _rules(mediator: "Mediator") -> list[Finding]:
    found = person_findings(
        birth_on=mediator.birth_on, sex=mediator.sex, id_number=mediator.id_number, today=today()
    )
    for index, line in enumerate(mediator.appointments):
        found += [each.under(f"appointments-{index}") for each in term_findings(line.since, line.until)]
    return found


@register(
    "mediator",
    "调解员",
    "组织队伍",
    order=("id",),
    parts={"appointments": "聘任", "awards": "表彰奖励", "sanctions": "处分"},
    rules=_rules,
)
class Mediator(Named, Located, Kept, Base):
    """A people's mediator: elected member or hired, full or part time."""

    __tablename__ = "mediators"
    __table_args__ = (
        *scope_indexes("mediators", "id"),
        Index("ix_mediators_committee", "committee_id", "id"),
        Index("ix_mediators_id_number", "id_number"),
    )

    name: Mapped[str] = field(
        "姓名", String(50), nullable=False, listed=True, queried=True, sortable=True, sought=Sought.NAME
    )
    sex: Mapped[str] = code("性别", "sex", nullable=False, listed=True, queried=True)
    birth_on: Mapped[date | None] = field("出生日期", Date(), sortable=True, checks=(plausible_birth,))
    ethnicity: Mapped[str | None] = code("民族", "ethnicity")
    education: Mapped[str | None] = code("学历", "education", queried=True)
    speciality: Mapped[str | None] = field("所学专业", String(50))
    politics: Mapped[str | None] = code("政治面貌", "politics")
    marriage: Mapped[str | None] = code("婚姻状况", "marriage")
    committee_id: Mapped[int] = link(
        "所属调委会",
        "committees.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
        section=POST,
    )
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never", section=POST)
    status: Mapped[MediatorStatus] = field(
        "任职状态",
        enum(MediatorStatus),
        nullable=False,
        default=MediatorStatus.NOMINATED,
        listed=True,
        queried=True,
        section=POST,
    )
    full_time: Mapped[str] = code(
        "专兼职", "full_time", nullable=False, listed=True, queried=True, section=POST
    )
    position: Mapped[str] = code(
        "调委会职务", "committee_position", nullable=False, listed=True, section=POST
    )
    origin: Mapped[str | None] = code("产生方式", "mediator_origin", section=POST)
    profession: Mapped[str | None] = code("身份职业", "profession", queried=True, section=POST)
    other_role: Mapped[str | None] = code("兼备其他身份", "other_role", section=POST)
    purchased: Mapped[bool | None] = field("政府购买服务", Boolean(), queried=True, section=POST)
    started_on: Mapped[date | None] = field(
        "开始从事调解日期", Date(), sortable=True, checks=(plausible,), section=POST
    )
    qualified_on: Mapped[date | None] = field("资格认定日期", Date(), checks=(plausible,), section=POST)
    qualification: Mapped[str | None] = field("资格职称", String(50), section=POST)
    employer: Mapped[str | None] = field("所属工作单位", String(100), section=POST)
    injury: Mapped[str | None] = code("因公伤亡", "injury", section=POST)
    id_number: Mapped[str | None] = field(
        "身份证号",
        String(18),
        sensitive=True,
        tidy=identity.tidy_number,
        checks=(identity.id_number,),
        section=CONTACT,
    )
    phone: Mapped[str | None] = field(
        "手机",
        String(30),
        listed=True,
        sensitive=True,
        checks=(identity.phone,),
        section=CONTACT,
        sought=Sought.PHONE,
    )
    email: Mapped[str | None] = field("电子邮箱", String(100), section=CONTACT)
    address: Mapped[str | None] = field("联系地址", String(200), sensitive=True, section=CONTACT, wide=True)
    bank_account: Mapped[str | None] = field("银行账号", String(30), sensitive=True, section=CONTACT)
    introduction: Mapped[str | None] = field("个人简介", Text(), section=CONTACT, wide=True)

    # The photo in the store: personal data, shown with the rest of it (operations/personal_files.py).
    photo: Mapped[str | None] = mapped_column(String(64))
    photo_type: Mapped[str | None] = mapped_column(String(100))

    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")
    appointments: Mapped[list["Appointment"]] = relationship(
        back_populates="mediator", cascade="all, delete-orphan", order_by="Appointment.id"
    )
    awards: Mapped[list["Award"]] = relationship(
        back_populates="mediator", cascade="all, delete-orphan", order_by="Award.id"
    )
    sanctions: Mapped[list["Sanction"]] = relationship(
        back_populates="mediator", cascade="all, delete-orphan", order_by="Sanction.id"
    )
    mediator_id: Mapped[int] = synonym("id")  # a mediator is their own mediator, for scope

    def __str__(self) -> str:
        return self.name


class Appointment(Part, Base):
    """A term of appointment 聘任, with the reason when it ended."""

    __tablename__ = "appointments"
    owner = "mediator"

    mediator_id: Mapped[int] = fk("mediators.id")
    since: Mapped[date] = field("聘用起始日期", Date(), nullable=False, checks=(plausible,))
    until: Mapped[date | None] = field("聘用截止日期", Date(), checks=(plausible_term,))
    reason: Mapped[str | None] = field("解聘原因", String(200))
    mediator: Mapped[Mediator] = relationship(back_populates="appointments")

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} 起"


class Award(Part, Base):
    """A commendation 表彰."""

    __tablename__ = "awards"
    owner = "mediator"

    mediator_id: Mapped[int] = fk("mediators.id")
    awarded_on: Mapped[date] = field("表彰时间", Date(), nullable=False, checks=(plausible,))
    kind: Mapped[str] = code("表彰类型", "award_kind", nullable=False)
    level: Mapped[str] = code("表彰级别", "award_level", nullable=False)
    title: Mapped[str | None] = field("命名表彰", String(100))
    mediator: Mapped[Mediator] = relationship(back_populates="awards")

    def __str__(self) -> str:
        return self.title or f"{self.awarded_on:%Y-%m-%d}"


class Sanction(Part, Base):
    """A sanction for misconduct (人民调解法 15)."""

    __tablename__ = "sanctions"
    owner = "mediator"

    mediator_id: Mapped[int] = fk("mediators.id")
    decided_on: Mapped[date] = field("处分时间", Date(), nullable=False, checks=(plausible,))
    kind: Mapped[str] = code("处分方式", "sanction_kind", nullable=False)
    reason: Mapped[str] = field("事由", String(200), nullable=False)
    mediator: Mapped[Mediator] = relationship(back_populates="sanctions")

    def __str__(self) -> str:
        return f"{self.decided_on:%Y-%m-%d}"
