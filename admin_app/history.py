"""The history: what changed, by whom, written in the transaction of the change and chained.

Changes are gathered at each flush and written just before the commit. Each line's digest is an HMAC over
the line and the digest before it, so nobody who holds the database alone can alter or take out a line
unnoticed. Bulk UPDATE and DELETE on registers would pass unseen, so they are refused.
"""

import hmac
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import event, func, inspect, select, text
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction

from admin_app.models.base import Base, Kept, Part
from admin_app.models.fields import fields_of
from admin_app.models.history import Entry
from admin_app.models.registry import owner_of, register_of
from admin_app.models.rows import Written, put
from admin_app.models.users import User
from admin_app.rules.choices import Choice
from admin_app.rules.dates import now


class Action(Choice):
    """What a line of the history tells."""

    CREATE = "create", "登记"
    EDIT = "edit", "修改"
    REMOVE = "remove", "删除"
    RESTORE = "restore", "恢复"
    REVERT = "revert", "改回"
    STEP = "step", "办理"
    UNMASK = "unmask", "查看完整信息"
    EXPORT = "export", "下载台账"
    PAPER = "paper", "出具文书"
    ATTACH = "attach", "上传附件"
    ATTEND = "attend", "签到"
    DOWNLOAD = "download", "下载附件"
    RESULT = "result", "下载任务结果"
    MEND = "mend", "更正一条"
    TAKE_OUT = "take_out", "移去一条"
    SIGN_IN = "sign_in", "登录"
    SIGN_OUT = "sign_out", "退出"
    REFUSED = "refused", "登录失败"
    PASSWORD = "password", "修改密码"
    COMMAND = "command", "执行命令"
    IMPORT = "import", "导入"
    UNDO = "undo", "撤销导入"


@dataclass
class _Draft:
    """A line on its way, before ids are known."""

    action: Action
    record: Any = None
    changes: list[dict[str, Any]] = field(default_factory=list)
    note: str = ""
    title: str = ""


GENESIS = "0" * 64
_LOCK = 330700  # any fixed number: writers of the chain queue behind it on PostgreSQL
_WATCHED = (Kept, Part)
_SEALED = json.JSONEncoder(ensure_ascii=False, sort_keys=True, check_circular=False)


def act_as(session: Session, user: User | None) -> None:
    """From now on the session's changes are this user's; None is the system."""
    session.info["actor"] = (user.id, user.name) if user else (None, "系统")


def note(session: Session, action: Action, *, record: Any = None, title: str = "", words: str = "") -> None:
    """A line that no change of a field tells: a download, a sign-in, a step, an unmasking."""
    _drafts(session).append(_Draft(action, record, note=words, title=title))


def _drafts(session: Session) -> list[_Draft]:
    drafts: list[_Draft] = session.info.setdefault("history", [])
    return drafts


def raw(value: Any) -> Any:
    """A value as JSON keeps it."""
    if value is None or type(value) in (str, int):
        return value
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # 88.5 typed and 88.50 read back are one value
    return value.value if isinstance(value, Choice) else value


@event.listens_for(Session, "before_flush")
def _gather(session: Session, context: UOWTransaction, instances: Any) -> None:
    gather(session, (*session.new, *session.dirty, *session.deleted))


def gather(session: Session, things: Iterable[Any]) -> None:
    """Note what has changed of some things; who writes them by another way than the session calls it."""
    drafts, deleted = _drafts(session), session.deleted
    for thing in things:
        if not isinstance(thing, _WATCHED):
            continue
        draft = _drafted(thing, gone=bool(deleted) and thing in deleted)
        if draft is not None:
            drafts.append(draft)


def gather_new(session: Session, model: type[Base], things: Iterable[Any]) -> None:
    """The same of new things of one kind: nothing was there before, so that every value is told."""
    if not issubclass(model, _WATCHED):
        return
    part, drafts = issubclass(model, Part), _drafts(session)
    for thing in things:
        record, where = (owner_of(thing), {"part": _part_name(thing), "line": thing}) if part else (thing, {})
        changes = [{**each, **where} for each in _begun(model, thing)] if part else _begun(model, thing)
        drafts.append(_Draft(Action.EDIT if part else Action.CREATE, record, changes))


