"""Risk assessments 社会稳定风险评估 with measures, plan and follow-up (M25)."""

from datetime import date

from sqlalchemy import ColumnElement, Date, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, Part, fk, scope_indexes
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.rules.assessments import AssessmentState, Decision, RiskLevel
from admin_app.rules.dates import plausible, plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.search import Sought

RESULT, DECIDED, FOLLOW = "评估结果", "决定", "跟踪和办结"


def _some(people: int) -> Finding | None:
    return None if 0 <= people < 10**7 else Finding("", "请填 0 以上的人数")


def _locked(assessment: "Assessment") -> str | None:
    return "这项评估已办结，不能再修改。" if assessment.state is AssessmentState.CLOSED else None


def _rules(assessment: "Assessment") -> list[Finding]:
    found = []
    if assessment.assessed_on and assessment.proposed_on and assessment.assessed_on < assessment.proposed_on:
        found.append(Finding("assessed_on", "评估日期不能早于提出日期"))
    if assessment.decided_on and assessment.assessed_on and assessment.decided_on < assessment.assessed_on:
        found.append(Finding("decided_on", "决定日期不能早于评估日期"))
    return found


@register(
    "assessment",
    "风险评估",
    "排查预防",
    order=("-proposed_on", "-id"),
    parts={"measures": "防范化解措施"},
    trail={"follows": "跟踪情况"},
    fixed=("follows",),
    rules=_rules,
    locked=_locked,
)
class Assessment(Located, Kept, Base):
    """A decision, project or event whose risk to stability is assessed before it is carried out."""

    __tablename__ = "assessments"
    dated = "proposed_on"
    __table_args__ = (*scope_indexes("assessments", "proposed_on", "id"),)

    title: Mapped[str] = field(
        "评估事项",
        String(200),
        nullable=False,
        listed=True,
        queried=True,
        wide=True,
        help="决策、项目或活动的名称",
        sought=Sought.TITLE,
    )
    unit_id: Mapped[int] = link(
        "评估单位", "units.id", nullable=False, listed=True, form="create", places=True
    )
    kind: Mapped[str] = code("事项类别", "assessment_kind", nullable=False, listed=True, queried=True)
    proposer: Mapped[str] = field(
        "提出单位", String(100), nullable=False, listed=True, help="作出决策或者实施项目的部门"
    )
    proposed_on: Mapped[date] = field(
        "提出日期",
        Date(),
        nullable=False,
        queried=True,
        sortable=True,
        from_today=True,
        checks=(plausible,),
    )
    content: Mapped[str] = field(
        "事项概况", Text(), nullable=False, wide=True, help="要做什么、涉及哪里哪些人、什么时候实施"
    )
    state: Mapped[AssessmentState] = field(
        "状态",
        enum(AssessmentState),
        nullable=False,
        default=AssessmentState.DRAFTED,
        listed=True,
        queried=True,
        form="never",
    )
    assessed_on: Mapped[date | None] = field(
        "评估日期", Date(), form="step", section=RESULT, from_today=True, checks=(plausible,)
    )
    ways: Mapped[list[str] | None] = code(
        "评估方式", "assessment_way", many=True, form="step", section=RESULT, wide=True
    )
    asked_people: Mapped[int | None] = field(
        "征求意见人数", Integer(), form="step", section=RESULT, checks=(_some,)
    )
    risk: Mapped[RiskLevel | None] = field(
        "风险等级", enum(RiskLevel), form="step", section=RESULT, listed=True, queried=True
    )
    risks: Mapped[str | None] = field(
        "主要风险", Text(), form="step", section=RESULT, wide=True, help="可能引发什么矛盾、多少人、为什么"
    )
    plan: Mapped[str | None] = field(
        "应急处置预案",
        Text(),
        form="step",
        section=RESULT,
        wide=True,
        help="出了事谁牵头、怎么办；高风险的必填",
    )
    return_reason: Mapped[str | None] = field(
        "退回原因", String(500), form="step", section=RESULT, wide=True, help="缺什么、怎么补，写清楚"
    )
    decision: Mapped[Decision | None] = field(
        "决定", enum(Decision), form="step", section=DECIDED, listed=True, queried=True
    )
    decided_on: Mapped[date | None] = field(
        "决定日期", Date(), form="step", section=DECIDED, from_today=True, checks=(plausible,)
    )
    decided_by: Mapped[str | None] = field("决定机关", String(100), form="step", section=DECIDED)
    follow_by: Mapped[date | None] = field(
        "下次跟踪期限",
        Date(),
        form="step",
        section=FOLLOW,
        listed=True,
        deadline=True,
        checks=(plausible_term,),
        help="不填就按参数；决定“不实施”的不用跟踪",
    )
    closed_on: Mapped[date | None] = field(
        "办结日期", Date(), form="step", section=FOLLOW, from_today=True, checks=(plausible,)
    )
    outcome: Mapped[str | None] = field("实施和风险化解情况", Text(), form="step", section=FOLLOW, wide=True)

    measures: Mapped[list["AssessmentMeasure"]] = relationship(
        back_populates="assessment", cascade="all, delete-orphan", order_by="AssessmentMeasure.id"
    )
    follows: Mapped[list["AssessmentFollow"]] = relationship(
        back_populates="assessment", cascade="all, delete-orphan", order_by="AssessmentFollow.id"
    )
    steps: Mapped[list["AssessmentStep"]] = relationship(
        back_populates="assessment", order_by="AssessmentStep.id"
    )

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: its follow-up is still waited for."""
        return cls.state == AssessmentState.DECIDED

    @property
    def waits(self) -> bool:
        """Whether its follow-up is still waited for."""
        return self.state is AssessmentState.DECIDED

    def __str__(self) -> str:
        return self.title


class AssessmentMeasure(Part, Base):
    """What is done against a risk, by whom, until when."""

    __tablename__ = "assessment_measures"
    owner = "assessment"

    assessment_id: Mapped[int] = fk("assessments.id")
    content: Mapped[str] = field("措施", String(500), nullable=False, wide=True)
    responsible: Mapped[str] = field("责任单位（人）", String(100), nullable=False)
    until: Mapped[date | None] = field("完成期限", Date(), checks=(plausible_term,))
    done_on: Mapped[date | None] = field("完成日期", Date(), checks=(plausible,))
    assessment: Mapped[Assessment] = relationship(back_populates="measures")

    def __str__(self) -> str:
        return self.content[:30]


class AssessmentFollow(Part, Base):
    """How it goes while the decision is carried out."""

    __tablename__ = "assessment_follows"
    owner = "assessment"

    assessment_id: Mapped[int] = fk("assessments.id")
    followed_on: Mapped[date] = field("日期", Date(), nullable=False, from_today=True, checks=(plausible,))
    content: Mapped[str] = field("情况", Text(), nullable=False, wide=True)
    follower: Mapped[str] = field("跟踪人", String(50), nullable=False)
    assessment: Mapped[Assessment] = relationship(back_populates="follows")

    def __str__(self) -> str:
        return f"{self.followed_on:%Y-%m-%d}"


class AssessmentStep(Passed, Base):
    """The row that a step of an assessment leaves."""

    __tablename__ = "assessment_steps"

    assessment_id: Mapped[int] = fk("assessments.id")
    source: Mapped[AssessmentState] = mapped_column(enum(AssessmentState), nullable=False)
    target: Mapped[AssessmentState] = mapped_column(enum(AssessmentState), nullable=False)
    assessment: Mapped[Assessment] = relationship(back_populates="steps")
