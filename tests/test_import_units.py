"""A units book whose upper units stand in the same file: any order, more sheets, cycles refused."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.imports.planning import Fate, told
from admin_app.models.history import Entry
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations import import_undo
from tests.test_import_books import imported, looked
from tests.workbooks import xlsx

HEAD = ["区划代码", "单位名称", "上级单位"]
STREET = ["330702003", "新街道", "婺城区"]
FIRST = ["330702003201", "新街道一村", "新街道"]
SECOND = ["330702003202", "新街道二村", None]  # its code says where it hangs
GRID = ["330702003201001", "一村第一网格", "新街道一村"]
ORDERS = ([STREET, FIRST, SECOND, GRID], [GRID, SECOND, FIRST, STREET], [FIRST, STREET, GRID, SECOND])


def paths(session: Session) -> dict[str, tuple[str, str]]:
    """(path, name of the upper unit) by name."""
    rows = session.scalars(select(Unit).where(Unit.code.startswith("330702003"), Unit.removed_at.is_(None)))
    upper = {each.id: each.name for each in session.scalars(select(Unit))}
    return {each.name: (each.path, upper[each.parent_id or 0]) for each in rows}


@pytest.mark.parametrize("order", ORDERS)
def test_the_upper_unit_may_stand_on_any_line(
    session: Session, person: Callable[[str], User], order: Sequence[Any]
) -> None:
    actor = person("bureau_city")
    book = xlsx(("册", [HEAD, *order]))
    seen = looked(session, actor, "units", book)
    assert told(seen.wrong) == []
    assert dict(seen.counts) == {Fate.NEW: 4}
    session.rollback()
    batch = imported(session, person("bureau_city"), "units", book)
    street = "330700/330702/330702003/"
    assert paths(session) == {
        "新街道": (street, "婺城区"),
        "新街道一村": (f"{street}330702003201/", "新街道"),
        "新街道二村": (f"{street}330702003202/", "新街道"),
        "一村第一网格": (f"{street}330702003201/330702003201001/", "新街道一村"),
    }
    again = looked(session, person("bureau_city"), "units", book, update=True)
    assert dict(again.counts) == {Fate.SAME: 4}
    session.rollback()
    import_undo.undo(session, person("bureau_city"), batch, "册")
    session.commit()
    assert paths(session) == {}
    assert history.verify(session)[1] is None


def test_the_history_tells_the_upper_unit(session: Session, person: Callable[[str], User]) -> None:
    imported(session, person("bureau_city"), "units", xlsx(("册", [HEAD, FIRST, STREET])))
    street, village = (
        session.scalars(select(Unit).where(Unit.name == name)).one() for name in ("新街道", "新街道一村")
    )
    entry = session.scalars(
        select(Entry).where(Entry.register == "unit", Entry.record_id == village.id, Entry.action == "create")
    ).one()
    assert {"field": "parent_id", "old": None, "new": street.id} in entry.changes["fields"]


def test_sheets_may_stand_in_any_order(session: Session, person: Callable[[str], User]) -> None:
    book = xlsx(("村", [HEAD, FIRST, SECOND]), ("街道", [HEAD, STREET]))
    assert imported(session, person("bureau_city"), "units", book).made == 3
    assert len(paths(session)) == 3


def test_who_hangs_on_each_other_is_refused(session: Session, person: Callable[[str], User]) -> None:
    cycle = [["330702003", "新街道", "另一街道"], ["330702004", "另一街道", "新街道"]]
    seen = looked(session, person("bureau_city"), "units", xlsx(("册", [HEAD, *cycle])))
    assert told(seen.wrong) == [
        f"册 C{row}：上级单位：没有找到叫“{name}”的上级单位，或者它不在您的管辖范围内；"
        "写在这个文件里的，代码要比下级短"
        for row, name in ((2, "另一街道"), (3, "新街道"))
    ]


def test_below_a_wrong_line_the_wrong_line_is_named(session: Session, person: Callable[[str], User]) -> None:
    wrong = ["330702003", "新街道", "没有的区"]
    seen = looked(session, person("bureau_city"), "units", xlsx(("册", [HEAD, FIRST, SECOND, wrong])))
    assert sorted(told(seen.wrong)) == [
        "册 A3：没有找到“330702003202”的上级单位：请在文件里加上它那一行，或者写明上级单位"
        "（要在您的管辖范围内）",
        "册 C2：上级单位：“新街道”那一行（册 第 4 行）有问题，请先改好它",
        "册 C4：上级单位：没有找到叫“没有的区”的上级单位，或者它不在您的管辖范围内；"
        "写在这个文件里的，代码要比下级短",
    ]


def test_nobody_plants_units_outside(session: Session, person: Callable[[str], User]) -> None:
    """What comes with the file lies within the person's scope like anything else."""
    seen = looked(session, person("bureau_far"), "units", xlsx(("册", [HEAD, STREET, FIRST])))
    assert dict(seen.counts) == {Fate.WRONG: 2}
