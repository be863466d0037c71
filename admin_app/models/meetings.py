"""Meetings 会议: who calls whom, about what, what was decided, and who meets how often (M27; S0, S2, S3)."""

from datetime import date, datetime

from sqlalchemy import Boolean, ColumnElement, Date, ForeignKey, Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from admin_app.models.base import Base, Kept, Located, Moment, Part, Path, fk, scope_indexes
from admin_app.models.cases import Case
from admin_app.models.fields import code, enum, field, link
from admin_app.models.finds import Find
from admin_app.models.registry import register
from admin_app.models.steps import Passed
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.cadences import span_finding
from admin_app.rules.dates import EARLIEST, plausible_term
from admin_app.rules.findings import Finding
from admin_app.rules.meeting_tasks import TaskState
from admin_app.rules.meetings import MONTHLY, MeetingState, Rule
from admin_app.rules.search import Sought
from admin_app.rules.tiers import Tier

RESULT = "会议结果"


def _locked(meeting: "Meeting") -> str | None:
    if meeting.state in (MeetingState.CLOSED, MeetingState.CANCELLED):
        return f"会议{meeting.state.label}，不能再修改。"
    return None


@register(
    "meeting",
    "会议",
    "排查预防",
    order=("-held_on", "-id"),
    parts={"members": "参加单位", "agenda": "议题"},
    trail={"replies": "参会回执"},
    fixed=("replies",),
    locked=_locked,
    making="筹备",
    keeps=False,
)
class Meeting(Located, Kept, Base):
    """One meeting, of the unit that leads it and those that it invites."""

    __tablename__ = "meetings"
    dated = "held_on"
    __table_args__ = (
        *scope_indexes("meetings", "held_on", "id"),
        Index("ix_meetings_unit", "unit_id", "kind", "held_on", "state"),
    )

    title: Mapped[str] = field(
        "会议名称", String(100), nullable=False, listed=True, queried=True, wide=True, sought=Sought.TITLE
    )
    kind: Mapped[str] = code(
        "会议类型", "meeting_kind", nullable=False, default=MONTHLY, listed=True, queried=True
    )
    joint_field: Mapped[str | None] = code("联席领域", "joint_field", queried=True, help="联席会议才选")
    unit_id: Mapped[int] = link(
        "牵头单位", "units.id", nullable=False, listed=True, queried=True, form="create", places=True
    )
    held_on: Mapped[date] = field(
        "会议日期",
        Date(),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        from_today=True,
        checks=(plausible_term,),
    )
    at: Mapped[str | None] = field("时间", String(30), help="例如：上午 9:00")
    place: Mapped[str | None] = field("地点", String(100), listed=True)
    host: Mapped[str | None] = field("主持人", String(50))
    guests: Mapped[str | None] = field(
        "其他参加单位", Text(), wide=True, help="本系统里没有的单位，如派出所、法院，用顿号隔开"
    )
    state: Mapped[MeetingState] = field(
        "状态",
        enum(MeetingState),
        nullable=False,
        default=MeetingState.PLANNED,
        listed=True,
        queried=True,
        form="never",
    )
    present: Mapped[str | None] = field("到会人员", Text(), form="step", section=RESULT, wide=True)
    recorder: Mapped[str | None] = field("记录人", String(50), form="step", section=RESULT)
    minutes: Mapped[str | None] = field(
        "会议纪要", Text(), form="step", section=RESULT, wide=True, help="一条写一行：讨论了什么，定了什么"
    )
    cancel_reason: Mapped[str | None] = field("取消原因", String(200), form="step", section=RESULT)

    members: Mapped[list["Member"]] = relationship(
        back_populates="meeting", cascade="all, delete-orphan", order_by="Member.id", lazy="selectin"
    )
    agenda: Mapped[list["AgendaItem"]] = relationship(
        back_populates="meeting", cascade="all, delete-orphan", order_by="AgendaItem.id"
    )
    replies: Mapped[list["Reply"]] = relationship(
        back_populates="meeting", cascade="all, delete-orphan", order_by="Reply.id"
    )
    tasks: Mapped[list["MeetingTask"]] = relationship(back_populates="meeting", order_by="MeetingTask.id")
    steps: Mapped[list["MeetingStep"]] = relationship(back_populates="meeting", order_by="MeetingStep.id")

    def __str__(self) -> str:
        return self.title


