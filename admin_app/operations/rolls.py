"""The list of a training 参训人员: who is put on it, who is marked present, what is taken back (M08).

A line of the list is added or marked without raising the training's version: at the door several people
scan at once, and none disturbs who is editing the training itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from admin_app import history, policy
from admin_app.models.base import path_under
from admin_app.models.mediators import Mediator
from admin_app.models.registry import register_of
from admin_app.models.trainings import Attendance, Training
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import trainings
from admin_app.operations.records import saved_once
from admin_app.rules import scans
from admin_app.rules.dates import now
from admin_app.rules.mediators import FULL_TIME, ON_ROSTER
from admin_app.rules.refusals import NotNow, NotSeen
from admin_app.rules.scans import Reads
from admin_app.rules.trainings import PRESENT, Mark

MOST_AT_ONCE = 3000
MOST_ALIKE = 20


@dataclass(frozen=True)
class Signed:
    """Somebody who was marked. `fresh`: not marked so before; `added`: was not on the list."""

    line: Attendance
    fresh: bool
    added: bool


def demand_open(session: Session, actor: User, training: Training) -> None:
    """403 without the right, 409 for a training that was cancelled: whoever cancels it waits its turn."""
    policy.demand(actor, "training.attend", training)
    session.flush()
    session.refresh(training, with_for_update=True)
    sentence = register_of(Training).locked(training)
    if sentence:
        raise NotNow(sentence)


def like(session: Session, actor: User, text: str) -> list[Mediator]:
    """The mediators in the actor's scope whom a scan may mean; those of the whole name before the others."""
    scan = scans.read(text)
    if scan is None:
        return []
    if scan.reads is Reads.NAME:
        exact = _found(session, actor, Mediator.name == scan.text)
        return exact or _found(session, actor, Mediator.name.startswith(scan.text, autoescape=True))
    if scan.reads is Reads.PLACE:
        return _found(session, actor, Mediator.id == int(scan.text))
    column = Mediator.phone if scan.reads is Reads.PHONE else Mediator.id_number
    return _found(session, actor, column == scan.text)


def _found(session: Session, actor: User, where: ColumnElement[bool]) -> list[Mediator]:
    query = (
        select(Mediator)
        .where(policy.visible(Mediator, actor), Mediator.removed_at.is_(None), where)
        .options(selectinload(Mediator.committee))
        .order_by(Mediator.status.not_in(ON_ROSTER), Mediator.id)
    )
    return list(session.scalars(query.limit(MOST_ALIKE)))


def sign(
    session: Session, actor: User, training: Training, mediator_id: int, mark: Mark = Mark.CAME
) -> Signed:
    """One person is there. Scanned twice they stay as they were; 422 where another scanner was faster."""
    demand_open(session, actor, training)
    mediator = policy.find(session, actor, Mediator, mediator_id)
    line = line_of(session, training, mediator.id)
    if line is not None and line.present:
        return Signed(line, fresh=False, added=False)
    added = line is None
    line = line or _new(training, mediator)
    line.mark, line.arrived_at = mark, now()
    session.add(line)
    history.note(session, history.Action.ATTEND, record=training, words=f"{mediator.name} {mark.label}")
    with saved_once():
        session.flush()
    return Signed(line, fresh=True, added=added)


def take_back(session: Session, actor: User, training: Training, mediator_id: int, *, out: bool) -> str:
    """A scan too many: whom it put on the list goes off it, another is expected again. Tells the name."""
    demand_open(session, actor, training)
    line = line_of(session, training, mediator_id)
    if line is None:
        raise NotSeen("名单里没有这个人，可能已经撤销了。")
    words = str(line)
    if out:
        session.delete(line)
    else:
        line.mark, line.arrived_at = Mark.EXPECTED, None
    history.note(session, history.Action.ATTEND, record=training, words=f"{words} 撤销签到")
    session.flush()
    return words


def enrol(
    session: Session,
    actor: User,
    training: Training,
    committee_ids: Iterable[int],
    unit_ids: Iterable[int],
    mark: Mark,
    *,
    full_time: bool = False,
) -> int:
    """Everybody in office of these committees, and of all that lies in these units; how many are new."""
    demand_open(session, actor, training)
    paths = session.scalars(select(Unit.path).where(Unit.id.in_(list(unit_ids))))
    where = or_(
        Mediator.committee_id.in_(list(committee_ids)), *(path_under(Mediator.path, each) for each in paths)
    )
    people = list(session.scalars(_free(actor, training, full_time).where(where).limit(MOST_AT_ONCE + 1)))
    if len(people) > MOST_AT_ONCE:
        raise NotNow(f"一次最多加 {MOST_AT_ONCE} 人，请分几次选。")
    for each in people:
        line = _new(training, each)
        line.mark = mark
        session.add(line)
    with saved_once():
        session.flush()
    trainings.invite(session, training, [each.id for each in people])
    return len(people)


def mark_all(session: Session, actor: User, training: Training) -> int:
    """Everybody who was expected came: one button after the training, exceptions are mended one by one."""
    demand_open(session, actor, training)
    expected = Attendance.mark == Mark.EXPECTED
    lines = list(session.scalars(select(Attendance).where(Attendance.training_id == training.id, expected)))
    for line in lines:
        line.mark = Mark.CAME
    session.flush()
    return len(lines)


def line_of(session: Session, training: Training, mediator_id: int) -> Attendance | None:
    """The line of a person on the list."""
    query = select(Attendance).where(
        Attendance.training_id == training.id, Attendance.mediator_id == mediator_id
    )
    return session.scalars(query).one_or_none()


def tally(session: Session, training: Training) -> dict[Mark, int]:
    """How many people the list has of each mark."""
    marks = session.scalars(select(Attendance.mark).where(Attendance.training_id == training.id))
    found = dict.fromkeys(Mark, 0)
    for mark in marks:
        found[mark] += 1
    return found


def present(counts: dict[Mark, int]) -> int:
    """How many were there."""
    return sum(counts[mark] for mark in PRESENT)


def _new(training: Training, mediator: Mediator) -> Attendance:
    return Attendance(training=training, mediator=mediator, hours=training.hours, mark=Mark.EXPECTED)


def _free(actor: User, training: Training, full_time: bool) -> Select[Mediator]:
    """SQL: those in office who are not on the list."""
    listed = exists().where(Attendance.training_id == training.id, Attendance.mediator_id == Mediator.id)
    query = select(Mediator).where(
        policy.visible(Mediator, actor),
        Mediator.removed_at.is_(None),
        Mediator.status.in_(ON_ROSTER),
        ~listed,
    )
    return query.where(Mediator.full_time == FULL_TIME) if full_time else query
