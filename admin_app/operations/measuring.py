"""Counting the measures 指标 (rules/measures.py) of mediators and committees, with the records behind them.

What each counts is said in `MEANS` there, in the words the pages show. In short: a mediator's cases are
those assigned to them (人民调解法 19), a committee's those it holds; a case counts by the day on which it
was accepted or closed; what lies in the recycle bin never counts; facts are those of now. No policy here:
whoever calls has chosen subjects within their scope.

Each source reads one kind of record of many subjects in one query, and knows nothing of the others.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from admin_app.models.base import Base
from admin_app.models.committees import Committee
from admin_app.models.evaluations import Evaluation
from admin_app.models.lookbacks import Lookback
from admin_app.models.mediators import Appointment, Award, Mediator, Sanction
from admin_app.models.monthly import Monthly
from admin_app.models.screenings import Screening
from admin_app.models.trainings import Attendance, Training
from admin_app.operations import measured_cases
from admin_app.rules.evaluations import EvaluationState
from admin_app.rules.lookbacks import Fault
from admin_app.rules.measures import (
    NOTHING,
    Evidence,
    Measure,
    Subject,
    counted,
    rate,
    rounded_rate,
    years_between,
)
from admin_app.rules.periods import Period
from admin_app.rules.trainings import TrainingState

Found = dict[int, dict[Measure, Evidence]]
Which = Sequence[int] | ColumnElement[bool]
MODELS: dict[Subject, type[Base]] = {Subject.MEDIATOR: Mediator, Subject.COMMITTEE: Committee}
_AT_ONCE = 2_000  # subjects a query: their numbers are written into it
_LAST_MONTHS = 12  # of screening, where a standard looks back to the beginning


@dataclass(frozen=True)
class Asked:
    """Who is measured, and over which days."""

    session: Session
    subject: Subject
    ids: Sequence[int]
    period: Period

    @property
    def until(self) -> date:
        """The day up to which everything counts."""
        assert self.period.until is not None
        return self.period.until

    def within(self, day: Any) -> ColumnElement[bool]:
        """SQL: a day lies in the period."""
        since = true() if self.period.since is None else day >= self.period.since
        return and_(since, day <= self.period.until)

    def owner(self, model: Any) -> Any:
        """The column of a record that names its subject."""
        return model.mediator_id if self.subject is Subject.MEDIATOR else model.committee_id

    def rows(self, query: Any, owner: Any) -> dict[int, list[Any]]:
        """The rows of a query by their subject, which is their first column."""
        found: dict[int, list[Any]] = defaultdict(list)
        for row in self.session.execute(query.where(owner.in_(self.ids))):
            found[row[0]].append(row)
        return found


Source = Callable[[Asked, frozenset[Measure]], Iterator[tuple[int, Measure, Evidence]]]


def measure(
    session: Session,
    subject: Subject,
    which: Which,
    measures: Iterable[Measure],
    since: date | None,
    until: date,
) -> Found:
    """{subject: {measure: evidence}} of the subjects with these ids, or of all under a condition."""
    wanted, period = frozenset(measures), Period(since, until)
    ids = _ids(session, subject, which)
    found: Found = {each: dict.fromkeys(wanted, NOTHING) for each in ids}
    for start in range(0, len(ids), _AT_ONCE):
        asked = Asked(session, subject, ids[start : start + _AT_ONCE], period)
        for source, told in SOURCES:
            if mine := wanted & told:
                for each, name, evidence in source(asked, mine):
                    found[each][name] = evidence
    return found


def _ids(session: Session, subject: Subject, which: Which) -> list[int]:
    if not isinstance(which, ColumnElement):
        return list(which)
    model: Any = MODELS[subject]
    query = select(model.id).where(model.removed_at.is_(None), which)
    return list(session.scalars(query.order_by(model.id)))


def _cases(asked: Asked, wanted: frozenset[Measure]) -> Iterator[tuple[int, Measure, Evidence]]:
    """The cases assigned to a mediator, or held by a committee: operations/measured_cases.py."""
    return measured_cases.evidence(asked.session, asked.subject, asked.ids, wanted, asked.period)


_FAULTS = {
    Measure.ESCALATIONS: Fault.ESCALATED,
    Measure.LATE: Fault.LATE,
    Measure.DECLINED: Fault.DECLINED,
    Measure.RETURNED: Fault.RETURNED,
    Measure.REOPENED: Fault.REOPENED,
}


def _lookbacks(asked: Asked, wanted: frozenset[Measure]) -> Iterator[tuple[int, Measure, Evidence]]:
    """Look-backs by the day on which it happened, on whom they were put then."""
    owner = asked.owner(Lookback)
    query = select(owner, Lookback.id, Lookback.fault).where(
        Lookback.removed_at.is_(None), asked.within(Lookback.happened_on)
    )
    rows = asked.rows(query.order_by(Lookback.id), owner)
    for each in asked.ids:
        for name in wanted:
            fault = _FAULTS[name]
            yield (
                each,
                name,
                counted("lookback", (row.id for row in rows.get(each, ()) if row.fault is fault)),
            )


def _service(asked: Asked, wanted: frozenset[Measure]) -> Iterator[tuple[int, Measure, Evidence]]:
    """Years since the first day of mediating; where that is not known, since the first appointment."""
    if asked.subject is not Subject.MEDIATOR:
        return
    first = (
        select(func.min(Appointment.since)).where(Appointment.mediator_id == Mediator.id).scalar_subquery()
    )
    query = select(Mediator.id, func.coalesce(Mediator.started_on, first))
    for each, [(_, day)] in asked.rows(query, Mediator.id).items():
        if day is not None:
            years = years_between(day, asked.until)
            yield each, Measure.SERVICE_YEARS, Evidence(years, 1, 1, (("mediator", (each,)),))


_PERSONAL: dict[Measure, tuple[Any, Any]] = {
    Measure.SANCTIONS: (Sanction, Sanction.decided_on),
    Measure.AWARDS: (Award, Award.awarded_on),
}


def _personal(asked: Asked, wanted: frozenset[Measure]) -> Iterator[tuple[int, Measure, Evidence]]:
    """Sanctions and commendations; those of a committee are its present mediators'."""
    owner = Mediator.id if asked.subject is Subject.MEDIATOR else Mediator.committee_id
    for name in wanted:
        model, day = _PERSONAL[name]
        query = select(owner, Mediator.id).join(model, model.mediator_id == Mediator.id)
        query = query.where(Mediator.removed_at.is_(None), asked.within(day)).order_by(Mediator.id)
        rows = asked.rows(query, owner)
        for each in asked.ids:
            mine = [row[1] for row in rows.get(each, ())]
            behind = tuple(dict.fromkeys(mine))
            yield each, name, Evidence(Decimal(len(mine)), len(mine), len(mine), (("mediator", behind),))


