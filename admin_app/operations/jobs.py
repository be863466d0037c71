"""Jobs 后台任务: work that takes longer than a page may: asked for, looked at, cancelled (decisions/0013).

The table is the truth: a worker finds there what is to do, and a bell only makes it look sooner. How the
work is taken and done once stands in `attempts.py`, what becomes of its file in `results.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, event, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.models.jobs import Job
from admin_app.models.users import User
from admin_app.rules.dates import now
from admin_app.rules.jobs import OPEN, Phase, dead
from admin_app.rules.refusals import NotNow, NotSeen

Given = Mapping[str, Any]
Progress = Callable[[int, int | None], None]  # rows done, of how many; it may raise Cancelled
ABSENT = "没有找到这个后台任务。"


class Cancelled(Exception):
    """Somebody has asked to stop: whatever the work has done so far is taken back."""


@dataclass(frozen=True)
class Result:
    """What a job leaves: words, and perhaps a file that lies in the store of results."""

    words: str = ""
    file: str | None = None
    file_name: str = ""
    mime: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of job: what it is called, the action of the policy that it `needs`, and the work.

    The work's session begins by reading only, so that on SQLite nobody waits for it. Work that writes calls
    `session.rollback()` at the end of reading; what it then writes is committed with the job's end, once.
    """

    name: str
    label: str
    needs: Callable[[Given], str]
    work: Callable[[Session, Job, Progress], Result]


KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> Kind:
    """Make a kind known; a name stands once."""
    if kind.name in KINDS:
        raise ValueError(f"a second kind of job called {kind.name}")
    KINDS[kind.name] = kind
    return kind


def ask(
    session: Session, actor: User, kind: str, given: Given, *, label: str = "", total: int | None = None
) -> Job:
    """A new job; once the transaction is committed, the bell rings for a worker."""
    policy.demand(actor, KINDS[kind].needs(given))
    job = Job(
        user_id=actor.id,
        kind=kind,
        label=(label or KINDS[kind].label)[:200],
        given=dict(given),
        total=total,
        asked_at=now(),
    )
    session.add(job)
    session.flush()
    session.info["asked"] = True
    return job


@event.listens_for(Session, "after_commit")
def _ring(session: Session) -> None:
    if session.info.pop("asked", False) and "bell" in session.info:
        session.info["bell"]()


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("asked", None)


def mine(actor: User) -> ColumnElement[bool]:
    """SQL: a person's own jobs."""
    return Job.user_id == actor.id


def find(session: Session, actor: User, job_id: int) -> Job:
    """One's own job, or any for whoever looks after the system; else 404."""
    seen = () if policy.may(actor, "job.see") else (mine(actor),)
    query = select(Job).where(Job.id == job_id, *seen)
    job = session.scalars(query).one_or_none() if 0 < job_id < 2**31 else None
    if job is None:
        raise NotSeen(ABSENT)
    return job


def may_cancel(actor: User, job: Job) -> bool:
    """Whether there is something to cancel, and this person may."""
    return job.phase in OPEN and not job.stop and (job.user_id == actor.id or policy.may(actor, "job.cancel"))


def cancel(session: Session, actor: User, job_id: int) -> Job:
    """Ask a running job to stop; one that nobody works on is cancelled at once."""
    job = find(session, actor, job_id)
    if job.user_id != actor.id:
        policy.demand(actor, "job.cancel")
    session.refresh(job, with_for_update=True)
    if job.phase not in OPEN:
        raise NotNow(f"任务{job.phase.label}，不用再取消。")
    job.stop = True
    if job.phase is Phase.WAITING or dead(job.heartbeat_at, now()):
        job.phase, job.ended_at = Phase.CANCELLED, now()
    session.flush()
    return job
