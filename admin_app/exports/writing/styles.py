"""How cells look (look.md, Paper): 宋体 and 黑体, thin borders, real numbers and dates."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

_TEXT = {"font_name": "宋体", "font_size": 10.5, "valign": "vcenter"}
_CELL = {**_TEXT, "border": 1}
_LINE = {**_CELL, "locked": False}  # where a sheet is protected, its formulas and headings are, its lines not
_HEADING = {**_CELL, "font_name": "黑体", "align": "center", "text_wrap": True}
_INTEGER = {"align": "center", "num_format": "0", "shrink": True}
_MONEY = {"align": "right", "num_format": "#,##0.00", "shrink": True}
_STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"},
    "about": {**_TEXT, "align": "left", "text_wrap": True},
    "aside": {**_TEXT, "font_size": 9, "align": "right"},
    "made": {**_TEXT, "font_size": 9, "align": "left", "text_wrap": True},
    "heading": _HEADING,
    "vertical": {**_HEADING, "rotation": 270},
    "number": {**_CELL, "font_size": 9, "align": "center"},
    "label": {**_CELL, "font_name": "黑体", "align": "center", "text_wrap": True},
    "total": {**_CELL, "align": "left", "text_wrap": True},
    "total_integer": {**_CELL, **_INTEGER},
    "total_money": {**_CELL, **_MONEY},
    "empty": {**_CELL, "align": "center"},
    "cut": {**_TEXT, "font_size": 9, "align": "center"},
    "ordinal": {**_LINE, "align": "center", "shrink": True},
    "text": {**_LINE, "align": "left", "text_wrap": True},
    "code": {**_LINE, "align": "left", "text_wrap": True},
    "centred": {**_LINE, "align": "center", "text_wrap": True},
    "quoted": {**_LINE, "align": "left", "text_wrap": True, "quote_prefix": True},
    "integer": {**_LINE, **_INTEGER},
    "money": {**_LINE, **_MONEY},
    "date": {**_LINE, "align": "center", "num_format": "yyyy-mm-dd", "shrink": True},
}


class Styles:
    """The styles of one workbook, each made when it is first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def __getitem__(self, name: str) -> Format:
        if name not in self._made:
            self._made[name] = self._book.add_format(_STYLES[name])
        return self._made[name]

    def number(self, name: str) -> int:
        """The style's number in the file, as a cell written as text names it."""
        index: int = self[name]._get_xf_index()
        return index
