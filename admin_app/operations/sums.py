"""The sums behind figures, in SQL: whole months off the tally (admin_app/tally.py), all else off the cases.

Every column and every condition comes from the rows of `rules/figures.py`, so that what is summed, what one
case adds, and which cases lie behind a number cannot drift apart. Odd days at the ends of a period, some of
the cases alone, and what the tally does not keep are counted from the cases, by `ix_cases_figures`.
"""

import operator
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Subquery, and_, false, func, or_, select, true, union_all
from sqlalchemy.orm import Session

from admin_app import tally
from admin_app.models.base import path_prefix
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.figures import MONTH, NOTHING, TALLIES, in_period, sum_of
from admin_app.models.monthly import Monthly
from admin_app.models.preventions import Prevention
from admin_app.rules.figures import Among, Figure, Key, Measure, Number, Of, fen, in_wan
from admin_app.rules.periods import Period
from admin_app.rules.tally import kept
from admin_app.rules.tiers import TIER_OF_WIDTH, Tier, tier_of

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
    cases: ColumnElement[bool] | None = None
    months: ColumnElement[bool] = field(default_factory=true)

    def holders(self, session: Session) -> dict[int, Holder]:
        """The committees, those in the recycle bin too: their cases have happened."""
        query = select(Committee.id, Committee.path, Committee.kind).where(self.committees)
        return {row.id: Holder(row.path, row.kind, tier_of(row.path)) for row in session.execute(query)}

    def of(self, model: Any) -> ColumnElement[bool]:
        """SQL: a case, a month or a row of the tally of one of the committees."""
        return model.committee_id.in_(select(Committee.id).where(self.committees))  # type: ignore[no-any-return]

    @property
    def counted(self) -> ColumnElement[bool]:
        """SQL: one of the cases."""
        return self.of(Case) if self.cases is None else and_(self.of(Case), self.cases)


@dataclass(frozen=True)
class _Place:
    """By what sums are kept apart: where a case, a row of the tally and a monthly report tell it."""

    case: Any
    tally: Any
    report: Any


_COMMITTEE = _Place(Case.committee_id, TALLIES.c.committee_id, Monthly.committee_id)
_IN_MONTH = _Place(MONTH, TALLIES.c.month, Monthly.year * 12 + Monthly.month - 1)


def sums(
    session: Session, scope: Scope, period: Period, figures: Iterable[Figure], width: int
) -> Iterator[tuple[Holder, Sums]]:
    """The sums of the committees of one kind and tier under each path of `width`."""
    keys = _keys(figures)
    for path, length, body, *numbers in _asked(session, query_by_holder(scope, period, keys, width)):
        yield Holder(path, body, TIER_OF_WIDTH[length]), _named(keys, numbers)


def sums_by_committee(
    session: Session, scope: Scope, period: Period, figures: Iterable[Figure]
) -> Iterator[tuple[int, Sums]]:
    """The sums of each committee."""
    keys = _keys(figures)
    for committee_id, *numbers in _asked(session, _query(_rows(scope, period, keys, _COMMITTEE))):
        yield committee_id, _named(keys, numbers)


def sums_by_month(
    session: Session, scope: Scope, period: Period, figures: Iterable[Figure]
) -> Iterator[tuple[str, Sums]]:
    """The sums month by month (2026-03), of figures that ask nothing of the committee."""
    keys = _keys(figures)
    for month, *numbers in _asked(session, query_by_month(scope, period, keys)):
        yield month_name(int(month)), _named(keys, numbers)


def query_by_holder(scope: Scope, period: Period, keys: list[Key], width: int) -> Select[Any]:
    """Path, length of the path, kind, and the sum of each key."""
    rows = _rows(scope, period, keys, _COMMITTEE)
    holder = path_prefix(Committee.path, width), func.length(Committee.path), Committee.kind
    columns = [func.sum(each) for each in rows.c if each.key != "place"]
    joined = select(*holder, *columns).join_from(rows, Committee, Committee.id == rows.c.place)
    return joined.group_by(*holder)


