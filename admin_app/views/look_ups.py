"""What a remote search select offers: scoped like the list, capped, found by two characters or pinyin."""

from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session, selectinload

from admin_app import policy
from admin_app.models.base import Named
from admin_app.models.cases import Case
from admin_app.models.fields import Field
from admin_app.models.registry import Register
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.links import choices
from admin_app.rules.refusals import NotSeen
from admin_app.views.typed import clean

MOST = 20
LONGEST_TYPED = 50


def offered(session: Session, user: User, register: Register, name: str, typed: str) -> dict[str, Any]:
    """For a form. `name` is a link of the register, or `part.link` of one of its parts; else 404."""
    field = _link(register, name)
    return found(session, field.target, choices(user, register, field), typed)


def seen(session: Session, user: User, register: Register, name: str, typed: str) -> dict[str, Any]:
    """For a query bar: a list may be narrowed to anything the person sees."""
    target: Any = _link(register, name).target
    return found(session, target, policy.visible(target, user), typed)


def found(session: Session, model: Any, scope: ColumnElement[bool], typed: str) -> dict[str, Any]:
    """{items: [{id, label, hint}], more}: at most `MOST` live records of a model within a scope."""
    query = (
        select(model)
        .where(scope, model.removed_at.is_(None), _matches(model, clean(typed, LONGEST_TYPED).lower()))
        .order_by(model.id)
        .limit(MOST + 1)
    )
    if hasattr(model, "unit"):
        query = query.options(selectinload(model.unit))
    if model is Unit:
        query = query.options(selectinload(Unit.parent))
    rows = session.scalars(query).all()
    return {
        "items": [{"id": row.id, "label": str(row), "hint": _hint(row)} for row in rows[:MOST]],
        "more": len(rows) > MOST,
    }


def _link(register: Register, name: str) -> Field:
    part_name, _, field_name = name.rpartition(".")
    fields = register.fields
    if part_name:
        fields = next((part.fields for part in register.all_lists() if part.name == part_name), ())
    for each in fields:
        if each.name == field_name and each.kind == "link":
            return each
    raise NotSeen("没有这个选择框。")


def _matches(model: Any, typed: str) -> ColumnElement[bool]:
    if not typed:
        return true()
    if issubclass(model, Named):
        return or_(
            model.name.contains(typed, autoescape=True), model.spelling.contains(typed, autoescape=True)
        )
    if model is Case:
        return or_(
            model.number.contains(typed, autoescape=True), model.names.contains(typed, autoescape=True)
        )
    return true()


def _hint(row: Any) -> str:
    """What tells two of the same name apart."""
    if isinstance(row, Unit):
        return f"{row.parent or ''} {row.code}".strip()
    if isinstance(row, Case):
        return row.names
    return str(row.unit) if getattr(row, "unit", None) is not None else getattr(row, "code", "")
