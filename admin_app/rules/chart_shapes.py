"""Where the marks of a chart lie: bars in percent of their row, columns and lines in pixels of a sheet.

Bars are as broad as the page lets them be, with their label above or beside; columns have a breadth of
their own, for their numbers must have room, and a narrow page moves them sideways.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from admin_app.rules.charts import Chart, Kind, Mark, Series
from admin_app.rules.figures import Number

LONGEST = 76.0  # percent of a row: behind the bar stands its number
LEGIBLE = 11.0  # percent of a row: a shorter piece of a bar has no room for its number
TOP, FLOOR, BOTTOM = 26, 196, 222  # pixels: under the numbers, the base line, under the months
LEFT = 12
LETTER, APART, LEAST = 7, 10, 26  # pixels: of a figure, between two months, the least of a column
HALF = 440  # pixels: what has room beside another chart
STEP = 10  # percent: a line of shares begins at a whole ten


@dataclass(frozen=True)
class Piece:
    """A part of a bar, in percent of its row; `text` is "" where it has no room."""

    series: int
    mark: Mark
    x: float
    width: float
    text: str

    @property
    def middle(self) -> float:
        return round(self.x + self.width / 2, 2)


@dataclass(frozen=True)
class Bar:
    """The pieces of a bar, and the number behind it."""

    pieces: tuple[Piece, ...]
    end: float
    text: str


@dataclass(frozen=True)
class Row:
    """What stands at a category: one bar, or one for each series."""

    label: str
    bars: tuple[Bar, ...]


def rows(chart: Chart) -> list[Row]:
    """Bars and stacked bars, the longest as long as may be."""
    stacked = chart.kind is Kind.STACKED
    sums = [
        [each.marks[place].number or 0 for each in chart.series] for place in range(len(chart.categories))
    ]
    longest = max((sum(each) if stacked else max(each) for each in sums), default=0) or 1
    made = _stack if stacked else _beside
    return [
        Row(label, tuple(made(chart, [each.marks[place] for each in chart.series], longest)))
        for place, label in enumerate(chart.categories)
    ]


def _beside(chart: Chart, marks: Sequence[Mark], longest: Number) -> Iterator[Bar]:
    for series, mark in enumerate(marks):
        width = _percent(mark.number or 0, longest)
        yield Bar((Piece(series, mark, 0, width, ""),), width, chart.said(mark.number))


def _stack(chart: Chart, marks: Sequence[Mark], longest: Number) -> Iterator[Bar]:
    pieces, end = [], 0.0
    several = sum(1 for mark in marks if mark.number) > 1  # one alone has its number behind it
    for series, mark in enumerate(marks):
        width = _percent(mark.number or 0, longest)
        text = chart.said(mark.number) if several and width >= LEGIBLE else ""
        if mark.number:
            pieces.append(Piece(series, mark, round(end, 2), width, text))
        end += width
    yield Bar(tuple(pieces), round(end, 2), chart.said(sum((mark.number or 0 for mark in marks), 0)))


def _percent(number: Number, longest: Number) -> float:
    return round(float(Decimal(number) / Decimal(longest)) * LONGEST, 2)


@dataclass(frozen=True)
class Spot:
    """A column or a point: its middle, its top, its breadth; the number above it."""

    series: int
    place: int
    mark: Mark
    middle: float
    y: float
    width: float
    text: str

    @property
    def x(self) -> float:
        return self.middle - self.width / 2

    @property
    def height(self) -> float:
        return FLOOR - self.y


@dataclass(frozen=True)
class Sheet:
    """Columns or a line over the months; `ticks` are where the labels stand, `lines` what joins points."""

    width: int
    spots: tuple[Spot, ...]
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[tuple[Spot, Spot], ...] = ()
    height: int = BOTTOM + 8
    floor: int = FLOOR
    bottom: int = BOTTOM

    @property
    def broad(self) -> bool:
        """Whether it needs the breadth of the page for itself."""
        return self.width > HALF


def sheet(chart: Chart) -> Sheet:
    """Columns beside one another, or points joined where a month follows on a month."""
    low, high = _ends(chart)
    texts = [chart.said(mark.number) for each in chart.series for mark in each.marks]
    labels = max(map(len, chart.categories), default=0) * 2 * LETTER
    breadth = max(LEAST, LETTER * max(map(len, texts), default=0) + 4)
    slot = max(breadth * len(chart.series), labels) + APART
    found = tuple(
        spot
        for number, each in enumerate(chart.series)
        for spot in _spots(chart, each, number, (slot, breadth), (low, high))
    )
    ticks = tuple((LEFT + slot * (place + 0.5), label) for place, label in enumerate(chart.categories))
    joined = [pair for pair in pairwise(found) if pair[1].place == pair[0].place + 1]
    lines = tuple(joined) if chart.kind is Kind.LINE else ()
    return Sheet(2 * LEFT + slot * len(chart.categories), found, ticks, lines)


def _spots(
    chart: Chart, series: Series, number: int, size: tuple[int, int], ends: tuple[Number, Number]
) -> Iterator[Spot]:
    (slot, breadth), (low, high) = size, ends
    first = (slot - breadth * len(chart.series)) / 2 + breadth * (number + 0.5)
    for place, mark in enumerate(series.marks):
        if mark.number is not None:
            share = float(Decimal(mark.number - low) / Decimal(high - low))
            y = round(FLOOR - share * (FLOOR - TOP), 1)
            middle = round(LEFT + slot * place + first, 1)
            yield Spot(number, place, mark, middle, y, breadth - 4, chart.said(mark.number))


def _ends(chart: Chart) -> tuple[Number, Number]:
    """Columns begin at nothing; a line of shares at the whole ten below its lowest."""
    numbers = [mark.number for each in chart.series for mark in each.marks if mark.number is not None]
    if not numbers:
        return 0, 1
    low = 0 if chart.kind is Kind.COLUMNS else max(int(min(numbers)) // STEP * STEP - STEP, 0)
    return low, max(max(numbers), low + 1)
