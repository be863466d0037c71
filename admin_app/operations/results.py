"""Results of jobs: a file is kept some days, for the person who asked for it, as whom they asked."""

import hashlib
from datetime import date, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models import areas
from admin_app.models.jobs import Job
from admin_app.models.users import User
from admin_app.operations.files import Store, store_of
from admin_app.operations.jobs import ABSENT, KINDS
from admin_app.rules.dates import now, today
from admin_app.rules.jobs import Phase
from admin_app.rules.refusals import NotAllowed, NotNow, NotSeen

MOVED_SINCE = "文件做好以后，您的岗位有变动，这份文件不能再下载。需要的话请重新做一份。"
EXPIRED = "文件过了保存期，已经删除。需要的话请重新做一份。"
NO_FILE = "这个任务没有可以下载的文件。"
STRAY = timedelta(days=1)  # a file that no job names for so long was left by an attempt that was killed


def results_of(session: Session) -> Store:
    """Where results lie: apart from the uploads, for they pass away."""
    return Store(store_of(session).directory / "results")


def posts_of(actor: User) -> str:
    """As what somebody acts, in short: another post, area, unit or committee makes another text."""
    facts = sorted(str(areas.facts_of(each)) for each in areas.posts_of(actor))
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def expired(job: Job) -> bool:
    """Whether the file has had its days; the next daily job deletes it, or has."""
    return job.keep_until is not None and job.keep_until < today()


def open_result(session: Session, actor: User, job: Job) -> BinaryIO:
    """The file of one's own job, and a line in the history; not for whoever has another post by now."""
    if job.user_id != actor.id:
        raise NotSeen(ABSENT)
    if expired(job):
        raise NotNow(EXPIRED)
    if job.phase is not Phase.DONE or job.file is None or job.kind not in KINDS:
        raise NotNow(NO_FILE)
    policy.demand(actor, KINDS[job.kind].needs(job.given))
    if job.posts != posts_of(actor):
        raise NotAllowed(MOVED_SINCE)
    file = results_of(session).open(job.file)
    history.note(session, history.Action.RESULT, title=job.label, words=job.file_name)
    return file


def sweep(session: Session, day: date) -> int:
    """Chore: files past their day are taken from their jobs, and files that no job names from the disk."""
    old = update(Job).where(Job.file.is_not(None), Job.keep_until < day).values(file=None)
    swept: CursorResult[Any] = session.execute(old)  # type: ignore[assignment]
    store = results_of(session)
    named = session.scalars(select(Job.file).where(Job.file.is_not(None)))
    kept = {store.path_of(each) for each in named if each}
    for path in store.directory.rglob("*"):
        if path.is_file() and path not in kept and _lain(path):
            path.unlink(missing_ok=True)
    return swept.rowcount


def _lain(path: Path) -> bool:
    """Whether a file lies there for long: a younger one may belong to an attempt that is about to commit."""
    return now().timestamp() - path.stat().st_mtime > STRAY.total_seconds()
