"""排查情况统计表: how the units below one stand in a period; no public sheet was found: [C]."""

from sqlalchemy.orm import Session

from admin_app.exports.columns import Line
from admin_app.exports.layout import Chart, Layout
from admin_app.exports.ledger import Asked, Counted, Ledger, declare
from admin_app.exports.statistics import TOTALS, columns_of, home, lines_of
from admin_app.models.users import User
from admin_app.operations import screening_board
from admin_app.rules.periods import Period


def lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """The board of a unit and a period, as it stands today."""
    unit = asked.unit or home(session, actor)
    return lines_of(screening_board.count(session, actor, unit, Period(asked.since, asked.until)))


SCREENING_STATISTICS = declare(
    Ledger(
        name="screening-statistics",
        label="排查情况统计表",
        word="screening",
        source=Counted(lines, period="排查时段最后一天（发现按排查日期）"),
        layout=Layout(
            columns=columns_of(screening_board.HEADS),
            counted="个单位",
            titled=True,
            reference=True,
            totals=TOTALS,
            charts=(Chart("各单位排查报告", "column", "项目", ("应报", "已报", "超期未报")),),
        ),
        note="每个下级单位一行，迟报和超期未报按今天计算。未见公开的官方样式，栏目为参考格式。",
    )
)
