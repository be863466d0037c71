"""Committees 人民调解委员会: filing, members, terms, the six unities (M02, M03; formats.md 2.3)."""

from datetime import date
from decimal import Decimal

from sqlalchemy import Boolean, Date, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, relationship, synonym

from admin_app.models.base import Base, Kept, Located, Named, Part, fk, scope_indexes
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.rules import identity
from admin_app.rules.committees import CommitteeStatus, Seat, composition_findings, term_findings
from admin_app.rules.dates import plausible, plausible_term, today
from admin_app.rules.findings import Finding
from admin_app.rules.search import Sought
from admin_app.rules.staffing import STUDIOS

PREMISES = "场所设备"
TERM = "任期与规范化"


def _some(amount: Decimal) -> Finding | None:
    return None if amount >= 0 else Finding("", "金额不能是负数")


def _year(year: int) -> Finding | None:
    newest = today().year + 1
    return None if 2000 <= year <= newest else Finding("", f"年度应在 2000 至 {newest} 之间")


def _rules(committee: "Committee") -> list[Finding]:
    seats = [Seat(member.position or "", member.sex or "") for member in committee.members]
    return [
        # A studio is its founder's and elects no members.
        *([] if committee.kind in STUDIOS else composition_findings(seats, committee.status)),
        *term_findings(committee.term_from, committee.term_until, today()),
    ]


@register(
    "committee",
    "调委会",
    "组织队伍",
    order=("id",),
    parts={"members": "委员", "terms": "历届任期", "changes": "备案变更", "funding": "经费保障"},
    rules=_rules,
)
class Committee(Named, Located, Kept, Base):
    """A people's mediation committee of any kind, or a mediation room stationed somewhere."""

    __tablename__ = "committees"
    __table_args__ = (*scope_indexes("committees", "id"), Index("ix_committees_unit", "unit_id"))

    name: Mapped[str] = field(
        "调委会名称",
        String(100),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        wide=True,
        sought=Sought.NAME,
    )
    unit_id: Mapped[int] = link(
        "所属单位", "units.id", nullable=False, listed=True, form="create", places=True
    )
    kind: Mapped[str] = code(
        "调委会类型", "committee_kind", nullable=False, listed=True, queried=True, sortable=True
    )
    trade: Mapped[str | None] = code(
        "行专类型", "trade_kind", queried=True, help="交通事故、医疗、劳动等行业性、专业性调委会才选"
    )
    status: Mapped[CommitteeStatus] = field(
        "状态",
        enum(CommitteeStatus),
        nullable=False,
        default=CommitteeStatus.PREPARING,
        listed=True,
        queried=True,
        help="“正常”的调委会须有 3 至 9 名委员、一名主任和妇女委员",
    )
    filing_number: Mapped[str | None] = field("备案编号", String(50), sortable=True)
    credit_code: Mapped[str | None] = field(
        "统一社会信用代码", String(18), tidy=identity.tidy_number, checks=(identity.credit_code,)
    )
    head: Mapped[str | None] = field("负责人", String(50), listed=True, queried=True, sought=Sought.OTHER)
    phone: Mapped[str | None] = field("联系电话", String(30), listed=True, checks=(identity.phone,))
    fax: Mapped[str | None] = field("传真号码", String(30), checks=(identity.phone,))
    email: Mapped[str | None] = field("电子邮箱", String(100))
    address: Mapped[str | None] = field("联系地址", String(200), wide=True)
    postcode: Mapped[str | None] = field("邮政编码", String(6))
    founded_on: Mapped[date | None] = field("成立日期", Date(), sortable=True, checks=(plausible,))
    term_from: Mapped[date | None] = field(
        "本届起始日期", Date(), section=TERM, checks=(plausible,), help="每届任期三年"
    )
    term_until: Mapped[date | None] = field(
        "本届届满日期", Date(), section=TERM, sortable=True, checks=(plausible_term,)
    )
    origin: Mapped[str | None] = code("委员产生方式", "committee_origin", section=TERM)
    unities: Mapped[list[str] | None] = code(
        "六统一", "six_unities", many=True, section=TERM, wide=True, help="已经做到的打勾"
    )
    own_premises: Mapped[bool | None] = field("有独立调解场所", Boolean(), section=PREMISES)
    area: Mapped[Decimal | None] = field("办公场所面积（平方米）", Numeric(10, 2), section=PREMISES)
    telephones: Mapped[int | None] = field("工作电话数量", Integer(), section=PREMISES)
    computers: Mapped[int | None] = field("办公电脑数量", Integer(), section=PREMISES)
    printers: Mapped[int | None] = field("打印机、复印机、传真机数量", Integer(), section=PREMISES)
    recorders: Mapped[int | None] = field("录音录像设备数量", Integer(), section=PREMISES)
    remark: Mapped[str | None] = field("备注", Text(), section=PREMISES, wide=True)

    members: Mapped[list["CommitteeMember"]] = relationship(
        back_populates="committee", cascade="all, delete-orphan", order_by="CommitteeMember.id"
    )
    terms: Mapped[list["CommitteeTerm"]] = relationship(
        back_populates="committee", cascade="all, delete-orphan", order_by="CommitteeTerm.id"
    )
    changes: Mapped[list["CommitteeChange"]] = relationship(
        back_populates="committee", cascade="all, delete-orphan", order_by="CommitteeChange.id"
    )
    funding: Mapped[list["Funding"]] = relationship(
        back_populates="committee", cascade="all, delete-orphan", order_by="Funding.id"
    )
    committee_id: Mapped[int] = synonym("id")  # a committee is its own committee, for scope

    def __str__(self) -> str:
        return self.name


