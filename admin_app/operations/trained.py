"""Training person-times 培训人次 (M31): how often the mediators of a unit sat in trainings that were held."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from admin_app.models.committees import Committee
from admin_app.models.mediators import Mediator
from admin_app.models.trainings import Attendance, Training
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import scope_of
from admin_app.rules.periods import Period
from admin_app.rules.trainings import TrainingState


def person_times(
    session: Session, actor: User, unit: Unit, periods: Sequence[Period | None]
) -> list[int | None]:
    """For each period, by the first day of the training; one query. None where there is no period."""
    counted = [func.count().filter(_within(each)) for each in periods if each]
    held = (
        select(*counted)
        .select_from(Attendance)
        .join(Training, Training.id == Attendance.training_id)
        .join(Mediator, Mediator.id == Attendance.mediator_id)
        .join(Committee, Committee.id == Mediator.committee_id)
        .where(
            Attendance.present,
            Training.state == TrainingState.HELD,
            Training.removed_at.is_(None),
            scope_of(actor, unit).committees,
        )
    )
    found = iter(session.execute(held).one())
    return [next(found) if each else None for each in periods]


def _within(period: Period) -> ColumnElement[bool]:
    ends = [Training.held_from >= period.since] if period.since else []
    ends += [Training.held_from <= period.until] if period.until else []
    return and_(true(), *ends)
