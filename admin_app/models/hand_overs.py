"""Hand-overs 移送 between committees and agencies: court, procuratorate, police, petition office (M15)."""

from datetime import date

from sqlalchemy import Boolean, ColumnElement, Date, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, Number, fk, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import code, enum, field, link
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.rules.dates import plausible, plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.hand_overs import HandOverState, Way
from admin_app.rules.search import Sought


def _rules(hand_over: "HandOver") -> list[Finding]:
    if hand_over.way is Way.OUT and not hand_over.agreed:
        return [Finding("agreed", "移送其他机关要当事人同意：同意了请打勾")]
    return []


@register("hand_over", "移送", "案件管理", order=("-id",), rules=_rules, making="")
class HandOver(Located, Kept, Base):
    """A letter that brings a case from an agency, or takes it there, and what was fed back."""

    __tablename__ = "hand_overs"
    __table_args__ = (
        *scope_indexes("hand_overs", "id"),
        Index("ix_hand_overs_case", "case_id"),
        Index("ix_hand_overs_committee", "committee_id", "id"),
        Index("ix_hand_overs_number", "number"),
    )

    case_id: Mapped[int] = link("案件", "cases.id", nullable=False, listed=True, form="never")
    way: Mapped[Way] = field("方向", enum(Way), nullable=False, listed=True, queried=True, form="never")
    agency_kind: Mapped[str] = code("机关类别", "agency_kind", nullable=False, listed=True, queried=True)
    agency: Mapped[str] = field(
        "机关名称", String(100), nullable=False, listed=True, queried=True, sought=Sought.TITLE
    )
    number: Mapped[str | None] = field(
        "函号", Number, listed=True, queried=True, help="来函照抄；移送出去的由系统编号", sought=Sought.NUMBER
    )
    sent_on: Mapped[date] = field(
        "函件日期", Date(), nullable=False, listed=True, sortable=True, from_today=True, checks=(plausible,)
    )
    contact: Mapped[str | None] = field("经办人和电话", String(100))
    explanation: Mapped[str | None] = field("情况说明", Text(), wide=True)
    enclosed: Mapped[str | None] = field("附件清单", Text(), wide=True)
    agreed: Mapped[bool | None] = field("当事人同意", Boolean())
    due_on: Mapped[date | None] = field(
        "反馈期限", Date(), listed=True, queried=True, sortable=True, deadline=True, checks=(plausible_term,)
    )
    state: Mapped[HandOverState] = field(
        "状态",
        enum(HandOverState),
        nullable=False,
        default=HandOverState.OPEN,
        listed=True,
        queried=True,
        form="never",
    )
    answer: Mapped[str | None] = field("反馈内容", Text(), form="step", section="反馈", wide=True)
    answered_on: Mapped[date | None] = field(
        "反馈日期", Date(), form="step", section="反馈", from_today=True, checks=(plausible,)
    )
    unit_id: Mapped[int] = link("办理单位", "units.id", nullable=False, form="never")
    committee_id: Mapped[int] = link("办理调委会", "committees.id", nullable=False, listed=True, form="never")

    committee: Mapped[Committee] = relationship(lazy="raise_on_sql")
    # Who holds the case reads its parties in full, so the policy asks for it.
    case: Mapped[Case] = relationship(back_populates="hand_overs")
    steps: Mapped[list["HandOverStep"]] = relationship(back_populates="hand_over", order_by="HandOverStep.id")

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the deadline still runs."""
        return cls.state == HandOverState.OPEN

    @property
    def waits(self) -> bool:
        """Whether its deadline still runs."""
        return self.state is HandOverState.OPEN

    def __str__(self) -> str:
        return self.number or f"{self.agency}（{self.way.label}）"


class HandOverStep(Passed, Base):
    """The row that a step of a hand-over leaves."""

    __tablename__ = "hand_over_steps"

    hand_over_id: Mapped[int] = fk("hand_overs.id")
    source: Mapped[HandOverState] = mapped_column(enum(HandOverState), nullable=False)
    target: Mapped[HandOverState] = mapped_column(enum(HandOverState), nullable=False)
    hand_over: Mapped[HandOver] = relationship(back_populates="steps")
