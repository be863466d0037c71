"""Taking back one change of the history, if nobody has changed the same facts since."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.history import Entry
from admin_app.models.registry import Parts, Register, register_of
from admin_app.models.users import User
from admin_app.models.wording import from_raw
from admin_app.operations.given import Given, Line
from admin_app.operations.records import edit
from admin_app.rules.dates import local
from admin_app.rules.refusals import NotNow, NotSeen


def revert(session: Session, actor: User, record: Any, entry: Entry) -> None:
    """Take back one change of the history, if nobody has changed the same facts since."""
    register, words = register_of(type(record)), _words(entry)
    policy.demand(actor, f"{register.word}.edit", record)
    if (entry.register, entry.record_id) != (register.word, record.id):
        raise NotSeen()
    if entry.action not in (history.Action.EDIT, history.Action.REVERT):
        raise NotNow("这一条不是修改，不能改回。")
    _refuse_twice(session, record, register, words)
    take_back(session, actor, record, entry)


def take_back(session: Session, actor: User, record: Any, entry: Entry) -> None:
    """The same by somebody who knows already that it may be, and that nobody has done it yet."""
    given = before(register_of(type(record)), record, entry)
    edit(session, actor, record, given, version=record.version)
    history.note(session, history.Action.REVERT, record=record, words=_words(entry))


def _words(entry: Entry) -> str:
    return f"改回 {local(entry.at):%Y-%m-%d %H:%M} {entry.actor_name}的修改（第 {entry.place} 号）"


def _refuse_twice(session: Session, record: Any, register: Register, words: str) -> None:
    """A line taken out and put back is a new line: nothing but the history tells that it is back."""
    same = select(Entry.id).where(
        Entry.register == register.word,
        Entry.record_id == record.id,
        Entry.action == history.Action.REVERT,
        Entry.note == words,
    )
    if session.scalar(same.limit(1)) is not None:
        raise NotNow("这一条已经改回过了。")


def before(register: Register, record: Any, entry: Entry) -> Given:
    """The record's facts with one entry's changes undone; NotNow where they have been changed again."""
    given = Given(recalled=True)
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
            _undo_line(_part(register, part), lines, change)
    given.lines = {
        name: rows
        for name, rows in lines.items()
        if any(c.get("part") == name for c in entry.changes["fields"])
    }
    for rows in given.lines.values():
        rows[:] = [row for row in rows if _filled(row)]
    return given


def may_be_undone(register: Register, entry: Entry) -> bool:
    """Whether taking this line of the history back makes sense: what is added line by line stays."""
    edited = {part.name for part in register.part_lists()} | {None}
    changes = entry.changes["fields"]
    undoable = entry.action in (history.Action.EDIT, history.Action.REVERT)
    return undoable and bool(changes) and all(change.get("part") in edited for change in changes)


def _part(register: Register, name: str) -> Parts:
    for part in register.part_lists():
        if part.name == name:
            return part
    raise NotNow("这是逐条登记的内容，不能改回。")


def lines_before(register: Register, record: Any, entries: Iterable[Entry]) -> dict[str, list[Line]]:
    """The record's lines as they stood before these entries of its history, newest first."""
    lines = _lines_now(register, record)
    parts = {part.name: part for part in register.part_lists()}
    for entry in entries:
        for change in entry.changes["fields"]:
            if change.get("part") in parts:
                _undo_line(parts[change["part"]], lines, change)
    return {name: [row for row in rows if _filled(row)] for name, rows in lines.items()}


def _filled(row: Line) -> bool:
    """A line whose every value is undone was not there before."""
    return any(value is not None for value in row.values.values())


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
