"""Taking back one change of the history, if nobody has changed the same facts since."""

from typing import Any

from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.history import Entry
from admin_app.models.registry import Parts, Register, register_of
from admin_app.models.users import User
from admin_app.models.wording import from_raw
from admin_app.operations.given import Given, Line
from admin_app.operations.records import edit
from admin_app.rules.refusals import NotNow, NotSeen


def revert(session: Session, actor: User, record: Any, entry: Entry) -> None:
    """Take back one change of the history, if nobody has changed the same facts since."""
    register = register_of(type(record))
    policy.demand(actor, f"{register.word}.edit", record)
    if (entry.register, entry.record_id) != (register.word, record.id):
        raise NotSeen()
    if entry.action not in (history.Action.EDIT, history.Action.REVERT):
        raise NotNow("这一条不是修改，不能改回。")
    given = before(register, record, entry)
    edit(session, actor, record, given, version=record.version)
    history.note(
        session, history.Action.REVERT, record=record, words=f"改回第 {entry.place} 号记录之前的内容"
    )


def before(register: Register, record: Any, entry: Entry) -> Given:
    """The record's facts with one entry's changes undone; NotNow where they have been changed again."""
    given = Given()
    own = {each.name: each for each in register.fields}
    lines = _lines_now(register, record)
    for change in entry.changes["fields"]:
        part = change.get("part")
        if part is None and change["field"] in own:
            each = own[change["field"]]
            if history.raw(getattr(record, each.name)) != change["new"]:
                raise NotNow(f"“{each.label}”之后又改过，不能直接改回，请手工修改。")
            if each.say.form != "never":
                given.values[each.name] = from_raw(each, change["old"])
        elif part is not None:
            _undo_line(next(p for p in register.part_lists() if p.name == part), lines, change)
    given.lines = {
        name: rows
        for name, rows in lines.items()
        if any(c.get("part") == name for c in entry.changes["fields"])
    }
    for rows in given.lines.values():
        rows[:] = [row for row in rows if any(value is not None for value in row.values.values())]
    return given


def _undo_line(part: Parts, lines: dict[str, list[Line]], change: dict[str, Any]) -> None:
    each = next(f for f in part.fields if f.name == change["field"])
    row = next((row for row in lines[part.name] if row.id == change["line"]), None)
    if row is None:
        if change["new"] is not None:
            raise NotNow(f"“{part.label}”之后又改过，不能直接改回，请手工修改。")
        row = Line(change["line"], {})
        lines[part.name].append(row)
    elif change["new"] is not None and history.raw(row.values.get(each.name)) != change["new"]:
        raise NotNow(f"“{part.label} {change['name']}”之后又改过，不能直接改回，请手工修改。")
    row.values[each.name] = from_raw(each, change["old"])


def _lines_now(register: Register, record: Any) -> dict[str, list[Line]]:
    return {
        part.name: [
            Line(line.id, {each.name: getattr(line, each.name) for each in part.fields})
            for line in getattr(record, part.name)
        ]
        for part in register.part_lists()
    }
