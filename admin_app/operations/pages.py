"""Pages of a long list, read off its index from a line that is known, at any depth (decision 0029)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true, union
from sqlalchemy.orm import Session
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import BooleanClauseList

from admin_app.operations.edges import Edge, Order, beyond

COUNT_CAP = 10_000  # beyond it the count reads 「10000+」 and the list asks to be narrowed
FAR = 3  # pages that are still counted off from an edge
WALKED = 100_000  # lines that are walked past more quickly than a million are counted


def alternatives(scope: ColumnElement[bool]) -> tuple[ColumnElement[bool], ...]:
    """The conditions of which a scope asks for any: each may have its index, their OR has none."""
    if isinstance(scope, BooleanClauseList) and scope.operator is operators.or_:
        return tuple(scope.clauses)
    return (scope,)


@dataclass(frozen=True)
class Lines:
    """The lines of a list: within any of its scopes, and under all of its conditions."""

    model: Any
    scopes: tuple[ColumnElement[bool], ...]
    conditions: tuple[ColumnElement[bool], ...]

    def count(self, session: Session, most: int | None = None) -> int:
        """How many there are; counted no further than `most`."""
        return session.scalar(select(func.count()).select_from(self.some(most).subquery())) or 0

    def some(self, most: int | None = None) -> Select[tuple[int]]:
        """The ids of them, of no more than `most`, in no order."""
        return _any_of([self._within(each).limit(most) for each in self.scopes]).limit(most)

    def ids(
        self,
        order: Order,
        limit: int,
        offset: int = 0,
        places: Sequence[ColumnElement[bool]] = (true(),),
    ) -> Select[tuple[int]]:
        """The ids of a stretch of them, in any of these places of the order.

        Each scope and place is read off its own index, no further than the stretch reaches.
        """
        parts = [
            self._within(scope).where(place).order_by(*order) for scope in self.scopes for place in places
        ]
        if len(parts) > 1:
            near = _any_of([each.limit(limit + offset) for each in parts])
            parts = [select(self.model.id).where(self.model.id.in_(near)).order_by(*order)]
        return parts[0].limit(limit).offset(offset or None)

    def few(self, order: Order) -> "Lines":
        """The same lines, no more than are counted, gathered first: to be sorted as no index sorts them."""
        return Lines(self.model, (self.model.id.in_(self.ids(order, COUNT_CAP)),), ())

    def _within(self, scope: ColumnElement[bool]) -> Select[tuple[int]]:
        return select(self.model.id).where(scope, *self.conditions)


def counting(queries: Iterable[Select[Any]], most: int) -> Select[Any]:
    """How many each of some queries finds, counted to just beyond `most`: one statement for all of them."""
    capped = (select(func.count()).select_from(each.limit(most + 1).subquery()) for each in queries)
    return select(*(each.scalar_subquery() for each in capped))


def _any_of(parts: list[Select[tuple[int]]]) -> Select[tuple[int]]:
    """What stands in any of them, once."""
    if len(parts) == 1:
        return parts[0]
    every = union(*(select(each.subquery().c.id) for each in parts)).subquery()
    return select(every.c.id)


@dataclass(frozen=True)
class Page:
    """One page of a list: its records, and whether there are others before and after it.

    `count` is exact unless `capped`.
    """

    records: list[Any]
    number: int
    before: bool
    after: bool
    count: int
    capped: bool


@dataclass(frozen=True)
class Turning:
    """How somebody turns the pages of these lines."""

    session: Session
    lines: Lines
    order: Order
    size: int
    options: tuple[Any, ...] = ()

    def page(self, number: int, edge: Edge | None = None) -> Page:
        """A page, from its edge if one is known; one beyond the end becomes the last."""
        found = min(self.lines.count(self.session, COUNT_CAP + 1), COUNT_CAP + 1)
        capped = found > COUNT_CAP
        found = min(found, COUNT_CAP)
        if edge is not None and 0 <= edge.pages_to(number) < FAR:
            near = self._beside(number, edge, found, capped)
            if near is not None:
                return near
        return self._counted(number, found, capped)

    def _beside(self, number: int, edge: Edge, count: int, capped: bool) -> Page | None:
        """From an edge on: whatever lines have come and gone meanwhile, none is missed or seen twice."""
        order = self.order if edge.after else self._turned
        places = beyond(order, edge.values, self.session.get_bind().dialect.name)
        skipped = edge.pages_to(number) * self.size
        found = self._records(self.lines.ids(order, self.size + 1, skipped, places), order)
        more, records = len(found) > self.size, found[: self.size]
        if not records:
            return None
        if edge.after:
            return Page(records, number, True, more, count, capped)
        return Page(records[::-1], number, more, True, count, capped)

    def _counted(self, number: int, count: int, capped: bool) -> Page:
        """By counting lines off, from whichever end is nearer; far inside a long list that takes a moment."""
        start = (number - 1) * self.size
        if capped and start + self.size > COUNT_CAP:
            walked = self._walked(number, start, count) if start < WALKED else None
            if walked is not None:
                return walked
            count, capped = self.lines.count(self.session), False
        if not capped:
            number = max(1, min(number, -(-count // self.size)))
            start = (number - 1) * self.size
        if not capped and start > count // 2:
            left = min(self.size, count - start)
            ids, order = self.lines.ids(self._turned, left, count - start - left), self._turned
        else:
            ids, order = self.lines.ids(self.order, self.size, start), self.order
        records = self._records(ids, order)
        if order is not self.order:
            records.reverse()
        return Page(records, number, number > 1, capped or start + self.size < count, count, capped)

    def _walked(self, number: int, start: int, count: int) -> Page | None:
        """From the beginning, without knowing how many there are; None beyond the end."""
        found = self._records(self.lines.ids(self.order, self.size + 1, start), self.order)
        more, records = len(found) > self.size, found[: self.size]
        return Page(records, number, True, more, count, True) if records else None

    @property
    def _turned(self) -> Order:
        return tuple(each.turned for each in self.order)

    def _records(self, ids: Select[tuple[int]], order: Order) -> list[Any]:
        model = self.lines.model
        query = select(model).where(model.id.in_(ids)).order_by(*order)
        return list(self.session.scalars(query.options(*self.options)))
