"""Notices 通知: whom to tell, telling them once, and reading."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, exists, func, select, update
from sqlalchemy.orm import Session

from admin_app.models.cases import CaseMediator
from admin_app.models.notices import Notice
from admin_app.models.registry import register_of
from admin_app.models.users import Post, Role, User
from admin_app.rules.dates import now
from admin_app.rules.notices import NoticeKind
from admin_app.rules.refusals import NotSeen

MOST_COUNTED = 99  # the bell says 99+ beyond


def tell(
    session: Session,
    users: Iterable[User],
    words: str,
    record: Any = None,
    *,
    key: str = "",
    kind: NoticeKind = NoticeKind.INFO,
) -> int:
    """A sentence for each of these users, and how many were told. With a key nobody is told it twice."""
    ids = {user.id for user in users}
    if key:
        known = select(Notice.user_id).where(Notice.key == key, Notice.user_id.in_(ids))
        ids -= set(session.scalars(known))
    word, record_id = (register_of(type(record)).word, record.id) if record is not None else ("", None)
    session.add_all(
        Notice(
            user_id=each,
            at=now(),
            kind=kind,
            words=words[:300],
            word=word,
            record_id=record_id,
            key=key or None,
        )
        for each in sorted(ids)
    )
    session.flush()
    return len(ids)


def people_at(session: Session, unit_id: int | None, roles: Iterable[Role]) -> list[User]:
    """Who has such a post at this very unit; not those above it, nor below."""
    if unit_id is None:  # what is above the topmost unit
        return []
    return _people(session, Post.unit_id == unit_id, Post.role.in_(list(roles)))


def people_of(session: Session, committee_id: int | None, roles: Iterable[Role]) -> list[User]:
    """Who has such a post in this committee."""
    if committee_id is None:  # a post whose committee nobody has filled in is not of no committee
        return []
    return _people(session, Post.committee_id == committee_id, Post.role.in_(list(roles)))


def handlers(session: Session, case_id: int | None) -> list[User]:
    """The mediators to whom a case is assigned, in so far as they can sign in."""
    assigned = select(CaseMediator.mediator_id).where(CaseMediator.case_id == case_id)
    return _people(session, Post.mediator_id.in_(assigned))


def of_mediator(session: Session, mediator_id: int | None) -> list[User]:
    """A mediator in person, in so far as they can sign in."""
    return _people(session, Post.mediator_id == mediator_id) if mediator_id is not None else []


def _people(session: Session, *where: ColumnElement[bool]) -> list[User]:
    has_post = exists().where(Post.user_id == User.id, *where)
    live = select(User).where(has_post, User.active, User.removed_at.is_(None))
    return list(session.scalars(live.order_by(User.id)))


def unread(session: Session, user: User) -> int:
    """How many notices wait for this user, counted to just beyond what the bell shows."""
    waiting = select(Notice.id).where(Notice.user_id == user.id, Notice.read_at.is_(None))
    return session.scalar(select(func.count()).select_from(waiting.limit(MOST_COUNTED + 1).subquery())) or 0


def find(session: Session, user: User, notice_id: int) -> Notice:
    """One of the user's own notices; those of others do not exist for them."""
    query = select(Notice).where(Notice.id == notice_id, Notice.user_id == user.id)
    notice = session.scalars(query).one_or_none() if 0 < notice_id < 2**31 else None
    if notice is None:
        raise NotSeen("没有找到这条通知。")
    return notice


def read(session: Session, user: User, notice: Notice | None = None) -> None:
    """A notice of the user is read; without one given, all that wait."""
    mine = update(Notice).where(Notice.user_id == user.id, Notice.read_at.is_(None))
    session.execute((mine.where(Notice.id == notice.id) if notice else mine).values(read_at=now()))
