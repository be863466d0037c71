"""Which days of the daily job are done: none twice, none left out, by whichever worker comes first.

And whether any worker lives at all.
"""

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from admin_app.models.job_runs import JobRun
from admin_app.models.parameters import text
from admin_app.rules.dates import local, now
from admin_app.rules.jobs import dead
from admin_app.rules.parameters import Setting

DAILY, WORKER = "daily", "worker"
STALE = timedelta(hours=26)  # a day, and some time for a computer that is switched on late
FARTHEST = 366  # days that are made up for
_INSERT: dict[str, Callable[[Any], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def next_day(session: Session) -> date | None:
    """The day that must be done next, or None. Whoever else asks waits until this transaction ends."""
    last_due = _last_due(session)
    done = _locked(session).day
    if done is None:
        return last_due
    first = max(done + timedelta(days=1), last_due - timedelta(days=FARTHEST))
    return first if first <= last_due else None


def _last_due(session: Session) -> date:
    """Today, once the hour has come that the parameter names."""
    here = local(now())
    begins = time.fromisoformat(text(session, Setting.DAILY_AT).zfill(5))
    return here.date() if here.time() >= begins else here.date() - timedelta(days=1)


def done(session: Session, day: date, words: str) -> None:
    """A day is done; one of long ago that is made up for takes nothing back."""
    row = _locked(session)
    row.day = max(row.day or day, day)
    row.at, row.words, row.failed = now(), words[:300], False


def failed(session: Session, words: str) -> None:
    """A day could not be done; it stays the next."""
    row = _locked(session)
    row.at, row.words, row.failed = now(), words[:300], True


def last(session: Session) -> JobRun | None:
    """How the daily job went last; None before the first time."""
    return session.scalar(select(JobRun).where(JobRun.job == DAILY))


def stale(run: JobRun | None) -> bool:
    """Whether somebody must look after the worker."""
    return run is None or run.failed or run.at is None or now() - run.at > STALE


def said(counts: Mapping[str, int]) -> str:
    """What the chores did, in words."""
    return "，".join(f"{label} {count} 件" for label, count in counts.items())


def beat(session: Session) -> None:
    """A worker lives."""
    _locked(session, WORKER).at = now()


def working(session: Session) -> bool:
    """Whether some worker has given a sign of life lately."""
    return not dead(session.scalar(select(JobRun.at).where(JobRun.job == WORKER)), now())


def _locked(session: Session, job: str = DAILY) -> JobRun:
    begin = _INSERT[session.get_bind(mapper=JobRun).dialect.name](JobRun)
    values = {"job": job, "words": "", "failed": False}
    session.execute(begin.values(**values).on_conflict_do_nothing())
    query = select(JobRun).where(JobRun.job == job).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()
