"""The measures counted from cases: which of a subject's cases each takes, and which of them count."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from admin_app.models.cases import Case, CaseMediator
from admin_app.models.parameters import text, yes
from admin_app.models.preventions import Prevention
from admin_app.models.referrals import Referral
from admin_app.rules.cases import CONTENT, ORAL, PERFORMED, SUCCEEDED, UNDUE, Stage
from admin_app.rules.dates import begins, ends
from admin_app.rules.measures import Evidence, Measure, Subject, counted, rate
from admin_app.rules.parameters import Setting, split
from admin_app.rules.periods import Period
from admin_app.rules.referrals import ARRIVED, Direction

_OVER = (Stage.CLOSED, Stage.ARCHIVED)


class Seen(NamedTuple):
    """What one case tells."""

    id: int
    accepted: bool
    closed: bool
    archived: bool
    succeeded: bool
    oral: bool
    difficulty: str
    fulfilment: str | None
    visited: bool
    satisfied: str | None
    passed_up: bool


Question = Callable[[Seen], bool]
_COUNTED: dict[Measure, Question] = {
    Measure.CASES_ACCEPTED: lambda case: case.accepted,
    Measure.CASES_CLOSED: lambda case: case.closed,
    Measure.CASES_SUCCEEDED: lambda case: case.closed and case.succeeded,
}
# Of which cases, and which of them count.
_RATES: dict[Measure, tuple[Question, Question]] = {
    Measure.ORAL_SHARE: (lambda case: case.closed, lambda case: case.oral),
    Measure.SUCCESS_RATE: (lambda case: case.closed, lambda case: case.succeeded),
    Measure.FULFILLED: (
        lambda case: case.closed and case.succeeded and case.fulfilment != UNDUE,
        lambda case: case.fulfilment == PERFORMED,
    ),
    Measure.FOLLOWED_UP: (lambda case: case.closed and case.succeeded, lambda case: case.visited),
    Measure.DOSSIERS_COMPLETE: (lambda case: case.closed, lambda case: case.archived),
    Measure.SATISFACTION: (
        lambda case: case.closed and case.satisfied is not None,
        lambda case: case.satisfied in CONTENT,
    ),
    Measure.SETTLED_LOCALLY: (
        lambda case: case.closed,
        lambda case: case.succeeded and not case.passed_up,
    ),
}
_SEEN = frozenset((*_COUNTED, *_RATES, Measure.CASES_HARD))
MEASURES = _SEEN | {Measure.PREVENTED}
Told = Iterator[tuple[int, Measure, Evidence]]


def evidence(
    session: Session, subject: Subject, ids: Sequence[int], wanted: frozenset[Measure], period: Period
) -> Told:
    """What the cases of each subject tell of the measures wanted."""
    if wanted & _SEEN:
        yield from _of_seen(session, subject, ids, wanted & _SEEN, period)
    if Measure.PREVENTED in wanted:
        yield from _prevented(session, subject, ids, period)


def _of_seen(
    session: Session, subject: Subject, ids: Sequence[int], wanted: frozenset[Measure], period: Period
) -> Told:
    cases = _seen(session, subject, ids, period)
    hard = frozenset(split(text(session, Setting.DIFFICULT, period.until)))
    away: Mapping[int, list[int]] = {}
    if subject is Subject.COMMITTEE and Measure.SETTLED_LOCALLY in wanted:
        away = _passed_up(session, ids, period)
    for each in ids:
        mine = cases.get(each, [])
        for name in wanted:
            if name in _COUNTED:
                asked = _COUNTED[name]
                yield each, name, counted("case", [case.id for case in mine if asked(case)])
            elif name is Measure.CASES_HARD:
                found = [case.id for case in mine if case.closed and case.difficulty in hard]
                yield each, name, counted("case", found)
            else:
                yield each, name, _rate(name, mine, away.get(each, []))


def _rate(name: Measure, cases: list[Seen], away: list[int]) -> Evidence:
    """`away`: cases that a committee passed up, which it has not settled where they arose."""
    of, hit = _RATES[name]
    there = [case for case in cases if of(case)]
    hits = [case.id for case in there if hit(case)]
    rest = {case.id for case in there} - set(hits)
    if name is Measure.SETTLED_LOCALLY:
        rest |= set(away) - set(hits)
    return rate("case", hits, sorted(rest))


def _within(day: Any, period: Period) -> ColumnElement[bool]:
    since = true() if period.since is None else day >= period.since
    return and_(day.is_not(None), since, day <= period.until)


def _seen(session: Session, subject: Subject, ids: Sequence[int], period: Period) -> dict[int, list[Seen]]:
    """The cases of each subject that were accepted or closed in the period, in the order of their ids."""
    accepted = _within(Case.accepted_on, period)
    closed = and_(_within(Case.closed_on, period), Case.stage.in_(_OVER))
    query, owner = _owned(session, subject, period.until)
    query = query.add_columns(
        Case.id,
        accepted,
        closed,
        Case.stage == Stage.ARCHIVED,
        func.coalesce(Case.result == SUCCEEDED, False),
        func.coalesce(Case.form == ORAL, False),
        Case.difficulty,
        Case.fulfilment,
        Case.visited_on.is_not(None),
        Case.satisfied,
        Case.id.in_(_went_up()),
    ).where(Case.removed_at.is_(None), or_(accepted, closed), owner.in_(ids))
    found: dict[int, list[Seen]] = defaultdict(list)
    for each, *told in session.execute(query.order_by(Case.id)):
        found[each].append(Seen(*told))
    return found


def _owned(session: Session, subject: Subject, day: date | None) -> tuple[Select[Any], Any]:
    """A query of cases that begins with their subject, and the column that names it."""
    if subject is Subject.COMMITTEE:
        return select(Case.committee_id), Case.committee_id
    query = select(CaseMediator.mediator_id).join(Case, Case.id == CaseMediator.case_id)
    if not yes(session, Setting.SHARED_CASES, day):
        other = aliased(CaseMediator)
        first = select(func.min(other.id)).where(other.case_id == CaseMediator.case_id)
        query = query.where(CaseMediator.id == first.scalar_subquery())
    return query, CaseMediator.mediator_id


def _went_up() -> Select[int]:
    """Cases that a superior has once signed for."""
    return select(Referral.case_id).where(
        Referral.direction == Direction.UP, Referral.state.in_(ARRIVED), Referral.removed_at.is_(None)
    )


def _passed_up(session: Session, ids: Sequence[int], period: Period) -> dict[int, list[int]]:
    """The cases that each committee passed up, by the day on which the superior signed for them."""
    since = true() if period.since is None else Referral.received_at >= begins(period.since)
    assert period.until is not None
    query = (
        select(Referral.committee_id, Referral.case_id)
        .join(Case, Case.id == Referral.case_id)
        .where(
            Referral.committee_id.in_(ids),
            Referral.direction == Direction.UP,
            Referral.state.in_(ARRIVED),
            Referral.removed_at.is_(None),
            Case.removed_at.is_(None),
            since,
            Referral.received_at <= ends(period.until),
        )
    )
    found: dict[int, list[int]] = defaultdict(list)
    for committee, case in session.execute(query.order_by(Referral.case_id)):
        found[committee or 0].append(case)
    return found


def _prevented(session: Session, subject: Subject, ids: Sequence[int], period: Period) -> Told:
    """Cases with something that mediation kept from happening, by the day of that."""
    query, owner = _owned(session, subject, period.until)
    lines = select(Prevention.case_id).where(_within(Prevention.prevented_on, period))
    query = query.add_columns(Case.id).where(Case.removed_at.is_(None), Case.id.in_(lines), owner.in_(ids))
    found: dict[int, list[int]] = defaultdict(list)
    for each, case in session.execute(query.order_by(Case.id)):
        found[each].append(case)
    for each in ids:
        yield each, Measure.PREVENTED, counted("case", found.get(each, []))
