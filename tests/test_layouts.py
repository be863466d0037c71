"""What a sheet can look like: units, numbers, totals, subtotals, forms, charts, plain sheets, the digest."""

import csv
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from admin_app.exports import plain
from admin_app.exports.columns import Group, column, ordinal
from admin_app.exports.layout import Block, Box, Chart, Layout, Total
from admin_app.exports.rows import Paper, Row
from admin_app.exports.writing import form
from admin_app.exports.writing.book import CODE, write
from admin_app.exports.writing.cells import day_number, said
from admin_app.exports.writing.digest import Digest
from admin_app.rules.refusals import RecordRefused


def number(label: str, unit: str) -> Any:
    return column(label, label, 4, kind="integer", unit=unit, vertical=True, summed=True)


STATISTIC = Layout(
    columns=(
        column("unit", "项目", 12, unit="单位"),
        Group(
            "调 解 情 况",
            (
                number("调解案件总数", "件"),
                Group("案件来源", (number("主动调解", "件"), number("依申请调解", "件"))),
                Group("协议", (column("amount", "金额", 9, kind="money", unit="万元", summed=True),)),
            ),
        ),
        Group("排 查 预 防", (number("防止自杀", "件"), number("防止自杀", "人"))),
    ),
    numbered=True,
    titled=True,
    totals=(Total("下级上报总计", ("sub",)), Total("本级上报总计", ("sub", "own"))),
)
LINES = [
    Row(["城东街道", 3, 1, 2, Decimal("1.25"), 0, 0], "sub"),
    Row(["新狮街道", 4, 0, 4, Decimal("0.75"), 1, 2], "sub"),
    Row(["婺城区本级", 2, 2, 0, None, 0, 0], "own"),
]


def made(layout: Layout, rows: Sequence[Row], **more: Any) -> tuple[Workbook, str]:
    file = io.BytesIO()
    paper = Paper("婺城区2026年6月统计表", "单位：婺城区", layout, "制表人：某某")
    written = write(file, [(paper, rows)], **more)
    file.seek(0)
    return openpyxl.load_workbook(file), written.digest


def sheet_of(layout: Layout, rows: Sequence[Row]) -> Worksheet:
    return made(layout, rows)[0].active


def values(sheet: Worksheet, row: int) -> list[Any]:
    return [cell.value for cell in sheet[row]]


def test_a_statistic_has_its_heading_units_numbers_and_totals() -> None:
    sheet = sheet_of(STATISTIC, LINES)
    assert values(sheet, 1)[0] == "婺城区2026年6月统计表"
    assert values(sheet, 2)[:2] == ["项目", "调 解 情 况"]
    assert [sheet[cell].value for cell in ("B3", "C3", "C4", "D4", "E4", "F3")] == [
        *("调解案件总数", "案件来源", "主动调解", "依申请调解", "金额", "防止自杀"),
    ]
    assert values(sheet, 5) == ["单位", "件", "件", "件", "万元", "件", "人"]
    assert values(sheet, 6) == ["1", "2", "3", "4", "5", "6", "7"]
    assert values(sheet, 7) == ["城东街道", 3, 1, 2, 1.25, 0, 0]
    assert values(sheet, 10)[:3] == ["下级上报总计", "=SUM(B7:B8)", "=SUM(C7:C8)"]
    assert values(sheet, 11)[:3] == ["本级上报总计", "=SUM(B7:B9)", "=SUM(C7:C9)"]
    assert sheet["C4"].alignment.textRotation == 255
    assert sheet.print_title_rows == "$2:$6"
    assert sheet.freeze_panes == "A7"


def test_its_merges_are_those_of_the_heading() -> None:
    merges = {str(each) for each in sheet_of(STATISTIC, LINES).merged_cells.ranges}
    assert {"A1:G1", "A2:A4", "B2:E2", "B3:B4", "C3:D3", "F2:G2", "F3:G4"} <= merges


