"""What has changed since a day, case by case: how the numbers reported then became those of now."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from admin_app.models.committees import Committee
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import past, past_figures
from admin_app.operations.figures import figures_of, scope_of
from admin_app.operations.past import Stood
from admin_app.operations.sums import Holder
from admin_app.rules.figures import Figure, Measure, Number, Numbers
from admin_app.rules.periods import Period


@dataclass(frozen=True)
class Change:
    """A case that adds something else than it did, in the words of the sheet."""

    case_id: int
    title: str
    words: str


def changed_since(session: Session, actor: User, unit: Unit, period: Period, as_of: datetime) -> list[Change]:
    """The cases under a unit that counted otherwise at a moment, or not at all, the oldest first."""
    scope, figures = scope_of(actor, unit), figures_of(session, period)
    held = past_figures.holders(session, scope, None)
    held_then = past_figures.holders(session, scope, as_of)
    ids = set(session.scalars(past_figures.changed_cases(unit.path, as_of)))
    ids |= set(session.scalars(past_figures.new_cases(scope, period, as_of)))
    then = dict(past.stood(session, past_figures.CASES, sorted(ids), as_of))
    found = []
    for case_id, case in past.stood(session, past_figures.CASES, sorted(ids), None):
        words = _words(session, held_then, then.get(case_id), held, case, period, figures)
        if words:
            found.append(Change(case_id, case.values["number"] or case.values["names"], words))
    return found + _committees(session, held_then, held)


def _words(
    session: Session,
    held_then: dict[int, Holder],
    then: Stood | None,
    held: dict[int, Holder],
    now: Stood,
    period: Period,
    figures: tuple[Figure, ...],
) -> str:
    before = past_figures.of_stood(then, held_then, period, figures) if then else None
    after = past_figures.of_stood(now, held, period, figures)
    if then is None or before is None:
        return "" if after is None else "当时没有计入，现在计入"
    if after is None:
        return "当时计入，现在不再计入" + ("（已删除）" if now.removed else "")
    moved = then.values["committee_id"] != now.values["committee_id"]
    said = [f"改由{_name(session, now.values['committee_id'])}承办"] if moved else []
    # What a committee's new kind changes is told once, of the committee.
    asked = [each for each in figures if moved or not each.at.fact]
    return "；".join(said + _differences(asked, before, after))


def _differences(figures: list[Figure], before: Numbers, after: Numbers) -> list[str]:
    return [
        f"{each.label} {_said(each, before[each.name])} → {_said(each, after[each.name])}"
        for each in figures
        if before[each.name] != after[each.name]
    ]


def _said(figure: Figure, number: Number) -> str:
    if figure.measure is Measure.AMOUNT:
        return f"{Decimal(number) * 10000:,.2f} 元"
    return f"{number} {figure.unit}"


def _name(session: Session, committee_id: int) -> str:
    return session.get_one(Committee, committee_id).name


def _committees(session: Session, then: dict[int, Holder], now: dict[int, Holder]) -> list[Change]:
    """Committees whose kind is another one: all their cases stand in another column."""
    return [
        Change(0, _name(session, each), "调委会类型改了，它的案件改列在“不同主体调解情况”的另一栏")
        for each in now
        if then[each].body != now[each].body
    ]
