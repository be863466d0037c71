"""Publicity counted: events, person-times and materials of a unit's sub-units in a period, in one query."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.base import path_prefix, path_under
from admin_app.models.publicities import Publicity
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import Line, lines_at, width_of
from admin_app.rules.figures import Number
from admin_app.rules.periods import Period


@dataclass(frozen=True)
class Head:
    """One number: what it is called, in which unit, and the column that is added up; without one, events."""

    name: str
    label: str
    unit: str
    column: Any = None
    group: tuple[str, ...] = ("普法宣传",)


HEADS: tuple[Head, ...] = (
    Head("events", "场次", "场"),
    Head("people", "受众", "人次", Publicity.people),
    Head("materials", "发放资料", "份", Publicity.materials),
    Head("answered", "解答咨询", "人次", Publicity.answered),
)
NAMES = tuple(each.name for each in HEADS)


def count(session: Session, actor: User, unit: Unit, period: Period) -> list[Line]:
    """The lines of a unit: its sub-units, its own level, and the two sums, all within the actor's scope."""
    place = path_prefix(Publicity.path, width_of(unit))
    ends = [Publicity.held_on >= period.since] if period.since else []
    ends += [Publicity.held_on <= period.until] if period.until else []
    sums = [func.count() if each.column is None else func.sum(each.column) for each in HEADS]
    query = select(place, *sums).where(
        policy.visible(Publicity, actor),
        path_under(Publicity.path, unit.path),
        Publicity.removed_at.is_(None),
        *ends,
    )
    at: dict[str, dict[str, Number]] = defaultdict(dict)
    for path, *numbers in session.execute(query.group_by(place)):
        at[path] = {name: int(number or 0) for name, number in zip(NAMES, numbers, strict=True)}
    return list(lines_at(session, actor, unit, at, NAMES))
