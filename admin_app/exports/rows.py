"""What goes to a writer: rows of cells, and the paper on which they stand."""

from collections.abc import Sequence
from dataclasses import dataclass

from admin_app.exports.columns import Value
from admin_app.exports.layout import Layout


@dataclass(frozen=True, slots=True)
class Row:
    """One line's cells, from left to right, and the group of lines with which it stands."""

    cells: Sequence[Value]
    group: str = ""


@dataclass(frozen=True)
class Paper:
    """A sheet to be filled: title, the line about it, its look, who makes it when, and its tab's name."""

    title: str
    about: str
    layout: Layout
    made: str = ""
    name: str = ""


@dataclass(frozen=True)
class Written:
    """What came of it: how many lines, the digest that the sheet bears, how many faults were acknowledged."""

    lines: int
    digest: str
    faults: int = 0
