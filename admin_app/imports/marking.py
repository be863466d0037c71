"""The book that goes back: the same workbook, the cells in question marked, the sentence beside each line."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from admin_app.imports.planning import Line
from admin_app.imports.reader import Book, Raw, Table
from admin_app.models.import_batches import ImportBatch

HEADING = "问题（改好后重新上传，这一列不会导入）"
MOST_CELLS = 400_000  # a larger workbook is not opened again: only its lines in question go back
AUTHOR = "和事台"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RED = PatternFill("solid", fgColor="F8CBAD")
_BOLD = Font(bold=True, color="C00000")
_LIVE = tuple("=+-@\t")


def marked_name(batch: ImportBatch) -> str:
    """What the book is called when it goes back."""
    return f"{batch.file_name.rpartition('.')[0] or batch.file_name}（标出问题）.xlsx"


def marked(content: bytes, book: Book, wrong: Sequence[Line]) -> bytes:
    """The workbook with its faults; what came as xls, ods or csv goes back as xlsx."""
    by_table: dict[str, list[Line]] = defaultdict(list)
    for line in wrong:
        by_table[line.table.name].append(line)
    cells = sum(len(row) for table in book.tables for row in table.rows)
    if cells > MOST_CELLS:
        workbook = Workbook()
        workbook.remove(workbook.active)
        for table in book.tables:
            if table.name in by_table:
                _extract(workbook, table, by_table[table.name])
    else:
        workbook = load_workbook(BytesIO(content)) if book.kind == ".xlsx" else _copied(book)
        for table in book.tables:
            if table.name in by_table:
                _mark(workbook[table.name], table, by_table[table.name])
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


def _copied(book: Book) -> Any:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for table in book.tables:
        sheet = workbook.create_sheet(table.name[:31])
        for row in table.rows:
            sheet.append([_cell(each) for each in row])
    return workbook


def _extract(workbook: Any, table: Table, lines: Sequence[Line]) -> None:
    """The headings and the lines in question, each with the number of its row."""
    sheet = workbook.create_sheet(table.name[:31])
    top = min(line.row for line in lines)
    for row in table.rows[: min(top, 10)]:
        sheet.append([_cell(each) for each in row])
    for line in lines:
        told = "；".join(dict.fromkeys(fault.sentence for fault in line.faults))
        sheet.append([*(_cell(each) for each in table.rows[line.row]), f"原第 {line.row + 1} 行：{told}"])
        for fault in line.faults:
            if fault.column is not None:
                sheet.cell(sheet.max_row, fault.column + 1).fill = _RED


def _mark(sheet: Any, table: Table, lines: Sequence[Line]) -> None:
    beside = max((len(row) for row in table.rows), default=0) + 1
    first = min(line.row for line in lines)
    heading = sheet.cell(max(first, 1), beside)
    if heading.value is None:
        heading.value, heading.font = HEADING, _BOLD
    for line in lines:
        told = sheet.cell(line.row + 1, beside)
        told.value = "；".join(dict.fromkeys(fault.sentence for fault in line.faults))
        told.font = Font(color="C00000")
        for fault in line.faults:
            if fault.column is not None:
                cell = sheet.cell(line.row + 1, fault.column + 1)
                cell.fill = _RED
                if type(cell).__name__ == "Cell":  # a merged cell bears no note
                    cell.comment = Comment(fault.sentence, AUTHOR)


def _cell(raw: Raw) -> Any:
    """A value as a new workbook holds it: text never becomes a formula."""
    if isinstance(raw, str):
        return f"'{raw}" if raw.startswith(_LIVE) else raw
    return raw if isinstance(raw, int | float | bool | date | datetime | time) else None
