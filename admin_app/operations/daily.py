"""What is done every day by itself: start clocks, warn, mark what is late, have it supervised (M19, M21).

Each chore finds what it has not done yet by the marks it leaves, so a day may be run twice, and a day that
was left out is made up for by the next.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.database import count_anew
from admin_app.models.cases import Case
from admin_app.models.deadlines import Deadline
from admin_app.models.holidays import calendar
from admin_app.models.parameters import whole
from admin_app.models.registry import register_of
from admin_app.models.units import Unit
from admin_app.models.users import Role, User
from admin_app.operations import (
    awards,
    lateness,
    major_reports,
    missing_clocks,
    months,
    results,
    screening_tasks,
    tallies,
    warnings,
    window,
)
from admin_app.operations.deadlines import things
from admin_app.operations.notices import handlers, people_at, people_of, tell
from admin_app.rules.deadlines import reproach, warning
from admin_app.rules.notices import NoticeKind
from admin_app.rules.parameters import Setting

BATCH = 200
CENTRE = (Role.BUREAU, Role.OFFICE)
DIRECTOR = (Role.COMMITTEE,)


def run(session: Session, day: date) -> dict[str, int]:
    """Every chore of a day, and how much each had to do; the caller commits."""
    done = {label: chore(session, day) for label, chore in CHORES.items()}
    count_anew(session)
    return done


def warn(session: Session, day: date) -> int:
    """Whoever must act is told some days before."""
    last = day + timedelta(days=whole(session, Setting.WARN_DAYS, day))
    near = (Deadline.warned_on.is_(None), Deadline.due_on.between(day, last))
    count = 0
    for deadline, record in _waiting(session, *near):
        deadline.warned_on = day
        words = warning(deadline.kind, deadline.due_on, day)
        _tell(session, deadline, record, _acting(session, deadline), NoticeKind.WARN, words)
        count += 1
    return count


def mark_late(session: Session, day: date) -> int:
    """What is not done by its day turns late; both sides and the superior are told."""
    past = (Deadline.late_on.is_(None), Deadline.due_on < day)
    count = 0
    for deadline, record in _waiting(session, *past):
        deadline.late_on = day
        people = [*_acting(session, deadline), *_asking(session, deadline, record)]
        people += _above(session, deadline)
        words = reproach(deadline.kind, deadline.due_on, day)
        _tell(session, deadline, record, people, NoticeKind.LATE, words)
        case = _case(session, deadline)
        if case is not None:
            lateness.blame(session, deadline, case, day)
        count += 1
    return count


def supervise(session: Session, day: date) -> int:
    """What is still late after some working days more is put under the superior's supervision, once."""
    after, working = whole(session, Setting.URGE_AFTER, day), calendar(session)
    late = (
        Deadline.urged_on.is_(None),
        Deadline.kind.in_(tuple(sorted(lateness.SUPERVISED))),
        Deadline.due_on < day - timedelta(days=after),  # working days are days
    )
    count = 0
    for deadline, record in _waiting(session, *late):
        case = _case(session, deadline)
        if (case is not None and case.removed_at is not None) or working.between(
            deadline.due_on, day
        ) <= after:
            continue
        if lateness.supervise(session, deadline, record, case, day):
            deadline.urged_on = day
            count += 1
    return count


# Every chore under the words in which the command line tells of it, in the order in which they are done.
CHORES: dict[str, Callable[[Session, date], int]] = {
    "生成排查任务": screening_tasks.make,
    "发出预警": warnings.raise_all,
    "补上期限": missing_clocks.start,
    "安排回访": missing_clocks.follow_up,
    "提醒补填月报": months.remind,
    "提醒快到期": warn,
    "标出已超期": mark_late,
    "列入督办": supervise,
    "列出待报送的重大纠纷": major_reports.watch_all,
    "评定到期": awards.expire,
    "删除过期的任务文件": results.sweep,
    "清理群众窗口的来访记录": window.sweep,
    "改正统计累计": tallies.mend_some,
    "合并统计累计": tallies.fold,
}


def _waiting(session: Session, *where: ColumnElement[bool]) -> Iterator[tuple[Deadline, Any]]:
    """Open deadlines in batches, each with its record; those of the recycle bin wait until it is restored.

    Locked, so that of two jobs at once the second finds the marks of the first.
    """
    query = select(Deadline).where(Deadline.done_at.is_(None), *where).order_by(Deadline.id).limit(BATCH)
    query = query.with_for_update().execution_options(populate_existing=True)
    last_id = 0
    while batch := list(session.scalars(query.where(Deadline.id > last_id))):
        records = things(session, batch)
        yield from ((each, records[each.id]) for each in batch if each.id in records)
        session.flush()
        last_id = batch[-1].id


def _tell(
    session: Session, deadline: Deadline, record: Any, people: list[User], kind: NoticeKind, words: str
) -> None:
    """Once for each day that the deadline has been given; only those who may see the record."""
    register = register_of(type(record))
    key = f"{kind}:{deadline.word}:{deadline.record_id}:{deadline.kind}:{deadline.due_on}"
    seeing = {each for each in people if policy.may(each, f"{register.word}.see", record)}
    tell(session, seeing, f"{register.noun} {record}：{words}", record, key=key, kind=kind)


def _acting(session: Session, deadline: Deadline) -> list[User]:
    """Who must act: the committee, with the mediators of its case; where it has nobody, the unit's centre."""
    people = people_of(session, deadline.committee_id, DIRECTOR)
    case = _case(session, deadline)
    if case is not None and case.committee_id == deadline.committee_id:
        people += handlers(session, case.id)
    return people or people_at(session, deadline.unit_id, CENTRE)


def _asking(session: Session, deadline: Deadline, record: Any) -> list[User]:
    """The other side, who waits: a referral's sender, whoever holds the case that others help with."""
    waiting = (each for each in (record, _case(session, deadline)) if each is not None)
    return [
        user
        for each in waiting
        if each.unit_id != deadline.unit_id
        for user in (
            *people_at(session, each.unit_id, CENTRE),
            *people_of(session, getattr(each, "committee_id", None), DIRECTOR),
        )
    ]


def _case(session: Session, deadline: Deadline) -> Case | None:
    return session.get(Case, deadline.case_id) if deadline.case_id else None


def _above(session: Session, deadline: Deadline) -> list[User]:
    """The centre of the unit above the one that must act."""
    return people_at(session, session.get_one(Unit, deadline.unit_id).parent_id, CENTRE)
