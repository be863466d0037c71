"""排查情况: how a unit's sub-units stand in a period, in two queries; each number with the rows behind it.

A task counts on the last day of its period, a find on the day on which it was found. Late and missing are
reckoned from the days and never marked, so they are right at any moment.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.base import path_prefix, path_under
from admin_app.models.finds import Find
from admin_app.models.screenings import Screening
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.figures import Line, lines_at, width_of
from admin_app.rules.dates import today
from admin_app.rules.figures import Number
from admin_app.rules.finds import UNSETTLED, FindState
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotSeen
from admin_app.rules.screenings import Found, ScreeningState


@dataclass(frozen=True)
class Head:
    """One number of the board: what it is called, of what, and which rows it counts on a day."""

    name: str
    label: str
    model: type[Any]
    which: Callable[[date], ColumnElement[bool]]

    @property
    def unit(self) -> str:
        """What is counted."""
        return "次" if self.model is Screening else "件"

    @property
    def group(self) -> tuple[str, ...]:
        """The caption above it on the sheet."""
        return ("排查任务",) if self.model is Screening else ("排查发现",)


_DUE = Screening.state == ScreeningState.DUE
HEADS: tuple[Head, ...] = (
    Head("owed", "应报", Screening, lambda day: true()),
    Head("reported", "已报", Screening, lambda day: Screening.state != ScreeningState.DUE),
    Head("nothing", "零报告", Screening, lambda day: Screening.found == Found.NOTHING),
    Head("late", "迟报", Screening, lambda day: Screening.reported_on > Screening.due_on),
    Head("missing", "超期未报", Screening, lambda day: and_(_DUE, Screening.due_on < day)),
    Head("waiting", "未到期", Screening, lambda day: and_(_DUE, Screening.due_on >= day)),
    Head("unread", "待审核", Screening, lambda day: Screening.state == ScreeningState.REPORTED),
    Head("finds", "发现", Find, lambda day: true()),
    Head("cases", "转为案件", Find, lambda day: Find.state == FindState.CASE),
    Head("resolved", "就地化解", Find, lambda day: Find.state == FindState.RESOLVED),
    Head("unsettled", "还没化解", Find, lambda day: Find.state.in_(UNSETTLED)),
)
HEAD: dict[str, Head] = {each.name: each for each in HEADS}
NAMES = tuple(HEAD)


def count(session: Session, actor: User, unit: Unit, period: Period, day: date | None = None) -> list[Line]:
    """The lines of a unit: its sub-units, its own level, and the two sums, all within the actor's scope."""
    day, width = day or today(), width_of(unit)
    at: dict[str, dict[str, Number]] = defaultdict(dict)
    for model in (Screening, Find):
        heads = [each for each in HEADS if each.model is model]
        counted = [func.count().filter(each.which(day)) for each in heads]
        place = path_prefix(model.path, width)
        query = select(place, *counted).where(_counted(model, actor, unit, period)).group_by(place)
        for path, *numbers in session.execute(query):
            at[path] |= {each.name: number for each, number in zip(heads, numbers, strict=True)}
    return list(lines_at(session, actor, unit, at, NAMES))


def behind(
    actor: User, unit: Unit, period: Period, name: str, *, level: bool = False, day: date | None = None
) -> ColumnElement[bool]:
    """SQL: the very rows that a number counts; `level`: of the unit's own level alone."""
    if name not in HEAD:
        raise NotSeen("没有这个数字。")
    head = HEAD[name]
    here = head.model.path == unit.path if level else true()
    return and_(_counted(head.model, actor, unit, period), here, head.which(day or today()))


def _counted(model: Any, actor: User, unit: Unit, period: Period) -> ColumnElement[bool]:
    """What a unit that is no more still owed, it owes no longer."""
    day = Screening.until if model is Screening else Find.found_on
    ends = [day >= period.since] if period.since else []
    ends += [day <= period.until] if period.until else []
    gone = select(Unit.id).where(Unit.removed_at.is_not(None))
    owed = or_(~_DUE, Screening.unit_id.not_in(gone)) if model is Screening else true()
    seen = policy.visible(model, actor)
    return and_(path_under(model.path, unit.path), *ends, model.removed_at.is_(None), owed, seen)


def standing(numbers: Any) -> tuple[str, str]:
    """A line in a word, with its tone: what is missing comes first."""
    if numbers["missing"]:
        return f"{numbers['missing']} 件超期未报", "seal"
    if numbers["late"]:
        return f"{numbers['late']} 件迟报", "warn"
    if numbers["waiting"]:
        return "等待报告", "neutral"
    return ("全部按时", "ok") if numbers["owed"] else ("没有任务", "neutral")