class CommitteeMember(Part, Base):
    """A member 委员 of the committee's present term."""

    __tablename__ = "committee_members"
    owner = "committee"

    committee_id: Mapped[int] = fk("committees.id")
    name: Mapped[str] = field("姓名", String(50), nullable=False)
    sex: Mapped[str] = code("性别", "sex", nullable=False)
    ethnicity: Mapped[str | None] = code("民族", "ethnicity")
    position: Mapped[str] = code("职务", "committee_position", nullable=False)
    phone: Mapped[str | None] = field("联系电话", String(30), sensitive=True, checks=(identity.phone,))
    committee: Mapped[Committee] = relationship(back_populates="members")

    def __str__(self) -> str:
        return self.name


class CommitteeTerm(Part, Base):
    """A past or present term 届."""

    __tablename__ = "committee_terms"
    owner = "committee"

    committee_id: Mapped[int] = fk("committees.id")
    ordinal: Mapped[int] = field("第几届", Integer(), nullable=False)
    since: Mapped[date] = field("起始日期", Date(), nullable=False, checks=(plausible,))
    until: Mapped[date | None] = field("截止日期", Date(), checks=(plausible_term,))
    head: Mapped[str | None] = field("主任", String(50))
    committee: Mapped[Committee] = relationship(back_populates="terms")

    def __str__(self) -> str:
        return f"第 {self.ordinal} 届"


class CommitteeChange(Part, Base):
    """A change filed 备案变更 with the bureau (人民调解法 10)."""

    __tablename__ = "committee_changes"
    owner = "committee"

    committee_id: Mapped[int] = fk("committees.id")
    changed_on: Mapped[date] = field("变更日期", Date(), nullable=False, checks=(plausible,))
    item: Mapped[str] = field("变更事项", String(50), nullable=False)
    before: Mapped[str | None] = field("变更前", String(200))
    after: Mapped[str | None] = field("变更后", String(200))
    filed_on: Mapped[date | None] = field("备案日期", Date(), checks=(plausible,))
    committee: Mapped[Committee] = relationship(back_populates="changes")

    def __str__(self) -> str:
        return self.item


class Funding(Part, Base):
    """What was paid for the committee's work in a year 经费保障 (formats.md 2.2; 财行〔2007〕179号)."""

    __tablename__ = "committee_funding"
    owner = "committee"

    committee_id: Mapped[int] = fk("committees.id")
    year: Mapped[int] = field("年度", Integer(), nullable=False, checks=(_year,))
    kind: Mapped[str] = code("经费类型", "funding_kind", nullable=False)
    subsidy: Mapped[str | None] = code("补贴类型", "subsidy_kind", help="补贴经费才选")
    source: Mapped[str] = code("资金来源", "funding_source", nullable=False)
    amount: Mapped[Decimal] = field("金额（元）", Numeric(14, 2), nullable=False, money=True, checks=(_some,))
    committee: Mapped[Committee] = relationship(back_populates="funding")

    def __str__(self) -> str:
        return f"{self.year} 年经费"
