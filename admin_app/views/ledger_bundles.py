"""The ledgers of an inspection as one archive: at once, or by a job; both from what was `given`.

Kept as JSON: `ledgers` (names), `unit`, `since`, `until`, `masked`, `acknowledged`, `reason`.
"""

import tempfile
from collections.abc import Mapping
from typing import Any

from flask import redirect, send_file, url_for
from sqlalchemy.orm import Session

from admin_app.exports.bundles import bundle_name, lines, note_all, pack
from admin_app.exports.ledger import LEDGERS, Asked, Ledger
from admin_app.models.jobs import Job
from admin_app.models.parameters import whole
from admin_app.models.users import User
from admin_app.operations.jobs import Kind, Progress, Result, ask, register_kind
from admin_app.operations.results import results_of
from admin_app.rules.parameters import Setting
from admin_app.views.ledger_files import asked_of

ZIP = "application/zip"


def deliver(session: Session, actor: User, given: dict[str, Any]) -> Any:
    """The archive, or the page of the job that makes it."""
    asked, chosen = _asked(session, actor, given), _chosen(given)
    total = lines(session, actor, chosen, asked)
    if total > whole(session, Setting.JOB_ROWS):
        session.rollback()  # end of reading
        label = bundle_name(asked).removesuffix(".zip")
        job = ask(session, actor, BUNDLE.name, given, label=label, total=total)
        return redirect(url_for("jobs.job", record_id=job.id))
    file = tempfile.TemporaryFile()  # noqa: SIM115  (send_file closes it when the last byte is sent)
    packed, contents = pack(session, actor, chosen, asked, file)
    session.rollback()  # end of reading; the lines below begin a writing transaction
    note_all(session, actor, packed, asked, given["reason"], contents)
    file.seek(0)
    return send_file(file, ZIP, as_attachment=True, download_name=bundle_name(asked))


def _work(session: Session, job: Job, progress: Progress) -> Result:
    """The same by a worker."""
    actor, asked = job.user, _asked(session, job.user, job.given)
    with tempfile.TemporaryFile() as file:
        packed, contents = pack(
            session, actor, _chosen(job.given), asked, file, lambda done: progress(done, None)
        )
        file.seek(0)
        kept = results_of(session).keep(file)
    session.rollback()  # end of reading; the lines below begin a writing transaction
    note_all(session, actor, packed, asked, job.given["reason"], contents)
    words = f"共 {sum(not each.refused for each in packed)} 本台账"
    return Result(words, kept, bundle_name(asked), ZIP)


BUNDLE = register_kind(Kind("ledgers", "打包下载台账", lambda given: _chosen(given)[0].action, _work))


def _chosen(given: Mapping[str, Any]) -> list[Ledger]:
    """Those that are on the shelf still."""
    return [LEDGERS[name] for name in given["ledgers"] if name in LEDGERS]


def _asked(session: Session, actor: User, given: Mapping[str, Any]) -> Asked:
    """As one ledger is asked for; without a list's conditions, as things stand now."""
    return asked_of(session, actor, {**given, "as_of": None, "list": []})
