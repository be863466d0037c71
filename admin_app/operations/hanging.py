"""What hangs on what: a record that others need is not removed, and none is restored without its root."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from admin_app.models.base import Base
from admin_app.models.registry import Register, column_of, in_menu_order, register_of
from admin_app.models.units import Unit
from admin_app.rules.refusals import NotNow


def refuse_needed(session: Session, record: Base) -> None:
    """409 while live records of a register, or their lines, point at this one."""
    other = _needing(session, [record])
    if other is not None:
        raise NotNow(f"还有{other.noun}登记在“{record}”名下，请先处理它们再删除。")


def needed(session: Session, records: Sequence[Base]) -> list[Base]:
    """Those of many records of one kind on which something hangs: asked of all at once while nothing does."""
    if not records or _needing(session, records) is None:
        return []
    if len(records) == 1:
        return list(records)
    middle = len(records) // 2
    return needed(session, records[:middle]) + needed(session, records[middle:])


def _needing(session: Session, records: Sequence[Base]) -> Register | None:
    """A register of which live records, or their lines, point at one of these."""
    for other in (each for each in in_menu_order() if each.keeps):
        pointers = list(_pointers(other, records))
        if pointers and session.scalar(
            select(exists().where(or_(*pointers), other.model.removed_at.is_(None)))
        ):
            return other
    return None


def _pointers(other: Register, records: Sequence[Base]) -> Iterator[ColumnElement[bool]]:
    """SQL: the ways in which a record of the other register hangs on one of these."""
    kind, ids = type(records[0]), [each.id for each in records]
    if hasattr(other.model, "under") and other.model is not Unit:
        yield from (other.model.under(each.path) for each in records if isinstance(each, Unit))
    for each in other.fields:
        if each.target is kind:
            yield getattr(other.model, each.name).in_(ids)
    if hasattr(other.model, "about_id"):  # what is asked after stays while somebody is to answer for it
        asked = other.model.about == register_of(kind).word
        yield and_(asked, other.model.about_id.in_(ids), other.model.unclosed())
    for part in other.all_lists():
        for each in part.fields:
            if each.target is kind:
                yield getattr(other.model, part.name).any(column_of(part.model, each.name).in_(ids))


def refuse_rootless(session: Session, register: Register, record: Any) -> None:
    """409 while what the record hangs on is in the recycle bin itself."""
    holders = [(record, register.fields)]
    holders += [(line, part.fields) for part in register.all_lists() for line in getattr(record, part.name)]
    for holder, fields in holders:
        for each in fields:
            root: Any = each.target and session.get(each.target, getattr(holder, each.name) or 0)
            if root is not None and root.removed_at is not None:
                raise NotNow(f"{each.label}“{root}”还在回收站里，请先恢复它。")
