"""Cases 调解案件, their parties and mediators, and the rows their steps leave (M10–M19; formats.md 2.3).

What steps add line by line stands in files of its own: sessions, follow-ups, preventions, attachments.
"""

from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import (
    SCOPED_TIERS,
    Base,
    Kept,
    Located,
    Number,
    Part,
    fk,
    scope_indexes,
    standing,
    stands_in,
)
from admin_app.models.committees import Committee
from admin_app.models.fields import code, enum, field, link
from admin_app.models.mediators import Mediator
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.rules import cases as rules
from admin_app.rules import identity
from admin_app.rules.cases import Stage
from admin_app.rules.dates import plausible, plausible_birth, plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.search import Sought
from admin_app.rules.tiers import Tier

if TYPE_CHECKING:
    from admin_app.models.assistances import Assistance
    from admin_app.models.attachments import Attachment
    from admin_app.models.dossiers import Dossier
    from admin_app.models.follow_ups import FollowUp
    from admin_app.models.hand_overs import HandOver
    from admin_app.models.preventions import Prevention
    from admin_app.models.referrals import Referral
    from admin_app.models.sessions import CaseSession
    from admin_app.models.urgings import Urging

DISPUTE = "纠纷情况"
MEDIATION = "调解情况"
AGREEMENT = "协议与履行"
CLOSING = "结案"
_by_step = partial(field, form="step")
_by_step_code = partial(code, form="step")
_REMOVED = "removed_at IS NOT NULL"
_LIVE = [stage for stage in Stage if stage in rules.LIVE]
_WAITING = standing(_LIVE, "stage")


RESIDENT_CARD = "111"  # GA/T 517 居民身份证


def _rules(case: "Case") -> list[Finding]:
    numbers = [
        (index, identity.id_number(party.id_number))
        for index, party in enumerate(case.parties)
        if party.id_kind == RESIDENT_CARD and party.id_number
    ]
    return _facts(case) + [
        Finding(f"parties-{index}-id_number", f"{case.parties[index].name}：{found.sentence}", grave=False)
        for index, found in numbers
        if found
    ]


def _facts(case: "Case") -> list[Finding]:
    return rules.facts_findings(
        accepted_on=case.accepted_on,
        mediated_on=case.mediated_on,
        agreed_on=case.agreed_on,
        closed_on=case.closed_on,
        amount=case.amount,
        people=case.people,
        parties=len(case.parties),
    )


def _locked(case: "Case") -> str | None:
    if case.stage in rules.EDITABLE:
        return None
    return f"案件现在是“{case.stage.label}”，不能再修改。"


