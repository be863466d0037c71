"""The very cases behind a number of the sheet, or behind a check that fails: the same rows, as a search."""

import operator
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import reduce
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal, or_, select, true
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.committees import Committee
from admin_app.models.figures import HEADS, condition, in_period
from admin_app.models.preventions import Prevention
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import past, past_figures
from admin_app.operations.figures import figures_of, scope_for
from admin_app.rules.figure_checks import CHECK, Check, Relation, failures
from admin_app.rules.figures import Among, Figure, Measure, Numbers, Of
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotSeen
from admin_app.rules.tiers import PATH_WIDTH, Tier


def cases_behind(
    session: Session,
    actor: User,
    unit: Unit | None,
    period: Period,
    name: str,
    *,
    level: bool = False,
    as_of: datetime | None = None,
) -> ColumnElement[bool]:
    """SQL: the cases that add to a figure, or by themselves fail a check; `level`: of the own level alone.

    A sum that fails a check has a case in it that fails it too, for the sides of a check are sums. As of a
    moment, cases that the actor can no longer see are not among them. Without a unit: of the actor's own.
    """
    figures = {each.name: each for each in figures_of(session, period)}
    scope = scope_for(actor, unit)
    if name in figures:
        found, told = _number(figures[name]) != 0, _is_in(name)
    elif name in CHECK:
        found, told = _fails(CHECK[name], figures), _is_failed(name)
    else:
        raise NotSeen("没有这个指标。")
    here = Case.path == unit.path if unit and level else true()
    found = and_(scope.counted, here, in_period(period), found)
    if as_of and unit:
        held = past_figures.holders(session, scope, as_of)
        then = past_figures.cases_then(session, unit.path, held, period, as_of, tuple(figures.values()))
        ids = [each.case_id for each in then if told(each.numbers) and (not level or each.path == unit.path)]
        found = or_(and_(past.unchanged("case", as_of), found), _one_of(ids))
    return and_(policy.visible(Case, actor), found)


def _is_in(name: str) -> Callable[[Numbers], bool]:
    return lambda numbers: bool(numbers[name])


def _is_failed(name: str) -> Callable[[Numbers], bool]:
    return lambda numbers: any(each.check.name == name for each in failures(numbers))


def _one_of(ids: list[int]) -> ColumnElement[bool]:
    """Written out, for there may be more of them than a statement takes parameters."""
    return Case.id.in_(bindparam("then", ids, expanding=True, literal_execute=True, unique=True))


def _at(at: Among) -> ColumnElement[bool]:
    """SQL: what is asked of the committee."""
    if at.fact == "body":
        kinds = condition(replace(at, fact="kind"), Committee)
        return Case.committee_id.in_(select(Committee.id).where(kinds))
    if at.fact == "tier":
        return func.length(Case.path).in_([PATH_WIDTH[Tier(each)] for each in sorted(at.these)])
    return true()


def _fails(check: Check, figures: dict[str, Figure]) -> ColumnElement[bool]:
    left, right = (_sum([figures[name] for name in side]) for side in (check.left, check.right))
    return left != right if check.relation is Relation.EQUALS else left > right


def _sum(side: list[Figure]) -> ColumnElement[Any]:
    first, *others = map(_number, side)
    return reduce(operator.add, others, first)


def _number(figure: Figure) -> ColumnElement[Any]:
    """SQL: as `rules.figures.of_case`, what one case adds."""
    if figure.of is Of.MONTH:
        return literal(0)
    if figure.of is Of.PREVENTION:
        return _of_lines(figure)
    measures: dict[Measure, Any] = {Measure.PEOPLE: HEADS, Measure.AMOUNT: func.coalesce(Case.amount, 0)}
    return case((and_(condition(figure.when), _at(figure.at)), measures.get(figure.measure, 1)), else_=0)


def _of_lines(figure: Figure) -> ColumnElement[Any]:
    people = func.coalesce(func.sum(Prevention.people), 0)
    measure: Any = people if figure.measure is Measure.PEOPLE else func.count(Prevention.id)
    lines = select(measure).where(Prevention.case_id == Case.id, condition(figure.when, Prevention))
    return lines.correlate(Case).scalar_subquery()
