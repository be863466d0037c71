"""The edges of a list's pages: a line's place in the order, carried by an address (decision 0029)."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from admin_app.rules.choices import Choice

LONGEST = 400  # a longer edge is not carried: that page is counted off from the beginning


@dataclass(frozen=True)
class Key:
    """A column of an order, and whether it runs down."""

    column: InstrumentedAttribute[Any]
    down: bool = False

    def __clause_element__(self) -> ColumnElement[Any]:
        return self.column.desc() if self.down else self.column.asc()

    @property
    def turned(self) -> "Key":
        return Key(self.column, not self.down)

    def bound(self, value: Any) -> ColumnElement[Any]:
        """The value as a parameter of the column's type."""
        return bindparam(None, value, type_=self.column.type)


Order = tuple[Key, ...]


@dataclass(frozen=True)
class Edge:
    """A line that stands between two pages: page `page` begins right after it, or ends right before it."""

    page: int
    after: bool
    values: tuple[Any, ...]

    def __str__(self) -> str:
        plain = [_plain(each) for each in self.values]
        return f"{'a' if self.after else 'b'}{self.page}{json.dumps(plain, separators=(',', ':'))}"

    def pages_to(self, page: int) -> int:
        """How many pages lie between the edge and another page; negative on its other side."""
        return page - self.page if self.after else self.page - page


def edge_of(record: Any, order: Order, page: int, *, after: bool) -> str | None:
    """The edge that a line makes, as an address carries it; None for one too long to carry."""
    words = str(Edge(page, after, tuple(getattr(record, each.column.key) for each in order)))
    return words if len(words) <= LONGEST else None


def read_edge(text: str, order: Order) -> Edge | None:
    """The edge of an address; None for what makes no sense in this order. Its values are only compared."""
    digits, bracket, rest = text[1:].partition("[")
    if text[:1] not in ("a", "b") or not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        return None
    try:
        values = json.loads(bracket + rest)
        read = tuple(_read(key.column, value) for key, value in zip(order, values, strict=True))
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return None
    return Edge(int(digits), text[0] == "a", read)


def _plain(value: Any) -> Any:
    if isinstance(value, Choice):
        return value.value
    return str(value) if isinstance(value, (date, Decimal)) else value


def _read(column: InstrumentedAttribute[Any], value: Any) -> Any:
    """A value that the column might hold; ValueError for any other."""
    kind = column.type.python_type
    if value is None and _nullable(column):
        return None
    if kind is int and type(value) is int and abs(value) < 2**63:
        return value
    if kind is int or not isinstance(value, str) or "\0" in value:
        raise ValueError(value)
    if issubclass(kind, Choice):
        return kind(value)
    if kind is Decimal:
        return _number(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    value.encode()  # a lone surrogate is no text
    return value


def _number(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number) > 10**20:
        raise ValueError(text)
    return number


def _nullable(column: InstrumentedAttribute[Any]) -> bool:
    return bool(column.property.columns[0].nullable)


def beyond(order: Order, values: tuple[Any, ...], dialect: str) -> list[ColumnElement[bool]]:
    """SQL: what follows these values in an order, as conditions of which each may be read off an index.

    Only an order's first column may be blank; blanks stand where the database puts them, all together.
    """
    first, value = order[0], values[0]
    blanks_last = first.down if dialect == "sqlite" else not first.down
    if value is None:
        tied = and_(first.column.is_(None), _follows(order[1:], values[1:]))
        return [tied] if blanks_last else [tied, first.column.is_not(None)]
    follows = _follows(order, values)
    return [follows, first.column.is_(None)] if blanks_last and _nullable(first.column) else [follows]


def _follows(order: Order, values: tuple[Any, ...]) -> ColumnElement[bool]:
    """A comparison of rows, which one index serves, where all columns run the same way."""
    columns = [each.column for each in order]
    bound = [key.bound(value) for key, value in zip(order, values, strict=True)]
    if len({each.down for each in order}) == 1:
        one, other = tuple_(*columns), tuple_(*bound)
        return one < other if order[0].down else one > other
    strictly = columns[0] < bound[0] if order[0].down else columns[0] > bound[0]
    return or_(strictly, and_(columns[0] == bound[0], _follows(order[1:], values[1:])))
