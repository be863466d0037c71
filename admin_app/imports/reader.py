"""Bytes become tables: xlsx, xls, ods through calamine, csv and tab-separated text by hand.

What a file is, its bytes decide. Nothing in it is run; what cannot be read rightly is refused with a
sentence that names the cell, before it can fill the memory.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from admin_app.rules.uploads.package import open_package
from admin_app.rules.uploads.unfit import Unfit

MEGABYTE = 1024 * 1024
LARGEST = 30 * MEGABYTE  # of the file
LARGEST_PART = (
    400 * MEGABYTE
)  # of a sheet unpacked: a hundred thousand lines of twenty columns take a quarter
MOST_ROWS = 200_000
MOST_COLUMNS = 104  # up to CZ
LONGEST_CELL = 32_767
MOST_BROKEN = 5_000

TAKEN = "请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”再传。"
EMPTY = "这个文件是空的，请打开它看一看，重新选择。"
TOO_LARGE = f"这个文件太大了，最多 {LARGEST // MEGABYTE} MB。请分成几个文件再传。"
BROKEN = f"这个文件打不开，可能坏了或者没有传完整。{TAKEN}"
LOCKED = "这个文件加了密码。请用 Excel 打开，去掉密码，保存后再传。"
MACROS = f"这个文件带有宏程序，不能上传。{TAKEN}"
WEB_PAGE = f"这个文件其实是网页，只是名字像 Excel 表格。{TAKEN}"
FOREIGN = f"这个文件不是表格。可以导入 .xlsx、.xls、.ods 和 .csv 文件。{TAKEN}"
BINARY = f"这是二进制工作簿（.xlsb）。{TAKEN}"
NOTHING = "这个文件里没有能读的内容。"

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CELL = rb"<(?:\w+:)?c\b[^>]*?\sr=\"(%s)\"[^>]*(?<!/)>\s*<(?:\w+:)?(?:v|is|f)\b"
_FAR_RIGHT = re.compile(_CELL % rb"(?:[D-Z][A-Z]|[A-Z]{3})\d+")
_FAR_DOWN = re.compile(_CELL % rb"[A-Z]+(?:[2-9]\d{5}|\d{7,})")
# Few sheets have any of these, and looking for a few bytes is much quicker than reading every cell.
_PERHAPS_FAR = re.compile(rb"r=\"(?:(?:[D-Z][A-Z]|[A-Z]{3})\d+|[A-Z]+(?:[2-9]\d{5}|\d{7,}))\"")
_FORMULAS, _ERRORS, _HIDDEN = (b"<f", b":f"), (b't="e"',), b"hidden="
# A formula that nobody has reckoned, and a cell that shows an error.
_UNRECKONED = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\sr=\"([A-Z]+)(\d+)\"[^>]*>\s*"
    rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*"
    rb"</(?:\w+:)?c>"
)
_ERROR = re.compile(rb"<(?:\w+:)?c\b(?=[^>]*\st=\"e\")[^>]*?\sr=\"([A-Z]+)(\d+)\"")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b(?=[^>]*\shidden=\"(?:1|true)\")[^>]*?\sr=\"(\d+)\"")
_REPEATED_CELL = re.compile(rb"<table:table-cell\b(?=[^>]*number-columns-repeated=\"\d{3,}\")[^>]*[^/]>")
_REPEATED_ROW = re.compile(rb"<table:table-row\b[^>]*number-rows-repeated=\"\d{5,}\"[^>]*>")


@dataclass(frozen=True)
class Broken:
    """A cell whose value cannot be known: a formula without a result, an error."""

    sentence: str


Raw = str | int | float | bool | date | datetime | time | timedelta | Broken | None
UNRECKONED = Broken("这一格是公式，文件里没有算好的结果：请用 Excel 打开，保存一次再传，或者直接填上值")
ERROR = Broken("这一格的公式出错了，请在 Excel 里改好再传")


@dataclass(frozen=True)
class Table:
    """One sheet from A1 on; `merged` are ranges ((row, column), (row, column)) from 0, both ends within."""

    name: str
    rows: list[list[Raw]]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    hidden_rows: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Book:
    """A file that was read: its sheets in order, and what was passed by, in words."""

    kind: str
    tables: list[Table]
    notes: list[str] = field(default_factory=list)


def read(content: bytes) -> Book:
    """The tables of a file; `Unfit` with one sentence when they cannot be had."""
    if not content:
        raise Unfit(EMPTY)
    if len(content) > LARGEST:
        raise Unfit(TOO_LARGE)
    book = _by_kind(content)
    if not any(_filled(cell) for table in book.tables for row in table.rows for cell in row):
        raise Unfit(NOTHING)
    return book


def _filled(cell: Raw) -> bool:
    return bool(cell.strip()) if isinstance(cell, str) else cell is not None


def address(row: int, column: int) -> str:
    """`B5`: how people name a cell; both count from 0."""
    return f"{letters(column)}{row + 1}"


def letters(column: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    head, tail = divmod(column, 26)
    return (letters(head - 1) if head else "") + chr(65 + tail)


def _by_kind(content: bytes) -> Book:
    if content.startswith(b"PK"):
        return _package(content)
    if content.startswith(OLE):
        return _old(content)
    opening = content[:1024].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if opening.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head")):
        raise Unfit(WEB_PAGE)
    if opening.startswith((b"<?xml", b"%pdf", b"{\\rtf", b"\xff\xd8\xff", b"\x89png", b"gif8", b"mz")):
        raise Unfit(FOREIGN)
    return Book(".csv", [_separated(_decoded(content))])


# ---------------------------------------------------------------- xlsx and ods


def _package(content: bytes) -> Book:
    with open_package(content, largest_part=LARGEST_PART) as package:
        names = {each.lower(): each for each in package.namelist()}
        if any(each.endswith("vbaproject.bin") for each in names):
            raise Unfit(MACROS)
        if any(each.startswith("basic/") and each.endswith(".xml") for each in names) and _is_ods(package):
            raise Unfit(MACROS)
        if "xl/workbook.bin" in names:
            raise Unfit(BINARY)
        if "xl/workbook.xml" in names:
            return _workbook(content, ".xlsx", _looked_over(package))
        if _is_ods(package):
            _fit_ods(package)
            return _workbook(content, ".ods", {})
    raise Unfit(FOREIGN)


def _is_ods(package: ZipFile) -> bool:
    return "content.xml" in package.namelist() and b"opendocument.spreadsheet" in _head(package, "mimetype")


def _head(package: ZipFile, name: str) -> bytes:
    if name not in package.namelist():
        return b""
    with package.open(name) as file:
        return file.read(200)


@dataclass(frozen=True)
class _Marks:
    """What a sheet's text tells and calamine does not: cells without a value, hidden rows."""

    broken: dict[tuple[int, int], Broken]
    hidden: frozenset[int]


