"""What is done alike to the records of every register: create, edit, remove, restore, revert.

The order is always see, do, now, then the rules: 404, 403, 409, 422. Forms, imports and the command line
come through here, so a value that is refused in one place is refused in all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, exists, false, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from admin_app import history, policy
from admin_app.models.base import Base
from admin_app.models.fields import Field
from admin_app.models.history import Entry
from admin_app.models.registry import REGISTERS, Parts, Register, column_of, register_of
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.models.wording import from_raw
from admin_app.operations.checks import value_findings
from admin_app.operations.derived import derive
from admin_app.rules.dates import now
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused, Stale


@dataclass
class Line:
    """One line of a record as somebody gives it: the id of a line that exists, or None for a new one."""

    id: int | None
    values: dict[str, Any]


@dataclass
class Given:
    """What somebody gives for a record: values by field, and for each part given the whole of its lines."""

    values: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)


def create(session: Session, actor: User, register: Register, given: Given) -> Any:
    """A new record. It lives where its `places` link says, and the actor must be allowed to create there."""
    policy.demand(actor, f"{register.word}.create")
    record = register.model()
    with session.no_autoflush:
        findings = _take(session, actor, register, record, given, creating=True)
        _refuse(findings)
        findings += derive(session, record)
        _refuse(findings)
        policy.demand(actor, f"{register.word}.create", record)
        _refuse(findings + _rules(session, register, record))
    session.add(record)
    _flush(session)
    return record


def edit(session: Session, actor: User, record: Any, given: Given, *, version: int) -> None:
    """Changed facts of a record. `version` is the one the person saw; another means 409 and a comparison."""
    register = register_of(type(record))
    policy.demand(actor, f"{register.word}.edit", record)
    _refuse_locked(register, record)
    if version != record.version:
        raise Stale()
    with session.no_autoflush:
        findings = _take(session, actor, register, record, given, creating=False)
        _refuse(findings)
        findings += derive(session, record)
        _refuse(findings + _rules(session, register, record))
        if session.is_modified(record) or _lines_modified(session, register, record):
            record.changed_at = now()
    _flush(session)


def remove(session: Session, actor: User, record: Any) -> None:
    """Into the recycle bin; refused while other live records hang on it."""
    register = register_of(type(record))
    policy.demand(actor, f"{register.word}.remove", record)
    _refuse_locked(register, record)
    _refuse_needed(session, record)
    record.removed_at = now()
    _flush(session)


def restore(session: Session, actor: User, record: Any) -> None:
    """Out of the recycle bin, with all its lines."""
    register = register_of(type(record))
    policy.demand(actor, f"{register.word}.restore", record)
    _refuse_rootless(session, register, record)
    with session.no_autoflush:
        _refuse(_uniqueness(session, register, record))
    record.removed_at = None
    _flush(session)


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


def _take(
    session: Session, actor: User, register: Register, record: Any, given: Given, *, creating: bool
) -> list[Finding]:
    """Put the given values into the record, each checked; what is not a form field is left alone."""
    open_ = ("always", "create") if creating else ("always",)
    fields = [each for each in register.fields if each.say.form in open_]
    findings = _take_fields(session, actor, register, record, fields, given.values, creating=creating)
    for part in register.part_lists():
        if part.name in given.lines:
            findings += _take_lines(session, actor, register, record, part, given.lines[part.name])
    return findings


def _take_fields(
    session: Session,
    actor: User,
    register: Register,
    target: Any,
    fields: list[Field],
    values: dict[str, Any],
    *,
    creating: bool,
) -> list[Finding]:
    findings: list[Finding] = []
    for each in fields:
        if each.name not in values:
            if creating and each.required:
                findings.append(Finding(each.name, each.ask))
            continue
        value = values[each.name]
        if each.say.tidy and isinstance(value, str):
            value = each.say.tidy(value)
        unchanged = not creating and history.raw(value) == history.raw(getattr(target, each.name))
        if not unchanged:
            found = value_findings(session, actor, register, each, value)
            findings += found
            if not any(finding.grave for finding in found):
                setattr(target, each.name, value)
    return findings


def _take_lines(
    session: Session, actor: User, register: Register, record: Any, part: Parts, rows: list[Line]
) -> list[Finding]:
    """Match the given rows with the lines that exist; the rest are new, and lines not given are taken out."""
    lines = getattr(record, part.name)
    known = {line.id: line for line in lines}
    kept, findings = [], []
    for index, row in enumerate(rows):
        line = known.get(row.id) if row.id else None
        new = line is None
        line = part.model() if new else line
        found = _take_fields(session, actor, register, line, list(part.fields), row.values, creating=new)
        findings += [each.under(f"{part.name}-{index}") for each in found]
        kept.append(line)
    lines[:] = kept
    return findings


def _rules(session: Session, register: Register, record: Any) -> list[Finding]:
    return register.rules(record) + _uniqueness(session, register, record)


def _uniqueness(session: Session, register: Register, record: Any) -> list[Finding]:
    """A friendly word before the database's own constraint says the same."""
    if not register.unique:
        return []
    model = register.model
    same = [getattr(model, name) == getattr(record, name) for name in register.unique]
    query = select(func.count()).select_from(model).where(*same, model.removed_at.is_(None))
    if record.id:
        query = query.where(model.id != record.id)
    if not session.scalar(query):
        return []
    labels = "、".join(each.label for each in register.fields if each.name in register.unique)
    return [Finding(register.unique[0], f"已经有{labels}相同的{register.noun}，请核对")]


def warnings(session: Session, record: Any) -> list[str]:
    """What is not quite right with a record as it stands: shown on its page, never in the way."""
    register = register_of(type(record))
    found = [
        finding
        for each in register.fields
        for check in each.say.checks
        if (value := getattr(record, each.name)) is not None and (finding := check(value)) is not None
    ]
    return [each.sentence for each in (*found, *register.rules(record))]


def _refuse(findings: list[Finding]) -> None:
    grave = [each for each in findings if each.grave]
    if grave:
        raise RecordRefused(grave)


def _refuse_locked(register: Register, record: Any) -> None:
    sentence = register.locked(record)
    if sentence:
        raise NotNow(sentence)


def _refuse_needed(session: Session, record: Base) -> None:
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
    for part in other.part_lists():
        for each in part.fields:
            if each.target is type(record):
                yield getattr(other.model, part.name).any(column_of(part.model, each.name) == record.id)


def _refuse_rootless(session: Session, register: Register, record: Any) -> None:
    """409 while what the record hangs on is in the recycle bin itself."""
    for each in register.fields:
        root: Any = each.target and session.get(each.target, getattr(record, each.name) or 0)
        if root is not None and root.removed_at is not None:
            raise NotNow(f"{each.label}“{root}”还在回收站里，请先恢复它。")


def _lines_modified(session: Session, register: Register, record: Any) -> bool:
    lines = [line for part in register.part_lists() for line in getattr(record, part.name)]
    return any(session.is_modified(line) or line in session.new for line in lines)


def _flush(session: Session) -> None:
    with saved_once():
        session.flush()


@contextmanager
def saved_once() -> Iterator[None]:
    """The database's own word, in ours: a lost race is 409, a broken constraint 422."""
    try:
        yield
    except StaleDataError:
        raise Stale() from None
    except IntegrityError:
        raise RecordRefused(
            [Finding("", "已经有相同的记录，或者所选的记录刚被删除，请核对后再保存")]
        ) from None
