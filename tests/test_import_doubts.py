"""What may be there already is told of every new line, and keeps nobody from importing it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from admin_app.imports.planning import Fate, told
from admin_app.imports.sheet import SHEETS, Sheet
from admin_app.models.users import User
from tests.test_import_books import imported, looked
from tests.workbooks import xlsx

# (heading, a line, nearly the same line, words of the doubt)
BOOKS: dict[str, tuple[list[str], list[Any], list[Any], str]] = {
    "units": (
        ["区划代码", "单位名称"],
        ["330702001201", "新社区"],
        ["330702001202", "新社区"],
        "同一上级下面已有“新社区”，区划代码 330702001201",
    ),
    "committees": (
        ["机构名称", "类型", "所属单位"],
        ["青春路社区物业纠纷人民调解委员会", "村", "青春路社区"],
        ["青春路社区物业纠纷调委会", "村", "青春路社区"],
        "这个单位已有名称相近的“青春路社区物业纠纷人民调解委员会”",
    ),
    "visits": (
        ["来访日期", "来访人姓名", "来访事由", "接待人", "调委会"],
        ["2024-3-5", "王某某", "过道堆放杂物", "陈某", "桃园社区"],
        ["2024-3-5", "王 某某", "邻居占用过道", "陈某", "桃园社区"],
        "同一天已有“",
    ),
    "trainings": (
        ["年度", "培训名称", "期次", "类别", "层级", "学时", "主办单位"],
        [2026, "调解技能培训", "第一期", "年度培训", "县级", 8, "婺城区"],
        [2026, "调解技能培训", "第二期", "年度培训", "县级", 8, "婺城区"],
        "2026年已有同名的培训",
    ),
}


REGISTERED = {"cases", "acceptances", "oral-cases", "mediators", "experts", *BOOKS}


def test_every_book_of_people_places_and_cases_tells_its_doubts() -> None:
    silent = Sheet.__dataclass_fields__["alike"].default
    assert [name for name in REGISTERED if SHEETS[name].alike is silent] == []


@pytest.mark.parametrize("name", BOOKS)
def test_what_may_be_there_already_is_told(
    session: Session, person: Callable[[str], User], name: str
) -> None:
    heading, first, second, words = BOOKS[name]
    imported(session, person("bureau_city"), name, xlsx(("册", [heading, first])))
    seen = looked(session, person("bureau_city"), name, xlsx(("册", [heading, second])))
    assert told(seen.wrong) == []
    assert dict(seen.counts) == {Fate.NEW: 1}
    assert [each.doubt.startswith("可能重复：") for each in seen.doubts] == [True]
    assert words in seen.doubts[0].doubt


@pytest.mark.parametrize("name", BOOKS)
def test_where_nothing_is_alike_nothing_is_told(
    session: Session, person: Callable[[str], User], name: str
) -> None:
    heading, first, _, _ = BOOKS[name]
    assert looked(session, person("bureau_city"), name, xlsx(("册", [heading, first]))).doubts == []
