"""Imports 导入: new records and changes by the hundred, through the rules of the form, whole or not at all.

Each record leaves its own line in the history, which names the batch; a batch can be taken back as long as
nobody has changed its records since.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from admin_app import history, policy, search
from admin_app.models.base import Base, let_go
from admin_app.models.fields import Field, fields_of
from admin_app.models.import_batches import BatchState, ImportBatch, ImportedRow, ImportWord
from admin_app.models.registry import Register
from admin_app.models.rows import put
from admin_app.models.users import User
from admin_app.operations import bulk
from admin_app.operations.checks import Giving
from admin_app.operations.derived import derive
from admin_app.operations.given import Given, take_fields, take_lines
from admin_app.operations.records import rules_of
from admin_app.rules.dates import now
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused

OUTSIDE = "您没有在这里导入的权限，或者它不在您的管辖范围内"
CLASH = "有一行和别人刚登记的记录冲突，一条也没有导入。请重新上传，再看一遍预览。"
Progress = Callable[[int, int], None]  # rows done, of how many


def quiet(done: int, total: int) -> None:
    """Nobody waits to be told."""


def drafted(giving: Giving, given: Given) -> tuple[Any, list[Finding]]:
    """A new record, not in the session yet, and what is wrong with it.

    A book may give what otherwise steps give, so every field that is given is taken, checked like any other.
    """
    session, register = giving.session, giving.register
    giving = replace(giving, day=given.values.get(register.model.dated), aside=True)
    model: type[Base] = register.model
    record = bulk.aside(model, {})
    fields = _asked(model, frozenset(given.values))
    with session.no_autoflush:
        findings = take_fields(giving, record, fields, given.values, creating=True)
        _hang(record)
        for part in register.part_lists():
            if part.name in given.lines:
                findings += take_lines(giving, record, part, given.lines[part.name])
        if _grave(findings):
            return record, findings
        findings += derive(session, record)
        if not _grave(findings) and not policy.may(giving.actor, f"{register.word}.import", record):
            findings.append(Finding("", OUTSIDE))
        if not _grave(findings):
            findings += rules_of(session, register, record)
    return record, findings


@lru_cache(maxsize=1024)
def _asked(model: type[Base], told: frozenset[str]) -> tuple[Field, ...]:
    """The fields that a form asks for, and those that the book tells beside."""
    return tuple(each for each in fields_of(model) if each.open_to(None) or each.name in told)


def _hang(record: Any) -> None:
    """What the same file brings has no id before both are written; then the link follows the relation."""
    held = vars(record)
    for name in [name for name, value in held.items() if isinstance(value, Base)]:
        held[name.removesuffix("_id")], held[name] = held[name], None


def _grave(findings: Iterable[Finding]) -> bool:
    return any(each.grave for each in findings)


# ---------------------------------------------------------------- batches


def looked_at(
    session: Session,
    actor: User,
    *,
    sheet: str,
    file_name: str,
    sha256: str,
    asked: dict[str, Any],
    seen: dict[str, Any],
) -> ImportBatch:
    """A file that somebody has brought, with what the preview showed of it."""
    batch = ImportBatch(
        sheet=sheet,
        user_id=actor.id,
        file_name=file_name,
        sha256=sha256,
        asked=asked,
        seen=seen,
        standing=BatchState.LOOKED_AT,
        at=now(),
    )
    session.add(batch)
    session.flush()
    return batch


def find(session: Session, actor: User, batch_id: int) -> ImportBatch:
    """One's own batch; 404 for everybody else's."""
    batch = session.scalar(
        select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.user_id == actor.id)
    )
    if batch is None:
        raise NotSeen("没有这一次导入。")
    return batch


def mine(session: Session, actor: User, most: int = 20) -> list[ImportBatch]:
    """One's own imports, the newest first."""
    query = select(ImportBatch).where(ImportBatch.user_id == actor.id)
    return list(session.scalars(query.order_by(ImportBatch.id.desc()).limit(most)))


def begin(session: Session, batch: ImportBatch) -> None:
    """From now on nobody else imports this batch: 409 for whoever presses a second time."""
    session.refresh(batch, with_for_update=True)
    if batch.standing is not BatchState.LOOKED_AT:
        raise NotNow(f"这一次导入{batch.standing.label}，不能再导入。")
    batch.standing = BatchState.DONE
    batch.done_at = now()


def keep(
    session: Session, batch: ImportBatch, register: Register, made: Sequence[Any], changed: Sequence[Any]
) -> None:
    """Write some records of a batch with their lines of history, and let go of them."""
    words = noted(batch)
    for record in (*made, *changed):
        history.note(session, history.Action.EDIT, record=record, words=words)
    try:
        bulk.add(session, made)
        history.write(session)
        search.write(session)
    except IntegrityError:
        raise RecordRefused([Finding("", CLASH)]) from None
    rows = [(record, True) for record in made] + [(record, False) for record in changed]
    if rows:
        put(
            session,
            ImportedRow,
            [
                {
                    "batch_id": batch.id,
                    "register": register.word,
                    "record_id": record.id,
                    "made": new,
                    "version": record.version,
                }
                for record, new in rows
            ],
        )
    batch.made += len(made)
    batch.changed += len(changed)
    session.flush()
    bulk.let_go(made)
    let_go(session, changed)


def noted(batch: ImportBatch) -> str:
    """How the history names a batch: as the step of a case says it."""
    return f"导入：{batch_words(batch)}"


def batch_words(batch: ImportBatch) -> str:
    """A batch, and the file it came from."""
    return f"第 {batch.id} 批《{batch.file_name}》"


def finish(session: Session, batch: ImportBatch, label: str) -> None:
    """The line in the history that tells of the whole."""
    batch.words = f"新增 {batch.made} 条，修改 {batch.changed} 条"
    words = f"第 {batch.id} 批，文件《{batch.file_name}》，{batch.words}"
    history.note(session, history.Action.IMPORT, title=f"导入《{label}》", words=words)


# ---------------------------------------------------------------- words


def explain(session: Session, actor: User, table: str, word: str, code: str) -> None:
    """From now on this word of a table means this code, in the person's uppermost unit and below."""
    path = min((post.path for post in actor.posts), key=len)
    known = session.scalar(
        select(ImportWord).where(ImportWord.path == path, ImportWord.table == table, ImportWord.word == word)
    )
    if known is None:
        session.add(ImportWord(path=path, table=table, word=word, code=code))
    else:
        known.code = code
    history.note(
        session, history.Action.IMPORT, title="导入用的说法", words=f"“{word}”就是 {table} 的 {code}"
    )
    session.flush()
