"""Headings: below title lines, in any order, merged or not, by many names; what is no line is passed by."""

from typing import Any

import pytest
from openpyxl import Workbook

from admin_app.exports.columns import labels
from admin_app.exports.ledger import LEDGERS
from admin_app.imports import sheets as _sheets  # noqa: F401  (declaring them is the point)
from admin_app.imports.headings import find, passed_by
from admin_app.imports.reader import Table, read
from admin_app.imports.sheet import SHEETS
from tests.test_import_books import LEDGER_OF
from tests.workbooks import saved, xlsx

HEADS = ["姓名", "性别", "专兼职", "调委会职务"]


def found(rows: list[list[Any]]) -> tuple[int, dict[str, int]]:
    headings = find(read(xlsx(rows)).tables[0], SHEETS["mediators"])
    return headings.first, {place.item.name: place.index for place in headings.places}


@pytest.mark.parametrize(
    ("rows", "first"),
    [
        ([HEADS], 1),
        ([["人民调解员名册"], HEADS], 2),
        ([["人民调解员名册"], ["填报单位：某某所", None, None, "2026年"], [], HEADS], 4),
        ([[None] * 30, *([["说明"]] * 15), HEADS], 17),
        ([HEADS, ["1", "2", "3", "4"]], 2),
        ([HEADS, [1, 2, 3, 4]], 2),
    ],
)
def test_headings_are_found_below_title_lines(rows: list[list[Any]], first: int) -> None:
    at, columns = found(rows)
    assert at == first
    assert columns == {"name": 0, "sex": 1, "full_time": 2, "position": 3}


def test_the_order_is_free_and_other_names_are_known() -> None:
    _, columns = found(
        [["职 务", "*调解员姓名", "性\n别（男/女）", "专（兼）职", "手机号码", "开始执业时间", "QQ"]]
    )
    assert columns == {"position": 0, "name": 1, "sex": 2, "full_time": 3, "phone": 4, "started_on": 5}


def test_what_is_unknown_is_named_and_what_is_missing_too() -> None:
    headings = find(read(xlsx([["姓名", "性别", "QQ号"]])).tables[0], SHEETS["mediators"])
    assert headings.unknown == ("C 列“QQ号”",)
    assert [each.label for each in headings.missing] == ["调委会职务", "专兼职"]
    assert not headings.fits


def test_merged_headings_are_understood() -> None:
    book = Workbook()
    sheet = book.active
    for cell, text in {
        "A1": "调解案件登记册",
        "A2": "案号",
        "B2": "受理日期",
        "C2": "当事人",
        "D2": "纠纷情况",
        "D3": "纠纷类型",
        "E3": "案件来源",
        "F2": "涉及金额\n（万元）",
    }.items():
        sheet[cell] = text
    for merged in ("A1:F1", "A2:A3", "B2:B3", "C2:C3", "D2:E2", "F2:F3"):
        sheet.merge_cells(merged)
    headings = find(read(saved(book)).tables[0], SHEETS["cases"])
    assert headings.first == 3
    assert headings.fits
    assert [(each.index, each.item.name, each.times) for each in headings.places] == [
        (0, "number", 1),
        (1, "accepted_on", 1),
        (2, "parties", 1),
        (3, "kind", 1),
        (4, "source", 1),
        (5, "amount", 10_000),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ([None, "", "  "], "blank"),
        (["合计　12 件"], "foot"),
        (["合计", None, 12], "foot"),
        ([None, "填报单位（盖章）：　填报人："], "foot"),
        (["示例1", "张某某"], "sample"),
        (["填写说明", "必填"], "sample"),
        ([1.0, "张三"], ""),
        (["张三", "男"], ""),
    ],
)
def test_what_is_no_line_is_passed_by(row: list[Any], why: str) -> None:
    assert passed_by(row) == why


def test_a_sheet_of_nothing_has_no_headings() -> None:
    headings = find(Table("空", [["随便", "写的"], [1, 2]]), SHEETS["mediators"])
    assert headings.places == ()
    assert not headings.fits


@pytest.mark.parametrize(
    ("heads", "names"),
    [
        (["姓名", "性别", "是否兼职", "调委会职务"], ["name", "sex", "full_time", "position"]),
        (["姓名", "性别", "是否专职", "调委会职务"], ["name", "sex", "full_time", "position"]),
        (["姓名", "性别", "调解员类型", "调委会职务"], ["name", "sex", "origin", "position"]),
        (
            ["姓名", "性别", "调解员类型", "专兼职", "职务"],
            ["name", "sex", "origin", "full_time", "position"],
        ),
    ],
)
def test_what_mediators_are_is_told_in_several_ways(heads: list[str], names: list[str]) -> None:
    headings = find(read(xlsx([heads])).tables[0], SHEETS["mediators"])
    assert headings.fits
    assert [place.item.name for place in headings.places] == names


def test_no_sheet_says_what_its_ledger_says() -> None:
    """Every column of the register's own ledger is known to its sheet under the ledger's heading."""
    for ledger, sheet in LEDGER_OF.items():
        own = [each.label for each in SHEETS[sheet].items] + [a for i in SHEETS[sheet].items for a in i.also]
        assert set(labels(LEDGERS[ledger].columns)) <= set(own), ledger
