"""The pager under a list; and pages that go by a line's number, where nothing is counted."""

from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from admin_app.database import db
from admin_app.models.base import Base
from admin_app.operations.edges import edge_of
from admin_app.operations.pages import Page
from admin_app.views.lists import LAST, SIZES, ListState, order
from admin_app.views.typed import whole

Line = TypeVar("Line", bound=Base)
NEAR = 2  # page numbers shown on either side of the current one


def pager(state: ListState, page: Page) -> dict[str, Any]:
    """共 N 条 / 每页 / 页码 / 跳至; a capped count reads 「10000+」, and the last page then has no number."""
    ways = _Ways(state, page)
    pages = None if page.capped else max(-(-page.count // state.size), page.number + page.after)
    return {
        "count_text": f"{page.count}+" if page.capped else str(page.count),
        "page": page.number,
        "size": state.size,
        "sizes": [{"n": size, "url": state.url(size=size)} for size in SIZES],
        "prev_url": ways.to(page.number - 1) if page.before else None,
        "next_url": ways.to(page.number + 1) if page.after else None,
        "numbers": [_number(ways, n) for n in _window(page.number, pages, page.after)],
        "last_url": state.url(page=LAST) if pages is None else None,
        "jump_action": "",
        "jump_hidden": state.pairs(page=None),
    }


@dataclass(frozen=True)
class _Ways:
    """From a page to its neighbours: their addresses carry its first or its last line."""

    state: ListState
    page: Page

    def to(self, number: int) -> str:
        here = self.page.number
        if number < 1 or abs(number - here) > NEAR:
            return self.state.url(page=max(1, number))
        after = number > here
        edge = edge_of(
            self.page.records[-1 if after else 0],
            order(self.state),
            here + 1 if after else here - 1,
            after=after,
        )
        return self.state.url(page=number, edge=edge)


def _number(ways: _Ways, n: int | None) -> dict[str, Any] | None:
    if n is None:
        return None
    here = n == ways.page.number
    return {"n": n, "url": ways.state.url(page=n) if here or n == 1 else ways.to(n), "current": here}


def _window(page: int, pages: int | None, after: bool) -> list[int | None]:
    """First, last, and the neighbours of the current page; None stands for a gap. No last one if unknown."""
    end = page + NEAR * after if pages is None else pages
    wanted = sorted({1, pages or page, *range(max(1, page - NEAR), min(end, page + NEAR) + 1)})
    numbers: list[int | None] = []
    for before, n in zip([0, *wanted], wanted, strict=False):
        if n - before > 1:
            numbers.append(None)
        numbers.append(n)
    if pages is None and after:
        numbers.append(None)
    return numbers


def turned(
    query: Select[Line], number: InstrumentedAttribute[int], size: int
) -> tuple[list[Line], bool, bool]:
    """One page, newest first, and whether there are older and newer lines than these.

    The page lies `before` or `after` a line that the address names; it is read off the index of `number`
    from there, in either direction, so that depth costs nothing.
    """
    before, after = whole(request.args.get("before")), whole(request.args.get("after"))
    if after is not None:
        found = list(db.session.scalars(query.where(number > after).order_by(number).limit(size + 1)))
        if len(found) > size:
            return found[size - 1 :: -1], True, True
        before = None  # less than a page is left: show the newest page whole
    older = query.where(number < before) if before is not None else query
    found = list(db.session.scalars(older.order_by(number.desc()).limit(size + 1)))
    return found[:size], len(found) > size, before is not None and bool(found)
