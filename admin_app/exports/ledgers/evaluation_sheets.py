"""《考核得分明细表》 and 《考核汇总表》 by unit (no sample was found: [N], layouts ours)."""

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from admin_app import policy
from admin_app.exports.columns import Group, Line, Part, column, ordinal
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Asked, Counted, Ledger, declare
from admin_app.exports.statistics import home
from admin_app.models.evaluations import Evaluation, EvaluationItem
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.evaluation_sums import Sum, ranks, sums, whole, width_below
from admin_app.rules.evaluations import SHOWN, EvaluationState
from admin_app.rules.standards import CONDITIONS

PERIOD = "考核日期"
MOST_ITEMS = 60  # columns of one sheet, the most usual items


def _asked(asked: Asked) -> list[Any]:
    """SQL: the published evaluations that a sheet is about."""
    shown = SHOWN - {EvaluationState.EXEMPT}
    found: list[Any] = [Evaluation.removed_at.is_(None), Evaluation.state.in_(shown)]
    if asked.unit is not None:
        found.append(Evaluation.under(asked.unit.path))
    if asked.since is not None:
        found.append(Evaluation.evaluated_on >= asked.since)
    if asked.until is not None:
        found.append(Evaluation.evaluated_on <= asked.until)
    return found


def _labels(session: Session, asked: Asked) -> list[str]:
    """The items that give points, as their standards order them."""
    query = (
        select(EvaluationItem.label)
        .join(Evaluation, Evaluation.id == EvaluationItem.evaluation_id)
        .where(*_asked(asked), EvaluationItem.way.not_in(CONDITIONS))
        .group_by(EvaluationItem.label)
        .order_by(func.min(EvaluationItem.position), EvaluationItem.label)
    )
    return list(session.scalars(query.limit(MOST_ITEMS)))


def _item_columns(session: Session, asked: Asked) -> tuple[Part, ...]:
    """Who, then a column for each item, then what came of it."""
    items = tuple(column(f"item {each}", each, 9, kind="money") for each in _labels(session, asked))
    return (
        ordinal(),
        column("who", "被考核人", 12),
        column("committee", "所属调委会", 30),
        column("period", "考核周期", 14, centred=True),
        *([Group("各项得分", items)] if items else []),
        column("score", "总分", 9, kind="money"),
        column("level", "等次", 9, centred=True),
        column("coefficient", "系数", 8, kind="money"),
    )


def item_lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """One line for each evaluation; what a standard does not ask stays blank."""
    query = (
        select(Evaluation)
        .where(*_asked(asked), Evaluation.plan_id.is_not(None))
        .where(policy.visible(Evaluation, actor, "evaluation.export"))
        .order_by(Evaluation.year, Evaluation.half, Evaluation.path, Evaluation.id)
        .options(selectinload(Evaluation.items), selectinload(Evaluation.committee))
    )
    labels = _labels(session, asked)
    return [_item_line(each, labels) for each in session.scalars(query)]


def _item_line(evaluation: Evaluation, labels: list[str]) -> Line:
    got: dict[str, Decimal] = {}
    for line in evaluation.items:
        got[line.label] = got.get(line.label, Decimal(0)) + line.got
    return {
        "who": evaluation.who,
        "committee": str(evaluation.committee),
        "period": f"{evaluation.year}年{evaluation.half.label}",
        **{f"item {each}": got.get(each) for each in labels},
        "score": evaluation.score,
        "level": evaluation.level,
        "coefficient": evaluation.coefficient,
    }


def _levels(session: Session, asked: Asked) -> list[str]:
    """The levels that anybody reached, the best first."""
    query = (
        select(Evaluation.level)
        .where(*_asked(asked), Evaluation.level.is_not(None))
        .group_by(Evaluation.level)
        .order_by(func.avg(Evaluation.score).desc(), Evaluation.level)
    )
    return [each for each in session.scalars(query) if each]


def _sum_columns(session: Session, asked: Asked) -> tuple[Part, ...]:
    """A unit a line, a column for each level."""
    levels = tuple(column(f"level {each}", each, 8, kind="integer") for each in _levels(session, asked))
    return (
        column("rank", "名次", 6, kind="integer"),
        column("unit", "单位", 24),
        column("count", "人次", 8, kind="integer"),
        *([Group("各等次", levels)] if levels else []),
        column("average", "平均分", 9, kind="money"),
        column("best", "最高分", 9, kind="money"),
        column("worst", "最低分", 9, kind="money"),
    )


def sum_lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """A line for each unit just below, the best average first, and one for all."""
    unit = asked.unit or home(session, actor)
    scope = policy.visible(Evaluation, actor, "evaluation.export")
    parts = sums(session, width_below(unit.path), *_asked(asked), Evaluation.under(unit.path), scope)
    if not parts:
        return []
    names = {each.path: each.name for each in session.scalars(select(Unit).where(Unit.path.in_(parts)))}
    places, levels = ranks(parts), _levels(session, asked)
    ordered = sorted(parts, key=lambda path: (places.get(path, len(parts) + 1), path))
    if unit.path in names:
        names[unit.path] += "本级"
    lines = [_sum_line(names.get(path, ""), places.get(path), parts[path], levels) for path in ordered]
    return [*lines, _sum_line("合计", None, whole(parts.values()), levels)]


def _sum_line(label: str, rank: int | None, part: Sum, levels: list[str]) -> Line:
    return {
        "rank": rank,
        "unit": label,
        "count": part.scored,
        **{f"level {each}": part.levels[each] for each in levels},
        "average": part.average,
        "best": part.best,
        "worst": part.worst,
    }


EVALUATION_ITEMS = declare(
    Ledger(
        name="evaluation-items",
        label="考核得分明细表",
        word="evaluation",
        source=Counted(item_lines, period=PERIOD, columns=_item_columns),
        layout=Layout(columns=(), reference=True, counted="人次", paper="A3", totals=()),
        note="已公布的、由考核计划产生的考核，每人一行，各项得分各占一栏。未见公开的官方样式，为参考格式。",
        main=False,
    )
)
EVALUATION_SUMS = declare(
    Ledger(
        name="evaluation-sums",
        label="考核汇总表",
        word="evaluation",
        source=Counted(sum_lines, period=PERIOD, columns=_sum_columns),
        layout=Layout(columns=(), reference=True, counted="个单位", totals=()),
        note="每个下级单位一行：人次、各等次人数、平均分和名次。未见公开的官方样式，为参考格式。",
        main=False,
    )
)
