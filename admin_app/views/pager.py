"""The pager under a list; and pages that go by a line's number, where nothing is counted."""

from typing import Any, TypeVar

from flask import request
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from admin_app.database import db
from admin_app.models.base import Base
from admin_app.views.lists import SIZES, Found, ListState
from admin_app.views.typed import whole

Line = TypeVar("Line", bound=Base)
NEAR = 2  # page numbers shown on either side of the current one


def pager(state: ListState, found: Found) -> dict[str, Any]:
    """共 N 条 / 每页 / 页码 / 跳至; a capped count reads 「10000+」."""
    page, pages = state.page, found.pages
    return {
        "count_text": f"{found.count}+" if found.capped else str(found.count),
        "page": page,
        "pages": pages,
        "size": state.size,
        "sizes": [{"n": size, "url": state.url(size=size)} for size in SIZES],
        "prev_url": state.url(page=page - 1) if page > 1 else None,
        "next_url": state.url(page=page + 1) if page < pages else None,
        "numbers": [_number(state, n) for n in _window(page, pages)],
        "jump_action": "",
        "jump_hidden": state.pairs(page=None),
    }


def _number(state: ListState, n: int | None) -> dict[str, Any] | None:
    return None if n is None else {"n": n, "url": state.url(page=n), "current": n == state.page}


def _window(page: int, pages: int) -> list[int | None]:
    """First, last, and the neighbours of the current page; None stands for a gap."""
    wanted = sorted({1, pages, *range(max(1, page - NEAR), min(pages, page + NEAR) + 1)})
    numbers: list[int | None] = []
    for before, n in zip([0, *wanted], wanted, strict=False):
        if n - before > 1:
            numbers.append(None)
        numbers.append(n)
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
