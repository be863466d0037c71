"""The pager under a list."""

from typing import Any

from admin_app.views.lists import SIZES, Found, ListState

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
