"""The tree of units at the left of a list: the person's own top units, open down to the chosen one."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from admin_app.models.areas import posts_of
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.rules.tiers import ancestors, covers
from admin_app.views.lists import ListState

Address = Callable[[int], str]  # of the same page, with the unit of this id chosen


def tree(session: Session, user: User, state: ListState) -> list[dict[str, Any]]:
    """The tree beside a list."""
    if not hasattr(state.register.model, "under"):
        return []
    return branches(session, user, state.unit, lambda unit_id: state.url(unit=unit_id, page=None))


def branches(session: Session, user: User, unit: Unit | None, address: Address) -> list[dict[str, Any]]:
    """[{name, url, current, open, children}]: only the branches on the way to the chosen unit are open."""
    tops = _tops(user)
    if not tops:
        return []
    chosen = unit.path if unit else (tops[0].path if len(tops) == 1 else "")
    opened = [path for path in (*ancestors(chosen), chosen) if any(covers(top.path, path) for top in tops)]
    children = _children(session, opened)
    return [_node(unit, address, top, children, chosen) for top in tops]


def within(user: User) -> ColumnElement[bool]:
    """SQL: the units that the whole tree of a person holds."""
    return or_(false(), *(Unit.under(unit.path) for unit in _tops(user)))


def _tops(user: User) -> list[Unit]:
    """The units of the person's posts and areas, without those that lie under another of them."""
    units = {post.unit.path: post.unit for post in posts_of(user)}
    return [
        unit
        for path, unit in sorted(units.items())
        if not any(covers(other, path) for other in units if other != path)
    ]


def _children(session: Session, opened: list[str]) -> dict[str, list[Any]]:
    """The units below each opened one, by its path: what a node tells of them."""
    if not opened:
        return {}
    parents = select(Unit.id).where(Unit.path.in_(opened))
    found: dict[str, list[Any]] = defaultdict(list)
    query = select(Unit.id, Unit.name, Unit.path).where(
        Unit.parent_id.in_(parents), Unit.removed_at.is_(None)
    )
    for unit in session.execute(query.order_by(Unit.code)):
        found[ancestors(unit.path)[-1]].append(unit)
    return found


def _node(
    here: Unit | None, address: Address, unit: Any, children: dict[str, list[Any]], chosen: str
) -> dict[str, Any]:
    return {
        "name": unit.name,
        "url": address(unit.id),
        "current": here is not None and unit.id == here.id,
        "open": covers(unit.path, chosen),
        "children": [_node(here, address, each, children, chosen) for each in children.get(unit.path, [])],
    }
