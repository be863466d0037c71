"""A line's cells as the text that stands in the file.

All lines of a ledger have one shape, so a cell's text depends on its column and its value alone: it is
made once for a value and remembered, which is many times faster than a cell object for each
(bench/writers.py).
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache
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
_MARKED = re.compile(r"[&<>]|_x")
_ESCAPED = re.compile(r"_x[0-9A-Fa-f]{4}_")  # would be read as a character's number


class Cell(NamedTuple):
    """`xml`: as it stands in its row; `said`: what the digest covers; `lines`: how many lines of text."""

    xml: str
    said: str
    lines: int


def maker(column: Column, styles: Styles) -> Callable[[Value], Cell]:
    """What makes the cells of a column, by each value's own type, as Excel has it."""
    style = styles.number("centred" if column.centred else str(column.kind))
    plain = styles.number("centred" if column.centred else "text")
    quoted = styles.number("quoted")

    @lru_cache(REMEMBERED)
    def cell(value: Value) -> Cell:
        match value:
            case None | "":
                return Cell(f'<c s="{style}"/>', "", 1)
            case str():
                return text(value)
            case date() if value.year >= _FIRST_YEAR:
                return number(day_number(value))
            case date():
                return text(value.isoformat())
            case _:
                return number(value)

    def text(value: str) -> Cell:
        words = clean(value)
        look = quoted if words.startswith(LIVE) else plain
        kept = ' xml:space="preserve"' if words != words.strip() else ""
        inside = _inside(words) if _MARKED.search(words) else words
        xml = f'<c s="{look}" t="inlineStr"><is><t{kept}>{inside}</t></is></c>'
        return Cell(xml, words, text_lines(words, column.width))

    def number(value: object) -> Cell:
        return Cell(f'<c s="{style}"><v>{value}</v></c>', said(value), 1)

    return cell


def _inside(text: str) -> str:
    """The text as XML, with what would be read as a mark."""
    return escape(_ESCAPED.sub(r"_x005F\g<0>", text))


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