def test_totals_hold_their_values_for_viewers_that_do_not_calculate() -> None:
    file = io.BytesIO()
    write(file, [(Paper("表", "", STATISTIC), LINES)])
    sheet = openpyxl.load_workbook(file, data_only=True).active
    assert values(sheet, 10)[1:] == [7, 1, 6, 2, 1, 2]
    assert values(sheet, 11)[1:] == [9, 3, 6, 2, 1, 2]


def test_formulas_are_protected_and_lines_are_not() -> None:
    sheet = sheet_of(STATISTIC, LINES)
    assert sheet.protection.sheet
    assert sheet["B10"].protection.locked
    assert not sheet["B7"].protection.locked
    assert not sheet_of(Layout(columns=(column("a", "甲", 5),)), [Row(["x"])]).protection.sheet


def test_totals_without_lines_are_nought_and_no_formula() -> None:
    sheet = sheet_of(STATISTIC, [Row(["婺城区本级", 2, 2, 0, None, 0, 0], "own")])
    assert values(sheet, 8)[:2] == ["下级上报总计", 0]
    assert values(sheet, 9)[:2] == ["本级上报总计", "=SUM(B7:B7)"]


GROUPED = Layout(
    columns=(ordinal(), column("name", "姓名", 10), column("money", "金额", 10, kind="money", summed=True)),
    subtotals=True,
    counted="人",
)
PAID = [
    Row([1, "甲", Decimal("10.10")], "城东街道"),
    Row([2, "乙", Decimal("20.20")], "城东街道"),
    Row([3, "丙", Decimal("5")], "新狮街道"),
]


def test_each_group_ends_with_its_subtotal_and_the_total_leaves_them_out() -> None:
    sheet = sheet_of(GROUPED, PAID)
    assert [sheet.cell(row, 1).value for row in (6, 8, 9)] == ["城东街道小计", "新狮街道小计", "合计　3 人"]
    assert [sheet.cell(row, 3).value for row in (6, 8, 9)] == [
        *("=SUBTOTAL(9,C4:C5)", "=SUBTOTAL(9,C7:C7)", "=SUBTOTAL(9,C4:C7)"),
    ]
    assert [sheet.row_dimensions[row].outlineLevel for row in (4, 5, 6, 7)] == [1, 1, 0, 1]


def test_subtotals_hold_exact_sums_of_money() -> None:
    file = io.BytesIO()
    write(file, [(Paper("表", "", GROUPED), PAID)])
    sheet = openpyxl.load_workbook(file, data_only=True).active
    assert [sheet.cell(row, 3).value for row in (6, 8, 9)] == [30.3, 5, 35.3]


NOTICE = Layout(
    columns=(
        column("number", "编号", 10),
        column("unit", "承办单位", 10),
        column("day", "日期", 10, kind="date"),
        column("brief", "纠纷简要情况", 20),
    ),
    reference=True,
    blocks=(
        Block("转办通知书（存根）", ((Box("编号", "编号"), Box("承办单位", "承办单位")),)),
        Block(
            "转办通知书",
            ((Box("承办单位", "承办单位"), Box("日期", "日期")), (Box("情况", "纠纷简要情况", 6),)),
            ("转办单位（盖章）：", "经办人："),
        ),
        Block("转办通知书（回执）", ((Box("收到日期"), Box("承办人")), (Box("办理结果", lines=5),))),
    ),
)
ITEMS = [
    Row(["转字1号", "城东街道", date(2026, 6, 1), "因屋檐滴水"]),
    Row(["转字2号", "新狮街道", None, None]),
]


def test_a_form_is_a_sheet_for_each_line_with_stub_and_receipt() -> None:
    book, _ = made(NOTICE, ITEMS)
    assert book.sheetnames == ["1 转字1号", "2 转字2号", "制表说明"]
    texts = [cell.value for row in book["1 转字1号"].iter_rows() for cell in row if cell.value]
    assert [text for text in texts if text.startswith("转办通知书")] == [
        *("转办通知书（存根）", "转办通知书", "转办通知书（回执）"),
    ]
    assert {"2026年6月1日", "因屋檐滴水", "收到日期", "参考格式"} <= set(texts)
    assert sum("裁 剪 线" in text for text in texts) == 2
    assert not any(cell.value == "None" for row in book["2 转字2号"].iter_rows() for cell in row)


