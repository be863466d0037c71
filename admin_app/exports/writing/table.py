"""One sheet of a ledger on its way from the title down; a row once left is never touched again.

XlsxWriter lays out what stands around the lines. The lines themselves go past it as text, into the file
in which its constant-memory mode keeps the rows already written.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from admin_app.exports.columns import Heading, depth, headings, leaves
from admin_app.exports.fitting import broken, clean, gap, height, text_lines
from admin_app.exports.layout import SUBTOTAL, Total
from admin_app.exports.rows import Paper, Row
from admin_app.exports.writing.cells import maker, said
from admin_app.exports.writing.digest import Digest
from admin_app.exports.writing.styles import Styles
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import RecordRefused

REFERENCE = "参考格式"
EMPTY = "（本期没有符合条件的记录）"
SHEET_ROWS = 1_048_576  # Excel's own limit
PAPERS = {"A4": 9, "A3": 8}
_HEADING_ROW = 20.0  # points
_SMALL = '&"宋体,常规"&9'  # the font of the page's foot
_PROTECTED = {  # what may still be done where formulas are protected
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
}

Across = tuple[int, int, str]  # first and last column, and the text over them


class Table:
    """One sheet. Rows and columns are counted from 0, as XlsxWriter does."""

    def __init__(self, sheet: Worksheet, styles: Styles, digest: Digest, paper: Paper) -> None:
        self.sheet, self.styles, self.digest, self.paper = sheet, styles, digest, paper
        self.layout = paper.layout
        self.columns = leaves(self.layout.columns)
        self.last = len(self.columns) - 1
        self.width = sum(each.width for each in self.columns)
        self.summed = [index for index, each in enumerate(self.columns) if each.summed]
        self.at = 0  # the next row
        self.count = 0
        self.spans: dict[str, tuple[int, int]] = {}  # each group's first and last row
        self.sums: dict[str, dict[int, Decimal]] = defaultdict(lambda: defaultdict(Decimal))

    def fill(self, rows: Iterable[Row]) -> int:
        """Everything but the line that tells who made it; returns how many lines there are."""
        self._set_up()
        self._top()
        self._headings()
        self._lines(rows)
        self._totals()
        self._signs()
        return self.count

    def close(self, words: str) -> None:
        """The last line of all, which the digest does not cover."""
        self.sheet.set_row(self.at, height(text_lines(words, self.width)))
        self._cells(self.at, [(0, self.last, words)], "made")

    # ------------------------------------------------------------ around the lines

    def _set_up(self) -> None:
        sheet = self.sheet
        sheet.set_landscape()
        sheet.set_paper(PAPERS[self.layout.paper])
        sheet.set_margins(left=0.28, right=0.28, top=0.55, bottom=0.6)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        name = self.paper.title.replace("&", "&&")
        sheet.set_footer(f"&L{_SMALL}《{name}》&C{_SMALL}第 &P 页　共 &N 页", {"margin": 0.25})
        for index, column in enumerate(self.columns):
            sheet.set_column(index, index, column.width)
        if self.summed:
            sheet.protect("", _PROTECTED)

    def _top(self) -> None:
        self._row([(0, self.last, self.paper.title)], "title", 32)
        if self.layout.titled:
            return
        aside = self.last - len(self.columns) // 5 if self.layout.reference else self.last
        high = max(20, height(text_lines(self.paper.about, self.width * 0.8)))
        self.sheet.set_row(self.at, high)
        self._cells(self.at, [(0, aside, self.paper.about)], "about")
        if aside < self.last:
            self._cells(self.at, [(aside + 1, self.last, REFERENCE)], "aside")
        self._said([self.paper.about, *[""] * aside, *([REFERENCE] if aside < self.last else [])])
        self.at += 1

    def _headings(self) -> None:
        """The heading, the row of units, the row of numbers; all of it is repeated on every page."""
        top, cells = self.at, headings(self.layout.columns)
        labels = {(each.row, each.column): each for each in cells}
        for row, high in enumerate(self._heading_heights(cells)):
            self.sheet.set_row(self.at, high)
            texts = [labels.get((row, index)) for index in range(len(self.columns))]
            for index, heading in enumerate(texts):
                style = "vertical" if heading and heading.vertical else "heading"
                text = self._label(heading) if heading else ""
                self.sheet.write_string(self.at, index, text, self.styles[style])
            self._said(self._label(heading) if heading else "" for heading in texts)
            self.at += 1
        for each in cells:
            self._merge(top + each.row, each.column, top + each.row + each.rows - 1, each.columns)
        if any(each.unit for each in self.columns):
            self._row([(index, index, each.unit) for index, each in enumerate(self.columns)], "heading", 20)
        if self.layout.numbered:
            self._row([(index, index, str(index + 1)) for index in range(len(self.columns))], "number", 16)
        self.sheet.repeat_rows(top, self.at - 1)
        self.sheet.freeze_panes(self.at, 0)

    def _label(self, heading: Heading) -> str:
        return heading.label if heading.vertical else broken(heading.label, self._width(heading))

    def _width(self, heading: Heading) -> float:
        return sum(each.width for each in self.columns[heading.column : heading.column + heading.columns])

    def _heading_heights(self, cells: Sequence[Heading]) -> list[float]:
        """Each row as high as its own labels need; those that reach over several rows have room enough."""
        heights = [_HEADING_ROW] * depth(self.layout.columns)
        for each in cells:
            lines = len(each.label) + 1 if each.vertical else text_lines(self._label(each), self._width(each))
            bottom = each.row + each.rows - 1
            heights[bottom] = max(heights[bottom], height(lines) - _HEADING_ROW * (each.rows - 1))
        return heights

    def _totals(self) -> None:
        if not self.count:
            self._row([(0, self.last, EMPTY)], "empty", 24)
        for total in self.layout.totals:
            words = total.label if total.groups else f"{total.label}　{self.count} {self.layout.counted}"
            self._total(words, total, self._span(total.groups), total.groups or tuple(self.sums))

    def _total(self, words: str, total: Total, span: tuple[int, int] | None, groups: Sequence[str]) -> None:
        """A row of sums: real formulas, with the values beside for programs that do not calculate."""
        to = self.summed[0] - 1 if self.summed else self.last
        self.sheet.set_row(self.at, max(22, height(text_lines(words, self._across_width(0, to)))))
        self._cells(self.at, [(0, to, words)], "total")
        texts = [words, *[""] * self.last]
        for index in range(to + 1, self.last + 1):
            if index not in self.summed:
                self.sheet.write_blank(self.at, index, None, self.styles["total"])
                continue
            value = sum((self.sums[group][index] for group in groups), Decimal())
            self._formula(index, span, value)
            texts[index] = said(value)
        self._said(texts)
        self.at += 1

    def _formula(self, index: int, span: tuple[int, int] | None, value: Decimal) -> None:
        style = self.styles["total_money" if self.columns[index].kind == "money" else "total_integer"]
        if span is None:
            self.sheet.write_number(self.at, index, value, style)
            return
        cells = f"{xl_rowcol_to_cell(span[0], index)}:{xl_rowcol_to_cell(span[1], index)}"
        call = f"SUBTOTAL(9,{cells})" if self.layout.subtotals else f"SUM({cells})"
        self.sheet.write_formula(self.at, index, f"={call}", style, value)

    def _span(self, groups: Sequence[str]) -> tuple[int, int] | None:
        """From the first to the last row of these groups, or of all."""
        spans = [span for group, span in self.spans.items() if not groups or group in groups]
        return (min(first for first, _ in spans), max(last for _, last in spans)) if spans else None

    def _signs(self) -> None:
        if not self.layout.signs:
            return
        signs = gap(self.layout.signs, self.width).join(self.layout.signs)
        self._row([(0, self.last, signs)], "about", max(30, height(text_lines(signs, self.width))))

    # ------------------------------------------------------------ the lines

    def _lines(self, rows: Iterable[Row]) -> None:
        first = self.at
        write = self._writer()
        for group, lines in groupby(rows, key=lambda row: row.group):
            start = self.at
            for line in lines:
                self._room(first)
                write(line)
            self.spans[group] = (self.spans.get(group, (start, 0))[0], self.at - 1)
            if self.layout.subtotals:
                self._leave()
                self._total(f"{group}{SUBTOTAL}", Total(SUBTOTAL), (start, self.at - 1), (group,))
                write = self._writer()
        self._leave()
        self.sheet.autofilter(first - 1, 0, max(self.at, first + 1) - 1, self.last)

    def _writer(self) -> Callable[[Row], None]:
        """What writes a line into the file of rows, behind everything that XlsxWriter has written."""
        self.sheet._write_single_row(self.at)
        out = self.sheet.row_data_fh.write
        makers = [maker(column, self.styles) for column in self.columns]
        level = ' outlineLevel="1"' if self.layout.subtotals else ""

        def write(row: Row) -> None:
            self.at += 1
            self.count += 1
            cells = [make(value) for make, value in zip(makers, row.cells, strict=True)]
            xml, texts, lines = zip(*cells, strict=True)
            out(
                f'<row r="{self.at}" ht="{height(max(lines)):g}" customHeight="1"{level}>{"".join(xml)}</row>'
            )
            self.digest.row(texts)
            for index in self.summed:
                self.sums[row.group][index] += Decimal(str(row.cells[index] or 0))

        return write

    def _leave(self) -> None:
        """Tell XlsxWriter where the sheet stands now."""
        self.sheet.previous_row = self.at
        self.sheet.dim_rowmax = max(self.sheet.dim_rowmax or 0, self.at - 1)
        if self.layout.subtotals:
            self.sheet.outline_row_level = 1

    def _room(self, first: int) -> None:
        """Refuse what does not fit, with rows left for the foot."""
        room = SHEET_ROWS - first - len(self.layout.totals) - 2
        if self.at - first >= room:
            sentence = f"记录超过一张表能放的 {room:,} 行，请缩短期间或分单位下载"
            raise RecordRefused([Finding("", sentence)])

    # ------------------------------------------------------------ cells

    def _row(self, texts: Sequence[Across], style: str, high: float) -> None:
        """A row of texts, each over some columns."""
        self.sheet.set_row(self.at, high)
        self._cells(self.at, texts, style)
        self._said(piece for first, last, text in texts for piece in (text, *[""] * (last - first)))
        self.at += 1

    def _cells(self, row: int, texts: Sequence[Across], style: str) -> None:
        for first, last, text in texts:
            self.sheet.write_string(row, first, clean(text), self.styles[style])
            for index in range(first + 1, last + 1):
                self.sheet.write_blank(row, index, None, self.styles[style])
            self._merge(row, first, row, last - first + 1)

    def _merge(self, top: int, left: int, bottom: int, columns: int) -> None:
        """The merge alone: `merge_range` would come back to rows already written."""
        if bottom > top or columns > 1:
            self.sheet.merge.append([top, left, bottom, left + columns - 1])

    def _said(self, texts: Iterable[Any]) -> None:
        self.digest.row([clean(text) for text in texts])

    def _across_width(self, first: int, last: int) -> float:
        return sum(each.width for each in self.columns[first : last + 1])
