"""Forms: each line a sheet of its own, with the parts that are cut off: notice, stub, receipt."""

import re
from collections.abc import Iterable
from datetime import date

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from admin_app.exports.columns import labels
from admin_app.exports.fitting import clean, height, text_lines
from admin_app.exports.layout import Block, Box
from admin_app.exports.rows import Paper, Row
from admin_app.exports.writing.digest import Digest
from admin_app.exports.writing.styles import Styles
from admin_app.exports.writing.table import REFERENCE
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import RecordRefused

MOST = 200  # sheets of a workbook
GRID = 12  # columns of the form, divided among the boxes of a row
COLUMN = 7.2  # characters wide
NO_NAME = re.compile(r"[\[\]:*?/\\']")  # not allowed in a sheet's name
CUT = "— — — — — — — — — — — — 裁 剪 线 — — — — — — — — — — — —"


class Forms:
    """The sheets of one ledger's lines."""

    def __init__(self, book: Workbook, styles: Styles, digest: Digest, paper: Paper) -> None:
        self.book, self.styles, self.digest, self.paper = book, styles, digest, paper
        self.labels = labels(paper.layout.columns)
        self.count = 0

    def fill(self, rows: Iterable[Row]) -> None:
        for row in rows:
            if self.count >= MOST:
                raise RecordRefused([Finding("", f"一次最多制 {MOST} 张，请缩短期间或分单位下载")])
            self.count += 1
            sheet = self.book.add_worksheet(self._name(row))
            self._form(sheet, row)
        if not self.count:
            self.book.add_worksheet("无记录").write_string(0, 0, "（本期没有符合条件的记录）")

    def close(self, words: str) -> None:
        """The line that tells who made them, on a sheet of its own: the forms are handed out."""
        self.book.add_worksheet("制表说明").write_string(0, 0, words)

    def _name(self, row: Row) -> str:
        first = next((value for value in row.cells if isinstance(value, str) and value), "")
        return f"{self.count} {NO_NAME.sub('', first)}"[:31].strip()

    def _form(self, sheet: Worksheet, row: Row) -> None:
        sheet.set_paper(9)
        sheet.set_margins(left=0.7, right=0.7, top=0.6, bottom=0.6)
        sheet.fit_to_pages(1, 1)
        sheet.center_horizontally()
        sheet.set_column(0, GRID - 1, COLUMN)
        at = 0
        for number, block in enumerate(self.paper.layout.blocks):
            if number:
                at = self._line(sheet, at, CUT, "cut", 26)
            at = self._block(sheet, at, block, row)

    def _block(self, sheet: Worksheet, at: int, block: Block, row: Row) -> int:
        at = self._line(sheet, at, block.title, "title", 32)
        if self.paper.layout.reference:
            at = self._line(sheet, at, REFERENCE, "aside", 16)
        for boxes in block.rows:
            at = self._boxes(sheet, at, boxes, row)
        if block.signs:
            at = self._line(sheet, at, "　　　　".join(block.signs), "about", 34)
        return at

    def _line(self, sheet: Worksheet, at: int, text: str, style: str, high: float) -> int:
        sheet.set_row(at, high)
        self._cell(sheet, at, 0, GRID, text, style)
        self.digest.row([text])
        return at + 1

    def _boxes(self, sheet: Worksheet, at: int, boxes: tuple[Box, ...], row: Row) -> int:
        """One row: label and entry, label and entry, each pair as wide as the others."""
        pair = GRID // len(boxes)
        label = 2 if pair > 3 else 1
        texts: list[str] = []
        lines = 1
        for number, box in enumerate(boxes):
            value = self._value(box, row)
            left, room = number * pair, pair - label
            self._cell(sheet, at, left, label, box.label, "label")
            self._cell(sheet, at, left + label, room, value, "total")
            lines = max(lines, box.lines, text_lines(value, room * COLUMN))
            lines = max(lines, text_lines(box.label, label * COLUMN))
            texts += [box.label, *[""] * (label - 1), value, *[""] * (room - 1)]
        sheet.set_row(at, max(24, height(lines)))
        self.digest.row(texts)
        return at + 1

    def _value(self, box: Box, row: Row) -> str:
        if not box.column:
            return ""
        value = row.cells[self.labels.index(box.column)]
        if isinstance(value, date):
            return f"{value.year}年{value.month}月{value.day}日"
        return "" if value is None else clean(str(value))

    def _cell(self, sheet: Worksheet, at: int, left: int, columns: int, text: str, style: str) -> None:
        sheet.write_string(at, left, clean(text), self.styles[style])
        for index in range(left + 1, left + columns):
            sheet.write_blank(at, index, None, self.styles[style])
        if columns > 1:
            sheet.merge.append([at, left, at, left + columns - 1])