def test_too_many_forms_are_refused_and_none_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(form, "MOST", 1)
    with pytest.raises(RecordRefused, match="一次最多制 1 张"):
        made(NOTICE, ITEMS)
    assert made(NOTICE, [])[0].sheetnames == ["无记录", "制表说明"]


def test_charts_stand_on_a_sheet_of_their_own_and_point_at_the_lines() -> None:
    layout = replace(STATISTIC, charts=(Chart("案件", "column", "项目", ("调解案件总数",)),))
    file = io.BytesIO()
    write(file, [(Paper("表", "", layout), LINES)])
    assert openpyxl.load_workbook(file).sheetnames == ["表", "表-图"]
    chart = zipfile.ZipFile(file).read("xl/charts/chart1.xml").decode()
    assert "$B$7:$B$9" in chart
    assert "$A$7:$A$9" in chart


def test_several_sheets_share_one_workbook_and_one_digest() -> None:
    file = io.BytesIO()
    papers = [
        (Paper(name, "", GROUPED, "制表人：某某"), PAID[:count]) for name, count in (("甲", 3), ("乙", 1))
    ]
    written = write(file, papers)
    book = openpyxl.load_workbook(file, data_only=True)
    assert book.sheetnames == ["甲", "乙"]
    assert book["甲"].cell(11, 1).value == f"制表人：某某　共 3 人　{CODE}{written.digest}"
    assert CODE not in "".join(str(cell.value) for row in book["乙"].iter_rows() for cell in row)


def told(book: Workbook) -> str:
    """The digest, reckoned from what a reader of the file sees."""
    digest = Digest()
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            cells = [value.date() if hasattr(value, "date") else value for value in row]
            if not any(CODE in str(cell) for cell in cells):
                digest.row([said(cell) for cell in cells])
    return str(digest)


@pytest.mark.parametrize(("layout", "rows"), [(STATISTIC, LINES), (GROUPED, PAID), (NOTICE, ITEMS)])
def test_the_digest_is_what_a_reader_of_the_file_reckons(layout: Layout, rows: list[Row]) -> None:
    file = io.BytesIO()
    written = write(file, [(Paper("表", "单位：婺城区", layout, "制表人：某某"), rows)])
    assert told(openpyxl.load_workbook(file, data_only=True)) == written.digest


def test_another_value_is_another_digest() -> None:
    changed = [Row([1, "甲", Decimal("10.11")], "城东街道"), *PAID[1:]]
    assert made(GROUPED, PAID)[1] == made(GROUPED, PAID)[1] != made(GROUPED, changed)[1]


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(1900, 1, 1), 1), (date(1900, 2, 28), 59), (date(1900, 3, 1), 61), (date(2026, 1, 1), 46023)],
)
def test_days_are_numbered_as_excel_does(day: date, number: int) -> None:
    assert day_number(day) == number


def test_a_plain_sheet_has_bom_unique_headings_and_no_live_text() -> None:
    parts = (
        Group("申请人", (column("a", "姓名", 5), column("b", "电话", 5))),
        Group("被申请人", (column("c", "姓名", 5),)),
        column("d", "日期", 5, kind="date"),
    )
    file = io.BytesIO()
    written = plain.write(file, parts, [Row(["=1+1", "00123", "乙\n丙", date(2026, 1, 2)]), Row([None] * 4)])
    text = file.getvalue()
    assert (written.lines, text[:3]) == (2, b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(text.decode("utf-8-sig"), newline=""))) == [
        ["申请人姓名", "电话", "被申请人姓名", "日期"],
        ["'=1+1", "00123", "乙\n丙", "2026-01-02"],
        ["", "", "", ""],
    ]
