"""What stands on a paper, said once: the Word template is drawn from it, the print page shows it.

Texts may hold tags: `{{ place }}` is the fact of that name; `{{ place|blank(6) }}` leaves a line to write on
when it is not known, `{{ agreed_on|day }}` leaves 年 月 日.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]

# Millimetres of the sheet and its margins (formats.md F01).
SHEET = (210, 297)
TOP, RIGHT, BOTTOM, LEFT = 37, 26, 34, 28
WIDTH = SHEET[0] - LEFT - RIGHT
SIZE = 14.0  # points: 四号


@dataclass(frozen=True)
class Words:
    """A paragraph. `before` is the space above it in points; `indent` begins it two characters in."""

    text: str
    align: Align = "left"
    size: float = SIZE
    bold: bool = False
    before: float = 0
    indent: bool = False
    keep: bool = False  # on the page of what follows
    font: str = ""  # other than 宋体
    red: bool = False  # the head of an official paper
    ruled: bool = False  # a red line below


@dataclass(frozen=True)
class Gap:
    """A label and the underlined place for its value, so many characters wide; 0 is up to the margin."""

    label: str
    text: str
    width: float = 0


@dataclass(frozen=True)
class Loop:
    """The blocks or rows are repeated for each thing of a list."""

    var: str
    over: str


@dataclass(frozen=True)
class Lines:
    """Lines of gaps, the whole repeated for each thing of a list if `each` says so."""

    rows: tuple[tuple[Gap, ...], ...]
    each: Loop | None = None
    size: float = SIZE
    height: float = 9


@dataclass(frozen=True)
class Long:
    """A label and a long text under it; where it is not known, so many empty lines to write on."""

    label: str
    name: str
    lines: int = 4


@dataclass(frozen=True)
class Each:
    """Paragraphs repeated for each thing of a list."""

    loop: Loop
    blocks: tuple[Words, ...]


@dataclass(frozen=True)
class Cell:
    """A cell of a ruled table."""

    text: str
    across: int = 1
    align: Align = "left"


@dataclass(frozen=True)
class Row:
    """A row of a ruled table: its least height in millimetres; a heading is repeated on every page."""

    cells: tuple[Cell, ...]
    height: float = 10
    heading: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows of a ruled table repeated for each thing of a list."""

    loop: Loop
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Grid:
    """A ruled table; `columns` are widths in millimetres."""

    columns: tuple[float, ...]
    rows: tuple[Row | Rows, ...]
    size: float = 12

    def every(self) -> Iterator[Row]:
        """All its rows, the repeated ones once."""
        for each in self.rows:
            yield from each.rows if isinstance(each, Rows) else (each,)


@dataclass(frozen=True)
class Sides:
    """Two columns without lines: who signs on the left, who on the right."""

    left: tuple["Words | Each", ...]
    right: tuple["Words | Each", ...]


@dataclass(frozen=True)
class Cut:
    """The line along which a stub or a receipt is torn off."""

    text: str


@dataclass(frozen=True)
class NewPage:
    """What follows begins a page."""


Block = Words | Lines | Long | Each | Grid | Sides | Cut | NewPage


def title(text: str) -> Words:
    """The name of the form at its head."""
    return Words(text, "center", size=22, bold=True, keep=True)


def label(text: str, across: int = 1) -> Cell:
    """A cell that names its neighbour."""
    return Cell(text, across, "center")


def texts(blocks: tuple[Block, ...]) -> Iterator[tuple[str, str]]:
    """(label, text with tags) in the order of the paper; the label is "" where the text speaks for itself."""
    for block in blocks:
        match block:
            case Words(text=text) | Cut(text=text):
                yield "", text
            case Lines(rows=rows):
                yield from ((gap.label, gap.text) for row in rows for gap in row)
            case Long(label=said, name=name):
                yield said, "{{ " + name + " }}"
            case Each(blocks=inner):
                yield from texts(inner)
            case Grid():
                yield from (("", cell.text) for row in block.every() for cell in row.cells)
            case Sides(left=left, right=right):
                yield from texts(left + right)
            case NewPage():
                pass
