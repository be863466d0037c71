"""Lines of the history in words: who, when, what was changed from what to what; sensitive values masked."""

from datetime import date
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.history import Action
from admin_app.models.fields import Field
from admin_app.models.history import Entry
from admin_app.models.registry import REGISTERS, day_of
from admin_app.models.wording import wording
from admin_app.operations.reverts import may_be_undone
from admin_app.rules.dates import local

MOST = 200


def of_record(session: Session, word: str, record_id: int) -> list[Entry]:
    """The newest lines of one record."""
    query = select(Entry).where(Entry.register == word, Entry.record_id == record_id)
    return list(session.scalars(query.order_by(Entry.id.desc()).limit(MOST)))


def shown(session: Session, entry: Entry, *, revert: bool = False) -> dict[str, Any]:
    """One line for the page."""
    register = REGISTERS.get(entry.register)
    may_revert = revert and register is not None and may_be_undone(register, entry)
    return {
        "when": f"{local(entry.at):%Y-%m-%d %H:%M}",
        "who": entry.actor_name,
        "action": Action(entry.action).label,
        "register_label": register.noun if register else "",
        "title": entry.title,
        "changes": [_change(session, entry, each) for each in entry.changes.get("fields", [])],
        "revert_url": url_for(f"{entry.register}.revert", record_id=entry.record_id, entry_id=entry.id)
        if may_revert
        else None,
        "note": entry.note,
    }


def _change(session: Session, entry: Entry, change: dict[str, Any]) -> dict[str, str]:
    field, label = _field(entry, change)
    if field is None:
        return {"label": label, "old": str(change["old"] or ""), "new": str(change["new"] or "")}
    day = _day(session, entry) if field.say.codes else None
    old, new = (wording(session, field, change[end], masked=True, on=day) for end in ("old", "new"))
    return {"label": label, "old": old, "new": new}


def _day(session: Session, entry: Entry) -> date | None:
    """The record's own day: its codes read in the history as they read on its page."""
    register = REGISTERS[entry.register]
    record = session.get(register.model, entry.record_id) if register.model.dated else None
    return day_of(record) if record is not None else None


def _field(entry: Entry, change: dict[str, Any]) -> tuple[Field | None, str]:
    """The declared field of a change and its label; a field that is no longer declared keeps its name."""
    register = REGISTERS.get(entry.register)
    fields, before = (register.fields if register else ()), ""
    if register and change.get("part"):
        part = next((each for each in register.all_lists() if each.name == change["part"]), None)
        fields, before = (part.fields, f"{part.label} {change['name']} · ") if part else ((), "")
    field = next((each for each in fields if each.name == change["field"]), None)
    return field, before + (field.label if field else change["field"])
