"""The rows of the rules of figures (rules/figures.py) as SQL over cases, and what the tally keeps of them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Index,
    Integer,
    Table,
    and_,
    case,
    cast,
    extract,
    func,
    null,
    or_,
    select,
    true,
)

from admin_app.models.base import Base
from admin_app.models.cases import Case, Party
from admin_app.models.monthly import Monthly
from admin_app.models.preventions import Prevention
from admin_app.rules.figures import NOT_TAKEN_UP, Among, Key, Measure, Of
from admin_app.rules.periods import Period
from admin_app.rules.tally import COLUMNS

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

_MODEL: dict[Of, Any] = {Of.CASE: Case, Of.PREVENTION: Prevention, Of.MONTH: Monthly}
# What each adds; where nothing stands here, one. Money in fen, for SQLite keeps sums of it as floats.
_ADDED: dict[tuple[Of, Measure], Any] = {
    (Of.CASE, Measure.PEOPLE): HEADS,
    (Of.CASE, Measure.AMOUNT): cast(func.round(Case.amount * 100), BigInteger),
    (Of.PREVENTION, Measure.PEOPLE): Prevention.people,
    (Of.MONTH, Measure.TIMES): Monthly.screenings,
    (Of.MONTH, Measure.CASES): Monthly.prevented,
}


# What a source has nothing of; typed, for PostgreSQL asks of which type a blank column is.
NOTHING: ColumnElement[Any] = cast(null(), BigInteger)


def sum_of(key: Key, source: Of) -> ColumnElement[Any]:
    """SQL: a sum as it is added up over cases, lines of 防止激化 or monthly reports; blank over others."""
    of, measure, when = key
    if of is not source:
        return NOTHING
    found, model = func.sum(_ADDED[of, measure]) if (of, measure) in _ADDED else func.count(), _MODEL[of]
    return found.filter(condition(when, model)) if when.fact else found


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


MONTH: ColumnElement[int] = cast(
    extract("year", Case.accepted_on) * 12 + extract("month", Case.accepted_on) - 1, Integer
)
"""The month of acceptance, as year × 12 + month - 1."""


def _column(name: str, key: Key) -> Column[int]:
    """What is typed into cases may add up to more than they are many. Blank is nothing."""
    return Column(name, Integer if key[1] is Measure.CASES else BigInteger)


TALLIES = Table(
    "tallies",
    Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("committee_id", Integer, nullable=False),
    Column("month", Integer, nullable=False),
    *(_column(name, key) for name, key in COLUMNS.items()),
    Index("ix_tallies_committee", "committee_id", "month"),
    Index("ix_tallies_month", "month", "committee_id"),
)
"""The tally: rows that add up to what the cases of a committee that were accepted in a month add up to."""
