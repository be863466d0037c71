"""What a subsidy batch draws: every case or post of its days, with its sum or the reasons against it.

A few queries for all of a county's quarter; nothing is written here.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session, selectinload

from admin_app.models.cases import Case, CaseMediator
from admin_app.models.mediators import Appointment, Mediator
from admin_app.models.parameters import text, whole, yes
from admin_app.models.payments import Payment
from admin_app.models.preventions import Prevention
from admin_app.models.subsidies import Subsidy, SubsidyItem
from admin_app.operations import rates
from admin_app.operations.dossiers import lacking
from admin_app.operations.evaluations import coefficient_of
from admin_app.rules import rates as rating
from admin_app.rules import subsidies as rules
from admin_app.rules.cases import NOT_SUCCEEDED, SUCCEEDED, Stage
from admin_app.rules.mediators import ON_ROSTER, MediatorStatus
from admin_app.rules.parameters import Setting, split
from admin_app.rules.rates import Ended, Rate, SubsidyKind
from admin_app.rules.subsidies import CaseFacts, Handler, ItemState, Refused
from admin_app.rules.tiers import tier_of

CHUNK = 400
_PERSON = (
    *(Mediator.id, Mediator.status, Mediator.profession, Mediator.other_role, Mediator.full_time),
    Mediator.removed_at,
)
Row = dict[str, Any]


@dataclass
class Plan:
    """The rows of the items, and the shares of each: (mediator, sum). `unrated`: posts that no rate knows."""

    rows: list[Row] = field(default_factory=list)
    shares: list[list[tuple[int, Decimal]]] = field(default_factory=list)
    unrated: int = 0

    def add(self, row: Row, payees: Sequence[int] = (), reasons: Sequence[Refused] = ()) -> None:
        """One item; paid for unless there are reasons against it."""
        blank = {"case_id": None, "mediator_id": None, "month": None, "outcome": None, "full_time": None}
        blank |= {"days": None, "of_days": None, "rate_id": None, "standard": None}
        start = {"coefficient": Decimal(1), "amount": Decimal(0), "cut": Decimal(0)}
        standing = ItemState.REFUSED if reasons else ItemState.DUE
        self.rows.append(
            {**blank, **start, **row, "standing": standing, "reasons": [each.value for each in reasons]}
        )
        sums = [] if reasons else rules.split(self.rows[-1]["amount"], len(payees))
        self.shares.append(list(zip(payees, sums, strict=True)) if sums else [])


def planned(session: Session, subsidy: Subsidy) -> Plan:
    """All that a batch would hold now."""
    return _cases(session, subsidy) if subsidy.kind is SubsidyKind.CASE else _posts(session, subsidy)


def candidates(session: Session, subsidy: Subsidy) -> int:
    """How many cases or mediators a batch would look at."""
    model: Any = Case if subsidy.kind is SubsidyKind.CASE else Mediator
    where = _closed(session, subsidy) if model is Case else _within(Mediator, subsidy)
    return session.scalar(select(func.count()).select_from(model).where(where)) or 0


def _within(model: Any, subsidy: Subsidy) -> ColumnElement[bool]:
    here = model.under(subsidy.path)
    if subsidy.committee_id is not None:
        here = model.committee_id == subsidy.committee_id
    return and_(model.removed_at.is_(None), here)


# ---------------------------------------------------------------- cases


def _closed(session: Session, subsidy: Subsidy) -> ColumnElement[bool]:
    """SQL: the cases closed in the batch's days, and those of some months before that nobody asked for."""
    span = rules.span_of(subsidy.kind, subsidy.year, subsidy.period)
    since = rules.before(span.since, whole(session, Setting.SUBSIDY_BACK, span.until))
    return and_(
        _within(Case, subsidy),
        Case.stage.in_((Stage.CLOSED, Stage.ARCHIVED)),
        Case.closed_on.between(since, span.until),
        # What was drawn for an earlier quarter, and is paid or pending, is no news now.
        (Case.closed_on >= span.since) | Case.id.not_in(_claimed_ids(subsidy)),
    )


def _claimed_ids(subsidy: Subsidy) -> Any:
    """SQL: the cases that another batch holds, and those paid for on paper."""
    drawn = select(SubsidyItem.case_id).where(
        SubsidyItem.case_id.is_not(None),
        SubsidyItem.standing.in_(rules.LIVE),
        SubsidyItem.subsidy_id != subsidy.id,
    )
    return drawn.union_all(paid_on_paper())


def paid_on_paper() -> Select[int]:
    """SQL: the cases that were paid for before, on paper."""
    return select(Payment.case_id).where(Payment.removed_at.is_(None))


