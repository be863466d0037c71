"""Who has the hours and who lacks them, and whom the rotation has not reached (M08; formats.md 4: 雅安).

One query adds up everybody's hours, so that a city of eight thousand mediators is one page.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, and_, case, func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.base import path_under
from admin_app.models.committees import Committee
from admin_app.models.mediators import Appointment, Mediator
from admin_app.models.parameters import whole
from admin_app.models.trainings import Attendance, Training
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import width_of
from admin_app.rules.choices import Choice
from admin_app.rules.dates import today
from admin_app.rules.figure_checks import percent
from admin_app.rules.mediators import ON_ROSTER
from admin_app.rules.parameters import Setting
from admin_app.rules.trainings import BEFORE_POST, SPECIAL, ZERO, Dues, Owed, TrainingState, owed, rested

_TRADE = "06"  # committee_kind 行业性专业性调委会


class Which(Choice):
    """Whom the list of hours shows."""

    SHORT = "short", "未达标"
    NONE = "none", "本年没参加过"
    RESTED = "rested", "轮训周期内没参加过"
    MET = "met", "达标"
    ALL = "all", "全部"


@dataclass(frozen=True)
class Person:
    """One mediator in office with the year's hours; `rested`: the rotation has not reached them."""

    id: int
    name: str
    path: str
    committee_id: int
    committee: str
    unit_id: int
    owed: Owed
    last_on: date | None
    rested: bool

    def is_(self, which: Which) -> bool:
        return {
            Which.SHORT: not self.owed.met,
            Which.NONE: not self.owed.done,
            Which.RESTED: self.rested,
            Which.MET: self.owed.met,
            Which.ALL: True,
        }[which]


@dataclass
class Tally:
    """What a unit's people have done: how many there are, have the hours, and so on."""

    people: int = 0
    met: int = 0
    none: int = 0
    rested: int = 0
    hours: Decimal = field(default=ZERO)

    @property
    def short(self) -> int:
        return self.people - self.met

    @property
    def share(self) -> str:
        """达标率."""
        return percent(Decimal(self.met) / self.people) if self.people else "—"

    def add(self, person: Person) -> None:
        self.people += 1
        self.met += person.owed.met
        self.none += person.is_(Which.NONE)
        self.rested += person.rested
        self.hours += person.owed.done


def dues(session: Session, year: int) -> Dues:
    """What a year asks for (⚙), as it was ruled at its end."""
    day = min(date(year, 12, 31), today())
    return Dues(
        Decimal(whole(session, Setting.TRAINING_YEAR_HOURS, day)),
        Decimal(whole(session, Setting.TRAINING_NEW_HOURS, day)),
        Decimal(whole(session, Setting.TRAINING_SPECIAL_HOURS, day)),
        whole(session, Setting.TRAINING_ROTATION_YEARS, day),
    )


def people(session: Session, actor: User, unit: Unit | None, year: int) -> list[Person]:
    """Everybody in office whose hours the actor may read, in the order of committees."""
    scope = policy.visible(Mediator, actor, "mediator.hours")
    where = [scope, Mediator.removed_at.is_(None), Mediator.status.in_(ON_ROSTER)]
    if unit is not None:
        where.append(path_under(Mediator.path, unit.path))
    return _people(session, and_(*where), year)


def of_one(session: Session, mediator: Mediator, year: int) -> Person | None:
    """One mediator's year; the caller has asked for the right."""
    return next(iter(_people(session, Mediator.id == mediator.id, year)), None)


def _people(session: Session, where: Any, year: int) -> list[Person]:
    ruled = dues(session, year)
    new = set(session.scalars(_new(where, year)))
    done = {row.mediator_id: row for row in session.execute(_done(where, year))}
    query = (
        select(
            Mediator.id,
            Mediator.name,
            Mediator.path,
            Mediator.committee_id,
            Mediator.unit_id,
            Committee.name.label("committee"),
            Committee.kind,
            Mediator.started_on,
        )
        .join(Committee, Committee.id == Mediator.committee_id)
        .where(where)
        .order_by(Mediator.path, Mediator.committee_id, Mediator.id)
    )
    return [_person(row, done.get(row.id), ruled, row.id in new, year) for row in session.execute(query)]


