"""Ledgers that tests put on the shelf: a statistics sheet with sums that may disagree, and a form."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.columns import Group, Line, column, said
from admin_app.exports.layout import Block, Box, Layout, Total
from admin_app.exports.ledger import LEDGERS, Asked, Counted, Ledger, Records
from admin_app.models.cases import Case
from admin_app.models.users import User

FAULT = "城东街道：案件来源之和 2 件，与总数 3 件不符"


def _number(name: str, label: str, unit: str) -> object:
    return column(name, label, 5, kind="integer", unit=unit, vertical=True, summed=True)


def _lines(session: Session, actor: User, asked: Asked) -> list[Line]:
    """Three units; the first disagrees with itself, but only in 2026."""
    wrong = asked.since is not None and asked.since.year == 2026
    facts = (
        ("城东街道", 3, 1, 1 if wrong else 2, "1.25", "sub"),
        ("新狮街道", 4, 0, 4, "0.75", "sub"),
        ("婺城区本级", 2, 2, 0, "0", "own"),
    )
    return [
        {"unit": unit, "all": all_, "own": own, "asked": asked_, "amount": Decimal(amount), "group": group}
        for unit, all_, own, asked_, amount, group in facts
    ]


def _faults(lines: Sequence[Line]) -> list[str]:
    return [FAULT for line in lines if line["own"] + line["asked"] != line["all"]]


STATISTICS = Ledger(
    name="test-statistics",
    label="调解案件情况统计表",
    word="case",
    main=False,
    source=Counted(_lines, faults=_faults),
    layout=Layout(
        columns=(
            column("unit", "项目", 12, unit="单位"),
            Group(
                "调 解 情 况",
                (
                    _number("all", "调解案件总数", "件"),
                    Group(
                        "案件来源", (_number("own", "主动调解", "件"), _number("asked", "依申请调解", "件"))
                    ),
                    Group("协议", (column("amount", "金额", 9, kind="money", unit="万元", summed=True),)),
                ),
            ),
        ),
        numbered=True,
        totals=(Total("下级上报总计", ("sub",)), Total("本级上报总计", ("sub", "own"))),
        counted="个单位",
    ),
)


def _notices(session: Session, ids: Sequence[int]) -> dict[int, Line]:
    return {each.id: vars(each) for each in session.scalars(select(Case).where(Case.id.in_(ids)))}


NOTICES = Ledger(
    name="test-notices",
    label="调解案件通知书",
    word="case",
    main=False,
    source=Records(load=_notices, order=(Case.id,)),
    layout=Layout(
        columns=(said(Case, "number", 12), said(Case, "registered_on", 10), said(Case, "brief", 20)),
        reference=True,
        counted="张",
        blocks=(
            Block("通知书（存根）", ((Box("案号", "案号"), Box("登记日期", "登记日期")),)),
            Block("通知书", ((Box("情况", "纠纷简要情况", 5),),), ("单位（盖章）：", "经办人：")),
        ),
    ),
)
MADE = (STATISTICS, NOTICES)


def shelve() -> None:
    """Put them on the shelf."""
    LEDGERS.update({each.name: each for each in MADE})


@contextmanager
def shelved() -> Iterator[None]:
    """They stand on the shelf, and are gone afterwards."""
    shelve()
    try:
        yield
    finally:
        for each in MADE:
            del LEDGERS[each.name]
