"""The life of a training 培训班: its clock, who is told of it, and how it is held or cancelled (M08)."""

from collections.abc import Iterable
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.mediators import Mediator
from admin_app.models.parameters import whole
from admin_app.models.trainings import Attendance, Training, TrainingStep
from admin_app.models.users import Role
from admin_app.operations import deadlines, steps
from admin_app.operations.notices import people_of, tell
from admin_app.operations.steps import Life, Passing
from admin_app.rules import trainings as rules
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.findings import Finding
from admin_app.rules.parameters import Setting
from admin_app.rules.trainings import TrainingState

COMMITTEE = (Role.COMMITTEE,)


def planned(session: Session, training: Training) -> None:
    """A plan was made or changed: its clock runs, and who has been told of other days is told again."""
    start_clock(session, training)
    words = when_and_where(training)
    if training.told is not None and training.told != words and _ahead(training):
        tell_of(session, training, committees(session, training), f"培训安排有变动：{words}")


def start_clock(session: Session, training: Training) -> None:
    """Some days after its last day the organiser must have said who came (⚙)."""
    last = training.held_until or training.held_from
    if training.state is not TrainingState.PLANNED or last is None:
        return
    due_on = last + timedelta(days=whole(session, Setting.TRAINING_RECORD_DAYS, last))
    known = [each for each in deadlines.open_of(session, training) if each.due_on == due_on]
    if not known:
        deadlines.fall_due(
            session, DeadlineKind.TRAIN, training, due_on, unit_id=training.unit_id, path=training.path
        )


def invite(session: Session, training: Training, mediator_ids: Iterable[int]) -> None:
    """The committees of people who have just been put on the list of a training to come are told."""
    ids = list(mediator_ids)
    if ids and _ahead(training):
        found = select(Mediator.committee_id).where(Mediator.id.in_(ids)).distinct()
        words = f"请安排人员参加培训：{when_and_where(training)}"
        tell_of(session, training, list(session.scalars(found)), words)


def tell_of(session: Session, training: Training, committee_ids: Iterable[int], words: str) -> None:
    """A sentence to the directors of these committees; what they were told is remembered."""
    directors = [user for each in committee_ids for user in people_of(session, each, COMMITTEE)]
    tell(session, directors, f"{training}：{words}", training)
    training.told = when_and_where(training)


def committees(session: Session, training: Training) -> list[int]:
    """The committees from which somebody stands on the list."""
    found = (
        select(Mediator.committee_id)
        .join(Attendance, Attendance.mediator_id == Mediator.id)
        .where(Attendance.training_id == training.id)
        .distinct()
    )
    return list(session.scalars(found))


def when_and_where(training: Training) -> str:
    """「2026-03-02 至 2026-03-03，婺城区司法局三楼」."""
    first, last = training.held_from, training.held_until
    days = f"{first:%Y-%m-%d}" if first else "时间待定"
    if first and last and last != first:
        days += f" 至 {last:%Y-%m-%d}"
    return f"{days}，{training.place or '地点待定'}"


def _ahead(training: Training) -> bool:
    """Whether there is still something to come to."""
    last = training.held_until or training.held_from
    return training.state is TrainingState.PLANNED and (last is None or last >= today())


def _may_be_held(passing: Passing) -> list[Finding]:
    training = passing.record
    present = sum(each.present for each in training.attendances)
    return rules.held_findings(training.held_from, present, today(), training.held_until)


def _held(passing: Passing) -> None:
    deadlines.done(passing.session, DeadlineKind.TRAIN, passing.record)


def _cancelled(passing: Passing) -> None:
    session, training = passing.session, passing.record
    deadlines.done(session, DeadlineKind.TRAIN, training)
    if training.told is not None:
        tell_of(session, training, committees(session, training), f"培训取消：{training.cancel_reason}")


def _reopened(passing: Passing) -> None:
    passing.record.cancel_reason = None
    start_clock(passing.session, passing.record)


def _move(training: Training, state: TrainingState) -> None:
    training.state = state


LIFE = Life(
    word="training",
    steps=rules.STEP,
    row=TrainingStep,
    stands=lambda training: training.state,
    move=_move,
    checks={"hold": _may_be_held},
    effects={"hold": _held, "cancel": _cancelled, "reopen": _reopened},
)

advance = partial(steps.advance, LIFE)