@register(
    "case",
    "案件",
    "案件管理",
    order=("-registered_on",),
    parts={"parties": "当事人", "mediators": "承办调解员"},
    trail={
        "sessions": "调解记录",
        "follow_ups": "回访记录",
        "preventions": "防止激化",
        "attachments": "附件",
    },
    rules=_rules,
    locked=_locked,
)
class Case(Located, Kept, Base):
    """A dispute under mediation. Stage, unit and number are moved by verbs only."""

    __tablename__ = "cases"
    dated = "registered_on"
    __table_args__ = (
        *scope_indexes("cases", "registered_on", "id"),
        *scope_indexes("cases", "stage", "registered_on", "id", by="stage", tiers=SCOPED_TIERS[:3]),
        *scope_indexes("cases", "kind", "registered_on", "id", by="kind", tiers=SCOPED_TIERS[:3]),
        *scope_indexes("cases", "due_on", "id", by="waiting", tiers=SCOPED_TIERS[:3], where=_WAITING),
        *scope_indexes("cases", "registered_on", "id", by="bin", tiers=SCOPED_TIERS[:2], where=_REMOVED),
        Index("ix_cases_committee", "committee_id", "registered_on", "id"),
        # All that statistics add up, so that they never touch the table (operations/figures.py).
        Index(
            "ix_cases_figures",
            "committee_id",
            "accepted_on",
            "stage",
            "kind",
            "source",
            "difficulty",
            "result",
            "form",
            "fulfilment",
            "people",
            "amount",
            "removed_at",
            "created_at",
        ),
        Index("uq_cases_number", "number", unique=True),
        Index("ix_cases_agreement_number", "agreement_number"),
        Index("uq_cases_entry", "entry", unique=True),
    )

    number: Mapped[str | None] = field(
        "案号", Number, listed=True, queried=True, form="never", sought=Sought.NUMBER
    )
    names: Mapped[str] = field(
        "当事人姓名",
        String(300),
        nullable=False,
        default="",
        listed=True,
        queried=True,
        form="never",
        sought=Sought.NAME,
    )
    kind: Mapped[str] = code("纠纷类型", "dispute_kind", nullable=False, listed=True, queried=True)
    stage: Mapped[Stage] = field(
        "阶段",
        enum(Stage),
        nullable=False,
        default=Stage.REGISTERED,
        listed=True,
        queried=True,
        form="never",
    )
    due_on: Mapped[date | None] = field(
        "办理期限", Date(), listed=True, queried=True, form="never", deadline=True
    )
    registered_on: Mapped[date] = field(
        "登记日期",
        Date(),
        nullable=False,
        queried=True,
        sortable=True,
        from_today=True,
        checks=(plausible,),
    )
    committee_id: Mapped[int] = link(
        "承办调委会",
        "committees.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
    )
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")
    source: Mapped[str] = code("案件来源", "case_source", nullable=False, queried=True, section=DISPUTE)
    difficulty: Mapped[str] = code(
        "难度级别", "difficulty", nullable=False, default="1", queried=True, section=DISPUTE
    )
    risk: Mapped[str] = code(
        "案件预测",
        "case_risk",
        nullable=False,
        default="1",
        section=DISPUTE,
        help="有没有自杀、打架、犯罪、上访的苗头；没有就选“正常”",
    )
    people: Mapped[int | None] = field("涉及人数", Integer(), section=DISPUTE)
    amount: Mapped[Decimal | None] = field("涉及金额（元）", Numeric(14, 2), section=DISPUTE, money=True)
    brief: Mapped[str] = field(
        "纠纷简要情况",
        Text(),
        nullable=False,
        wide=True,
        section=DISPUTE,
        help="什么时间、什么地点、因为什么事、现在怎样",
    )
    claims: Mapped[str | None] = field(
        "当事人申请事项",
        Text(),
        wide=True,
        section=DISPUTE,
        help="申请人要求什么，一行写一项；印在《人民调解申请书》上",
    )
    risk_measures: Mapped[str | None] = field(
        "预防措施", Text(), wide=True, section=DISPUTE, help="有激化苗头的才填：做了什么、交给了谁"
    )
    police_told_on: Mapped[date | None] = field(
        "报告公安日期",
        Date(),
        section=DISPUTE,
        checks=(plausible,),
        help="可能引起治安、刑事案件的才填（人民调解法第二十五条）",
    )
    remark: Mapped[str | None] = field("备注", String(500), section=DISPUTE, wide=True)
    proper_tier: Mapped[Tier | None] = _by_step(
        "建议办理层级",
        enum(Tier),
        section=MEDIATION,
        help="简单的在村（社区），复杂的到乡镇，重大疑难的到县区",
    )
    accepted_on: Mapped[date | None] = _by_step(
        "受理日期", Date(), section=MEDIATION, checks=(plausible,), from_today=True
    )
    kin_checked: Mapped[bool | None] = _by_step(
        "已核对：承办调解员不是当事人的近亲属", Boolean(), section=MEDIATION
    )
    decline_reason: Mapped[str | None] = _by_step_code("不予受理的理由", "decline_reason", section=MEDIATION)
    told_channel: Mapped[str | None] = _by_step(
        "已告知的其他途径", String(200), section=MEDIATION, help="例如：向人民法院起诉、向劳动监察部门投诉"
    )
    mediated_on: Mapped[date | None] = _by_step(
        "调解日期", Date(), section=MEDIATION, checks=(plausible,), from_today=True
    )
    place: Mapped[str | None] = _by_step("调解地点", String(200), section=MEDIATION)
    rights_told_on: Mapped[date | None] = _by_step(
        "权利义务告知日期",
        Date(),
        section=MEDIATION,
        checks=(plausible,),
        from_today=True,
        help="哪天把《权利义务告知书》交给双方",
    )
    extension_days: Mapped[int | None] = _by_step("延长天数", Integer(), section=MEDIATION)
    extension_agreed: Mapped[bool | None] = _by_step("双方当事人同意延期", Boolean(), section=MEDIATION)
    result: Mapped[str | None] = code("调解结果", "mediation_result", section=MEDIATION, form="never")
    fail_reason: Mapped[str | None] = _by_step("调解不成的原因", Text(), section=MEDIATION, wide=True)
    told_arbitration: Mapped[bool | None] = _by_step("已告知可以申请仲裁", Boolean(), section=MEDIATION)
    told_administrative: Mapped[bool | None] = _by_step(
        "已告知可以请求行政机关处理", Boolean(), section=MEDIATION
    )
    told_court: Mapped[bool | None] = _by_step("已告知可以向人民法院起诉", Boolean(), section=MEDIATION)
    end_reason: Mapped[str | None] = _by_step_code("终止的原因", "end_reason", section=MEDIATION)
    end_explanation: Mapped[str | None] = _by_step("终止情况说明", Text(), section=MEDIATION, wide=True)
    form: Mapped[str | None] = _by_step_code("协议形式", "agreement_form", section=AGREEMENT)
    agreement_number: Mapped[str | None] = field("协议编号", Number, section=AGREEMENT, form="never")
    agreed_on: Mapped[date | None] = _by_step(
        "协议日期", Date(), section=AGREEMENT, checks=(plausible,), from_today=True
    )
    effective_on: Mapped[date | None] = _by_step(
        "协议生效日期",
        Date(),
        section=AGREEMENT,
        checks=(plausible,),
        help="书面协议：最后一方签字盖章的日子；不填就按协议日期",
    )
    responsibility: Mapped[str | None] = _by_step("各方责任", Text(), section=AGREEMENT, wide=True)
    agreement: Mapped[str | None] = _by_step("协议内容", Text(), section=AGREEMENT, wide=True)
    performance: Mapped[str | None] = _by_step_code("履行方式", "performance_way", section=AGREEMENT)
    perform_by: Mapped[date | None] = _by_step(
        "履行时限",
        Date(),
        section=AGREEMENT,
        checks=(plausible_term,),
        help="最迟哪天履行完；当场履行的填当天",
    )
    fulfilment: Mapped[str | None] = _by_step_code("履行情况", "fulfilment", section=AGREEMENT)
    fulfilled_on: Mapped[date | None] = _by_step(
        "履行完毕日期", Date(), section=AGREEMENT, checks=(plausible,)
    )
    confirmation: Mapped[str | None] = _by_step_code("司法确认", "confirmation", section=AGREEMENT)
    applied_on: Mapped[date | None] = _by_step(
        "司法确认申请日期",
        Date(),
        section=AGREEMENT,
        checks=(plausible,),
        help="协议生效后 30 日内双方共同申请",
    )
    confirmed_on: Mapped[date | None] = _by_step(
        "司法确认裁定日期", Date(), section=AGREEMENT, checks=(plausible,)
    )
    confirmation_number: Mapped[str | None] = _by_step("司法确认案号", String(60), section=AGREEMENT)
    visited_on: Mapped[date | None] = field("回访日期", Date(), section=AGREEMENT, form="never")
    satisfied: Mapped[str | None] = code("是否满意", "satisfaction", section=AGREEMENT, form="never")
    closed_on: Mapped[date | None] = _by_step(
        "结案日期", Date(), section=CLOSING, checks=(plausible,), from_today=True
    )
    closing_report: Mapped[str | None] = _by_step(
        "结案报告", Text(), section=CLOSING, wide=True, help="经过、结果、还有什么要留意的"
    )
    reopen_reason: Mapped[str | None] = _by_step(
        "重新调解的原因", Text(), section=CLOSING, wide=True, help="例如：当事人反悔，又起争执"
    )

    # The quick form it was entered on: none makes two cases.
    entry: Mapped[str | None] = mapped_column(String(60))

    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")
    parties: Mapped[list["Party"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="Party.id"
    )
    mediators: Mapped[list["CaseMediator"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="CaseMediator.id"
    )
    steps: Mapped[list["CaseStep"]] = relationship(back_populates="case", order_by="CaseStep.id")
    sessions: Mapped[list["CaseSession"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="CaseSession.id"
    )
    follow_ups: Mapped[list["FollowUp"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="FollowUp.id"
    )
    preventions: Mapped[list["Prevention"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="Prevention.id"
    )
    attachments: Mapped[list["Attachment"]] = relationship(
        back_populates="case", cascade="all, delete-orphan", order_by="Attachment.id"
    )
    referrals: Mapped[list["Referral"]] = relationship(back_populates="case", order_by="Referral.id")
    assistances: Mapped[list["Assistance"]] = relationship(back_populates="case", order_by="Assistance.id")
    hand_overs: Mapped[list["HandOver"]] = relationship(back_populates="case", order_by="HandOver.id")
    urgings: Mapped[list["Urging"]] = relationship(back_populates="case", order_by="Urging.id")
    dossiers: Mapped[list["Dossier"]] = relationship(back_populates="case", order_by="Dossier.id")

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the deadline still runs."""
        return stands_in(cls.stage, _LIVE)

    @property
    def waits(self) -> bool:
        """Whether its deadline still runs."""
        return self.stage in rules.LIVE

    def __str__(self) -> str:
        return self.number or f"{self.names or '未填当事人'}（未受理）"


class Party(Part, Base):
    """A party 当事人: a person or an organisation, on one side, perhaps with an agent."""

    __tablename__ = "parties"
    __table_args__ = (
        Index("ix_parties_name", "name", "case_id"),
        Index("ix_parties_id_number", "id_number", "case_id"),
    )
    owner = "case"

    case_id: Mapped[int] = fk("cases.id")
    side: Mapped[str] = code("身份", "party_side", nullable=False)
    kind: Mapped[str] = code("类型", "party_kind", nullable=False, default="01")
    name: Mapped[str] = field("姓名或单位名称", String(100), nullable=False, sought=Sought.NAME)
    sex: Mapped[str | None] = code("性别", "sex")
    ethnicity: Mapped[str | None] = code("民族", "ethnicity")
    birth_on: Mapped[date | None] = field("出生日期", Date(), checks=(plausible_birth,))
    occupation: Mapped[str | None] = field("职业或职务", String(50))
    id_kind: Mapped[str | None] = code("证件类型", "id_kind")
    id_number: Mapped[str | None] = field("证件号码", String(30), sensitive=True, tidy=identity.tidy_number)
    phone: Mapped[str | None] = field(
        "联系方式", String(30), sensitive=True, checks=(identity.phone,), sought=Sought.PHONE
    )
    address: Mapped[str | None] = field("单位或住址", String(200), sensitive=True)
    representative: Mapped[str | None] = field("单位负责人", String(50))
    headcount: Mapped[int | None] = field("本方人数", Integer())
    consent: Mapped[str | None] = _by_step_code("是否同意调解", "consent")
    agent: Mapped[str | None] = field("代理人", String(50))
    agent_phone: Mapped[str | None] = field(
        "代理人电话", String(30), sensitive=True, checks=(identity.phone,)
    )
    case: Mapped[Case] = relationship(back_populates="parties")

    def __str__(self) -> str:
        return self.name


class CaseMediator(Part, Base):
    """A mediator assigned to a case (人民调解法 19: one or several)."""

    __tablename__ = "case_mediators"
    __table_args__ = (Index("uq_case_mediators", "case_id", "mediator_id", unique=True),)
    owner = "case"

    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"), nullable=False)
    mediator_id: Mapped[int] = link("调解员", "mediators.id", nullable=False)
    case: Mapped[Case] = relationship(back_populates="mediators")
    mediator: Mapped[Mediator] = relationship(lazy="selectin")

    def __str__(self) -> str:
        return str(self.mediator) if self.mediator else ""


Index("ix_case_mediators_mediator", CaseMediator.mediator_id)


class CaseStep(Passed, Base):
    """The row that a step of a case leaves."""

    __tablename__ = "case_steps"

    case_id: Mapped[int] = fk("cases.id")
    source: Mapped[Stage] = mapped_column(enum(Stage), nullable=False)
    target: Mapped[Stage] = mapped_column(enum(Stage), nullable=False)
    case: Mapped[Case] = relationship(back_populates="steps")
