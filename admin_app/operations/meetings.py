"""The life of a meeting 会议: its door `advance`, who is called, and who has not met this month (M27)."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.areas import posts_of
from admin_app.models.codes import codebook
from admin_app.models.meetings import AgendaItem, Meeting, MeetingStep, Member, Reply, meeting_rules
from admin_app.models.units import Unit
from admin_app.models.users import Role, User
from admin_app.operations import meeting_tasks, steps
from admin_app.operations.notices import people_at, tell
from admin_app.operations.steps import Life, Passing
from admin_app.rules import meetings as rules
from admin_app.rules.dates import now, today
from admin_app.rules.findings import Finding
from admin_app.rules.meeting_tasks import TaskState
from admin_app.rules.meetings import MeetingState
from admin_app.rules.periods import Period
from admin_app.rules.tiers import Tier

INVITED = (Role.BUREAU, Role.OFFICE, Role.COMMITTEE)
MET = (MeetingState.HELD, MeetingState.CLOSED)


def _people(session: Session, meeting: Meeting) -> list[User]:
    return [user for each in meeting.members for user in people_at(session, each.unit_id, INVITED)]


def when_and_where(meeting: Meeting) -> str:
    """「2026-03-02 上午 9:00，司法所会议室」."""
    when = " ".join(filter(None, (f"{meeting.held_on:%Y-%m-%d}", meeting.at)))
    return f"{when}，{meeting.place or '地点待定'}"


def _called(passing: Passing) -> None:
    meeting, session = passing.record, passing.session
    words = f"请参加会议“{meeting.title}”并填回执：{when_and_where(meeting)}"
    tell(session, _people(session, meeting), words, meeting)


def _may_be_called(passing: Passing) -> list[Finding]:
    if passing.record.members:
        return []
    return [Finding("", "还没有选参加单位，请先修改会议；没有外单位参加的，开过以后直接登记召开")]


def _replied(passing: Passing) -> list[Finding]:
    """The reply is of the actor's own unit; who does not come says why."""
    reply, meeting = passing.line, passing.record
    assert passing.actor is not None
    invited = {each.unit_id for each in meeting.members}
    reply.unit_id = next(post.unit_id for post in posts_of(passing.actor) if post.unit_id in invited)
    reply.replied_at = now()
    if reply.coming and not reply.people:
        return [Finding("replies-0-people", "请写明谁来参加")]
    if not reply.coming and not reply.word:
        return [Finding("replies-0-word", "不能参加的，请写明原因；要参加的，请在“参加”前打勾")]
    return []


def _may_be_held(passing: Passing) -> list[Finding]:
    return rules.held_finding(passing.record.held_on, today())


def _cancelled(passing: Passing) -> None:
    meeting, session = passing.record, passing.session
    if any(row.name == "call" for row in meeting.steps):
        words = f"会议“{meeting.title}”取消：{meeting.cancel_reason}"
        tell(session, _people(session, meeting), words, meeting)


def _may_be_closed(passing: Passing) -> list[Finding]:
    left = sum(each.state is TaskState.OPEN for each in passing.record.tasks)
    return [Finding("", f"还有 {left} 项任务没有完成，完成以后再办结")] if left else []


def _move(meeting: Meeting, state: MeetingState) -> None:
    meeting.state = state


LIFE = Life(
    word="meeting",
    steps=rules.STEP,
    row=MeetingStep,
    stands=lambda meeting: meeting.state,
    move=_move,
    checks={
        "call": _may_be_called,
        "reply": _replied,
        "hold": _may_be_held,
        "assign": meeting_tasks.drawn_up,
        "close": _may_be_closed,
    },
    effects={"call": _called, "assign": meeting_tasks.asked, "cancel": _cancelled},
)

advance = partial(steps.advance, LIFE)


# ---------------------------------------------------------------- whose turn it is


def unanswered_by(user: User) -> ColumnElement[bool]:
    """SQL: one's own unit is invited and has not answered, and the meeting is still to come."""
    units = [post.unit_id for post in user.posts]
    invited = select(Member.meeting_id).where(Member.unit_id.in_(units))
    answered = Meeting.replies.any(Reply.unit_id.in_(units))
    return Meeting.id.in_(invited) & ~answered & (Meeting.held_on >= today())


def passed() -> ColumnElement[bool]:
    """SQL: the day of the meeting has come."""
    return Meeting.held_on <= today()


def about(session: Session, user: User, *, case_id: int | None = None) -> list[Meeting]:
    """The meetings at which a case was or will be talked about, as far as the person may open them."""
    found = select(AgendaItem.meeting_id).where(AgendaItem.case_id == case_id)
    seen = policy.visible(Meeting, user, "meeting.open")
    query = select(Meeting).where(Meeting.id.in_(found), Meeting.removed_at.is_(None), seen)
    return list(session.scalars(query.order_by(Meeting.held_on.desc(), Meeting.id.desc())))


# ---------------------------------------------------------------- who has not met


@dataclass(frozen=True)
class Owing:
    """A unit that owes a meeting of a kind for a month, and the meeting it held, if it has."""

    unit: Unit
    kind: str
    label: str
    meeting: Meeting | None


def month(session: Session, user: User, period: Period) -> list[Owing]:
    """What the units of one's scope owe for a month, those that have not met first."""
    return sorted(_month(session, user, period), key=lambda each: each.meeting is not None)


def _month(session: Session, user: User, period: Period) -> Iterator[Owing]:
    since, until = period.since, period.until
    rows, book = meeting_rules(session), codebook(session)
    if not rows or since is None or until is None:
        return
    met: dict[tuple[int, str], Meeting] = {}
    held = select(Meeting).where(
        policy.visible(Meeting, user), Meeting.held_on.between(since, until), Meeting.state.in_(MET)
    )
    for each in session.scalars(held.where(Meeting.removed_at.is_(None))):
        met[each.unit_id, each.kind] = each
    for unit in _units(session, user, {row.tier for row in rows}):
        for kind in sorted(rules.owed(unit.path, rows, since, until)):
            yield Owing(unit, kind, book.label("meeting_kind", kind), met.get((unit.id, kind)))


def _units(session: Session, user: User, tiers: set[Tier]) -> list[Unit]:
    within = or_(*(Unit.under(path) for path in policy.paths(user, "meeting_rule.see")))
    live = select(Unit).where(within, Unit.tier.in_(sorted(tiers)), Unit.removed_at.is_(None))
    return list(session.scalars(live.order_by(Unit.code)))
