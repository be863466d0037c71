"""What is done alike to the records of every register: create, edit, remove, restore.

The order is always see, do, now, then the rules: 404, 403, 409, 422. Forms, imports and the command line
come through here, so a value that is refused in one place is refused in all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from admin_app import policy
from admin_app.models.registry import Register, register_of
from admin_app.models.users import User
from admin_app.operations.derived import derive
from admin_app.operations.given import Given, take
from admin_app.operations.hanging import refuse_needed, refuse_rootless
from admin_app.rules.dates import now
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotNow, RecordRefused, Stale


def create(session: Session, actor: User, register: Register, given: Given) -> Any:
    """A new record. It lives where its `places` link says, and the actor must be allowed to create there."""
    policy.demand(actor, f"{register.word}.create")
    record = register.model()
    with session.no_autoflush:
        findings = take(session, actor, register, record, given, creating=True)
        _refuse(findings)
        findings += derive(session, record)
        _refuse(findings)
        policy.demand(actor, f"{register.word}.create", record)
        _refuse(findings + rules_of(session, register, record))
    session.add(record)
    _flush(session)
    return record


def edit(session: Session, actor: User, record: Any, given: Given, *, version: int) -> None:
    """Changed facts of a record. `version` is the one the person saw; another means 409 and a comparison."""
    change(session, actor, record, given, version=version)
    _flush(session)


def change(session: Session, actor: User, record: Any, given: Given, *, version: int) -> None:
    """The same, not flushed yet: for whoever changes many."""
    register = register_of(type(record))
    policy.demand(actor, f"{register.word}.edit", record)
    _refuse_locked(register, record)
    if version != record.version:
        raise Stale()
    with session.no_autoflush:
        findings = take(session, actor, register, record, given, creating=False)
        _refuse(findings)
        findings += derive(session, record)
        _refuse(findings + rules_of(session, register, record))
        if session.is_modified(record) or _lines_modified(session, register, record):
            record.changed_at = now()


def remove(session: Session, actor: User, record: Any) -> None:
    """Into the recycle bin; refused while other live records hang on it, or when it was changed just now."""
    register = register_of(type(record))
    policy.demand(actor, f"{register.word}.remove", record)
    _refuse_locked(register, record)
    seen = record.version
    session.refresh(record, with_for_update=True)  # whoever is hanging something on it comes first
    if record.version != seen:
        raise Stale()
    refuse_needed(session, record)
    record.removed_at = now()
    _flush(session)


def restore(session: Session, actor: User, record: Any) -> None:
    """Out of the recycle bin, with all its lines."""
    register = register_of(type(record))
    policy.demand(actor, f"{register.word}.restore", record)
    refuse_rootless(session, register, record)
    with session.no_autoflush:
        _refuse(derive(session, record) + rules_of(session, register, record))
    record.removed_at = None
    _flush(session)


def rules_of(session: Session, register: Register, record: Any) -> list[Finding]:
    """What is wrong with a record as a whole, and with its being the only one of its kind."""
    return register.rules(record) + _uniqueness(session, register, record)


def _uniqueness(session: Session, register: Register, record: Any) -> list[Finding]:
    """A friendly word before the database's own constraint says the same."""
    if not register.unique:
        return []
    model = register.model
    same = [getattr(model, name) == getattr(record, name) for name in register.unique]
    same += [model.removed_at.is_(None)] if register.again else []
    query = select(model.removed_at).where(*same, model.id != (record.id or 0))
    found = session.execute(query.order_by(model.removed_at.is_not(None)).limit(1)).first()
    if found is None:
        return []
    labels = "、".join(each.label for each in register.fields if each.name in register.unique)
    where, then = ("回收站里", "请先恢复它，或者换一个") if found.removed_at else ("已经", "请核对")
    return [Finding(register.unique[0], f"{where}有{labels}相同的{register.noun}，{then}")]


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
