"""The one writer: columns and lines become a sheet on official paper (look.md, Paper). XlsxWriter lives here.

Lines are streamed: a row is written out as soon as the next begins, so memory does not grow with the book.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from admin_app.exports.columns import Column, Heading, Part, Value, depth, headings, leaves
from admin_app.exports.fitting import broken, clean, gap, height, text_lines
from admin_app.rules.dates import local, now
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import RecordRefused

REFERENCE = "参考格式"
SIGN_OFF = "填报单位（盖章）：", "填报人：", "审核人：", "单位负责人：", "填报日期：　　　　年　　月　　日"
EMPTY = "（本期没有符合条件的记录）"
SHEET_ROWS = 1_048_576  # Excel's own limit
A4 = 9
FIRST_HEADING = 2  # below the title and the line about it
FOOT = 2  # rows after the lines: the total and the sign-off
_FIRST_YEAR = 1900  # Excel knows no day before

# A text that begins so would become a formula as soon as somebody edits the cell.
_LIVE = tuple("=+-@\t")

_TEXT = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_CELL = {**_TEXT, "border": 1}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"},
    "about": {**_TEXT, "align": "left", "text_wrap": True},
    "aside": {**_TEXT, "font_size": 9, "align": "right"},
    "heading": {**_CELL, "font_name": "黑体", "align": "center", "text_wrap": True},
    "total": {**_CELL, "align": "left"},
    "empty": {**_CELL, "align": "center"},
    "ordinal": {**_CELL, "align": "center", "shrink": True},
    "text": {**_CELL, "align": "left", "text_wrap": True},
    "code": {**_CELL, "align": "left", "text_wrap": True},
    "centred": {**_CELL, "align": "center", "text_wrap": True},
    "quoted": {**_CELL, "align": "left", "text_wrap": True, "quote_prefix": True},
    "integer": {**_CELL, "align": "center", "num_format": "0", "shrink": True},
    "money": {**_CELL, "align": "right", "num_format": "#,##0.00", "shrink": True},
    "date": {**_CELL, "align": "center", "num_format": "yyyy-mm-dd", "shrink": True},
}
_SMALL = '&"宋体,常规"&9'  # the font of the page's foot


@dataclass(frozen=True)
class Paper:
    """What stands around the lines: title, the line under it, 参考格式 or not, the word after the count."""

    title: str
    about: str
    columns: tuple[Part, ...]
    reference: bool = False
    counted: str = "条"


def write(file: BinaryIO, paper: Paper, lines: Iterable[Sequence[Value]]) -> int:
    """Write the sheet into `file`; returns how many lines it holds. A sheet too long is refused with 422."""
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(file, options) as book:
        book.set_properties(
            {"title": paper.title, "author": "和事台", "created": local(now()).replace(tzinfo=None)}
        )
        return _Sheet(book, paper).fill(lines)


class _Sheet:
    """One sheet on its way from the title down; a row once left is never touched again."""

    def __init__(self, book: Workbook, paper: Paper) -> None:
        self.paper = paper
        self.columns = leaves(paper.columns)
        self.formats = {name: book.add_format(each) for name, each in _FORMATS.items()}
        self.sheet: Worksheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", "", paper.title)[:31])
        self.last = len(self.columns) - 1
        self.width = sum(each.width for each in self.columns)
        self.first_line = FIRST_HEADING + depth(paper.columns)

    def fill(self, lines: Iterable[Sequence[Value]]) -> int:
        self._set_up()
        self._top()
        self._headings()
        count = self._lines(lines)
        self._foot(count)
        return count

    def _set_up(self) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.28, right=0.28, top=0.55, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.repeat_rows(FIRST_HEADING, self.first_line - 1)
        name = self.paper.title.replace("&", "&&")
        sheet.set_footer(f"&L{_SMALL}《{name}》&C{_SMALL}第 &P 页　共 &N 页", {"margin": 0.25})
        sheet.freeze_panes(self.first_line, 0)
        for index, column in enumerate(self.columns):
            sheet.set_column(index, index, column.width)

    def _top(self) -> None:
        self.sheet.set_row(0, 32)
        self._across(0, 0, self.last, self.paper.title, "title")
        self.sheet.set_row(1, max(20, height(text_lines(self.paper.about, self.width * 0.8))))
        aside = self.last - len(self.columns) // 5 if self.paper.reference else self.last
        self._across(1, 0, aside, self.paper.about, "about")
        if aside < self.last:
            self._across(1, aside + 1, self.last, REFERENCE, "aside")

    def _headings(self) -> None:
        """Row by row, then the merges alone: `merge_range` would come back to rows already written."""
        cells = headings(self.paper.columns)
        labels = {(each.row, each.column): self._label(each) for each in cells}
        for row, high in enumerate(self._heading_heights(cells)):
            self.sheet.set_row(FIRST_HEADING + row, high)
            for index in range(len(self.columns)):
                text = labels.get((row, index), "")
                self.sheet.write_string(FIRST_HEADING + row, index, text, self.formats["heading"])
        for each in cells:
            if each.rows > 1 or each.columns > 1:
                top, right = FIRST_HEADING + each.row, each.column + each.columns - 1
                self.sheet.merge.append([top, each.column, top + each.rows - 1, right])

    def _label(self, heading: Heading) -> str:
        return broken(heading.label, self._width(heading))

    def _width(self, heading: Heading) -> float:
        return sum(each.width for each in self.columns[heading.column : heading.column + heading.columns])

    def _heading_heights(self, cells: Sequence[Heading]) -> list[float]:
        """Each row as high as its own labels need; those that reach over several rows have room enough."""
        heights = [20.0] * depth(self.paper.columns)
        for each in cells:
            needed = height(text_lines(self._label(each), self._width(each))) - 20 * (each.rows - 1)
            bottom = each.row + each.rows - 1
            heights[bottom] = max(heights[bottom], needed)
        return heights

    def _lines(self, lines: Iterable[Sequence[Value]]) -> int:
        count = 0
        room = SHEET_ROWS - self.first_line - FOOT
        for count, line in enumerate(lines, 1):
            if count > room:
                sentence = f"记录超过一张表能放的 {room:,} 行，请缩短期间或分单位下载"
                raise RecordRefused([Finding("", sentence)])
            self._line(self.first_line + count - 1, line)
        last = self.first_line + max(count, 1) - 1
        self.sheet.autofilter(self.first_line - 1, 0, last, self.last)
        return count

    def _line(self, row: int, line: Sequence[Value]) -> None:
        most = 1
        for index, (column, value) in enumerate(zip(self.columns, line, strict=True)):
            most = max(most, self._cell(row, index, column, value))
        self.sheet.set_row(row, height(most))
        # The row before has just been written out; what the sheet remembers of it would pile up.
        self.sheet.row_info.pop(row - 1, None)
        self.sheet.row_sizes.pop(row - 1, None)

    def _cell(self, row: int, index: int, column: Column, value: Value) -> int:
        """Write one cell by its value's own type; returns how many lines of text it takes."""
        style = "centred" if column.centred else str(column.kind)
        match value:
            case None | "":
                self.sheet.write_blank(row, index, None, self.formats[style])
            case str():
                return self._text(row, index, column, value)
            case date() if value.year >= _FIRST_YEAR:
                self.sheet.write_datetime(row, index, value, self.formats[style])
            case date():
                return self._text(row, index, column, value.isoformat())
            case _:
                self.sheet.write_number(row, index, value, self.formats[style])
        return 1

    def _text(self, row: int, index: int, column: Column, value: str) -> int:
        text = clean(value)
        style = "quoted" if text.startswith(_LIVE) else "centred" if column.centred else "text"
        self.sheet.write_string(row, index, text, self.formats[style])
        return text_lines(text, column.width)

    def _foot(self, count: int) -> None:
        row = self.first_line + count
        if not count:
            self.sheet.set_row(row, 24)
            self._across(row, 0, self.last, EMPTY, "empty")
            row += 1
        self.sheet.set_row(row, 22)
        self._across(row, 0, self.last, f"合计　{count} {self.paper.counted}", "total")
        signs = gap(SIGN_OFF, self.width).join(SIGN_OFF)
        self.sheet.set_row(row + 1, max(30, height(text_lines(signs, self.width))))
        self._across(row + 1, 0, self.last, signs, "about")

    def _across(self, row: int, first: int, last: int, text: str, style: str) -> None:
        """One text over several cells of a row."""
        if first < last:
            self.sheet.merge_range(row, first, row, last, "", self.formats[style])
        self.sheet.write_string(row, first, clean(text), self.formats[style])