def _begun(model: type[Base], thing: Any) -> list[dict[str, Any]]:
    """What a thing is told of that was never written."""
    held = vars(thing)
    return [
        {"field": name, "old": None, "new": raw(new)}
        for name in _told(model)
        if (new := held.get(name)) is not None
    ]


def _drafted(thing: Any, *, gone: bool) -> _Draft | None:
    """What has become of one thing; None where nothing is to be told."""
    part = isinstance(thing, Part)
    record = owner_of(thing) if part else thing
    # A line cut off from its record is deleted by this flush, though the session has not marked it yet.
    cut_off = record is None
    changes = list(_changes(thing, gone=cut_off or gone))
    action = Action.EDIT if part else _action(thing)
    if not changes and action is Action.EDIT:
        return None
    if cut_off:
        record = _former_owner(thing)
    return None if record is None else _Draft(action, record, changes)


def _action(thing: Any) -> Action:
    if inspect(thing).key is None:  # never written
        return Action.CREATE
    if isinstance(thing, Kept):
        removed = inspect(thing).attrs.removed_at.history
        if removed.has_changes():
            return Action.REMOVE if thing.removed_at else Action.RESTORE
    return Action.EDIT


def _former_owner(line: Part) -> Any:
    return next(iter(inspect(line).attrs[line.owner].history.deleted or ()), None)


def _changes(thing: Any, *, gone: bool) -> Iterator[dict[str, Any]]:
    """Each declared field whose value changed; a line's changes name the line."""
    state = inspect(thing)
    kind: type[Base] = type(thing)
    where = {"part": _part_name(thing), "line": thing} if isinstance(thing, Part) else {}
    if state.key is None and not gone:  # never written: nothing was there before
        yield from ({**each, **where} for each in _begun(kind, thing))
        return
    same = frozenset() if gone else state.unmodified
    for name in _told(kind):
        if name in same:
            continue
        attribute = state.attrs[name].history
        old = attribute.deleted[0] if attribute.deleted else None
        new = None if gone else getattr(thing, name)
        if gone:
            old = getattr(thing, name)
        elif not attribute.has_changes():
            continue
        if raw(old) != raw(new):
            yield {"field": name, "old": raw(old), "new": raw(new), **where}


@cache
def _told(model: type[Base]) -> tuple[str, ...]:
    """The fields whose changes the history tells."""
    return tuple(each.name for each in fields_of(model) if not each.say.quiet)


def _part_name(line: Any) -> str:
    kind: type[Base] = type(line)
    return _list_of(kind)


@cache
def _list_of(model: type[Base]) -> str:
    """The list of its record in which a line stands."""
    owner = getattr(model, model.owner).property.mapper.class_  # type: ignore[attr-defined]
    return next(p.name for p in register_of(owner).all_lists() if p.model is model)


@event.listens_for(Session, "before_commit")
def write(session: Session) -> None:
    """Write what was gathered. Long work calls it for each of its parts, so that none need be remembered;

    each record then stands in one part alone.
    """
    session.flush()
    drafts = _merge(session.info.pop("history", []))
    if not drafts:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    (place, digest), at = last(session), now()
    lines: list[dict[str, Any]] = []
    for draft in drafts:
        place += 1
        line = _line(session, draft, place, at)
        digest = line["digest"] = seal(session, digest, line)
        lines.append(line)
    put(session, Entry, lines)


def _merge(drafts: list[_Draft]) -> list[_Draft]:
    """One line per record and transaction; a verb's own word (step, revert) stands over a bare edit."""
    merged: list[_Draft] = []
    by_record: dict[int, _Draft] = {}
    for draft in drafts:
        known = by_record.get(id(draft.record)) if draft.record is not None else None
        if known is None:
            merged.append(draft)
            by_record[id(draft.record)] = draft
            continue
        known.changes += draft.changes
        known.note = known.note or draft.note
        if draft.action is not Action.EDIT:
            known.action = draft.action
    return merged


