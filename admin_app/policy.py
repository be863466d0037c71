"""Who may see and who may do: the table of `grants.py`, asked by every door.

`visible` turns a row's reach into an SQL condition and is the only source of scope; `demand` asks the same
reach of one record. Whatever no row grants is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import Session

from admin_app.grants import CARRIES_ALL, CARRIES_READING, GRANTS, LED_IN_AREA, READ_IN_AREA
from admin_app.models.areas import Carried, Held, facts_of, posts_of
from admin_app.models.base import Base
from admin_app.models.registry import column_of, in_menu_order, register_of
from admin_app.models.users import Post, User
from admin_app.reaches import WITHIN, Reach, both
from admin_app.rules.dates import today
from admin_app.rules.refusals import NotAllowed, NotSeen

Record = TypeVar("Record", bound=Base)


@dataclass(frozen=True)
class Standing:
    """All that a person's scope hangs on: as long as these facts are the same, so is every answer below

    that names no thing, and what is put together once for them may be used again.
    """

    facts: tuple[Any, ...]
    user: User = field(compare=False, repr=False)

    @classmethod
    def of(cls, user: User) -> "Standing":
        """The day too: areas begin and end, and questions name it."""
        return cls((today(), user.id, user.active, *map(facts_of, posts_of(user))), user)


def _posts(user: User, action: str) -> Iterable[tuple[Held, Reach]]:
    """The posts of a user that a row grants this action, with their reach.

    To `open` a thing is to see or to follow it: whoever merely follows finds it by its link, not in a list.
    """
    word, _, verb = action.partition(".")
    rows = (f"{word}.see", f"{word}.follow") if verb == "open" else (action,)
    if not user.active:
        return []
    return [(post, reach) for post in posts_of(user) for row in rows if (reach := _reach(post, row))]


def _reach(post: Held, action: str) -> Reach | None:
    """How far a row carries a post; into a township of an area no further than the role carries it there."""
    reach = GRANTS.get(action, {}).get(post.role)
    if reach is None or not isinstance(post, Carried) or post.role in CARRIES_ALL:
        return reach
    if post.role not in CARRIES_READING:
        return None
    return WITHIN if action in READ_IN_AREA else reach if action in LED_IN_AREA else None


def paths(user: User, action: str) -> list[str]:
    """Where the posts lie that grant an action."""
    return [post.path for post, _ in _posts(user, action)]


def may(user: User, action: str, thing: Any = None) -> bool:
    """Whether some post of the user grants the action, on this thing if one is given."""
    return any(thing is None or reach.holds(thing, post) for post, reach in _posts(user, action))


def post_for(user: User, action: str, thing: Any) -> Held:
    """The post by which a user may do this to a thing; 403 where there is none."""
    for post, reach in _posts(user, action):
        if reach.holds(thing, post):
            return post
    raise NotAllowed()


def home(user: User, action: str) -> int | None:
    """The unit of the first post that grants an action: what a form for a new record begins with."""
    return next((post.unit_id for post, _ in _posts(user, action)), None)


def demand(user: User, action: str, thing: Any = None) -> None:
    """403 unless `may`."""
    if not may(user, action, thing):
        raise NotAllowed()


def visible(model: type[Base], user: User, action: str = "") -> ColumnElement[bool]:
    """SQL: the rows of a register this user may see (or do `action` to). No post, no row."""
    word = register_of(model).word
    posts = _posts(user, action or f"{word}.see")
    return or_(false(), *(reach.sql(model, post) for post, reach in posts))


def narrowing(user: User, action: str) -> frozenset[str] | None:
    """Words of the search of which everything within a user's reach has one; None where none are known."""
    found: frozenset[str] | None = frozenset()
    for post, reach in _posts(user, action):
        found = both(found, reach.narrows(post))
    return found


def find(
    session: Session, user: User, model: type[Record], record_id: int | None, *, removed: bool = False
) -> Record:
    """The record with this id, if the user may open it; else 404. `removed` asks the recycle bin instead,

    where nobody follows anything.
    """
    if record_id is None or not 0 < record_id < 2**31:
        raise NotSeen()
    removed_at = column_of(model, "removed_at")
    where = removed_at.is_not(None) if removed else removed_at.is_(None)
    found = visible(model, user, f"{register_of(model).word}.{'see' if removed else 'open'}")
    query = select(model).where(model.id == record_id, where, found)
    record = session.scalars(query).one_or_none()
    if record is None:
        raise NotSeen()
    return record


def lacking(post: Post) -> list[str]:
    """The links that a post must have for its role to reach anything, and has not."""
    needed = {grants[post.role].needs for grants in GRANTS.values() if post.role in grants} - {""}
    return sorted(name for name in needed if getattr(post, name) is None)


def registers_for(user: User) -> list[str]:
    """The words of the registers this user may open, in the menu's order."""
    return [each.word for each in in_menu_order() if may(user, f"{each.word}.see")]