def _cases(session: Session, subsidy: Subsidy) -> Plan:
    span = rules.span_of(subsidy.kind, subsidy.year, subsidy.period)
    plan, reader = Plan(), _CaseReader(session, subsidy, span.until)
    for case in reader.cases:
        facts = reader.facts(case)
        outcome = rules.ended(facts, prevented_counts=reader.prevented_counts)
        row = _case_row(case, outcome)
        reasons = rules.refusals(facts, outcome)
        rated = reader.rate(case, outcome) if outcome else None
        if rated is not None:
            row |= {"rate_id": rated[0].id, "standard": rated[1], "amount": rated[1]}
        elif outcome is not None:
            reasons.append(Refused.NO_RATE)
        payees = rules.payees(facts.handlers, equal=reader.equal)
        plan.add(row, payees, reasons)
    return plan


def _case_row(case: Any, outcome: Ended | None) -> Row:
    return {
        "case_id": case.id,
        "committee_id": case.committee_id,
        "outcome": outcome,
        "tier": tier_of(case.path),
    }


class _CaseReader:
    """The cases of a batch with all that decides on them, read at once."""

    def __init__(self, session: Session, subsidy: Subsidy, day: date) -> None:
        self.session = session
        closed = _closed(session, subsidy)
        self.prevented_counts = yes(session, Setting.SUBSIDY_PREVENTED, day)
        self.equal = yes(session, Setting.SUBSIDY_EQUAL, day)
        self._fulfilled = split(text(session, Setting.SUBSIDY_FULFILMENT, day))
        facts = (Case.id, Case.committee_id, Case.path, Case.stage, Case.closed_on, Case.difficulty)
        facts += (Case.form, Case.result, Case.fulfilment)  # type: ignore[assignment]
        self.cases = session.execute(select(*facts).where(closed).order_by(Case.closed_on, Case.id)).all()
        ids = select(Case.id).where(closed)
        posts = split(text(session, Setting.SUBSIDY_POSTS, day))
        self._handlers = _handlers(session, ids, _kinds(session, day), posts)
        self._prevented = set(session.scalars(select(Prevention.case_id).where(Prevention.case_id.in_(ids))))
        self._claimed = set(session.scalars(ids.where(Case.id.in_(_claimed_ids(subsidy)))))
        self._wanting = _wanting(session, [each.id for each in self.cases if each.stage is Stage.CLOSED])
        self._rates = rates.in_force(session, SubsidyKind.CASE)
        self.rate_for = cache(self._rate_for)

    def facts(self, case: Any) -> CaseFacts:
        return CaseFacts(
            succeeded=case.result == SUCCEEDED,
            prevented=case.result == NOT_SUCCEEDED and case.id in self._prevented,
            performed=case.fulfilment in self._fulfilled,
            dossier=case.id not in self._wanting,
            handlers=tuple(self._handlers[case.id]),
            claimed=case.id in self._claimed,
        )

    def rate(self, case: Any, outcome: Ended) -> tuple[Rate, Decimal] | None:
        return self.rate_for(case.path, case.difficulty, case.form, outcome, case.closed_on)

    def _rate_for(
        self, path: str, difficulty: str, form: str | None, outcome: Ended, day: date
    ) -> tuple[Rate, Decimal] | None:
        facts = rating.Facts(
            SubsidyKind.CASE, path, tier_of(path), difficulty=difficulty, form=form, outcome=outcome
        )
        found = rating.rate_for(self._rates, facts, day)
        amount = rating.worth(self._rates, found, facts, day) if found else None
        return (found, amount) if found and amount is not None else None


@dataclass(frozen=True)
class _Kinds:
    """Kinds of people who are paid nothing (⚙): by their profession, by what else they are."""

    professions: tuple[str, ...]
    roles: tuple[str, ...]

    def hold(self, person: Any) -> bool:
        return person.profession in self.professions or person.other_role in self.roles


def _kinds(session: Session, day: date) -> _Kinds:
    named = (split(text(session, each, day)) for each in (Setting.SUBSIDY_EXCLUDED, Setting.SUBSIDY_ROLES))
    return _Kinds(*(tuple(each) for each in named))


def _handlers(
    session: Session, case_ids: Any, excluded: _Kinds, posts: Sequence[str]
) -> dict[int, list[Handler]]:
    """The mediators of each case, the first one first; `posts` are paid by the month and not by the case."""
    found: dict[int, list[Handler]] = defaultdict(list)
    query = (
        select(CaseMediator.case_id, *_PERSON)
        .join(Mediator, Mediator.id == CaseMediator.mediator_id)
        .where(CaseMediator.case_id.in_(case_ids))
        .order_by(CaseMediator.id)
    )
    for row in session.execute(query):
        on_roster = row.status in ON_ROSTER and row.removed_at is None
        out = excluded.hold(row) or row.full_time in posts
        found[row.case_id].append(Handler(row.id, on_roster, out))
    return found