def _looked_over(package: ZipFile) -> dict[str, _Marks]:
    """Each sheet's marks by its name; a cell too far out is refused here, before it takes memory."""
    found = {}
    for name, part in _sheet_parts(package):
        text = package.read(part)
        for far, why in ((_FAR_DOWN, f"最多 {MOST_ROWS:,} 行"), (_FAR_RIGHT, f"最多 {MOST_COLUMNS} 列")):
            hit = _PERHAPS_FAR.search(text) and far.search(text)
            if hit:
                raise Unfit(
                    f"“{name}”里 {hit[1].decode()} 这一格太远了：一张表{why}。"
                    "请删去多余的内容，或者分成几个文件再传。"
                )
        broken: dict[tuple[int, int], Broken] = {}
        for pattern, mark, signs in ((_UNRECKONED, UNRECKONED, _FORMULAS), (_ERROR, ERROR, _ERRORS)):
            for each in pattern.finditer(text) if any(sign in text for sign in signs) else ():
                broken[int(each[2]) - 1, _index(each[1].decode())] = mark
                if len(broken) > MOST_BROKEN:
                    raise Unfit(
                        f"“{name}”里有几千格公式没有结果（如 {address(*next(iter(broken)))}）。{TAKEN}"
                    )
        hidden = frozenset(int(each) - 1 for each in (_HIDDEN_ROW.findall(text) if _HIDDEN in text else ()))
        found[name] = _Marks(broken, hidden)
    return found


def _sheet_parts(package: ZipFile) -> Iterator[tuple[str, str]]:
    """(name of the sheet, name of its part), as the workbook and its relations say."""
    book = package.read("xl/workbook.xml").decode("utf-8", "replace")
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in package.namelist():
        raise Unfit(BROKEN)
    targets = {}
    for tag in re.findall(
        r"<(?:\w+:)?Relationship\b[^>]*>", package.read(relations).decode("utf-8", "replace")
    ):
        ident, target = re.search(r'\bId="([^"]*)"', tag), re.search(r'\bTarget="([^"]*)"', tag)
        if ident and target:
            path = target[1]
            targets[ident[1]] = path.lstrip("/") if path.startswith("/") else f"xl/{path}"
    for tag in re.findall(r"<(?:\w+:)?sheet\b[^>]*>", book):
        name, ident = re.search(r'\bname="([^"]*)"', tag), re.search(r'\b\w+:id="([^"]*)"', tag)
        part = targets.get(ident[1]) if ident else None
        if name and part in package.namelist():
            assert part is not None
            yield _unescaped(name[1]), part


