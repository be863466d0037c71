"""The sums behind figures, in SQL: committee by committee, read off one index (`ix_cases_figures`).

Every column and every condition comes from the rows of `rules/figures.py`, so that what is summed, what one
case adds, and which cases lie behind a number cannot drift apart.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, Select, and_, case, cast, extract, func, or_, select, true
from sqlalchemy.orm import Session

from admin_app.models.cases import Case, Party
from admin_app.models.committees import Committee
from admin_app.models.monthly import Monthly
from admin_app.models.preventions import Prevention
from admin_app.rules.figures import NOT_TAKEN_UP, Among, Figure, Key, Measure, Number, Of, fen, in_wan
from admin_app.rules.periods import Period
from admin_app.rules.tiers import Tier, tier_of

Sums = dict[Key, Number]


class Holder(NamedTuple):
    """A committee as the figures see it: where it is, of which kind, at which tier."""

    path: str
    body: str
    tier: Tier


@dataclass(frozen=True)
class Scope:
    """Whose cases and months are summed: of these committees, and of their records only these."""

    committees: ColumnElement[bool]
    cases: ColumnElement[bool] = field(default_factory=true)
    months: ColumnElement[bool] = field(default_factory=true)

    def holders(self, session: Session) -> dict[int, Holder]:
        """The committees, those in the recycle bin too: their cases have happened."""
        query = select(Committee.id, Committee.path, Committee.kind).where(self.committees)
        return {row.id: Holder(row.path, row.kind, tier_of(row.path)) for row in session.execute(query)}

    def of(self, model: Any) -> ColumnElement[bool]:
        """SQL: a case or a month of one of the committees."""
        return model.committee_id.in_(select(Committee.id).where(self.committees))  # type: ignore[no-any-return]


def sums(
    session: Session, scope: Scope, period: Period, figures: Iterable[Figure]
) -> Iterator[tuple[int, Sums]]:
    """The sums of each committee, in as many queries as there are sources: cases, preventions, months."""
    wanted = list(dict.fromkeys(each.key for each in figures))
    of = {of: [each for each in wanted if each[0] is of] for of in Of}
    counted = and_(scope.of(Case), scope.cases, in_period(period))
    yield from _of_cases(session, counted, of[Of.CASE])
    if of[Of.PREVENTION]:
        yield from _of_preventions(session, counted, of[Of.PREVENTION])
    if of[Of.MONTH]:
        yield from _of_months(session, and_(scope.of(Monthly), scope.months, in_months(period)))


def _of_cases(session: Session, counted: ColumnElement[bool], keys: list[Key]) -> Iterator[tuple[int, Sums]]:
    columns = [summed(measure, when) for _, measure, when in keys]
    query = select(Case.committee_id, *columns).where(counted).group_by(Case.committee_id)
    for committee_id, *numbers in session.execute(query):
        yield (
            committee_id,
            {each: _number(each[1], number) for each, number in zip(keys, numbers, strict=True)},
        )


def sums_by_month(
    session: Session, scope: Scope, period: Period, figures: Iterable[Figure]
) -> Iterator[tuple[str, Sums]]:
    """The sums of cases month by month (2026-03), of figures that ask nothing of the committee."""
    keys = list(dict.fromkeys(each.key for each in figures))
    for each, *numbers in session.execute(query_by_month(scope, period, keys)):
        yield (
            month_name(int(each)),
            {key: _number(key[1], number) for key, number in zip(keys, numbers, strict=True)},
        )


def query_by_month(scope: Scope, period: Period, keys: Iterable[Key]) -> Select[Any]:
    """The month of acceptance as year × 12 + month - 1, and the sum of each key in it."""
    month = extract("year", Case.accepted_on) * 12 + extract("month", Case.accepted_on) - 1
    counted = and_(scope.of(Case), scope.cases, in_period(period))
    columns = [summed(measure, when) for _, measure, when in keys]
    return select(month, *columns).where(counted).group_by(month)


def month_name(index: int) -> str:
    """2026-03, of a month as year × 12 + month - 1."""
    return f"{index // 12}-{index % 12 + 1:02}"


def summed(measure: Measure, when: Among) -> ColumnElement[Any]:
    """SQL: what is added up over cases."""
    found: Any
    match measure:
        case Measure.PEOPLE:
            found = func.sum(HEADS)
        case Measure.AMOUNT:
            # In fen, for SQLite keeps sums of money as floats; each single one of them is exact.
            found = func.sum(cast(func.round(Case.amount * 100), BigInteger))
        case _:
            found = func.count()
    return found.filter(condition(when)) if when.fact else found  # type: ignore[no-any-return]


def _number(measure: Measure, number: Any) -> Number:
    return in_wan(fen(number)) if measure is Measure.AMOUNT else int(number or 0)


def _of_preventions(
    session: Session, counted: ColumnElement[bool], keys: list[Key]
) -> Iterator[tuple[int, Sums]]:
    columns = (Case.committee_id, Prevention.kind)
    query = (
        select(*columns, func.count().label("lines"), func.sum(Prevention.people).label("people"))
        .join(Case, Case.id == Prevention.case_id)
        .where(counted)
        .group_by(*columns)
    )
    for row in session.execute(query):
        held = [each for each in keys if each[2].holds(row)]
        yield (
            row.committee_id,
            {each: row.people if each[1] is Measure.PEOPLE else row.lines for each in held},
        )


def _of_months(session: Session, counted: ColumnElement[bool]) -> Iterator[tuple[int, Sums]]:
    query = (
        select(Monthly.committee_id, func.sum(Monthly.screenings), func.sum(Monthly.prevented))
        .where(counted)
        .group_by(Monthly.committee_id)
    )
    for committee_id, screenings, prevented in session.execute(query):
        yield committee_id, of_month(int(screenings), int(prevented))


def of_month(screenings: int, prevented: int) -> Sums:
    """What a month adds, or several."""
    return {(Of.MONTH, Measure.TIMES, Among()): screenings, (Of.MONTH, Measure.CASES, Among()): prevented}


# ------------------------------------------------------------------ the rows of the rules as SQL

# As `rules.figures.heads`. An empty sum is a case without parties.
_OF_PARTIES = (
    select(func.coalesce(func.sum(func.coalesce(func.nullif(Party.headcount, 0), 1)), 0))
    .where(Party.case_id == Case.id)
    .correlate(Case)
    .scalar_subquery()
)
HEADS: ColumnElement[Any] = func.coalesce(Case.people, _OF_PARTIES)
# As `CaseFacts.performance`.
_PERFORMANCE = case((Case.form.is_not(None), func.coalesce(Case.fulfilment, "")))


def condition(when: Among, model: Any = Case) -> ColumnElement[bool]:
    """SQL: as `Among.holds`, of the columns of a model."""
    if not when.fact:
        return true()
    column = _PERFORMANCE if when.fact == "performance" else getattr(model, when.fact)
    if when.these:
        return column.in_(sorted(when.these))
    if not when.but:
        return column.is_not(None) if when.given else true()
    other = column.not_in(sorted(when.but))
    return other if when.given else or_(column.is_(None), other)


def in_period(period: Period) -> ColumnElement[bool]:
    """SQL: as `rules.figures.counts`."""
    ends = [Case.accepted_on >= period.since] if period.since else []
    ends += [Case.accepted_on <= period.until] if period.until else []
    return and_(
        Case.accepted_on.is_not(None), *ends, Case.stage.not_in(NOT_TAKEN_UP), Case.removed_at.is_(None)
    )


def in_months(period: Period) -> ColumnElement[bool]:
    """SQL: the month lies wholly in the period."""
    first, last = period.whole_months()
    index = Monthly.year * 12 + Monthly.month - 1
    return and_(index.between(first, last), Monthly.removed_at.is_(None))