def _person(row: Any, done: Any, ruled: Dues, new: bool, year: int) -> Person:
    year_hours, new_hours, special_hours = (
        Decimal(each or 0) for each in ((done.year, done.new, done.special) if done else (0, 0, 0))
    )
    last_on = done.last_on if done else None
    special = row.kind == _TRADE
    end = min(date(year, 12, 31), today())
    return Person(
        row.id,
        row.name,
        row.path,
        row.committee_id,
        row.committee,
        row.unit_id,
        owed(year_hours, new_hours, special_hours, ruled, new=new, special=special),
        last_on,
        rested(last_on, row.started_on, end, ruled.rotation),
    )


def _done(where: Any, year: int) -> Select[Any]:
    """Hours of those who were present: of the year, of 岗前 whenever it was, of 专项; and the last time."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    in_year = Training.held_from >= first
    hours = Attendance.hours

    def added(when: Any) -> Any:
        return func.sum(case((when, hours), else_=0))

    return (
        select(
            Attendance.mediator_id,
            added(in_year).label("year"),
            added(Training.kind == BEFORE_POST).label("new"),
            added(and_(in_year, Training.kind == SPECIAL)).label("special"),
            func.max(Training.held_from).label("last_on"),
        )
        .join(Training, Training.id == Attendance.training_id)
        .join(Mediator, Mediator.id == Attendance.mediator_id)
        .where(
            where,
            Attendance.present,
            Training.state == TrainingState.HELD,
            Training.removed_at.is_(None),
            Training.held_from <= last,
        )
        .group_by(Attendance.mediator_id)
    )


def _new(where: Any, year: int) -> Select[Any]:
    """Those whose first appointment lies in the year."""
    first = func.min(Appointment.since)
    return (
        select(Appointment.mediator_id)
        .join(Mediator, Mediator.id == Appointment.mediator_id)
        .where(where)
        .group_by(Appointment.mediator_id)
        .having(and_(first >= date(year, 1, 1), first <= date(year, 12, 31)))
    )


def by_unit(session: Session, unit: Unit, found: Iterable[Person]) -> list[tuple[str, Unit | None, Tally]]:
    """A tally for each direct sub-unit, for the unit's own level, and for all of it."""
    subs = session.scalars(
        select(Unit).where(Unit.parent_id == unit.id, Unit.removed_at.is_(None)).order_by(Unit.code)
    )
    width, at, all_ = width_of(unit), defaultdict[str, Tally](Tally), Tally()
    for each in found:
        at[each.path[:width]].add(each)
        all_.add(each)
    lines: list[tuple[str, Unit | None, Tally]] = [
        (str(sub), sub, at[sub.path]) for sub in subs if sub.path in at
    ]
    if unit.path in at:
        lines.append((f"{unit}本级", None, at[unit.path]))
    return [*lines, ("合计", None, all_)]


def person_times(session: Session, where: Callable[[type[Training]], Any], since: date, until: date) -> int:
    """培训人次 (M31): how often somebody was present at a training held in these days."""
    query = (
        select(func.count())
        .select_from(Attendance)
        .join(Training, Training.id == Attendance.training_id)
        .where(
            where(Training),
            Attendance.present,
            Training.state == TrainingState.HELD,
            Training.removed_at.is_(None),
            Training.held_from.between(since, until),
        )
    )
    return session.scalar(query) or 0


def attended(session: Session, mediator_id: int) -> Sequence[Any]:
    """The trainings of one mediator, the newest first: rows of Training, Attendance."""
    query = (
        select(Training, Attendance)
        .join(Attendance, Attendance.training_id == Training.id)
        .where(Attendance.mediator_id == mediator_id, Training.removed_at.is_(None))
        .order_by(Training.held_from.desc(), Training.id.desc())
    )
    return session.execute(query).all()
