"""Deadlines 期限: set by the verbs that make somebody wait, closed by those that end the waiting.

A thing has one deadline of each kind. Setting it again moves it to another day, to whoever must act now, and
wipes the marks of the daily job, so that a thing may be late twice and both times is told of.
"""

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.models.deadlines import Deadline
from admin_app.models.registry import REGISTERS, column_of, register_of
from admin_app.operations.records import saved_once
from admin_app.rules.dates import now
from admin_app.rules.deadlines import DeadlineKind


def fall_due(
    session: Session,
    kind: DeadlineKind,
    record: Any,
    due_on: date,
    *,
    unit_id: int,
    path: str,
    committee_id: int | None = None,
    case_id: int | None = None,
) -> Deadline:
    """From now on this unit, or this committee of it, must act on the record by a day."""
    session.flush()  # a new record has no id before
    deadline = _of(session, kind, record)
    if deadline is None:
        deadline = Deadline(kind=kind, word=register_of(type(record)).word, record_id=record.id)
        session.add(deadline)
    deadline.due_on, deadline.opened_at = due_on, now()
    deadline.unit_id, deadline.path, deadline.committee_id = unit_id, path, committee_id
    deadline.case_id = case_id
    deadline.warned_on = deadline.late_on = deadline.urged_on = deadline.done_at = None
    with saved_once():
        session.flush()
    return deadline


def done(session: Session, kind: DeadlineKind, record: Any) -> None:
    """Nobody waits any more; without such a deadline, or with one closed before, nothing happens."""
    deadline = _of(session, kind, record)
    if deadline is not None and deadline.done_at is None:
        deadline.done_at = now()
        session.flush()


def open_of(session: Session, record: Any) -> list[Deadline]:
    """What is still waited for on a record, the nearest day first."""
    query = _on(record).where(Deadline.done_at.is_(None)).order_by(Deadline.due_on, Deadline.id)
    return list(session.scalars(query))


def things(session: Session, deadlines: list[Deadline]) -> dict[int, Any]:
    """The record of each deadline, by the deadline's id; one in the recycle bin is left out."""
    found: dict[tuple[str, int], Any] = {}
    for word in {each.word for each in deadlines}:
        model = REGISTERS[word].model
        ids = {each.record_id for each in deadlines if each.word == word}
        live = select(model).where(model.id.in_(ids), column_of(model, "removed_at").is_(None))
        found |= {(word, record.id): record for record in session.scalars(live)}
    return {
        each.id: found[each.word, each.record_id]
        for each in deadlines
        if (each.word, each.record_id) in found
    }


def _of(session: Session, kind: DeadlineKind, record: Any) -> Deadline | None:
    return session.scalars(_on(record).where(Deadline.kind == kind)).one_or_none()


def _on(record: Any) -> Any:
    return select(Deadline).where(
        Deadline.word == register_of(type(record)).word, Deadline.record_id == record.id
    )
