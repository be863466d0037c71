"""Attempts at jobs: taken by a worker, kept alive by a heartbeat, ended once (docs/decisions/0013).

A worker takes a job with one attempt more; one whose heartbeat has stopped is taken again. What an attempt
writes is committed together with its end, and only the newest attempt can end a job: so work that was begun
twice is never done twice.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CursorResult, and_, func, or_, select, update
from sqlalchemy.orm import Session

from admin_app import history, policy
from admin_app.models.jobs import Job
from admin_app.models.parameters import whole
from admin_app.operations.jobs import KINDS, Cancelled, Progress, Result
from admin_app.operations.notices import tell
from admin_app.operations.results import posts_of
from admin_app.rules.dates import now, today
from admin_app.rules.jobs import LEASE, MOST_ATTEMPTS, Phase, fate
from admin_app.rules.parameters import Setting
from admin_app.rules.refusals import NotAllowed, NotNow

MOVED = "提出任务以后，您的岗位或权限有变动，任务没有做。需要的话请重新提出。"
UNKNOWN = "系统更新以后没有这种任务了，请重新提出。"
BROKEN_OFF = f"做了 {MOST_ATTEMPTS} 次都中断了。请告诉系统管理员。"


class Lost(Exception):
    """Another attempt has the job now, or it has ended: whatever this one has done is taken back."""


@dataclass(frozen=True)
class Hold:
    """One attempt at one job."""

    job_id: int
    attempt: int


def take(session: Session) -> Hold | None:
    """The job that has waited longest, for the caller alone, who commits before working on it."""
    while job := session.scalars(_first()).one_or_none():
        at = now()
        phase = fate(job.phase, job.attempt, stop=job.stop, heartbeat=job.heartbeat_at, at=at)
        assert phase is not None, "the query and the rule disagree"
        job.phase = phase
        if phase is Phase.RUNNING:
            job.attempt += 1
            job.done, job.started_at, job.heartbeat_at = 0, at, at
            session.flush()
            return Hold(job.id, job.attempt)
        job.ended_at, job.words = at, BROKEN_OFF if phase is Phase.FAILED else ""
        _tell_owner(session, job)
    return None


def _first() -> Any:
    """The first job that waits or is given up; those that another worker is just taking are skipped."""
    given_up = and_(Job.phase == Phase.RUNNING, Job.heartbeat_at < now() - LEASE)
    query = select(Job).where(or_(Job.phase == Phase.WAITING, given_up)).order_by(Job.id).limit(1)
    return query.with_for_update(skip_locked=True).execution_options(populate_existing=True)


def run(session: Session, hold: Hold, progress: Progress) -> None:
    """Do the work in the asker's name, whose right is asked for again; the caller commits all at once."""
    job = session.get_one(Job, hold.job_id)
    kind, actor = KINDS.get(job.kind), job.user
    if kind is None:
        raise NotNow(UNKNOWN)
    if actor.removed_at is not None or not policy.may(actor, kind.needs(job.given)):
        raise NotAllowed(MOVED)
    history.act_as(session, actor)
    posts = posts_of(actor)
    result = kind.work(session, job, progress)
    if reads_only(session):
        session.rollback()  # end of reading
    end(session, hold, Phase.DONE, result, posts=posts)


def reads_only(session: Session) -> bool:
    """Whether the session's transaction was begun for reading."""
    options = session.connection().get_execution_options() if session.in_transaction() else {}
    return bool(options.get("reads_only"))


def beat(session: Session, hold: Hold, **told: int) -> None:
    """The attempt lives, and has come so far. Raises Lost, or Cancelled when somebody wants it to stop."""
    values = {"heartbeat_at": now(), **told}
    stop = session.execute(_held(hold).values(values).returning(Job.stop)).scalar_one_or_none()
    if stop is None:
        raise Lost()
    if stop:
        raise Cancelled()


def end(session: Session, hold: Hold, phase: Phase, result: Result | None = None, *, posts: str = "") -> None:
    """The attempt's end, in the transaction of its effects; Lost when it is not the newest any more."""
    result = result or Result()
    days = timedelta(days=whole(session, Setting.RESULT_DAYS))
    values = {
        "phase": phase,
        "ended_at": now(),
        "done": func.coalesce(Job.total, Job.done) if phase is Phase.DONE else Job.done,
        "words": result.words[:300],
        "posts": posts,
        "file": result.file,
        "file_name": result.file_name[:150],
        "mime": result.mime,
        "keep_until": today() + days if result.file else None,
    }
    ended: CursorResult[Any] = session.execute(_held(hold).values(values))  # type: ignore[assignment]
    if ended.rowcount != 1:
        raise Lost()
    _tell_owner(session, session.get_one(Job, hold.job_id, populate_existing=True))


def give_back(session: Session, hold: Hold, words: str) -> None:
    """An attempt that failed unforeseen is repeated, unless there were too many."""
    if hold.attempt >= MOST_ATTEMPTS:
        end(session, hold, Phase.FAILED, Result(words))
    else:
        session.execute(_held(hold).values(phase=Phase.WAITING, words=words[:300]))


def _held(hold: Hold) -> Any:
    """The update of a job by the attempt that holds it."""
    newest = and_(Job.id == hold.job_id, Job.attempt == hold.attempt, Job.phase == Phase.RUNNING)
    return update(Job).where(newest).execution_options(synchronize_session=False)


def _tell_owner(session: Session, job: Job) -> None:
    """Whoever asked may be elsewhere by now; their own cancelling is no news."""
    if job.phase is not Phase.CANCELLED:
        words = f"后台任务“{job.label}”{job.phase.label}。{job.words}"
        tell(session, [job.user], words, key=f"job:{job.id}")
    session.flush()
