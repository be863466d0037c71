"""Charts of a sheet, on a sheet of their own beside it, drawn from the sheet's own cells."""

from typing import Any

from xlsxwriter import Workbook

from admin_app.exports.layout import Chart
from admin_app.exports.writing.table import Table

ROWS_APART = 21
_SIZE = {"width": 960, "height": 400}  # pixels: the breadth of an A4 page lying


def draw(book: Workbook, table: Table) -> None:
    """Each chart of the sheet below the one before."""
    if not table.layout.charts or not table.count:
        return
    sheet = book.add_worksheet(f"{table.sheet.get_name()[:28]}-图")
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for number, each in enumerate(table.layout.charts):
        sheet.insert_chart(number * ROWS_APART, 0, _chart(book, table, each))


def _chart(book: Workbook, table: Table, each: Chart) -> Any:
    chart = book.add_chart({"type": each.kind})
    labels = [column.label for column in table.columns]
    for label in each.columns:
        chart.add_series(
            {
                "name": label,
                "categories": _cells(table, labels.index(each.across)),
                "values": _cells(table, labels.index(label)),
                "data_labels": {"value": True},
            }
        )
    chart.set_title({"name": each.title, "name_font": {"name": "黑体", "size": 14}})
    chart.set_size(_SIZE)
    if len(each.columns) == 1 and each.kind != "pie":
        chart.set_legend({"none": True})
    return chart


def _cells(table: Table, column: int) -> list[Any]:
    """The lines' cells of one column, as XlsxWriter names a range."""
    first = min(first for first, _ in table.spans.values())
    last = max(last for _, last in table.spans.values())
    return [table.sheet.get_name(), first, column, last, column]
