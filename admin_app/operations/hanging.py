"""What hangs on what: a record that others need is not removed, and none is restored without its root."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, exists, false, or_, select
from sqlalchemy.orm import Session

from admin_app.models.base import Base
from admin_app.models.registry import REGISTERS, Register, column_of
from admin_app.models.units import Unit
from admin_app.rules.refusals import NotNow


def refuse_needed(session: Session, record: Base) -> None:
    """409 while live records of a register, or their lines, point at this one."""
    for other in REGISTERS.values():
        if session.scalar(
            select(exists().where(or_(*_pointers(other, record)), other.model.removed_at.is_(None)))
        ):
            raise NotNow(f"还有{other.noun}登记在“{record}”名下，请先处理它们再删除。")


def _pointers(other: Register, record: Base) -> Iterator[ColumnElement[bool]]:
    """SQL: the ways in which a record of the other register hangs on this one; none gives false."""
    yield false()
    if isinstance(record, Unit) and hasattr(other.model, "under") and other.model is not Unit:
        yield other.model.under(record.path)
    for each in other.fields:
        if each.target is type(record):
            yield getattr(other.model, each.name) == record.id
    for part in other.all_lists():
        for each in part.fields:
            if each.target is type(record):
                yield getattr(other.model, part.name).any(column_of(part.model, each.name) == record.id)


def refuse_rootless(session: Session, register: Register, record: Any) -> None:
    """409 while what the record hangs on is in the recycle bin itself."""
    holders = [(record, register.fields)]
    holders += [(line, part.fields) for part in register.all_lists() for line in getattr(record, part.name)]
    for holder, fields in holders:
        for each in fields:
            root: Any = each.target and session.get(each.target, getattr(holder, each.name) or 0)
            if root is not None and root.removed_at is not None:
                raise NotNow(f"{each.label}“{root}”还在回收站里，请先恢复它。")
