"""Reports of major disputes 重大纠纷信息报送: what was told upward, when, and who signed for it (M26)."""

from datetime import datetime

from sqlalchemy import Boolean, ColumnElement, Index, Integer, String, Text, literal_column
from sqlalchemy.orm import Mapped, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, Moment, Part, Path, fk, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.fields import enum, field, link
from admin_app.models.finds import Find
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.models.units import Unit
from admin_app.models.urged import Urged
from admin_app.rules.major_reports import BulletinKind, ReportState
from admin_app.rules.search import Sought

REPORTING = "报送"


def _locked(report: "MajorReport") -> str | None:
    if report.state in (ReportState.CLOSED, ReportState.DROPPED):
        return f"报送{report.state.label}，不能再修改。"
    return None


@register(
    "major_report",
    "重大纠纷报送",
    "排查预防",
    order=("-major_at", "-id"),
    trail={"bulletins": "报送内容", "signatures": "签阅"},
    fixed=("bulletins", "signatures"),
    locked=_locked,
    making="",
    keeps=False,
)
class MajorReport(Urged, Located, Kept, Base):
    """What is owed from the moment at which a dispute turned major. It stays with whoever held it then.

    `to_path` is the unit that reads it now: the reporter's superior, and whoever it has been passed on to.
    """

    urged_as = "major_report"
    __tablename__ = "major_reports"
    __table_args__ = (
        *scope_indexes("major_reports", "major_at", "id"),
        Index("ix_major_reports_committee", "committee_id", "major_at", "id"),
        Index("ix_major_reports_to", "to_unit_id", "state"),
        # One for each dispute: it is not owed twice.
        Index(
            "uq_major_reports_case",
            "case_id",
            unique=True,
            sqlite_where=literal_column("case_id IS NOT NULL"),
            postgresql_where=literal_column("case_id IS NOT NULL"),
        ),
        Index(
            "uq_major_reports_find",
            "find_id",
            unique=True,
            sqlite_where=literal_column("find_id IS NOT NULL"),
            postgresql_where=literal_column("find_id IS NOT NULL"),
        ),
    )

    title: Mapped[str] = field(
        "纠纷", String(350), nullable=False, listed=True, queried=True, form="never", sought=Sought.TITLE
    )
    cause: Mapped[str] = field("为什么要报送", String(100), nullable=False, listed=True, form="never")
    case_id: Mapped[int | None] = link("案件", "cases.id", form="never")
    find_id: Mapped[int | None] = link("排查发现", "finds.id", form="never")
    unit_id: Mapped[int] = link("报送单位", "units.id", nullable=False, listed=True, form="never")
    committee_id: Mapped[int | None] = link("报送调委会", "committees.id", form="never")
    to_unit_id: Mapped[int] = link("由谁签阅", "units.id", nullable=False, listed=True, form="never")
    state: Mapped[ReportState] = field(
        "状态",
        enum(ReportState),
        nullable=False,
        default=ReportState.DUE,
        listed=True,
        queried=True,
        form="never",
    )
    major_at: Mapped[datetime] = field(
        "何时成为重大纠纷", Moment(), nullable=False, sortable=True, form="never", section=REPORTING
    )
    hours: Mapped[int] = field("首报时限（小时）", Integer(), nullable=False, form="never", section=REPORTING)
    due_at: Mapped[datetime] = field(
        "最迟首报时间", Moment(), nullable=False, listed=True, form="never", section=REPORTING
    )
    reported_at: Mapped[datetime | None] = field(
        "首报时间", Moment(), listed=True, form="never", section=REPORTING
    )
    late: Mapped[int | None] = field("首报迟了几小时", Integer(), form="never", section=REPORTING)
    ended_at: Mapped[datetime | None] = field("办结时间", Moment(), form="never", section=REPORTING)
    reason: Mapped[str | None] = field(
        "为什么不用报送", String(200), form="step", section=REPORTING, help="例如：难度级别填错了，已经改正"
    )
    remark: Mapped[str | None] = field(
        "备注", String(200), section=REPORTING, wide=True, help="有新的情况不写在这里，请点“续报”"
    )
    to_path: Mapped[str] = mapped_column(Path, nullable=False)

    case: Mapped[Case | None] = relationship(lazy="raise_on_sql")
    find: Mapped[Find | None] = relationship(lazy="raise_on_sql")
    committee: Mapped[Committee | None] = relationship(lazy="raise_on_sql")
    to_unit: Mapped[Unit] = relationship(foreign_keys=[to_unit_id], lazy="raise_on_sql")
    bulletins: Mapped[list["Bulletin"]] = relationship(
        back_populates="major_report", cascade="all, delete-orphan", order_by="Bulletin.id"
    )
    signatures: Mapped[list["Signature"]] = relationship(
        back_populates="major_report", cascade="all, delete-orphan", order_by="Signature.id"
    )
    steps: Mapped[list["MajorReportStep"]] = relationship(
        back_populates="major_report", order_by="MajorReportStep.id"
    )

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the first report is still owed."""
        return cls.state == ReportState.DUE

    @property
    def waits(self) -> bool:
        """Whether the first report is still owed."""
        return self.state is ReportState.DUE

    def __str__(self) -> str:
        return self.title


class Bulletin(Part, Base):
    """One report of a major dispute: the first, one that follows, or the last."""

    __tablename__ = "bulletins"
    owner = "major_report"

    major_report_id: Mapped[int] = fk("major_reports.id")
    kind: Mapped[BulletinKind] = field("哪一报", enum(BulletinKind), nullable=False, form="never")
    situation: Mapped[str] = field(
        "情况", Text(), nullable=False, wide=True, help="什么时间、什么地点、多少人、因为什么、现在怎样"
    )
    measures: Mapped[str] = field("已采取的措施", Text(), nullable=False, wide=True)
    wanted: Mapped[str | None] = field("请上级协调的事", Text(), wide=True)
    sent_at: Mapped[datetime] = field("报送时间", Moment(), nullable=False, form="never")
    author: Mapped[str | None] = field("报送人", String(50), form="never")
    major_report: Mapped[MajorReport] = relationship(back_populates="bulletins")

    def __str__(self) -> str:
        return f"{self.kind.label}：{self.situation[:60]}"


class Signature(Part, Base):
    """The proof that a superior has read: which unit, who, when, and what they said."""

    __tablename__ = "signatures"
    owner = "major_report"

    major_report_id: Mapped[int] = fk("major_reports.id")
    unit_id: Mapped[int] = link("签阅单位", "units.id", nullable=False, form="never")
    signer: Mapped[str] = field("签阅人", String(50), nullable=False, form="never")
    signed_at: Mapped[datetime] = field("签阅时间", Moment(), nullable=False, form="never")
    opinion: Mapped[str | None] = field("批示意见", Text(), wide=True)
    passed_on: Mapped[bool | None] = field("同时上报", Boolean(), form="never")
    major_report: Mapped[MajorReport] = relationship(back_populates="signatures")

    def __str__(self) -> str:
        return f"{self.signer} 签阅{'并上报' if self.passed_on else ''}"


class MajorReportStep(Passed, Base):
    """The row that a step of a report leaves."""

    __tablename__ = "major_report_steps"

    major_report_id: Mapped[int] = fk("major_reports.id")
    source: Mapped[ReportState] = mapped_column(enum(ReportState), nullable=False)
    target: Mapped[ReportState] = mapped_column(enum(ReportState), nullable=False)
    major_report: Mapped[MajorReport] = relationship(back_populates="steps")
