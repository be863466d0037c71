"""Small workbooks for the tests of imports: what people bring, whole and broken."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook

Cells = Sequence[Sequence[Any]]


def xlsx(*sheets: tuple[str, Cells] | Cells) -> bytes:
    """A workbook; each sheet is its rows, or (name, rows)."""
    book = Workbook()
    book.remove(book.active)
    for index, each in enumerate(sheets):
        name, rows = each if isinstance(each, tuple) else (f"表{index + 1}", each)
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()
