"""Applications 评定申报 for grades, stars, honours: evidence, panel, notice, certificate (M28–M30).

One life with different standards (lifecycle.md 5). The figures shown are live until the first review; then
they are frozen, line by line, with the ids of the records behind them.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Date, Index, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.types import JSON

from admin_app.models.base import Base, Kept, Located, Moment, Number, Part, Path, fk, scope_indexes
from admin_app.models.committees import Committee
from admin_app.models.fields import code, enum, field, link
from admin_app.models.mediators import Mediator
from admin_app.models.registry import register
from admin_app.models.seasons import Season
from admin_app.models.standards import Standard
from admin_app.models.steps import Passed
from admin_app.rules.awards import HELD, OPEN_TO_APPLICANT, Attendance, AwardState, Outcome, Recheck
from admin_app.rules.dates import plausible
from admin_app.rules.search import Sought
from admin_app.rules.standards import StandardKind

REVIEW, NOTICE, CERTIFICATE = "初审和评审", "公示", "证书和后续"


def _locked(award: "AwardApplication") -> str | None:
    return None if award.state in OPEN_TO_APPLICANT else f"申报现在是“{award.state.label}”，不能再修改。"


@register(
    "award",
    "评定申报",
    "考评",
    order=("-id",),
    trail={
        "evidence": "条件和得分（初审时冻结）",
        "manuals": "人工项目",
        "panel": "评委评分",
        "objections": "公示异议",
        "reviews": "年度复核",
    },
    fixed=("evidence", "manuals", "panel", "objections", "reviews"),
    locked=_locked,
    making="新建",
)
class AwardApplication(Located, Kept, Base):
    """What one mediator or one committee applies for, from the application to the certificate and beyond.

    `decided_path` is the subtree of the unit that decides: whoever stands at or above it scores and grants.
    """

    __tablename__ = "award_applications"
    dated = "applied_on"
    __table_args__ = (
        *scope_indexes("award_applications", "id"),
        Index("ix_award_applications_season", "season_id", "state"),
        Index("ix_award_applications_standard", "standard_id"),
        Index("ix_award_applications_mediator", "mediator_id", "state"),
        Index("ix_award_applications_committee", "committee_id", "id"),
        Index("uq_award_applications_number", "number", unique=True),
    )

    kind: Mapped[StandardKind] = field(
        "类别", enum(StandardKind), nullable=False, listed=True, queried=True, form="never"
    )
    whom: Mapped[str] = field(
        "申报对象",
        String(100),
        nullable=False,
        required=False,
        listed=True,
        queried=True,
        form="never",
        sought=Sought.NAME,
    )
    season_id: Mapped[int | None] = link(
        "评定批次", "seasons.id", queried=True, form="create", help="随批次申报的才选"
    )
    standard_id: Mapped[int] = link("评定标准", "standards.id", nullable=False, listed=True, form="create")
    mediator_id: Mapped[int | None] = link(
        "申报调解员",
        "mediators.id",
        queried=True,
        form="create",
        places=True,
        help="评调委会的标准不用选",
    )
    committee_id: Mapped[int] = link(
        "所属调委会",
        "committees.id",
        nullable=False,
        required=False,
        listed=True,
        queried=True,
        form="create",
        help="评调解员的不用选，按调解员所在的调委会",
    )
    unit_id: Mapped[int] = link("所属单位", "units.id", nullable=False, form="never")
    level: Mapped[str] = field(
        "申报等级",
        String(30),
        nullable=False,
        required=False,
        listed=True,
        queried=True,
        help="不选就按现在的数字，取够得上的最高等级",
    )
    rank: Mapped[int] = mapped_column(Integer, nullable=False)
    statement: Mapped[str | None] = field("申报理由", Text(), wide=True, help="主要事迹、工作情况")
    state: Mapped[AwardState] = field(
        "状态",
        enum(AwardState),
        nullable=False,
        default=AwardState.APPLIED,
        listed=True,
        queried=True,
        form="never",
    )
    applied_on: Mapped[date] = field(
        "申报日期", Date(), nullable=False, required=False, form="never", sortable=True
    )
    until: Mapped[date | None] = field("数据截止日期", Date(), form="never", section=REVIEW)
    return_reason: Mapped[str | None] = field(
        "退回原因", String(500), form="step", section=REVIEW, wide=True, help="缺什么、怎么补，写清楚"
    )
    refusal: Mapped[str | None] = field("不通过的原因", String(500), form="step", section=REVIEW, wide=True)
    again_reason: Mapped[str | None] = field(
        "退回重评的原因", String(500), form="step", section=REVIEW, wide=True
    )
    reckoned: Mapped[Decimal | None] = field("计算得分", Numeric(9, 2), form="never", section=REVIEW)
    panel_on: Mapped[date | None] = field(
        "评审日期", Date(), form="step", section=REVIEW, from_today=True, checks=(plausible,)
    )
    panel_opinion: Mapped[str | None] = field("评审意见", String(500), form="step", section=REVIEW, wide=True)
    panel_mean: Mapped[Decimal | None] = field("评委平均分", Numeric(9, 2), form="never", section=REVIEW)
    score: Mapped[Decimal | None] = field(
        "总得分", Numeric(9, 2), form="never", section=REVIEW, sortable=True
    )
    notice_from: Mapped[date | None] = field("公示开始", Date(), form="never", section=NOTICE)
    notice_until: Mapped[date | None] = field(
        "公示截止", Date(), form="never", section=NOTICE, help="公示到这一天为止，第二天起可以授予"
    )
    granted_on: Mapped[date | None] = field(
        "授予日期", Date(), form="never", section=CERTIFICATE, sortable=True
    )
    number: Mapped[str | None] = field(
        "证书编号", Number, form="never", section=CERTIFICATE, listed=True, queried=True, sought=Sought.NUMBER
    )
    check_code: Mapped[str | None] = field("证书核验码", String(20), form="never", section=CERTIFICATE)
    valid_until: Mapped[date | None] = field(
        "有效期至", Date(), form="never", section=CERTIFICATE, listed=True, sortable=True
    )
    filed_on: Mapped[date | None] = field(
        "备案日期", Date(), form="step", section=CERTIFICATE, from_today=True, checks=(plausible,)
    )
    filed_with: Mapped[str | None] = field("备案机关", String(100), form="step", section=CERTIFICATE)
    revoke_reason: Mapped[str | None] = code("撤销原因", "revoke_reason", form="step", section=CERTIFICATE)
    revoke_note: Mapped[str | None] = field(
        "撤销的情况说明", String(500), form="step", section=CERTIFICATE, wide=True
    )
    ended_on: Mapped[date | None] = field("失效日期", Date(), form="never", section=CERTIFICATE)
    turn: Mapped[int] = mapped_column(Integer, default=0, nullable=False)  # which notice it is
    decided_path: Mapped[str] = mapped_column(Path, nullable=False)

    season: Mapped[Season | None] = relationship()
    standard: Mapped[Standard] = relationship()
    mediator: Mapped[Mediator | None] = relationship()
    committee: Mapped[Committee] = relationship()
    evidence: Mapped[list["AwardEvidence"]] = relationship(
        back_populates="award", cascade="all, delete-orphan", order_by="AwardEvidence.id"
    )
    manuals: Mapped[list["AwardManual"]] = relationship(
        back_populates="award", cascade="all, delete-orphan", order_by="AwardManual.id"
    )
    panel: Mapped[list["AwardJudge"]] = relationship(
        back_populates="award", cascade="all, delete-orphan", order_by="AwardJudge.id"
    )
    objections: Mapped[list["AwardObjection"]] = relationship(
        back_populates="award", cascade="all, delete-orphan", order_by="AwardObjection.id"
    )
    reviews: Mapped[list["AwardReview"]] = relationship(
        back_populates="award", cascade="all, delete-orphan", order_by="AwardReview.id"
    )
    steps: Mapped[list["AwardStep"]] = relationship(back_populates="award", order_by="AwardStep.id")

    @property
    def held(self) -> bool:
        """Whether the title is borne now."""
        return self.state in HELD

    def __str__(self) -> str:
        return f"{self.whom}：{self.kind.label}（{self.level}）"


class AwardEvidence(Part, Base):
    """One item of the standard as it was judged when the figures were frozen.

    `kept` holds the item and its evidence whole, with the ids behind it: the score is reckoned again from it.
    """

    __tablename__ = "award_evidence"
    owner = "award"

    award_id: Mapped[int] = fk("award_applications.id")
    label: Mapped[str] = field("项目", String(100), nullable=False, form="never")
    required: Mapped[str] = field("要求", String(200), nullable=False, form="never")
    actual: Mapped[str] = field("实际", String(100), nullable=False, form="never")
    passed: Mapped[bool | None] = field("达到", Boolean(), form="never")
    short: Mapped[str | None] = field("还差", String(50), form="never")
    points: Mapped[Decimal | None] = field("得分", Numeric(9, 2), form="never")
    kept: Mapped[dict[str, Any]] = mapped_column(JSON, nullable=False)
    award: Mapped[AwardApplication] = relationship(back_populates="evidence")

    def __str__(self) -> str:
        return self.label


class AwardManual(Part, Base):
    """One item that people give and no figure tells: a count, a score, democratic appraisal."""

    __tablename__ = "award_manuals"
    owner = "award"

    award_id: Mapped[int] = fk("award_applications.id")
    item_id: Mapped[int] = mapped_column(Integer, nullable=False)
    label: Mapped[str] = field("项目", String(100), nullable=False, form="never")
    required: Mapped[str] = field("要求", String(200), nullable=False, form="never")
    given: Mapped[Decimal | None] = field("评审认定", Numeric(9, 2), help="得分、次数或百分比，照要求填")
    award: Mapped[AwardApplication] = relationship(back_populates="manuals")

    def __str__(self) -> str:
        return self.label


class AwardJudge(Part, Base):
    """A member of the panel: their own score, or why they gave none."""

    __tablename__ = "award_judges"
    owner = "award"

    award_id: Mapped[int] = fk("award_applications.id")
    name: Mapped[str] = field("评委姓名", String(50), nullable=False)
    employer: Mapped[str | None] = field("单位和职务", String(100))
    mediator_id: Mapped[int | None] = link("是调解员的选本人", "mediators.id")
    attendance: Mapped[Attendance] = field(
        "到会", enum(Attendance), nullable=False, default=Attendance.PRESENT
    )
    points: Mapped[Decimal | None] = field("评分", Numeric(7, 2))
    reason: Mapped[str | None] = field("缺席或回避的原因", String(200), help="近亲属、有利害关系的要回避")
    mediator: Mapped[Mediator | None] = relationship(lazy="raise_on_sql")
    award: Mapped[AwardApplication] = relationship(back_populates="panel")

    def __str__(self) -> str:
        return self.name


class AwardObjection(Part, Base):
    """An objection to what is publicly noticed: who, when, what, and how it was answered."""

    __tablename__ = "award_objections"
    owner = "award"

    award_id: Mapped[int] = fk("award_applications.id")
    raised_on: Mapped[date] = field("提出日期", Date(), nullable=False, from_today=True, checks=(plausible,))
    raiser: Mapped[str] = field("异议人", String(50), nullable=False)
    contact: Mapped[str | None] = field("联系方式", String(100), sensitive=True)
    content: Mapped[str] = field("异议内容", Text(), nullable=False, wide=True)
    outcome: Mapped[Outcome | None] = field("核查结论", enum(Outcome), form="step")
    answer: Mapped[str | None] = field("答复", Text(), form="step", wide=True)
    answered_at: Mapped[datetime | None] = field("答复时间", Moment(), form="never")
    turn: Mapped[int] = mapped_column(Integer, default=0, nullable=False)
    award: Mapped[AwardApplication] = relationship(back_populates="objections")

    def __str__(self) -> str:
        return f"{self.raiser}的异议"


class AwardReview(Part, Base):
    """A yearly review: kept, raised or lowered, to which level."""

    __tablename__ = "award_reviews"
    owner = "award"

    award_id: Mapped[int] = fk("award_applications.id")
    reviewed_on: Mapped[date] = field("复核日期", Date(), nullable=False, form="never")
    outcome: Mapped[Recheck] = field("复核结论", enum(Recheck), nullable=False, default=Recheck.KEPT)
    level: Mapped[str | None] = field("复核后的等级", String(30), help="晋升、降低的才填")
    before: Mapped[str | None] = field("原等级", String(30), form="never")
    opinion: Mapped[str] = field("复核情况", String(500), nullable=False, wide=True)
    award: Mapped[AwardApplication] = relationship(back_populates="reviews")

    def __str__(self) -> str:
        return self.outcome.label


class AwardStep(Passed, Base):
    """The row that a step of an application leaves."""

    __tablename__ = "award_steps"

    award_id: Mapped[int] = fk("award_applications.id")
    source: Mapped[AwardState] = mapped_column(enum(AwardState), nullable=False)
    target: Mapped[AwardState] = mapped_column(enum(AwardState), nullable=False)
    award: Mapped[AwardApplication] = relationship(back_populates="steps")
