"""The reader: each kind of file is read rightly, each broken one refused with a sentence."""

import csv
import io
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from admin_app.imports.reader import (
    ERROR,
    LARGEST,
    MOST_COLUMNS,
    MOST_ROWS,
    UNRECKONED,
    address,
    letters,
    read,
)
from admin_app.rules.uploads.unfit import Unfit
from tests.workbooks import saved, xlsx

ROWS = [["姓名", "出生日期", "金额"], ["张三", date(1980, 1, 2), 12.5], ["李四", date(1990, 3, 4), 7]]


def repacked(content: bytes, part: str, change: tuple[bytes, bytes] | bytes) -> bytes:
    """The same workbook with one part changed, or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
        kept = old.read(part) if part in old.namelist() else b""
        new.writestr(part, kept.replace(*change) if isinstance(change, tuple) else change)
    return file.getvalue()


def converted(folder: Path, extension: str) -> bytes:
    """The rows as LibreOffice writes them."""
    source = folder / "表.xlsx"
    source.write_bytes(xlsx(("名册", ROWS)))
    home = f"-env:UserInstallation=file://{folder}/profile"
    order = ["soffice", home, "--headless", "--convert-to", extension, "--outdir", str(folder), str(source)]
    subprocess.run(order, check=True, capture_output=True, timeout=170)
    return (folder / f"表.{extension}").read_bytes()


def test_a_workbook_is_read_with_its_types() -> None:
    table = read(xlsx(("名册", ROWS))).tables[0]
    assert table.name == "名册"
    assert table.rows == ROWS


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice makes the old formats")
@pytest.mark.parametrize("extension", ["xls", "ods"])
def test_old_and_open_workbooks_are_read_alike(tmp_path: Path, extension: str) -> None:
    book = read(converted(tmp_path, extension))
    assert book.kind == f".{extension}"
    assert [[each for each in row if each != ""] for row in book.tables[0].rows] == ROWS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_is_read_in_any_encoding(encoding: str, mark: str) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=mark).writerows(
        [["姓名", "备注"], ["张三", "一行\n两行，“引号”"], ["李四", ""]]
    )
    rows = read(file.getvalue().encode(encoding)).tables[0].rows
    assert rows == [["姓名", "备注"], ["张三", "一行\n两行，“引号”"], ["李四", ""]]


def test_hidden_sheets_are_passed_by_and_hidden_rows_are_read_and_told() -> None:
    book = Workbook()
    sheet = book.active
    for row in ROWS:
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    book.create_sheet("旧表").sheet_state = "hidden"
    found = read(saved(book))
    assert len(found.tables) == 1
    assert found.notes == ["隐藏的工作表“旧表”没有读。"]
    assert found.tables[0].rows[2][0] == "李四"
    assert found.tables[0].hidden_rows == {2}


def test_a_formula_without_result_and_an_error_are_marked_at_their_cell() -> None:
    rows = read(xlsx([["姓名", "合"], ["=A1&B1", "#REF!"], ["=SUM(B1:B2)", 1]])).tables[0].rows
    assert rows[1] == [UNRECKONED, ERROR]
    assert rows[2] == [UNRECKONED, 1]


def test_merged_cells_and_formatted_blanks_do_no_harm() -> None:
    book = Workbook()
    sheet = book.active
    sheet["A1"] = "题"
    sheet.merge_cells("A1:C2")
    for row in range(1, 2_000):
        sheet.cell(row, 3).number_format = "@"
    table = read(saved(book)).tables[0]
    assert len(table.rows) == 1
    assert table.merged == (((0, 0), (1, 2)),)


BOOK = xlsx(("名册", ROWS))
SHEET = "xl/worksheets/sheet1.xml"
FAR_DOWN = repacked(
    BOOK, SHEET, (b"</sheetData>", b'<row r="1048577"><c r="A1048577"><v>1</v></c></row></sheetData>')
)
FAR_RIGHT = repacked(BOOK, SHEET, (b"</sheetData>", b'<row r="9"><c r="BXX9"><v>1</v></c></row></sheetData>'))
WIDE = xlsx(("名册", [[f"列{n}" for n in range(2_000)], list(range(2_000))]))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2_000)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (bytes(LARGEST + 1), "太大"),
        (BOOK[: len(BOOK) // 2], "打不开"),
        (BOOK[:-30], "打不开"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "密码"),
        (OLE + "_VBA_PROJECT".encode("utf-16-le"), "宏"),
        (OLE + "Workbook".encode("utf-16-le"), "打不开"),
        (OLE, "不是表格"),
        (repacked(BOOK, "xl/vbaProject.bin", b"x"), "宏"),
        (repacked(BOOK, "xl/workbook.bin", b"x"), "二进制"),
        (repacked(BOOK, SHEET, b"<worksheet><sheetData><row"), "打不开"),
        (repacked(BOOK, "xl/_rels/workbook.xml.rels", b""), "没有能读的|打不开"),
        (FAR_DOWN, "A1048577"),
        (FAR_RIGHT, "BXX9"),
        (WIDE, "DA1"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"%PDF-1.7 ", "不是表格"),
        (b"\x89PNG\r\n\x1a\n", "不是表格"),
        (b"\x00\x01\x02", "不是表格"),
        (b"\xff\xfe\x00\xd8\x00", "编码"),
        ("、".join("好坏").encode() + b"\xff\xff\xfe", "编码"),
        (b"\n\n , \n", "没有能读的"),
        (("a" + ",b" * MOST_COLUMNS).encode(), f"{letters(MOST_COLUMNS)}1"),
        (b"a,b\n" * (MOST_ROWS + 1), f"A{MOST_ROWS + 1}"),
        (xlsx([[]]), "没有能读的"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(content: bytes, words: str) -> None:
    with pytest.raises(Unfit, match=words):
        read(content)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<workbook/>")
        package.writestr(SHEET, bytes(60_000_000))
    with pytest.raises(Unfit, match="大得不正常"):
        read(file.getvalue())


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for begin in (b"", b"PK\x03\x04", OLE[:8], b"\xef\xbb\xbf"):
        try:
            assert read(begin + content).tables
        except Unfit as fault:
            assert re.search(r"[。！]", str(fault))  # noqa: PT017  (either will do, as long as it speaks)


@given(st.data())
def test_a_workbook_with_a_few_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(BOOK)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        read(bytes(content))
    except Unfit as fault:
        assert str(fault)  # noqa: PT017


@given(st.integers(0, 20_000), st.integers(0, 16_383))
def test_a_cell_is_named_as_excel_names_it(row: int, column: int) -> None:
    name = address(row, column)
    found = re.fullmatch(r"([A-Z]+)(\d+)", name)
    assert found
    assert int(found[2]) == row + 1
    index = 0
    for char in found[1]:
        index = index * 26 + ord(char) - 64
    assert index - 1 == column
