"""Lines that steps have added, mended or taken out while their record is open (sessions, loans …).

They hang on the record: its right to edit, its lock, its version and its history are theirs.
"""

from typing import Any

from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.cases import Case
from admin_app.models.dossiers import Loan
from admin_app.models.registry import Parts, register_of
from admin_app.models.users import User
from admin_app.operations.cases import await_visit
from admin_app.operations.checks import Giving
from admin_app.operations.given import take_fields
from admin_app.operations.records import saved_once
from admin_app.rules.cases import Stage
from admin_app.rules.dates import now
from admin_app.rules.refusals import NotNow, NotSeen, RecordRefused, Stale


def find_line(record: Any, list_name: str, line_id: int) -> tuple[Parts, Any]:
    """A line of a record's trail, and the list it stands in; 404 for anything else, and what stays."""
    lists = register_of(type(record)).open_lists()
    part = next((each for each in lists if each.name == list_name), None)
    line = next((each for each in getattr(record, list_name) if each.id == line_id), None) if part else None
    if part is None or line is None:
        raise NotSeen("没有找到这一条，它可能已被移去。")
    return part, line


def demand_open(actor: User, record: Any) -> None:
    """403 without the right to edit the record, 409 while it is locked."""
    register = register_of(type(record))
    policy.demand(actor, f"{register.word}.edit", record)
    sentence = register.locked(record)
    if sentence:
        raise NotNow(sentence)


def mend(
    session: Session,
    actor: User,
    record: Any,
    list_name: str,
    line_id: int,
    values: dict[str, Any],
    *,
    version: int,
) -> None:
    """Other values in a line; what is no field of its form stays."""
    part, line = _open(actor, record, list_name, line_id, version)
    giving = Giving(session, actor, register_of(type(record)))
    fields = [each for each in part.fields if each.open_to(line)]
    with session.no_autoflush:
        findings = [each for each in take_fields(giving, line, fields, values, creating=False) if each.grave]
        if findings:
            raise RecordRefused(findings)
        if not session.is_modified(line):
            return
    _changed(session, record, part, history.Action.MEND, f"{part.label} {line}")


def take_out(
    session: Session, actor: User, record: Any, list_name: str, line_id: int, *, version: int
) -> None:
    """A line is taken out; the history keeps what stood in it, the store keeps a file."""
    part, line = _open(actor, record, list_name, line_id, version)
    if isinstance(line, Loan) and line.returned_on is None:
        raise NotNow("卷宗还没有还回来，请先办理“归还”。")
    words = f"{part.label} {line}"
    getattr(record, part.name).remove(line)
    _changed(session, record, part, history.Action.TAKE_OUT, words)


def _open(actor: User, record: Any, list_name: str, line_id: int, version: int) -> tuple[Parts, Any]:
    found = find_line(record, list_name, line_id)
    demand_open(actor, record)
    if version != record.version:
        raise Stale()
    return found


def _changed(session: Session, record: Any, part: Parts, action: history.Action, words: str) -> None:
    if part.name == "follow_ups":
        _mirror_last_visit(session, record)
    record.changed_at = now()
    history.note(session, action, record=record, words=words)
    with saved_once():
        session.flush()


def _mirror_last_visit(session: Session, case: Case) -> None:
    """A case shows its last follow-up 回访; without any it waits for one, as on the day of the agreement."""
    last = case.follow_ups[-1] if case.follow_ups else None
    case.visited_on, case.satisfied = (last.visited_on, last.satisfied) if last else (None, None)
    if last is None and case.stage is Stage.SETTLED and case.agreed_on:  # an old book may not tell the day
        await_visit(session, case)