def _unescaped(text: str) -> str:
    for mark, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(mark, char)
    return text


def _index(name: str) -> int:
    """A → 0, AA → 26."""
    index = 0
    for char in name:
        index = index * 26 + ord(char) - 64
    return index - 1


def _fit_ods(package: ZipFile) -> None:
    """A value said to repeat thousands of times would take the memory, and is no book."""
    text = package.read("content.xml")
    if _REPEATED_CELL.search(text):
        raise Unfit(f"表里有一格的内容重复了几百列。{TAKEN}")
    for row in _REPEATED_ROW.finditer(text):
        if b"office:value" in text[row.end() : text.find(b"</table:table-row>", row.end())]:
            raise Unfit(f"表里有一行的内容重复了上万次。{TAKEN}")


# ---------------------------------------------------------------- all workbooks


def _old(content: bytes) -> Book:
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise Unfit(LOCKED)
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise Unfit(MACROS)
    if not any(each.encode("utf-16-le") in content for each in ("Workbook", "Book")):
        raise Unfit(FOREIGN)
    return _workbook(content, ".xls", {})


def _workbook(content: bytes, kind: str, marks: dict[str, _Marks]) -> Book:
    try:
        with CalamineWorkbook.from_filelike(BytesIO(content)) as workbook:
            tables, notes = [], []
            for sheet in workbook.sheets_metadata:
                if sheet.typ is not SheetTypeEnum.WorkSheet:
                    continue
                if sheet.visible is not SheetVisibleEnum.Visible:
                    notes.append(f"隐藏的工作表“{sheet.name}”没有读。")
                    continue
                tables.append(_table(workbook.get_sheet_by_name(sheet.name), marks.get(sheet.name)))
    except Unfit:
        raise
    except PasswordError:
        raise Unfit(LOCKED) from None
    except (CalamineError, ValueError, OverflowError):
        raise Unfit(BROKEN) from None
    except BaseException as error:  # a panic of the library below: the bytes are a stranger's
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        raise Unfit(BROKEN) from None
    return Book(kind, tables, notes)


def _table(sheet: CalamineSheet, marks: _Marks | None) -> Table:
    if sheet.end is not None:
        bottom, right = sheet.end
        if bottom >= MOST_ROWS:
            raise Unfit(_too_many_rows(sheet.name, bottom + 1))
        if right >= MOST_COLUMNS:
            raise Unfit(
                f"“{sheet.name}”里 {address(0, right)} 这一列太远了：一张表最多 {MOST_COLUMNS} 列。"
                "请删去多余的内容再传。"
            )
    rows: list[list[Raw]] = [list(row) for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), mark in (marks.broken if marks else {}).items():
        while len(rows) <= row:
            rows.append([])
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = mark
    return Table(
        sheet.name,
        rows,
        tuple(sheet.merged_cell_ranges or ()),
        marks.hidden if marks else frozenset(),
    )


def _too_many_rows(name: str, count: int) -> str:
    return (
        f"“{name}”有 {count:,} 行，一张表最多 {MOST_ROWS:,} 行："
        f"请从 A{MOST_ROWS + 1} 起另存为别的文件，分几次导入。"
    )


# ---------------------------------------------------------------- text


def _decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 with or without its mark, else the national encoding that Excel in China writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in content:
        raise Unfit(FOREIGN)
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise Unfit(f"这个文本文件的编码认不出来。{TAKEN}")


def _separated(text: str) -> Table:
    sample = text[:20_000]
    counts = {mark: sample.count(mark) for mark in ",\t;"}
    mark = max(counts, key=lambda each: counts[each])
    rows: list[list[Raw]] = []
    try:
        for row in csv.reader(StringIO(text, newline=""), delimiter=mark, strict=False):
            rows.append(list(row))
            if len(rows) > MOST_ROWS:
                raise Unfit(_too_many_rows("文件", text.count("\n")))
            if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
                cell = address(len(rows) - 1, MOST_COLUMNS)
                raise Unfit(f"{cell} 这一格太远了：一张表最多 {MOST_COLUMNS} 列。请删去多余的内容再传。")
    except csv.Error:
        raise Unfit(f"第 {len(rows) + 1} 行读不懂，可能引号没有成对。{TAKEN}") from None
    return Table("文件", rows)
