"""Ledgers 台账 as files: a short one at once, a long one as a job; both are made from what was `given`.

What was given is kept as JSON, so that a worker can read it later: `ledger`, `unit` (its id), `since`,
`until`, `as_of`, `masked`, `acknowledged`, `format`, `reason`, and `list`, the conditions of the list from
which the person came, as pairs.
"""

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, BinaryIO

from flask import redirect, send_file, url_for
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from admin_app import policy, replica
from admin_app.exports.downloads import demand, file_name, fill, fill_plain, note
from admin_app.exports.ledger import LEDGERS, Asked, Counted, Ledger
from admin_app.exports.reading import count, read
from admin_app.exports.rows import Written
from admin_app.models.jobs import Job
from admin_app.models.parameters import whole
from admin_app.models.registry import REGISTERS
from admin_app.models.units import Unit
from admin_app.models.users import User
from admin_app.operations.jobs import Kind, Progress, Result, ask, register_kind
from admin_app.operations.results import results_of
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotNow, NotSeen
from admin_app.views import lists

CSV = "text/csv; charset=utf-8"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"xlsx": EXCEL, "csv": CSV}
NO_LEDGER = "没有这本台账。"
NARROWED = "列表的条件里有现在用不了的，台账没有做。请从列表重新导出。"


def deliver(session: Session, actor: User, given: dict[str, Any]) -> Any:
    """The file, or the page of the job that makes it: the one place where that is decided."""
    ledger, asked = ledger_of(given), asked_of(session, actor, given)
    demand(session, actor, ledger, asked)
    name = file_name(ledger, asked, given["format"])
    lines = 0
    if not isinstance(ledger.source, Counted):
        with replica.reading(session):
            lines = count(read(session, actor, ledger, asked))
    if lines > whole(session, Setting.JOB_ROWS):
        session.rollback()  # end of reading
        label = name.removesuffix(f".{given['format']}")
        job = ask(session, actor, LEDGER.name, given, label=label, total=lines)
        return redirect(url_for("jobs.job", record_id=job.id))
    file = tempfile.TemporaryFile()  # noqa: SIM115  (send_file closes it when the last byte is sent)
    written = _write(session, actor, given, asked, file)
    session.rollback()  # end of reading; the line below begins a writing transaction
    note(session, actor, ledger, asked, given["reason"], written)
    file.seek(0)
    return send_file(file, MEDIA_TYPES[given["format"]], as_attachment=True, download_name=name)


def _work(session: Session, job: Job, progress: Progress) -> Result:
    """The same by a worker: the file is kept, and its line written together with the job's end."""
    actor, ledger = job.user, ledger_of(job.given)
    asked = asked_of(session, actor, job.given)
    with tempfile.TemporaryFile() as file:
        written = _write(session, actor, job.given, asked, file, lambda lines: progress(lines, None))
        file.seek(0)
        kept = results_of(session).keep(file)
    session.rollback()  # end of reading; the line below begins a writing transaction
    note(session, actor, ledger, asked, job.given["reason"], written)
    words, ending = f"共 {written.lines} {ledger.layout.counted}", job.given["format"]
    return Result(words, kept, file_name(ledger, asked, ending), MEDIA_TYPES[ending])


LEDGER = register_kind(Kind("ledger", "下载台账", lambda given: ledger_of(given).action, _work))


def _write(
    session: Session,
    actor: User,
    given: Mapping[str, Any],
    asked: Asked,
    file: BinaryIO,
    tell: Callable[[int], None] = lambda lines: None,
) -> Written:
    write = fill if given["format"] == "xlsx" else fill_plain
    return write(session, actor, ledger_of(given), asked, file, tell)


def ledger_of(given: Mapping[str, Any]) -> Ledger:
    """The ledger that was asked for."""
    if given["ledger"] not in LEDGERS:
        raise NotSeen(NO_LEDGER)
    return LEDGERS[given["ledger"]]


def asked_of(session: Session, actor: User, given: Mapping[str, Any]) -> Asked:
    """What was given, as the ledger asks for it."""
    asked = Asked(
        unit=policy.find(session, actor, Unit, given["unit"]) if given["unit"] else None,
        since=_day(given["since"]),
        until=_day(given["until"]),
        masked=given["masked"],
        as_of=_day(given["as_of"]),
        acknowledged=given["acknowledged"],
    )
    return _narrowed(session, actor, asked, given) if given["list"] else asked


def _narrowed(session: Session, actor: User, asked: Asked, given: Mapping[str, Any]) -> Asked:
    """By the list's conditions. One that has fallen away since would make it another book."""
    register = REGISTERS[ledger_of(given).word]
    state = lists.read_state(session, actor, register, MultiDict(map(tuple, given["list"])))
    if state.notices:
        raise NotNow(NARROWED)
    filters = tuple(lists.conditions(state, unit=False))
    return replace(asked, filters=filters, filter_words=lists.filter_words(session, state))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
