"""The tally 统计累计: what the cases of each committee and month add up to, kept in their transaction.

Rows are only added, never changed, so that no two writers wait for each other. Before a commit each month of
a committee that the transaction has touched is recounted, and what it now differs by is added as a row: so
much is seen in one statement, of one moment. Whoever touches a case that another transaction has touched
waits for its end (a case's row is written or locked), so the differences of two transactions add up.
Asking twice adds nothing. docs/decisions/0030
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Insert,
    Select,
    Subquery,
    and_,
    bindparam,
    delete,
    event,
    func,
    insert,
    inspect,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session, UOWTransaction
from sqlalchemy.orm.util import identity_key

from admin_app.models.base import Base
from admin_app.models.cases import Case, Party
from admin_app.models.figures import MONTH, TALLIES, in_period, sum_of
from admin_app.models.preventions import Prevention
from admin_app.rules.figures import NOT_TAKEN_UP, Of
from admin_app.rules.periods import Period
from admin_app.rules.tally import COLUMNS

Cell = tuple[int, int]  # a committee, and a month as year × 12 + month - 1

# The facts that decide what is added up; the stage decides only whether a case is taken up.
FACTS = (
    *("committee_id", "accepted_on", "kind", "source", "difficulty", "result", "form", "fulfilment"),
    *("people", "amount", "removed_at"),
)
# A line that is cut off from its case is deleted by the flush, though the session has not marked it.
LINES: dict[type[Base], tuple[str, ...]] = {
    Party: ("case", "headcount"),
    Prevention: ("case", "kind", "people"),
}
MOST = 2_000  # committees, cases, rows in one statement
_BOUND = {"mapper": Case}


# ---------------------------------------------------------------- noting what a transaction touches


class _Touched:
    """Months of committees, and cases whose lines alone have changed: where they stand is asked later."""

    def __init__(self) -> None:
        self.cells: set[Cell] = set()
        self.cases: set[int] = set()


def _touched(session: Session) -> _Touched:
    found: _Touched = session.info.setdefault("tally", _Touched())
    return found


def note(session: Session, cells: Iterable[Cell]) -> None:
    """These are to be recounted before the commit; who writes cases past the session calls it."""
    _touched(session).cells.update(cells)


def note_new(session: Session, cases: Iterable[Case]) -> None:
    """The same of new cases that are written by the hundred."""
    note(session, (cell for each in cases if (cell := _cell(each.committee_id, each.accepted_on))))


def _cell(committee_id: int | None, accepted_on: date | None) -> Cell | None:
    return (committee_id, index_of(accepted_on)) if committee_id and accepted_on else None


def index_of(day: date) -> int:
    """The month of a day."""
    return day.year * 12 + day.month - 1


@event.listens_for(Session, "after_flush")
def _gather(session: Session, context: UOWTransaction) -> None:
    """Once ids are known, and before what was is forgotten."""
    new = {each.id: each for each in session.new if isinstance(each, Case)}
    for thing in (*session.new, *session.dirty, *session.deleted):
        if isinstance(thing, Case) and _counts_otherwise(thing):
            note(session, _cells(thing))
        elif type(thing) in LINES and _changed(thing, LINES[type(thing)]):
            for case_id in _were(thing, "case_id"):
                _note_owner(session, case_id, new)


def _note_owner(session: Session, case_id: int, new: dict[int, Case]) -> None:
    """A case whose own row this transaction has written stands where it knows; any other may have moved."""
    case = new.get(case_id) or session.identity_map.get(identity_key(Case, (case_id,)))
    if isinstance(case, Case) and (case_id in new or case in session.info.get("raised", ())):
        note(session, _cells(case))
    else:
        _touched(session).cases.add(case_id)


def _counts_otherwise(case: Case) -> bool:
    taken_up = {stage in NOT_TAKEN_UP for stage in _were(case, "stage")}
    return len(taken_up) > 1 or _changed(case, FACTS)


def _changed(thing: Any, names: Iterable[str]) -> bool:
    """Whether it is new or gone, or one of these has another value."""
    state = inspect(thing)
    if state.key is None or thing in state.session.deleted:
        return True
    return any(state.attrs[name].history.has_changes() for name in names)


def _cells(case: Case) -> Iterator[Cell]:
    """Where a case stands, and where it stood before this flush."""
    for committee_id in _were(case, "committee_id"):
        for day in _were(case, "accepted_on"):
            yield committee_id, index_of(day)


def _were(thing: Any, name: str) -> set[Any]:
    """A fact as it is and as it was, where it is anything."""
    return {getattr(thing, name), *(inspect(thing).attrs[name].history.deleted or ())} - {None}


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("tally", None)


# ---------------------------------------------------------------- keeping in step


@event.listens_for(Session, "before_commit")
def settle(session: Session) -> None:
    """Bring what was touched into step; whoever reads the tally before the commit calls it."""
    session.flush()
    touched: _Touched | None = session.info.pop("tally", None)
    if touched is None:
        return
    cells = touched.cells | set(_standing(session, sorted(touched.cases)))
    for month, committees in _by_month(cells).items():
        for some in _some(sorted(committees), MOST):
            _book(session, month, some)


def _by_month(cells: Iterable[Cell]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for committee, month in sorted(cells):
        found[month].append(committee)
    return found


def _some(things: Sequence[int], many: int) -> Iterator[Sequence[int]]:
    """So many at a time."""
    return (things[begin : begin + many] for begin in range(0, len(things), many))


def _standing(session: Session, ids: Sequence[int]) -> Iterator[Cell]:
    """Where cases stand now. Locked: whoever is about to move one of them comes first, or waits."""
    for some in _some(ids, MOST):
        query = select(Case.committee_id, Case.accepted_on).where(Case.id.in_(some)).order_by(Case.id)
        for committee_id, accepted_on in session.execute(query.with_for_update(key_share=True)):
            if cell := _cell(committee_id, accepted_on):
                yield cell


def _book(session: Session, month: int, committees: Sequence[int]) -> None:
    year, number = month // 12, month % 12 + 1
    until = date(year, number, monthrange(year, number)[1])
    asked = {"since": until.replace(day=1), "until": until, "month": month, "committees": list(committees)}
    session.execute(_booking(), asked, bind_arguments=_BOUND)


@cache
def _booking() -> Insert:
    """What some committees' month differs by, added to it."""
    committees: Any = bindparam("committees", expanding=True)
    days = Case.accepted_on.between(bindparam("since", type_=Date), bindparam("until", type_=Date))
    return _adding(
        difference(
            and_(Case.committee_id.in_(committees), days),
            and_(TALLIES.c.committee_id.in_(committees), TALLIES.c.month == bindparam("month")),
        )
    )