def _months(asked: Asked, wanted: frozenset[Measure]) -> Iterator[tuple[int, Measure, Evidence]]:
    """Of the whole months, how many the committee has reported; a mediator's are those of the committee."""
    first, last = asked.period.whole_months()
    if asked.period.since is None:
        first = last - _LAST_MONTHS + 1
    months = max(last - first + 1, 0)
    owner: Any = Monthly.committee_id
    month = Monthly.year * 12 + Monthly.month - 1
    query = select(owner, Monthly.id)
    if asked.subject is Subject.MEDIATOR:
        owner = Mediator.id
        query = select(owner, Monthly.id).join(Mediator, Mediator.committee_id == Monthly.committee_id)
    query = query.where(Monthly.removed_at.is_(None), month.between(first, last)).order_by(Monthly.id)
    rows = asked.rows(query, owner)
    for each in asked.ids:
        mine = tuple(row[1] for row in rows.get(each, ()))
        value = rounded_rate(len(mine), months)
        yield each, Measure.SCREENING_ON_TIME, Evidence(value, len(mine), months, (("monthly", mine),))


def _screenings(asked: Asked, wanted: frozenset[Measure]) -> Iterator[tuple[int, Measure, Evidence]]:
    """Of the screening tasks that were due, how many were reported by their day."""
    owner: Any = Screening.committee_id
    query = select(owner, Screening.id, Screening.due_on, Screening.reported_on)
    if asked.subject is Subject.MEDIATOR:
        owner = Mediator.id
        query = select(owner, Screening.id, Screening.due_on, Screening.reported_on).join(
            Mediator, Mediator.committee_id == Screening.committee_id
        )
    query = query.where(Screening.removed_at.is_(None), asked.within(Screening.due_on))
    rows = asked.rows(query.order_by(Screening.id), owner)
    for each in asked.ids:
        mine = rows.get(each, [])
        hits = [number for _, number, due, done in mine if done is not None and done <= due]
        rest = [number for _, number, due, done in mine if done is None or done > due]
        yield each, Measure.SCREENINGS, rate("screening", hits, rest)


