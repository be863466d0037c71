"""责任倒查情况: what has gathered on the units below one, each number with its rows (M21).

Evidence counts where it happened and once a case: two mediators of one late case are one late case. It is
to be weighed and no verdict. What a superior asked after counts on whoever had to answer.
"""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.base import path_under
from admin_app.models.lookbacks import Lookback
from admin_app.models.units import Unit
from admin_app.models.urgings import Urging
from admin_app.models.users import User
from admin_app.models.warnings import EarlyWarning
from admin_app.operations.figures import Line, lines_at, width_of
from admin_app.rules.dates import begins, ends, today
from admin_app.rules.figures import Number
from admin_app.rules.lookbacks import Fault
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotSeen


@dataclass(frozen=True)
class Head:
    """One number: what it is called, of what, and which rows it counts on a day."""

    name: str
    label: str
    model: type[Any]
    which: Callable[[date], ColumnElement[bool]]

    @property
    def unit(self) -> str:
        """What is counted."""
        return "件"

    @property
    def group(self) -> tuple[str, ...]:
        """The caption above it on the sheet."""
        return {Lookback: ("倒查线索",), Urging: ("督办",), EarlyWarning: ("预警",)}[self.model]

    @property
    def place(self) -> Any:
        """Where a row counts: with whoever held the case, or had to answer, or to act."""
        return {Lookback: Lookback.path, Urging: Urging.to_path, EarlyWarning: EarlyWarning.owner_path}[
            self.model
        ]


def _fault(fault: Fault) -> Head:
    return Head(fault.value, fault.label, Lookback, lambda day: Lookback.fault == fault)


def _overdue(model: Any, day: date) -> ColumnElement[bool]:
    return and_(model.waiting(), model.due_on < day)


HEADS: tuple[Head, ...] = (
    *(_fault(each) for each in Fault),
    Head("urged", "被督办", Urging, lambda day: Urging.removed_at.is_(None)),
    Head("unanswered", "逾期未答复", Urging, lambda day: _overdue(Urging, day)),
    Head("warned", "逾期未处置", EarlyWarning, lambda day: _overdue(EarlyWarning, day)),
)
HEAD: dict[str, Head] = {each.name: each for each in HEADS}
NAMES = tuple(HEAD)


def count(session: Session, actor: User, unit: Unit, period: Period, day: date | None = None) -> list[Line]:
    """The lines of a unit: its sub-units, its own level, and the two sums, all within the actor's scope."""
    day, width = day or today(), width_of(unit)
    at: dict[str, Counter[str]] = defaultdict(Counter)
    for head in HEADS:
        rows = _rows(actor, unit, period, head, day).subquery()
        counted = select(rows.c.place, func.count()).group_by(rows.c.place)
        for path, number in session.execute(counted):
            at[path[:width]][head.name] += number
    numbers: dict[str, dict[str, Number]] = {path: dict(counter) for path, counter in at.items()}
    return list(lines_at(session, actor, unit, numbers, NAMES))


def behind(
    actor: User, unit: Unit, period: Period, name: str, *, level: bool = False, day: date | None = None
) -> ColumnElement[bool]:
    """SQL: the very rows that a number counts; `level`: of the unit's own level alone."""
    if name not in HEAD:
        raise NotSeen("没有这个数字。")
    head = HEAD[name]
    rows = _rows(actor, unit, period, head, day or today()).subquery()
    query = select(rows.c.id)
    return head.model.id.in_(query.where(rows.c.place == unit.path) if level else query)  # type: ignore[no-any-return]


def _rows(actor: User, unit: Unit, period: Period, head: Head, day: date) -> Select[Any]:
    """Where and which: of the evidence on one case at one place, the first."""
    where = _counted(actor, unit, period, head)
    if head.model is not Lookback:
        return select(head.place.label("place"), head.model.id).where(where, head.which(day))
    columns: Any = (Lookback.path.label("place"), func.min(Lookback.id).label("id"))
    query = select(*columns).where(where, head.which(day))
    return query.group_by(Lookback.path, Lookback.case_id)


def _counted(actor: User, unit: Unit, period: Period, head: Head) -> ColumnElement[bool]:
    model = head.model
    seen = policy.visible(model, actor)
    return and_(path_under(head.place, unit.path), *_within(model, period), model.removed_at.is_(None), seen)


def _within(model: Any, period: Period) -> list[ColumnElement[bool]]:
    """On which day a thing counts; a supervision when it was issued."""
    if model is Urging:
        found = [Urging.issued_at >= begins(period.since)] if period.since else []
        return [*found, Urging.issued_at <= ends(period.until)] if period.until else found
    on = Lookback.happened_on if model is Lookback else EarlyWarning.raised_on
    found = [on >= period.since] if period.since else []
    return [*found, on <= period.until] if period.until else found


def standing(numbers: Any) -> tuple[str, str]:
    """A line in a word, with its tone: what grew worse comes first."""
    if numbers["escalated"]:
        return f"{numbers['escalated']} 件激化", "seal"
    late = numbers["late"] + numbers["unanswered"] + numbers["warned"]
    if late:
        return f"{late} 件逾期", "warn"
    evidence = sum(numbers[each.value] for each in Fault)
    return (f"{evidence} 件待核查", "neutral") if evidence else ("没有", "ok")