def _adding(rows: Select[Any]) -> Insert:
    return insert(TALLIES).from_select(["committee_id", "month", *COLUMNS], rows)


# ---------------------------------------------------------------- the recount


def difference(cases: ColumnElement[bool], rows: ColumnElement[bool]) -> Select[Any]:
    """SQL: how much the cases and their lines add up to beyond the tally, where that is anything."""
    both = union_all(_of_cases(cases), _of_lines(cases), _taken_off(rows)).subquery()
    return _summed(both)


def _summed(rows: Subquery | Any) -> Select[Any]:
    sums = [func.sum(rows.c[name]) for name in COLUMNS]
    columns = [func.nullif(each, 0).label(name) for name, each in zip(COLUMNS, sums, strict=True)]
    place = rows.c.committee_id, rows.c.month
    return select(*place, *columns).group_by(*place).having(or_(*(each != 0 for each in sums)))


def _of_cases(where: ColumnElement[bool]) -> Select[Any]:
    return _recounted(Of.CASE).where(in_period(Period()), where)


def _of_lines(where: ColumnElement[bool]) -> Select[Any]:
    return _recounted(Of.PREVENTION).join_from(Prevention, Case).where(in_period(Period()), where)


def _recounted(of: Of) -> Select[Any]:
    columns = [sum_of(key, of).label(name) for name, key in COLUMNS.items()]
    return select(Case.committee_id, MONTH.label("month"), *columns).group_by(Case.committee_id, MONTH)


def _taken_off(where: ColumnElement[bool]) -> Select[Any]:
    columns = [(-TALLIES.c[name]).label(name) for name in COLUMNS]
    return select(TALLIES.c.committee_id, TALLIES.c.month, *columns).where(where)


# ---------------------------------------------------------------- looking after it


def faults(session: Session, committees: Sequence[int] | None = None) -> Iterator[Cell]:
    """The months of committees whose rows do not add up to their cases; of all committees, or of some."""
    query = difference(*_of(committees))
    for row in session.execute(query.order_by("committee_id", "month")):
        yield row.committee_id, row.month


def mend(session: Session, committees: Sequence[int] | None = None) -> None:
    """Add what they differ by. One statement, so it is right whoever else writes meanwhile."""
    rows = difference(*_of(committees)).order_by("month", "committee_id")
    session.execute(_adding(rows), bind_arguments=_BOUND)


def _of(committees: Sequence[int] | None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    if committees is None:
        return true(), true()
    return Case.committee_id.in_(committees), TALLIES.c.committee_id.in_(committees)


def fold(session: Session) -> int:
    """Make one row of those that a month of a committee has; how many months there were to fold.

    These very rows: what others add meanwhile stays, and who folds too waits and finds them gone.
    """
    place = TALLIES.c.committee_id, TALLIES.c.month
    many = select(*place).group_by(*place).having(func.count() > 1)
    cells = _by_month((row.committee_id, row.month) for row in session.execute(many, bind_arguments=_BOUND))
    for month, committees in cells.items():
        for some in _some(committees, MOST):
            _fold(session, and_(TALLIES.c.month == month, TALLIES.c.committee_id.in_(some)))
    return sum(map(len, cells.values()))


def _fold(session: Session, where: ColumnElement[bool]) -> None:
    rows = select(TALLIES.c.id).where(where).order_by(TALLIES.c.committee_id, TALLIES.c.id)
    ids = session.scalars(rows.with_for_update(), bind_arguments=_BOUND).all()
    for some in _some(ids, MOST):
        these = TALLIES.c.id.in_(some)
        session.execute(_adding(_summed(select(TALLIES).where(these).subquery())), bind_arguments=_BOUND)
        session.execute(delete(TALLIES).where(these), bind_arguments=_BOUND)
