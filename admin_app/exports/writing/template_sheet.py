"""The template of an import: headings to fill below, drop-downs, a line of help, examples to be passed by."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

OPTIONS = "选项"
LINES = 2_000  # lines below the headings that are laid out for typing
TITLE_ROW, HEADING_ROW, HELP_ROW = 0, 1, 2
HELP_MARK, SAMPLE_MARK = "填写说明", "示例"

_CELL = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter", "border": 1}
_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"},
    "heading": {**_CELL, "font_name": "黑体", "align": "center", "text_wrap": True, "bg_color": "#E8EEF4"},
    "needed": {**_CELL, "font_name": "黑体", "align": "center", "text_wrap": True, "bg_color": "#F6E3C5"},
    "help": {**_CELL, "font_size": 9, "text_wrap": True, "font_color": "#5A5A5A", "valign": "top"},
    "sample": {**_CELL, "font_color": "#5A5A5A", "italic": True, "num_format": "@"},
    "typed": {**_CELL, "num_format": "@"},
}


@dataclass(frozen=True)
class Slot:
    """One column to fill: heading, whether it must be, what may be chosen, how wide, a word of help."""

    label: str
    needed: bool
    width: float
    choices: tuple[str, ...] = ()
    help: str = ""


def write(file: BinaryIO, title: str, slots: Sequence[Slot], samples: Sequence[Sequence[str]]) -> None:
    """Write the template into `file`; every cell is text, so that no number loses its digits."""
    with Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        formats = {name: book.add_format(each) for name, each in _FORMATS.items()}
        sheet = book.add_worksheet(title[:31])
        options = book.add_worksheet(OPTIONS)
        options.hide()
        _top(sheet, formats, title, slots)
        for index, sample in enumerate(samples):
            row = HELP_ROW + 1 + index
            sheet.write_string(row, 0, f"{SAMPLE_MARK}{index + 1}", formats["sample"])
            for column, text in enumerate(sample, 1):
                sheet.write_string(row, column, text, formats["sample"])
        first = HELP_ROW + 1 + len(samples)
        for column, slot in enumerate(slots, 1):
            if slot.choices:
                _drop_down(sheet, options, column, slot, first)


def _top(sheet: Worksheet, formats: dict[str, Any], title: str, slots: Sequence[Slot]) -> None:
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, len(slots), f"{title}（导入模板）", formats["title"])
    sheet.set_row(TITLE_ROW, 32)
    sheet.set_row(HEADING_ROW, 34)
    sheet.set_row(HELP_ROW, 64)
    sheet.set_column(0, 0, 9, formats["typed"])
    sheet.write_string(HEADING_ROW, 0, "序号", formats["heading"])
    sheet.write_string(HELP_ROW, 0, HELP_MARK, formats["help"])
    for column, slot in enumerate(slots, 1):
        sheet.set_column(column, column, slot.width, formats["typed"])
        style, mark = ("needed", "*") if slot.needed else ("heading", "")
        sheet.write_string(HEADING_ROW, column, f"{mark}{slot.label}", formats[style])
        sheet.write_string(HELP_ROW, column, slot.help, formats["help"])
    sheet.freeze_panes(HELP_ROW, 0)


def _drop_down(sheet: Worksheet, options: Worksheet, column: int, slot: Slot, first: int) -> None:
    """A list kept on a sheet of its own, for Excel allows but 255 characters beside the cell."""
    for row, choice in enumerate(slot.choices):
        options.write_string(row, column, choice)
    letters = _letters(column)
    sheet.data_validation(
        first,
        column,
        first + LINES,
        column,
        {
            "validate": "list",
            "source": f"={OPTIONS}!${letters}$1:${letters}${len(slot.choices)}",
            "ignore_blank": True,
            "error_type": "warning",
            "error_title": "请从下拉框里选",
            "error_message": "这个说法不在代码表里。旧的说法也可以先填上，导入时再对照。",
        },
    )


def _letters(column: int) -> str:
    head, tail = divmod(column, 26)
    return (_letters(head - 1) if head else "") + chr(65 + tail)