def _line(session: Session, draft: _Draft, place: int, at: datetime) -> dict[str, Any]:
    record = draft.record
    actor_id, actor_name = session.info.get("actor", (None, "系统"))
    word = register_of(type(record)).word if isinstance(record, Base) else ""
    lines = {id(each["line"]): each["line"] for each in draft.changes if "line" in each}
    named = {key: {"line": line.id, "name": str(line)} for key, line in lines.items()}
    changes = [{**each, **named[id(each["line"])]} if "line" in each else each for each in draft.changes]
    return {
        "place": place,
        "at": at,
        "actor_id": actor_id,
        "actor_name": actor_name,
        "action": draft.action.value,
        "register": word,
        "record_id": record.id if word else None,
        "title": (draft.title or (str(record) if word else ""))[:300],
        "path": getattr(record, "path", "") or "",
        "changes": Written(told := {"fields": changes}, _SEALED.encode(told)),
        "note": draft.note,
    }


def seal(session: Session, before: str, line: dict[str, Any]) -> str:
    """The digest of a line that follows the line with digest `before`."""
    changes = line["changes"]
    content = {**line, "at": line["at"].isoformat(), "changes": None}
    content.pop("digest", None)
    # Within a text the quotes would be escaped, so this stands for the changes and nothing else.
    told = changes.text if isinstance(changes, Written) else _SEALED.encode(changes)
    message = before + _SEALED.encode(content).replace('"changes": null', f'"changes": {told}', 1)
    return hmac.digest(session.info["seal"], message.encode(), "sha256").hex()


def verify(session: Session) -> tuple[int, int | None]:
    """Walk the chain: how many lines stand, and the place of the first that was altered or is missing."""
    digest, place = GENESIS, 0
    for entry in session.scalars(select(Entry).order_by(Entry.place).execution_options(yield_per=1000)):
        place += 1
        if entry.place != place or not _follows(session, digest, entry):
            return place - 1, place
        digest = entry.digest
    return place, None


def stands(session: Session, entry: Entry) -> bool:
    """Whether a line is as it was written, in its place: it, the one before and the one after are sealed

    each onto the last. Four lines are read, however long the chain; that nobody has cut off its end, or
    written it all anew with the key, only `verify` and a number noted elsewhere can tell.
    """
    begins = max(entry.place - 2, 0)
    query = select(Entry).where(Entry.place.between(begins, entry.place + 1))
    lines = {each.place: each for each in session.scalars(query)}
    digest = lines[begins].digest if begins in lines else GENESIS
    for place in range(begins + 1, entry.place + 2):
        if place not in lines:
            return last(session)[0] == entry.place == place - 1
        if not _follows(session, digest, lines[place]):
            return False
        digest = lines[place].digest
    return True


def _follows(session: Session, before: str, entry: Entry) -> bool:
    """Whether a line bears the digest that it must have behind the line with digest `before`."""
    line = {
        name: getattr(entry, name)
        for name in Entry.__table__.columns.keys()  # noqa: SIM118  (a column collection, not a dict)
        if name not in ("id", "digest")
    }
    return hmac.compare_digest(entry.digest, seal(session, before, line))


def last(session: Session) -> tuple[int, str]:
    """Number and digest of the newest line. Whoever keeps them elsewhere notices lines cut off the end."""
    row = session.execute(select(Entry.place, Entry.digest).order_by(Entry.place.desc()).limit(1)).first()
    return (row.place, row.digest) if row else (0, GENESIS)


def count(session: Session) -> int:
    """How many lines the history has."""
    return session.scalar(select(func.count()).select_from(Entry)) or 0


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("history", None)


@event.listens_for(Session, "do_orm_execute")
def _refuse_bulk(state: ORMExecuteState) -> None:
    """A bulk write would change records without a line in the history."""
    if not (state.is_update or state.is_delete):
        return
    watched = {each.local_table for each in Base.registry.mappers if issubclass(each.class_, _WATCHED)}
    table = getattr(state.statement, "table", None)
    if table in watched:
        raise RuntimeError(f"bulk write on {table} would pass the history by")
