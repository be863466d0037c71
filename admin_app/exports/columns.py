"""Columns of a ledger, and the heading they make: nested groups become merged cells."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any, Literal

from sqlalchemy.orm import Session

from admin_app.models.base import Base
from admin_app.models.fields import Field, field_of, fields_of
from admin_app.models.wording import wording
from admin_app.rules.identity import mask

Kind = Literal["ordinal", "text", "code", "integer", "money", "date"]
Line = dict[str, Any]  # one line of a ledger: values by name
Value = str | int | Decimal | date | None  # what stands in a cell

# How a field's kind reads in a ledger; whatever is not here is put into words.
_KIND_OF_FIELD: dict[str, Kind] = {
    "text": "text",
    "long": "text",
    "integer": "integer",
    "money": "money",
    "decimal": "money",  # a number with two decimals; no ledger writes 元 beside it
    "date": "date",
}


@dataclass(frozen=True)
class Column:
    """One column: its heading, how a line gives its value, its width in characters, its kind.

    `ordinal` is the running number, which the ledger itself counts. `field` says in whose words a `code`
    reads. A `sensitive` column is masked on the lines that the reader may not read in full. `unit` is what
    is counted (件, 人, 万元) and stands in a row of its own; a `vertical` heading has one character below
    the other; a `summed` column has its total below. A `stacked` column has several values on a line, one
    below the other: those of the people on one side of a case.
    """

    label: str
    value: Callable[[Line], Any]
    width: float
    kind: Kind = "text"
    field: Field | None = None
    sensitive: bool = False
    centred: bool = False
    unit: str = ""
    vertical: bool = False
    summed: bool = False
    stacked: bool = False


@dataclass(frozen=True)
class Group:
    """A merged heading over columns or over further groups."""

    label: str
    columns: "tuple[Column | Group, ...]"


@dataclass(frozen=True)
class Heading:
    """One cell of the heading, merged over `rows` × `columns` from `row`, `column` (both from 0)."""

    label: str
    row: int
    column: int
    rows: int
    columns: int
    vertical: bool = False


Part = Column | Group


def column(name: str, label: str, width: float, **say: Any) -> Column:
    """A column whose value a line holds under `name`."""
    return Column(label, lambda line: line[name], width, **say)


def said(model: type[Base], name: str, width: float, label: str = "", **say: Any) -> Column:
    """A column of a declared field: label, kind, code table and sensitivity stand there and nowhere else."""
    field = field_of(model, name)
    return column(
        name,
        label or field.label,
        width,
        kind=_KIND_OF_FIELD.get(field.kind, "code"),
        field=field,
        sensitive=field.say.sensitive,
        **say,
    )


def ordinal(width: float = 5) -> Column:
    """序号."""
    return Column("序号", lambda line: None, width, kind="ordinal")


def pen(label: str, width: float) -> Column:
    """A column that the program leaves blank: a signature, a photograph, what only people know."""
    return Column(label, lambda line: None, width)


def leaves(parts: Iterable[Part]) -> tuple[Column, ...]:
    """The columns under any nesting, from left to right."""
    return tuple(leaf for part in parts for leaf in _leaves(part))


def _leaves(part: Part) -> Iterator[Column]:
    if isinstance(part, Column):
        yield part
    else:
        yield from leaves(part.columns)


def asked_of(model: type[Base], parts: Iterable[Part]) -> list[Any]:
    """SQL: the declared fields of a model that these columns say."""
    said = {id(each.field) for each in leaves(parts)}
    return [getattr(model, each.name) for each in fields_of(model) if id(each) in said]


def labels(parts: Sequence[Part]) -> list[str]:
    """The labels of the columns: one that stands twice takes that of its group before it."""
    named = list(_named(parts, ""))
    once = [label for _, label in named]
    return [label if once.count(label) == 1 else f"{group}{label}" for group, label in named]


def _named(parts: Sequence[Part], group: str) -> Iterator[tuple[str, str]]:
    for part in parts:
        if isinstance(part, Column):
            yield group, part.label
        else:
            yield from _named(part.columns, part.label)


def depth(parts: Sequence[Part]) -> int:
    """How many heading rows the columns need."""
    return max((1 + (depth(part.columns) if isinstance(part, Group) else 0) for part in parts), default=0)


def headings(parts: Sequence[Part]) -> list[Heading]:
    """The heading's cells, row by row: a group spans its columns, a column reaches down to the last row."""
    placed = _place(parts, row=0, start=0, rows=depth(parts))
    return sorted(placed, key=lambda heading: (heading.row, heading.column))


def _place(parts: Sequence[Part], *, row: int, start: int, rows: int) -> Iterator[Heading]:
    at = start
    for width, part in _shared(parts):
        if isinstance(part, Column):
            yield Heading(part.label, row, at, rows - row, width, part.vertical)
        else:
            yield Heading(part.label, row, at, 1, width)
            yield from _place(part.columns, row=row + 1, start=at, rows=rows)
        at += width


def _shared(parts: Sequence[Part]) -> Iterator[tuple[int, Part]]:
    """Each part with its width. Neighbouring columns of one label share it: 件 and 人 of one thing."""
    for _, alike in groupby(parts, key=lambda part: part.label if isinstance(part, Column) else id(part)):
        each = list(alike)
        yield len(leaves(each)), each[0]


def reader(session: Session, column: Column) -> Callable[[Line, bool], Value]:
    """How to read a column's cell off a line, masked or not.

    A code reads as it was worded on the line's `day`; its words are looked up once for each day.
    """
    if column.stacked:
        return _stack_reader(session, column)
    if column.kind != "code" and not column.sensitive:
        return lambda line, masked: column.value(line)
    words: dict[Any, str] = {}

    def read(line: Line, masked: bool) -> Value:
        value: Any = column.value(line)
        if column.kind == "code" and column.field is not None:
            day = line.get("day")
            key = (tuple(value) if isinstance(value, list) else value, day)
            if key not in words:
                words[key] = wording(session, column.field, value, on=day)
            value = words[key]
        return mask(str(value)) if masked and column.sensitive and value not in (None, "") else value

    return read


def _stack_reader(session: Session, column: Column) -> Callable[[Line, bool], Value]:
    """Each of the values is read, and masked, by itself; a single one keeps its type."""
    single = reader(session, replace(column, value=lambda line: line["value"], stacked=False))

    def read(line: Line, masked: bool) -> Value:
        day = line.get("day")
        cells = [single({"value": value, "day": day}, masked) for value in column.value(line)]
        if len(cells) == 1:
            return cells[0]
        texts = ["" if cell is None else str(cell) for cell in cells]
        return "\n".join(texts) if any(texts) else None

    return read
