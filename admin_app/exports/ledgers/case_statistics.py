"""人民调解案件情况 (formats.md 2.1): the statistics sheet of 50 columns, one row for each direct sub-unit."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from admin_app.exports.columns import Line
from admin_app.exports.layout import Chart, Layout
from admin_app.exports.ledger import Asked, Counted, Ledger, declare
from admin_app.exports.statistics import TOTALS, columns_of, home, lines_of
from admin_app.models.users import User
from admin_app.operations import figures
from admin_app.rules.dates import ends
from admin_app.rules.figure_checks import failures
from admin_app.rules.figures import columns
from admin_app.rules.periods import Period


def lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """The numbers of a unit's period, as they stood at the end of a day if one is named."""
    unit, period = asked.unit or home(session, actor), Period(asked.since, asked.until)
    moment = ends(asked.as_of) if asked.as_of else None
    return lines_of(figures.count(session, actor, unit, period, moment))


def faults(found: Sequence[Line]) -> list[str]:
    """The sums that do not agree, line by line."""
    return [f"{line['unit']}：{each.sentence}" for line in found for each in failures(line)]


def _sheet(name: str, label: str, note: str, *, performance: bool) -> Ledger:
    layout = Layout(
        columns=columns_of(columns(performance=performance)),
        counted="个单位",
        titled=True,
        reference=performance,
        paper="A3",
        totals=TOTALS,
        charts=(
            Chart("各单位调解案件", "column", "项目", ("调解案件总数", "调解成功")),
            Chart("各单位协议涉及金额（万元）", "column", "项目", ("协议涉及金额",)),
        ),
    )
    return declare(
        Ledger(
            name=name,
            label=label,
            word="figure",
            group="统计",
            source=Counted(lines, faults=faults),
            layout=layout,
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
)
