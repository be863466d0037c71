"""Of what a search finds: the record that is named by a whole number, and how many records there are."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.registry import Register, column_of
from admin_app.models.users import User
from admin_app.operations.search import Hits, hits
from admin_app.rules.numbers import ways_to_write
from admin_app.rules.search import Sought, asked


def numbered(session: Session, user: User, found: Hits, question: str) -> Any:
    """The record whose number is just what was asked for, whatever brackets were typed; None if none is."""
    register, typed = found.register, ways_to_write(question)
    names = [each.name for each in register.fields if each.say.sought is Sought.NUMBER]
    if not (names and typed):
        return None
    (name,) = names
    first = next((each for each in found.records if getattr(each, name) in typed), None)
    if first is not None or not found.more:
        return first
    model = register.model
    live, seen = column_of(model, "removed_at").is_(None), policy.visible(model, user)
    return session.scalar(select(model).where(column_of(model, name).in_(typed), live, seen).limit(1))


def count(session: Session, user: User, register: Register, question: str, most: int) -> int:
    """How many records of a register a person finds, counted up to `most`."""
    found = hits(session, user, register, asked(question)).limit(most).subquery()
    return session.scalar(select(func.count()).select_from(found)) or 0
