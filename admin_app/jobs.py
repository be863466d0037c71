"""Jobs: what is done by itself, on a timetable, beside the screens (docs/decisions/0010).

`heshi worker` runs the timetable. Each round asks the database which days are not done yet, so a night
without power is made up for, and of two workers one finds nothing to do.
"""

import logging
from pathlib import Path

import structlog
from flask import Flask
from huey import Huey, PostgresHuey, SqliteHuey, crontab

from admin_app import history
from admin_app.database import db
from admin_app.operations import daily, job_runs
from admin_app.settings import Settings

log = structlog.get_logger()


def timetable(app: Flask) -> Huey:
    """The jobs of this application, and where their queue is kept."""
    huey = _queue(app.config["SETTINGS"])

    def daily_round() -> None:
        catch_up(app)

    huey.periodic_task(crontab(minute="*/5"))(daily_round)
    return huey


def work(app: Flask) -> None:
    """Run the timetable until Ctrl C; what is due already is done at once."""
    catch_up(app)
    logging.getLogger("huey").setLevel(logging.WARNING)
    timetable(app).create_consumer(workers=1, check_worker_health=True).run()


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


def _queue(settings: Settings) -> Huey:
    """SQLite beside the embedded database; PostgreSQL where machines share one."""
    url = settings.jobs_url
    if url.startswith("postgresql"):
        return PostgresHuey("heshi", dsn=url.replace("postgresql+psycopg://", "postgresql://", 1))
    file = Path(url.removeprefix("sqlite:///"))
    file.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey("heshi", filename=str(file))
