"""A chart as Word and Excel draw it themselves: the part that describes it, and a workbook of its numbers.

XlsxWriter writes the chart into a workbook; its part is taken out for whoever wants it elsewhere (the brief,
docs/decisions/0026). Double-click it in Word, and the workbook opens.
"""

import io
import re
import zipfile
from typing import Any

from xlsxwriter import Workbook

from admin_app.rules.charts import Chart, Kind

SHEET = "数据"
PART = "xl/charts/chart1.xml"
# Outside a workbook what is not said of a label counts as wished.
VALUE = '<c:showVal val="1"/>'
_ON, _OFF = '<c:show{} val="1"/>', '<c:show{} val="0"/>'
VALUE_ALONE = "".join(
    (_ON if name == "Val" else _OFF).format(name)
    for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
)
SHOWN = "#,##0.##;;"  # nothing where there is nothing
FONT = {"name": "宋体", "size": 9}
INK, PAPER = "#0B5C6B", "#FFFFFF"
# Apart without colours, on a black and white printer: full, striped, dotted.
FILLS: tuple[dict[str, Any], ...] = (
    {"fill": {"color": INK}},
    {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": INK, "bg_color": PAPER}},
    {"pattern": {"pattern": "dotted_grid", "fg_color": INK, "bg_color": PAPER}},
)
KINDS = {
    Kind.BARS: {"type": "bar"},
    Kind.STACKED: {"type": "bar", "subtype": "stacked"},
    Kind.COLUMNS: {"type": "column"},
    Kind.LINE: {"type": "line"},
}


def native(chart: Chart) -> tuple[bytes, bytes]:
    """The part that describes the chart, and the workbook that holds its numbers."""
    with zipfile.ZipFile(io.BytesIO(_book(chart, drawn=True))) as book:
        part = book.read(PART).decode()
    part = part.replace(VALUE, VALUE_ALONE)
    # XlsxWriter names the font of Western letters alone, and its language.
    part = re.sub(r'<a:latin typeface="([^"]+)"/>', r'<a:latin typeface="\1"/><a:ea typeface="\1"/>', part)
    return part.replace('"en-US"', '"zh-CN"').encode(), _book(chart, drawn=False)


def _book(chart: Chart, *, drawn: bool) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(SHEET)
        sheet.write_row(0, 0, ["", *(each.label for each in chart.series)])
        for row, label in enumerate(chart.categories, 1):
            sheet.write_string(row, 0, label)
            for column, each in enumerate(chart.series, 1):
                sheet.write(row, column, each.marks[row - 1].number)
        if drawn:
            sheet.insert_chart(0, 0, _drawn(book, chart))
    return file.getvalue()


def _font(chart: Chart, column: int) -> dict[str, Any]:
    """Numbers stand beside bars, but in the pieces of stacked ones: there the first is dark."""
    return {**FONT, "color": PAPER} if chart.kind is Kind.STACKED and column == 1 else FONT


def _drawn(book: Workbook, chart: Chart) -> Any:
    made = book.add_chart(KINDS[chart.kind])
    last = len(chart.categories)
    for column in range(1, len(chart.series) + 1):
        made.add_series(
            {
                "name": [SHEET, 0, column],
                "categories": [SHEET, 1, 0, last, 0],
                "values": [SHEET, 1, column, last, column],
                "border": {"color": INK},
                "gap": 60,
                "data_labels": {"value": True, "font": _font(chart, column), "num_format": SHOWN},
                **FILLS[(column - 1) % len(FILLS)],
            }
        )
    made.set_title({"name": f"{chart.title}（{chart.unit}）", "name_font": {"name": "黑体", "size": 11}})
    along, across = made.set_x_axis, made.set_y_axis
    if KINDS[chart.kind]["type"] == "bar":  # lying down: the first category on top
        along, across = across, along
    along({"num_font": FONT, "reverse": along == made.set_y_axis, "major_gridlines": {"visible": False}})
    across({"num_font": FONT, "major_gridlines": {"visible": False}, "visible": False})
    made.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom", "font": FONT})
    return made
