"""The worker: does the jobs that people ask for, and what each day brings (docs/decisions/0010, 0013).

Each round asks the database what is to do. So a night without power is made up for, nothing is lost with the
queue, and of two workers one finds nothing to do.
"""

import logging
import time
from contextlib import suppress
from threading import Thread

import structlog
from flask import Flask
from huey import Huey, crontab
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.database import db
from admin_app.operations import daily, job_runs
from admin_app.operations.attempts import Hold, Lost, beat, end, give_back, reads_only, run, take
from admin_app.operations.jobs import Cancelled, Result
from admin_app.queue import hang, queue_of
from admin_app.rules.jobs import Phase
from admin_app.rules.refusals import Refusal

log = structlog.get_logger()
AT_ONCE = 2  # a long job does not keep the others waiting, nor the day
BEAT_SECONDS = 15.0  # well below rules.jobs.LEASE
TELL_SECONDS = 1.0
_held: set[Hold] = set()  # the attempts on which this process is at work


def timetable(app: Flask) -> Huey:
    """What the worker does when: a round of jobs at the bell and each minute, the day every five minutes."""
    queue = queue_of(app.config["SETTINGS"])

    def jobs_round() -> None:
        work_off(app)

    def daily_round() -> None:
        catch_up(app)

    hang(queue, jobs_round)
    queue.periodic_task(crontab())(jobs_round)
    queue.periodic_task(crontab(minute="*/5"))(daily_round)
    return queue


def work(app: Flask) -> None:
    """Run until Ctrl C; what is due already is done at once."""
    Thread(target=_pulse, args=(app,), daemon=True).start()
    catch_up(app)
    logging.getLogger("huey").setLevel(logging.WARNING)
    queue = timetable(app)
    queue.create_consumer(workers=AT_ONCE, max_delay=1.0, check_worker_health=True).run()


# ---------------------------------------------------------------- jobs


def work_off(app: Flask) -> int:
    """Work on jobs until none waits; how many attempts that took."""
    attempts = 0
    while (hold := _next(app)) is not None:
        attempts += 1
        _held.add(hold)
        try:
            _work_on(app, hold)
        finally:
            _held.discard(hold)
    return attempts


def _next(app: Flask) -> Hold | None:
    with app.app_context():
        history.act_as(db.session, None)
        hold = take(db.session)
        db.session.commit()
        return hold


def _work_on(app: Flask, hold: Hold) -> None:
    """One attempt: the work and its end in one transaction, or the end alone."""
    with app.app_context():
        session = db.session
        try:
            session.connection(execution_options={"reads_only": True})
            run(session, hold, Reporter(session, hold))
            session.commit()
        except Lost:
            session.rollback()
        except Cancelled:
            _ended(session, hold, Phase.CANCELLED)
        except Refusal as refusal:
            _ended(session, hold, Phase.FAILED, refusal.sentence)
        except Exception as error:
            kind = type(error).__name__  # the text may hold a person's data
            log.error("job failed", job=hold.job_id, attempt=hold.attempt, error=kind)
            session.rollback()
            with suppress(Lost):
                give_back(session, hold, f"出了意外（{kind}），请告诉系统管理员。")
                session.commit()


def _ended(session: Session, hold: Hold, phase: Phase, words: str = "") -> None:
    session.rollback()
    with suppress(Lost):
        end(session, hold, phase, Result(words))
        session.commit()


class Reporter:
    """The progress of one attempt, told in transactions of its own about once a second.

    SQLite has one writer at a time: while somebody else writes for long, nothing is told; nor once the work
    itself writes, until its end.
    """

    def __init__(self, session: Session, hold: Hold) -> None:
        self.session, self.hold = session, hold
        self._next = 0.0

    def __call__(self, done: int, total: int | None = None) -> None:
        if time.monotonic() < self._next or self._would_wait():
            return
        told = {"done": done} if total is None else {"done": done, "total": total}
        with suppress(OperationalError), db.sessionmaker() as own:
            beat(own, self.hold, **told)
            own.commit()
        self._next = time.monotonic() + TELL_SECONDS

    def _would_wait(self) -> bool:
        sqlite = self.session.get_bind().dialect.name == "sqlite"
        return sqlite and self.session.in_transaction() and not reads_only(self.session)


def _pulse(app: Flask) -> None:
    """The worker lives, and with it the attempts it holds; told by a thread that no work keeps waiting."""
    while True:
        with suppress(SQLAlchemyError):  # busy or gone for a while: the next beat counts
            pulse(app)
        time.sleep(BEAT_SECONDS)


def pulse(app: Flask) -> None:
    """One beat."""
    with app.app_context():
        job_runs.beat(db.session)
        for hold in tuple(_held):
            with suppress(Lost, Cancelled):
                beat(db.session, hold)
        db.session.commit()


# ---------------------------------------------------------------- days


def catch_up(app: Flask) -> int:
    """Do every day that is due and not done, each in a transaction of its own; how many there were.

    A failure is told on the first page of whoever runs the system, and the day is tried again next round.
    """
    days = 0
    with app.app_context():
        try:
            while _do_next():
                days += 1
        except Exception as error:
            db.session.rollback()
            kind = type(error).__name__  # the text may hold a person's data
            log.error("daily job failed", error=kind)
            history.act_as(db.session, None)
            job_runs.failed(db.session, kind)
            db.session.commit()
    return days


def _do_next() -> bool:
    session = db.session
    history.act_as(session, None)
    day = job_runs.next_day(session)
    if day is None:
        session.rollback()
        return False
    words = job_runs.said(daily.run(session, day))
    job_runs.done(session, day, words)
    history.note(session, history.Action.COMMAND, title="每日任务", words=f"{day}：{words}")
    session.commit()
    return True