class Member(Part, Base):
    """A unit that is invited, and whether it came. `path` is the unit's."""

    __tablename__ = "meeting_members"
    owner = "meeting"
    __table_args__ = (Index("ix_meeting_members_path", "path", "meeting_id"),)

    meeting_id: Mapped[int] = fk("meetings.id")
    unit_id: Mapped[int] = link("单位", "units.id", nullable=False, form="create")
    came: Mapped[bool | None] = field("到会", Boolean(), form="step")
    path: Mapped[str] = mapped_column(Path, nullable=False)
    meeting: Mapped[Meeting] = relationship(back_populates="members")
    unit: Mapped[Unit] = relationship(lazy="selectin")

    def __str__(self) -> str:
        return str(self.unit) if self.unit else ""


class AgendaItem(Part, Base):
    """One thing to talk about, and the case or find it is about: a link that opens to whoever may see it."""

    __tablename__ = "agenda_items"
    owner = "meeting"

    meeting_id: Mapped[int] = fk("meetings.id")
    topic: Mapped[str] = field("议题", String(200), nullable=False)
    case_id: Mapped[int | None] = link("研判的案件", "cases.id")
    find_id: Mapped[int | None] = link("研判的排查发现", "finds.id")
    meeting: Mapped[Meeting] = relationship(back_populates="agenda")
    case: Mapped[Case | None] = relationship(lazy="raise_on_sql")
    find: Mapped[Find | None] = relationship(lazy="raise_on_sql")

    def __str__(self) -> str:
        return self.topic


Index("ix_agenda_items_case", AgendaItem.case_id)
Index("ix_agenda_items_find", AgendaItem.find_id)


class Reply(Part, Base):
    """What an invited unit answers: whether it comes, and who. The last of a unit counts."""

    __tablename__ = "replies"
    owner = "meeting"

    meeting_id: Mapped[int] = fk("meetings.id")
    unit_id: Mapped[int] = link("单位", "units.id", nullable=False, form="never")
    coming: Mapped[bool | None] = field("参加", Boolean())
    people: Mapped[str | None] = field("参会人员", String(200), help="姓名、职务，用顿号隔开")
    word: Mapped[str | None] = field("说明", String(200), help="不能参加的，写明原因")
    replied_at: Mapped[datetime] = field("回执时间", Moment(), nullable=False, form="never")
    meeting: Mapped[Meeting] = relationship(back_populates="replies")

    def __str__(self) -> str:
        return f"{'参加' if self.coming else '不参加'}：{self.people or self.word or ''}"


class MeetingStep(Passed, Base):
    """The row that a step of a meeting leaves."""

    __tablename__ = "meeting_steps"

    meeting_id: Mapped[int] = fk("meetings.id")
    source: Mapped[MeetingState] = mapped_column(enum(MeetingState), nullable=False)
    target: Mapped[MeetingState] = mapped_column(enum(MeetingState), nullable=False)
    meeting: Mapped[Meeting] = relationship(back_populates="steps")


# ---------------------------------------------------------------- what a meeting asks for


def _task_locked(task: "MeetingTask") -> str | None:
    return None if task.state is TaskState.OPEN else f"任务{task.state.label}，不能再修改。"