def query_by_month(scope: Scope, period: Period, keys: list[Key]) -> Select[Any]:
    """The month of acceptance as year × 12 + month - 1, and the sum of each key in it."""
    return _query(_rows(scope, period, keys, _IN_MONTH))


def month_name(index: int) -> str:
    """2026-03, of a month as year × 12 + month - 1."""
    return f"{index // 12}-{index % 12 + 1:02}"


def _asked(session: Session, query: Select[Any]) -> Iterable[Any]:
    tally.settle(session)  # what this transaction has changed counts, too
    return session.execute(query)


def _keys(figures: Iterable[Figure]) -> list[Key]:
    return list(dict.fromkeys(each.key for each in figures))


def _named(keys: list[Key], numbers: Iterable[Any]) -> Sums:
    return {key: _number(key[1], number) for key, number in zip(keys, numbers, strict=True)}


def _number(measure: Measure, number: Any) -> Number:
    return in_wan(fen(number)) if measure is Measure.AMOUNT else int(number or 0)


def _query(rows: Subquery) -> Select[Any]:
    columns = [func.sum(each) for each in rows.c if each.key != "place"]
    return select(rows.c.place, *columns).group_by(rows.c.place)


# ------------------------------------------------------------------ where the numbers come from


def _rows(scope: Scope, period: Period, keys: list[Key], place: _Place) -> Subquery:
    """All that adds to the sums: `place`, and a column for each key."""
    return union_all(*_sources(scope, period, keys, place)).subquery()


def _sources(scope: Scope, period: Period, keys: list[Key], place: _Place) -> Iterator[Select[Any]]:
    asked = {key[0] for key in keys}
    known = all(kept(key) for key in keys if key[0] is not Of.MONTH)
    by_tally = scope.cases is None and known and bool(asked - {Of.MONTH})
    rest = period.odd_days() if by_tally else (period,)
    if rest != (period,):
        yield _off_tally(scope, period, keys, place)
    counted = and_(scope.counted, or_(false(), *map(in_period, rest)))
    if rest and Of.CASE in asked:
        yield _select(Of.CASE, keys, place.case).where(counted).group_by(place.case)
    if rest and Of.PREVENTION in asked:
        lines = _select(Of.PREVENTION, keys, place.case).join_from(Prevention, Case)
        yield lines.where(counted).group_by(place.case)
    if Of.MONTH in asked:
        reports = _select(Of.MONTH, keys, place.report)
        yield reports.where(scope.of(Monthly), scope.months, in_months(period)).group_by(place.report)


def _select(of: Of, keys: list[Key], place: ColumnElement[Any]) -> Select[Any]:
    columns = [sum_of(key, of).label(f"k{number}") for number, key in enumerate(keys)]
    return select(place.label("place"), *columns)


def _off_tally(scope: Scope, period: Period, keys: list[Key], place: _Place) -> Select[Any]:
    columns = [_kept(key).label(f"k{number}") for number, key in enumerate(keys)]
    months = TALLIES.c.month.between(*period.whole_months())
    return select(place.tally.label("place"), *columns).where(scope.of(TALLIES.c), months)


def _kept(key: Key) -> ColumnElement[Any]:
    """SQL: a sum as a row of the tally has it; of some classes, their sums together."""
    columns: list[Any] = [TALLIES.c[name] for name in kept(key)]
    if len(columns) > 1:
        return reduce(operator.add, [func.coalesce(each, 0) for each in columns])
    return columns[0] if columns else NOTHING


def of_month(screenings: int, prevented: int) -> Sums:
    """What a month adds, or several."""
    return {(Of.MONTH, Measure.TIMES, Among()): screenings, (Of.MONTH, Measure.CASES, Among()): prevented}


def in_months(period: Period) -> ColumnElement[bool]:
    """SQL: the month lies wholly in the period."""
    first, last = period.whole_months()
    index = Monthly.year * 12 + Monthly.month - 1
    return and_(index.between(first, last), Monthly.removed_at.is_(None))
