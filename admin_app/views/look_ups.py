"""What a remote search select offers: scoped like the list, capped, found by two characters or pinyin."""

from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, selectinload

from admin_app import policy
from admin_app.models.cases import Case
from admin_app.models.fields import Field
from admin_app.models.registry import Register, register_of
from admin_app.models.search import SEARCHED
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.links import actions, choices
from admin_app.operations.search import matches
from admin_app.rules.refusals import NotSeen
from admin_app.rules.search import asked
from admin_app.views.typed import clean

MOST = 20
LONGEST_TYPED = 50


def offered(session: Session, user: User, register: Register, name: str, typed: str) -> dict[str, Any]:
    """For a form. `name` is a link of the register, or `part.link` of one of its parts; else 404."""
    field = _link(register, name)
    target: Any = field.target
    which = _asked(session, user, target, typed, *actions(register, field))
    return _found(session, target, choices(user, register, field), which)


def seen(session: Session, user: User, register: Register, name: str, typed: str) -> dict[str, Any]:
    """For a query bar: a list may be narrowed to anything the person sees."""
    target: Any = _link(register, name).target
    which = _asked(session, user, target, typed, f"{register_of(target).word}.see")
    return _found(session, target, policy.visible(target, user), which)


def units(session: Session, user: User, scope: ColumnElement[bool], typed: str) -> dict[str, Any]:
    """The units within a scope."""
    return _found(session, Unit, scope, _asked(session, user, Unit, typed))


def _found(
    session: Session, model: Any, scope: ColumnElement[bool], which: ColumnElement[bool]
) -> dict[str, Any]:
    """{items: [{id, label, hint}], more}: at most `MOST` live records of a model within a scope."""
    query = select(model).where(scope, model.removed_at.is_(None), which).order_by(model.id).limit(MOST + 1)
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


def _asked(session: Session, user: User, model: Any, typed: str, *actions: str) -> ColumnElement[bool]:
    """SQL: the record is what was typed for; all are, while too little is typed to tell."""
    register, groups = register_of(model), asked(clean(typed, LONGEST_TYPED))
    if not groups or register.word not in SEARCHED:
        return true()
    found: ColumnElement[bool] = matches(session, user, register, groups, actions)
    return found


def _hint(row: Any) -> str:
    """What tells two of the same name apart."""
    if isinstance(row, Unit):
        return f"{row.parent or ''} {row.code}".strip()
    if isinstance(row, Case):
        return row.names
    return str(row.unit) if getattr(row, "unit", None) is not None else getattr(row, "code", "")
