"""The life of what a meeting asks for 会议任务: its door `advance`, its clock, and who is told (M27)."""

from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.meetings import MeetingTask, MeetingTaskStep
from admin_app.models.units import Unit
from admin_app.models.users import Post, Role, User
from admin_app.operations import deadlines, steps
from admin_app.operations.notices import people_at, tell
from admin_app.operations.steps import Life, Passing
from admin_app.rules import meeting_tasks as rules
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding

OFFICES = (Role.BUREAU, Role.OFFICE)
WORKERS = (Role.BUREAU, Role.OFFICE, Role.COMMITTEE)


def drawn_up(passing: Passing) -> list[Finding]:
    """It lives where it is to be done; the unit that led the meeting goes on looking after it."""
    task, session = passing.line, passing.session
    if task.unit_id is None:
        return []  # said beside the field
    unit = session.get_one(Unit, task.unit_id)
    task.path, task.lead_path = unit.path, passing.record.path
    person = session.get(User, task.person_id) if task.person_id else None
    if person is not None and not any(unit.path == post.path for post in person.posts):
        return [Finding("tasks-0-person_id", f"{person.name}不在{unit.name}任职，请换一个人或者不选")]
    return []


def asked(passing: Passing) -> None:
    """A step of the meeting has made it."""
    _begin(passing.session, passing.line, "会议交办任务，请按期办理")


def _again(passing: Passing) -> None:
    passing.record.done_at = None
    _begin(passing.session, passing.record, "会议任务重新交办，请按期办理")


def _begin(session: Session, task: MeetingTask, words: str) -> None:
    kind = DeadlineKind.MEETING_TASK
    deadlines.fall_due(
        session,
        kind,
        task,
        task.due_on,
        unit_id=task.unit_id,
        path=task.path,
        committee_id=_committee(session, task),
    )
    tell(session, _doers(session, task), f"{words}：{task.what[:100]}", task)


def _committee(session: Session, task: MeetingTask) -> int | None:
    """Where nobody keeps a centre, in a village, the director of its committee is reminded."""
    if people_at(session, task.unit_id, OFFICES):
        return None
    of_unit = select(Post.committee_id).where(Post.unit_id == task.unit_id, Post.committee_id.is_not(None))
    return session.scalar(of_unit.order_by(Post.id).limit(1))


def _doers(session: Session, task: MeetingTask) -> list[User]:
    """The one person who is named, or the people of the unit."""
    person = session.get(User, task.person_id) if task.person_id else None
    return [person] if person is not None else people_at(session, task.unit_id, WORKERS)


def _finished(passing: Passing) -> None:
    task, session = passing.record, passing.session
    task.done_at = task.changed_at
    deadlines.done(session, DeadlineKind.MEETING_TASK, task)
    leads = people_at(session, task.meeting.unit_id, WORKERS)
    tell(session, leads, f"会议任务已完成：{task.what[:60]}。{task.result[:100]}", task)


def _move(task: MeetingTask, state: rules.TaskState) -> None:
    task.state = state


LIFE = Life(
    word="meeting_task",
    steps=rules.STEP,
    row=MeetingTaskStep,
    stands=lambda task: task.state,
    move=_move,
    effects={"finish": _finished, "again": _again},
)

advance = partial(steps.advance, LIFE)