@register("meeting_task", "会议任务", "排查预防", order=("-id",), locked=_task_locked, making="", keeps=False)
class MeetingTask(Located, Kept, Base):
    """Something that a meeting asked of a unit, or of one person of it, by a day. `path` is that unit's."""

    __tablename__ = "meeting_tasks"
    __table_args__ = (
        *scope_indexes("meeting_tasks", "id"),
        Index("ix_meeting_tasks_meeting", "meeting_id"),
        Index("ix_meeting_tasks_person", "person_id"),
        *scope_indexes("meeting_tasks", "id", by="lead", path="lead_path", ends=("lead_path", "removed_at")),
        Index("ix_meeting_tasks_lead_path", "lead_path", "id"),
        Index("ix_meeting_tasks_unit", "unit_id", "id"),
    )

    meeting_id: Mapped[int] = link("会议", "meetings.id", nullable=False, listed=True, form="never")
    unit_id: Mapped[int] = link(
        "责任单位", "units.id", nullable=False, listed=True, queried=True, form="create"
    )
    what: Mapped[str] = field("要办的事", Text(), nullable=False, listed=True, wide=True)
    responsible: Mapped[str | None] = field("责任人", String(50), listed=True)
    person_id: Mapped[int | None] = link(
        "办理人账号", "users.id", form="create", help="选了就进这个人的待办；不选就由责任单位办"
    )
    due_on: Mapped[date] = field(
        "办理期限",
        Date(),
        nullable=False,
        listed=True,
        queried=True,
        sortable=True,
        deadline=True,
        checks=(plausible_term,),
    )
    state: Mapped[TaskState] = field(
        "状态",
        enum(TaskState),
        nullable=False,
        default=TaskState.OPEN,
        listed=True,
        queried=True,
        form="never",
    )
    result: Mapped[str | None] = field("办理结果", Text(), form="step", section="办理", wide=True)
    done_at: Mapped[datetime | None] = field("完成时间", Moment(), form="never", section="办理")
    lead_path: Mapped[str] = mapped_column(Path, nullable=False)  # of the unit that led the meeting

    meeting: Mapped[Meeting] = relationship(back_populates="tasks", lazy="selectin")
    person: Mapped[User | None] = relationship(lazy="raise_on_sql")
    steps: Mapped[list["MeetingTaskStep"]] = relationship(
        back_populates="meeting_task", order_by="MeetingTaskStep.id"
    )

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """SQL: the deadline still runs."""
        return cls.state == TaskState.OPEN

    @property
    def waits(self) -> bool:
        """Whether its deadline still runs."""
        return self.state is TaskState.OPEN

    def __str__(self) -> str:
        return self.what[:60]


class MeetingTaskStep(Passed, Base):
    """The row that a step of a task leaves."""

    __tablename__ = "meeting_task_steps"

    meeting_task_id: Mapped[int] = mapped_column(
        ForeignKey("meeting_tasks.id", ondelete="CASCADE"), nullable=False, index=True
    )
    source: Mapped[TaskState] = mapped_column(enum(TaskState), nullable=False)
    target: Mapped[TaskState] = mapped_column(enum(TaskState), nullable=False)
    meeting_task: Mapped[MeetingTask] = relationship(back_populates="steps")


# ---------------------------------------------------------------- who meets every month


def _rule_rules(rule: "MeetingRule") -> list[Finding]:
    found = span_finding(rule.valid_from, rule.valid_until, "valid_until")
    return [found] if found else []


@register(
    "meeting_rule",
    "例会制度",
    "系统设置",
    order=("tier", "-valid_from", "-id"),
    rules=_rule_rules,
    unique=("unit_id", "tier", "kind", "valid_from"),
    making="添加",
)
class MeetingRule(Located, Kept, Base):
    """Which meeting every unit of a tier holds each month: said by a bureau, for itself and all below it."""

    __tablename__ = "meeting_rules"

    unit_id: Mapped[int] = link(
        "适用范围",
        "units.id",
        nullable=False,
        listed=True,
        queried=True,
        form="create",
        places=True,
        help="这个单位和它下面的单位",
    )
    tier: Mapped[Tier] = field(
        "哪一级每月开", enum(Tier), nullable=False, default=Tier.TOWNSHIP, listed=True, queried=True
    )
    kind: Mapped[str] = code(
        "会议类型", "meeting_kind", nullable=False, default=MONTHLY, listed=True, queried=True
    )
    valid_from: Mapped[date] = field(
        "启用日期",
        Date(),
        nullable=False,
        default=EARLIEST,
        listed=True,
        sortable=True,
        checks=(plausible_term,),
        help="从下一个整月起要求",
    )
    valid_until: Mapped[date | None] = field(
        "停用日期", Date(), listed=True, checks=(plausible_term,), help="这天还有效；不填就一直有效"
    )
    remark: Mapped[str | None] = field("依据", String(200), wide=True)

    def __str__(self) -> str:
        return f"{self.tier.label}每月一次"


Index(
    "uq_meeting_rules_tier",
    MeetingRule.unit_id,
    MeetingRule.tier,
    MeetingRule.kind,
    MeetingRule.valid_from,
    unique=True,
    sqlite_where=MeetingRule.removed_at.is_(None),
    postgresql_where=MeetingRule.removed_at.is_(None),
)


def meeting_rules(session: Session) -> list[Rule]:
    """Every rule there is, as the rules read it."""
    rows = session.scalars(select(MeetingRule).where(MeetingRule.removed_at.is_(None)))
    return [Rule(row.path, row.tier, row.kind, row.valid_from, row.valid_until) for row in rows]
