"""人民调解组织队伍经费保障情况 (formats.md 2.2): our own summary, for the ministry's layout was not found."""

from collections.abc import Callable
from datetime import date

from sqlalchemy.orm import Session

from admin_app.exports.columns import Line, Part
from admin_app.exports.layout import Layout
from admin_app.exports.ledger import Asked, Counted, Ledger, declare
from admin_app.exports.statistics import TOTALS, columns_of, home, lines_of
from admin_app.models.users import User
from admin_app.operations import organisation
from admin_app.rules.dates import today

TITLE = "人民调解组织队伍经费保障情况汇总表"


def _day(asked: Asked) -> date:
    return asked.as_of or today()


def lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """Organisations, people and funds of a unit on the day; funds of its year."""
    unit = asked.unit or home(session, actor)
    return lines_of(organisation.count(session, actor, unit, _day(asked)))


def _about(*groups: str) -> Callable[[Session, Asked], tuple[Part, ...]]:
    """The columns of some of the groups, one for each code in force on the day."""

    def columns(session: Session, asked: Asked) -> tuple[Part, ...]:
        heads = organisation.heads(session, _day(asked))
        return columns_of(head for head in heads if head.group[0] in groups)

    return columns


def _sheet(name: str, title: str, *groups: str, more: tuple[Ledger, ...] = ()) -> Ledger:
    return Ledger(
        name=name,
        label=TITLE,
        word="figure",
        group="统计",
        source=Counted(lines, period="", columns=_about(*groups)),
        layout=Layout(columns=(), title=title, counted="个单位", reference=True, paper="A3", totals=TOTALS),
        note="每个下级单位一行，分组织和保障、队伍、经费三张表。部颁报表式样未见公开，为本系统汇总表，参考格式。",
        more=more,
        main=False,
    )


ORGANISATION = declare(
    _sheet(
        "organisation",
        f"{TITLE}（组织和保障）",
        "组织",
        "保障",
        more=(
            _sheet("organisation-team", f"{TITLE}（队伍）", "队伍"),
            _sheet("organisation-funds", f"{TITLE}（经费）", "经费"),
        ),
    )
)
