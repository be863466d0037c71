"""Books of meetings: 会议台账, 会议任务台账 (no public sample found: [N], layouts ours)."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from admin_app.exports.columns import Line, asked_of, column, ordinal, said
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Ledger, Records, declare
from admin_app.models.meetings import Meeting, MeetingTask, Member
from admin_app.models.units import Unit
from admin_app.rules.dates import local_day, today
from admin_app.rules.deadlines import in_time
from admin_app.rules.meeting_tasks import TaskState

COLUMNS = (
    ordinal(),
    said(Meeting, "held_on", 10.2),
    said(Meeting, "kind", 9, centred=True),
    said(Meeting, "title", 24),
    column("unit", "牵头单位", 12),
    column("members", "参加单位数", 7, kind="integer", summed=True),
    column("came", "到会单位数", 7, kind="integer", summed=True),
    said(Meeting, "host", 8),
    said(Meeting, "place", 14),
    said(Meeting, "minutes", 36),
    column("tasks", "交办任务", 7, kind="integer", summed=True),
    column("done", "已完成", 7, kind="integer", summed=True),
    said(Meeting, "state", 8, centred=True),
)
_FACTS = (*asked_of(Meeting, COLUMNS), Meeting.id, Unit.name.label("unit"))


def load(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these meetings: three queries, however many."""
    invited = (
        select(Member.meeting_id, func.count(), func.count().filter(Member.came.is_(True)))
        .where(Member.meeting_id.in_(ids))
        .group_by(Member.meeting_id)
    )
    asked = (
        select(MeetingTask.meeting_id, func.count(), func.count(MeetingTask.done_at))
        .where(MeetingTask.meeting_id.in_(ids), MeetingTask.removed_at.is_(None))
        .group_by(MeetingTask.meeting_id)
    )
    there = {meeting: (members, came) for meeting, members, came in session.execute(invited)}
    tasks = {meeting: (count, done) for meeting, count, done in session.execute(asked)}
    query = select(*_FACTS).join(Unit, Unit.id == Meeting.unit_id).where(Meeting.id.in_(ids))
    found = {}
    for row in session.execute(query):
        members, came = there.get(row.id, (0, 0))
        count, done = tasks.get(row.id, (0, 0))
        found[row.id] = {**row._mapping, "members": members, "came": came, "tasks": count, "done": done}
    return found


MEETING_REGISTER = declare(
    Ledger(
        name="meeting-register",
        label="会议台账",
        word="meeting",
        source=Records(load=load, period=Meeting.held_on, order=(Meeting.held_on, Meeting.id)),
        layout=Layout(columns=COLUMNS, reference=True, counted="次"),
        note="会议一次一行，按会议日期排列。未见公开的官方样式，栏目为参考格式。",
    )
)

TASKS = (
    ordinal(),
    column("meeting", "会议", 22),
    column("held_on", "会议日期", 10.2, kind="date"),
    column("unit", "责任单位", 12),
    said(MeetingTask, "what", 30),
    said(MeetingTask, "responsible", 9),
    said(MeetingTask, "due_on", 10.2),
    said(MeetingTask, "result", 26),
    column("done_on", "完成日期", 10.2, kind="date"),
    column("in_time", "是否按期", 10, centred=True),
    said(MeetingTask, "state", 8, centred=True),
)
_Doer = aliased(Unit)
_TASK_FACTS = (
    *asked_of(MeetingTask, TASKS),
    *(MeetingTask.id, MeetingTask.done_at, Meeting.title.label("meeting"), Meeting.held_on),
    _Doer.name.label("unit"),
)


def load_tasks(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    """The lines of these tasks: one query."""
    query = (
        select(*_TASK_FACTS)
        .join(Meeting, Meeting.id == MeetingTask.meeting_id)
        .join(_Doer, _Doer.id == MeetingTask.unit_id)
        .where(MeetingTask.id.in_(ids))
    )
    found = {}
    for row in session.execute(query):
        done_on = local_day(row.done_at) if row.state is TaskState.DONE else None
        kept = in_time(row.due_on, done_on, today())
        found[row.id] = {**row._mapping, "done_on": done_on, "in_time": kept}
    return found


TASK_REGISTER = declare(
    Ledger(
        name="meeting-task-register",
        label="会议任务台账",
        word="meeting_task",
        source=Records(
            load=load_tasks, period=MeetingTask.due_on, order=(MeetingTask.due_on, MeetingTask.id)
        ),
        layout=Layout(columns=TASKS, reference=True, counted="项"),
        note="会议交办的任务一项一行，按办理期限排列。未见公开的官方样式，栏目为参考格式。",
    )
)