def _wanting(session: Session, ids: Sequence[int]) -> set[int]:
    """The closed cases whose dossier lacks something. An archived one was whole when it was filed."""
    return {case.id for case in _whole(session, ids) if lacking(session, case)}


def _whole(session: Session, ids: Sequence[int]) -> Iterator[Case]:
    lists = (Case.attachments, Case.sessions, Case.follow_ups, Case.referrals, Case.hand_overs, Case.steps)
    for start in range(0, len(ids), CHUNK):
        query = select(Case).where(Case.id.in_(ids[start : start + CHUNK]))
        yield from session.scalars(query.options(*(selectinload(each) for each in lists)))


# ---------------------------------------------------------------- posts


def _posts(session: Session, subsidy: Subsidy) -> Plan:
    """Whoever holds a post that a rate knows, with the days of the month on which they held it."""
    span = rules.span_of(subsidy.kind, subsidy.year, subsidy.period)
    month, by_days = span.since, yes(session, Setting.SUBSIDY_BY_DAYS, span.until)
    excluded = _kinds(session, span.until)
    book, terms = rates.in_force(session, SubsidyKind.STIPEND), _terms(session, subsidy)
    claimed, plan, most = _claimed_months(session, subsidy, month), Plan(), (span.until - span.since).days + 1
    people = _people(session, subsidy)
    factors = coefficient_of(session, [each.id for each in people], span.until)
    for one in people:
        days = _days(one, terms.get(one.id, []), span)
        if not days:
            continue
        facts = rating.Facts(SubsidyKind.STIPEND, one.path, tier_of(one.path), full_time=one.full_time)
        rate = rating.rate_for(book, facts, span.until)
        if rate is None or rate.amount is None or rate.per is None:
            plan.unrated += 1
            continue
        standard, factor = (
            rating.of_month(rate.amount, rate.per, month.month),
            factors.get(one.id, Decimal(1)),
        )
        part = Decimal(days) / most if by_days else Decimal(1)
        row = {
            "mediator_id": one.id,
            "month": month,
            "committee_id": one.committee_id,
            "tier": facts.tier,
            "full_time": one.full_time,
            "days": days,
            "of_days": most,
            "coefficient": factor,
            "rate_id": rate.id,
            "standard": standard,
            "amount": rating.to_fen(standard * part * factor),
        }
        found = {
            Refused.CLAIMED: one.id in claimed,
            Refused.EXCLUDED: excluded.hold(one),
            Refused.SUSPENDED: one.status is MediatorStatus.SUSPENDED,
        }
        plan.add(row, [one.id], [reason for reason, holds in found.items() if holds])
    return plan


def _people(session: Session, subsidy: Subsidy) -> Sequence[Any]:
    facts = (Mediator.id, Mediator.path, Mediator.committee_id, Mediator.status, Mediator.full_time)
    query = select(*facts, Mediator.profession, Mediator.other_role).where(_within(Mediator, subsidy))
    return session.execute(query.order_by(Mediator.committee_id, Mediator.id)).all()


def _terms(session: Session, subsidy: Subsidy) -> dict[int, list[tuple[date, date | None]]]:
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    here = select(Mediator.id).where(_within(Mediator, subsidy))
    query = select(Appointment.mediator_id, Appointment.since, Appointment.until)
    for mediator_id, since, until in session.execute(query.where(Appointment.mediator_id.in_(here))):
        found[mediator_id].append((since, until))
    return found


def _days(one: Any, terms: list[tuple[date, date | None]], span: rules.Span) -> int:
    """Days in office by the terms; somebody without any, on the roster, has been there all along."""
    if terms:
        open_ended = one.status in ON_ROSTER or one.status is MediatorStatus.SUSPENDED
        known = [(since, until) for since, until in terms if until or open_ended]
        return rules.days_served(known, span)
    return (span.until - span.since).days + 1 if one.status in ON_ROSTER else 0


def _claimed_months(session: Session, subsidy: Subsidy, month: date) -> set[int | None]:
    return set(
        session.scalars(
            select(SubsidyItem.mediator_id).where(
                SubsidyItem.month == month,
                SubsidyItem.standing.in_(rules.LIVE),
                SubsidyItem.subsidy_id != subsidy.id,
            )
        )
    )