def _unities(asked: Asked, wanted: frozenset[Measure]) -> Iterator[tuple[int, Measure, Evidence]]:
    """How many of the six unities 六统一 a committee has ticked (S1)."""
    if asked.subject is not Subject.COMMITTEE:
        return
    for each, [(_, ticked)] in asked.rows(select(Committee.id, Committee.unities), Committee.id).items():
        number = len(ticked or ())
        yield each, Measure.UNITIES, Evidence(Decimal(number), number, number, (("committee", (each,)),))


def _evaluations(asked: Asked, wanted: frozenset[Measure]) -> Iterator[tuple[int, Measure, Evidence]]:
    """The score of the latest evaluation of the period that is final."""
    whose = Evaluation.mediator_id.is_(None) if asked.subject is Subject.COMMITTEE else true()
    owner = asked.owner(Evaluation)
    query = select(owner, Evaluation.id, Evaluation.score).where(
        whose,
        Evaluation.removed_at.is_(None),
        Evaluation.state == EvaluationState.FINAL,
        asked.within(Evaluation.evaluated_on),
    )
    for each, rows in asked.rows(query.order_by(Evaluation.evaluated_on, Evaluation.id), owner).items():
        latest = rows[-1]
        yield each, Measure.EVALUATION, Evidence(latest.score, 1, 1, (("evaluation", (latest.id,)),))


def _trainings(asked: Asked, wanted: frozenset[Measure]) -> Iterator[tuple[int, Measure, Evidence]]:
    """Hours of those who were there, of trainings that were held, by the first day."""
    if asked.subject is not Subject.MEDIATOR:
        return
    query = (
        select(Attendance.mediator_id, Training.id, Attendance.hours)
        .join(Training, Training.id == Attendance.training_id)
        .where(
            Attendance.present,
            Training.state == TrainingState.HELD,
            Training.removed_at.is_(None),
            asked.within(Training.held_from),
        )
    )
    rows = asked.rows(query.order_by(Training.id), Attendance.mediator_id)
    for each in asked.ids:
        mine = rows.get(each, [])
        hours = sum((row.hours for row in mine), Decimal(0))
        behind = (("training", tuple(row.id for row in mine)),)
        yield each, Measure.TRAINING_HOURS, Evidence(hours, len(mine), len(mine), behind)


SOURCES: tuple[tuple[Source, frozenset[Measure]], ...] = (
    (_cases, measured_cases.MEASURES),
    (_lookbacks, frozenset(_FAULTS)),
    (_service, frozenset({Measure.SERVICE_YEARS})),
    (_personal, frozenset(_PERSONAL)),
    (_months, frozenset({Measure.SCREENING_ON_TIME})),
    (_screenings, frozenset({Measure.SCREENINGS})),
    (_unities, frozenset({Measure.UNITIES})),
    (_evaluations, frozenset({Measure.EVALUATION})),
    (_trainings, frozenset({Measure.TRAINING_HOURS})),
)
