"""责任倒查情况统计表: what has gathered on the units below one; no public sheet was found: [N]."""

from sqlalchemy.orm import Session

from admin_app.exports.columns import Line
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Asked, Counted, Ledger, declare
from admin_app.exports.statistics import TOTALS, columns_of, home, lines_of
from admin_app.models.users import User
from admin_app.operations import accountability
from admin_app.rules.periods import Period


def lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """The units of one and a period, as it stands today."""
    unit = asked.unit or home(session, actor)
    return lines_of(accountability.count(session, actor, unit, Period(asked.since, asked.until)))


ACCOUNTABILITY_STATISTICS = declare(
    Ledger(
        name="accountability-statistics",
        label="责任倒查情况统计表",
        word="lookback",
        source=Counted(lines, period="情形发生日期（督办按发出日期，预警按预警日期）"),
        layout=Layout(
            columns=columns_of(accountability.HEADS),
            counted="个单位",
            titled=True,
            reference=True,
            totals=TOTALS,
        ),
        main=False,
        note="每个下级单位一行；同一件案件同一种情形只算一件，是核查的线索，不是结论。"
        "未见公开的官方样式，栏目为参考格式。",
    )
)
