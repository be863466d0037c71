"""Links within scope: what a person may choose for a link, and what they may read of a chosen record."""

from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.fields import Field
from admin_app.models.registry import Register, register_of
from admin_app.models.users import User

LARGEST_ID = 2**31 - 1


def chosen(session: Session, actor: User, register: Register, field: Field, record_id: int) -> Any:
    """The record, if the actor may choose it for this link; else None.

    The row is kept from being removed until the end of the transaction; SQLite writes one by one anyway.
    """
    return _offered(session, actor, register, field, record_id, lock=True)


def title(session: Session, actor: User, register: Register, field: Field, record_id: int) -> str:
    """What the reader sees of a record whose id came from a request; "" where they may not see it."""
    record = _offered(session, actor, register, field, record_id)
    return "" if record is None else str(record)


def _offered(
    session: Session, actor: User, register: Register, field: Field, record_id: int, *, lock: bool = False
) -> Any:
    target: Any = field.target
    if not 0 < record_id <= LARGEST_ID:
        return None
    query = select(target).where(
        target.id == record_id, target.removed_at.is_(None), choices(actor, register, field)
    )
    return session.scalar(query.with_for_update(read=True) if lock else query)


def choices(actor: User, register: Register, field: Field) -> Any:
    """SQL: the records a link offers to this person: where they may create, or what they may see."""
    target: Any = field.target
    return or_(*(policy.visible(target, actor, each) for each in actions(register, field)))


def actions(register: Register, field: Field) -> tuple[str, ...]:
    """Any of these lets a person choose a record for a link."""
    if field.say.places:
        return (f"{register.word}.create",)
    target: Any = field.target
    word = register_of(target).word
    return f"{word}.see", f"{word}.choose"
