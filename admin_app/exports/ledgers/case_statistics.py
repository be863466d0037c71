"""人民调解案件情况 (formats.md 2.1): the statistics sheet of 50 columns, one row for each direct sub-unit."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time
from itertools import groupby

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.exports.columns import Column, Group, Kind, Line, Part, column
from admin_app.exports.layout import Chart, Layout, Total
from admin_app.exports.ledger import Asked, Counted, Ledger, declare
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import figures
from admin_app.operations.figures import RowKind
from admin_app.rules.dates import SHANGHAI
from admin_app.rules.figure_checks import failures
from admin_app.rules.figures import Figure, Measure, columns
from admin_app.rules.periods import Period
from admin_app.rules.refusals import NotSeen

WIDE = {Measure.AMOUNT: 9.5, Measure.PEOPLE: 5.0}  # characters; 万元 and heads need more than cases do
SHOWN = (RowKind.SUB, RowKind.OWN)  # the two sums are formulas of the sheet itself


def _column(figure: Figure) -> Column:
    kind: Kind = "money" if figure.measure is Measure.AMOUNT else "integer"
    width = WIDE.get(figure.measure, 4.2)
    say = {"kind": kind, "unit": figure.unit, "vertical": True, "summed": True}
    return column(figure.name, figure.label, width, **say)


def _nested(chosen: Iterable[Figure], depth: int = 0) -> tuple[Part, ...]:
    """Columns under their groups, in the order of the figures."""
    together = groupby(chosen, key=lambda figure: figure.group[depth : depth + 1] or figure)
    return tuple(_part(head, tuple(each), depth) for head, each in together)


def _part(head: Figure | tuple[str, ...], each: tuple[Figure, ...], depth: int) -> Part:
    if isinstance(head, Figure):
        return _column(head)
    label = head[0] if depth else " ".join(head[0])  # the uppermost are set wide: 调 解 情 况
    return Group(label, _nested(each, depth + 1))


def lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """A line for each direct sub-unit, and one for the unit's own level."""
    counted = figures.count(
        session, actor, asked.unit or _home(session, actor), _period(asked), _moment(asked)
    )
    return [
        {"unit": line.label, "group": line.kind.value, **line.numbers}
        for line in counted
        if line.kind in SHOWN
    ]


def _home(session: Session, actor: User) -> Unit:
    """The unit that the person's highest post is at."""
    paths = sorted(policy.paths(actor, "figure.see"), key=len)
    unit = session.scalar(select(Unit).where(Unit.path.in_(paths[:1])))
    if unit is None:
        raise NotSeen()
    return unit


def _period(asked: Asked) -> Period:
    return Period(asked.since, asked.until)


def _moment(asked: Asked) -> datetime | None:
    """The end of the day as of which the sheet is asked for."""
    return datetime.combine(asked.as_of, time.max, SHANGHAI) if asked.as_of else None


def faults(found: Sequence[Line]) -> list[str]:
    """The sums that do not agree, line by line."""
    return [f"{line['unit']}：{each.sentence}" for line in found for each in failures(line)]


def _sheet(name: str, label: str, note: str, *, performance: bool, reference: bool = False) -> Ledger:
    return declare(
        Ledger(
            name=name,
            label=label,
            word="figure",
            group="统计",
            source=Counted(lines, faults=faults),
            layout=Layout(
                columns=(column("unit", "项目", 14, unit="单位"), *_nested(columns(performance=performance))),
                counted="个单位",
                titled=True,
                reference=reference,
                paper="A3",
                totals=tuple(
                    Total(total.label, tuple(each.value for each in of))
                    for total, of in ((RowKind.SUB_TOTAL, SHOWN[:1]), (RowKind.TOTAL, SHOWN))
                ),
                charts=(
                    Chart("各单位调解案件", "column", "项目", ("调解案件总数", "调解成功")),
                    Chart("各单位协议涉及金额（万元）", "column", "项目", ("协议涉及金额",)),
                ),
            ),
            note=note,
            main=not performance,
        )
    )


CASE_STATISTICS = _sheet(
    "case-statistics",
    "人民调解案件情况统计表",
    "每个下级单位一行，按受理日期统计。栏目依据公开可见的司法局统计表整理，报送前请与本地报表核对。",
    performance=False,
)
CASE_STATISTICS_PERFORMED = _sheet(
    "case-statistics-performed",
    "人民调解案件情况统计表（含协议履行情况）",
    "比统计表多“协议履行情况”一组。这一组为参考格式。",
    performance=True,
    reference=True,
)
