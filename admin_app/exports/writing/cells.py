"""A line's cells as the text that stands in the file.

All lines of a ledger have one shape, so a cell's text depends on its column and its value alone: it is
made once for a value and remembered, which is many times faster than a cell object for each
(docs/benchmarks.md).
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from typing import NamedTuple
from xml.sax.saxutils import escape

from admin_app.exports.columns import Column, Value
from admin_app.exports.fitting import clean, text_lines
from admin_app.exports.writing.styles import Styles

REMEMBERED = 2048  # values of a column
_FIRST_YEAR = 1900  # Excel knows no day before
_BEFORE_FIRST_DAY = date(1899, 12, 31).toordinal()
_LEAP = 59  # Excel takes 1900 for a leap year: its days after this one are numbered one higher
# A text that begins so would become a formula as soon as somebody edits the cell.
LIVE = tuple("=+-@\t")
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")  # would be read as a character's number


class Cell(NamedTuple):
    """`tail`: the XML after the cell's address; `said`: what the digest covers; `lines`: how many of text."""

    tail: str
    said: str
    lines: int


def maker(column: Column, styles: Styles) -> Callable[[Value], Cell]:
    """What makes the cells of a column."""
    return lru_cache(REMEMBERED)(partial(_cell, column, styles))


def _cell(column: Column, styles: Styles, value: Value) -> Cell:
    """By the value's own type, as Excel has it."""
    style = styles.number("centred" if column.centred else str(column.kind))
    match value:
        case None | "":
            return Cell(f'" s="{style}"/>', "", 1)
        case str():
            return _text(column, styles, value)
        case date() if value.year >= _FIRST_YEAR:
            return _number(style, day_number(value))
        case date():
            return _text(column, styles, value.isoformat())
        case _:
            return _number(style, value)


def _number(style: int, value: object) -> Cell:
    return Cell(f'" s="{style}"><v>{value}</v></c>', said(value), 1)


def _text(column: Column, styles: Styles, value: str) -> Cell:
    text = clean(value)
    style = styles.number("quoted" if text.startswith(LIVE) else "centred" if column.centred else "text")
    kept = ' xml:space="preserve"' if text != text.strip() else ""
    inside = escape(_ESCAPED.sub(lambda found: f"_x005F{found[0]}", text))
    tail = f'" s="{style}" t="inlineStr"><is><t{kept}>{inside}</t></is></c>'
    return Cell(tail, text, text_lines(text, column.width))


def day_number(day: date) -> int:
    """A day as Excel counts it."""
    number = day.toordinal() - _BEFORE_FIRST_DAY
    return number + (number > _LEAP)


def said(value: object) -> str:
    """What a cell says, whoever wrote the file: days are numbers, and 7.50 is 7.5."""
    match value:
        case None:
            return ""
        case str():
            return value
        case date():
            return str(day_number(value))
        case _:
            return f"{float(value):.15g}"  # type: ignore[arg-type]
