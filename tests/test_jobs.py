"""The daily job by itself: no day twice, none left out, a failure seen by whoever looks after it."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from huey import PostgresHuey, SqliteHuey
from sqlalchemy import func, select

from admin_app import jobs
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.job_runs import JobRun
from admin_app.models.notices import Notice
from admin_app.models.parameters import Parameter
from admin_app.operations import clocks, daily, job_runs
from admin_app.queue import queue_of
from admin_app.rules.dates import today
from admin_app.rules.deadlines import DeadlineKind
from admin_app.rules.parameters import Setting
from admin_app.settings import Settings
from tests.web import named
from tests.world import World

KEY = "k0123456789abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Every test runs at noon in China, whatever the hour."""
    noon = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
    monkeypatch.setattr(job_runs, "now", lambda: noon)
    return noon


def last(app: Flask) -> JobRun:
    with app.app_context():
        run = job_runs.last(db.session)
        assert run
        db.session.expunge(run)
        return run


def test_the_first_time_does_today_and_no_second_time(app: Flask) -> None:
    assert [jobs.catch_up(app), jobs.catch_up(app)] == [1, 0]
    run = last(app)
    assert (run.day, run.failed) == (date(2026, 11, 20), False)
    assert "提醒快到期 0 件" in run.words


def test_nights_without_power_are_made_up_for(app: Flask, world: World) -> None:
    with app.app_context():
        job_runs.done(db.session, date(2026, 11, 15), "")
        case = db.session.get_one(Case, world.mediating_case)
        clocks.of_case(db.session, case, DeadlineKind.FINISH, date(2026, 11, 18))
        db.session.commit()
    assert jobs.catch_up(app) == 5
    with app.app_context():
        told = select(Entry.note).where(Entry.title == "每日任务").order_by(Entry.id)
        days = [note.partition("：")[0] for note in db.session.scalars(told)]
        assert days == [f"2026-11-{day}" for day in range(16, 21)]
        kinds = set(db.session.scalars(select(Notice.kind).where(Notice.user_id == world.owner)))
        assert {kind.value for kind in kinds} == {"warn", "late"}


@pytest.mark.parametrize(("hour", "days"), [("12:00", 1), ("6:30", 1), ("12:01", 0), ("23:59", 0)])
def test_a_day_begins_at_the_hour_that_the_parameter_names(app: Flask, hour: str, days: int) -> None:
    with app.app_context():
        db.session.add(Parameter(setting=Setting.DAILY_AT, value=hour, valid_from=date(2026, 1, 1)))
        job_runs.done(db.session, date(2026, 11, 19), "")
        db.session.commit()
    assert jobs.catch_up(app) == days


def test_of_two_workers_one_finds_nothing_to_do(app: Flask) -> None:
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(jobs.catch_up, [app, app])) == [0, 1]
    with app.app_context():
        lines = select(func.count()).select_from(Entry).where(Entry.title == "每日任务")
        assert db.session.scalar(lines) == 1


def test_a_failure_is_told_and_the_day_tried_again(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(session: object, day: date) -> int:
        raise ZeroDivisionError("33070219750607121X")

    with monkeypatch.context() as broken:
        broken.setitem(daily.CHORES, "标出已超期", stumble)
        assert jobs.catch_up(app) == 0
    assert (last(app).failed, last(app).words, last(app).day) == (True, "ZeroDivisionError", None)
    page = named(app, world, "sysadmin").get("/").text
    assert "没有做成（ZeroDivisionError）" in page
    assert "有没有开着" in page
    assert jobs.catch_up(app) == 1
    assert last(app).failed is False


def test_whoever_runs_the_system_sees_how_it_went(app: Flask, world: World, at_noon: datetime) -> None:
    admin = named(app, world, "sysadmin")
    assert "还没有做过" in admin.get("/").text
    jobs.catch_up(app)
    assert "上次 2026-11-20 12:00，做到 2026-11-20" in admin.get("/").text
    assert "每日任务" not in named(app, world, "office").get("/").text


def test_what_is_a_day_old_is_stale(app: Flask, monkeypatch: pytest.MonkeyPatch, at_noon: datetime) -> None:
    jobs.catch_up(app)
    assert not job_runs.stale(last(app))
    monkeypatch.setattr(job_runs, "now", lambda: at_noon + timedelta(hours=27))
    assert job_runs.stale(last(app))
    assert job_runs.stale(None)


def test_the_command_counts_as_a_run(app: Flask) -> None:
    with app.app_context():
        job_runs.done(db.session, date(2026, 11, 20), "")
        job_runs.done(db.session, date(2026, 11, 3), "补做")
        db.session.commit()
    assert (last(app).day, last(app).words) == (date(2026, 11, 20), "补做")


def test_the_queue_stands_beside_the_database(app: Flask, tmp_path: Path) -> None:
    here = f"sqlite:///{tmp_path}/deep/jobs.db"
    queue = queue_of(Settings(secret_key=KEY, jobs_url=here))
    assert isinstance(queue, SqliteHuey)
    assert (tmp_path / "deep/jobs.db").exists()
    url = app.config["SETTINGS"].database_url
    if url.startswith("postgresql"):
        shared = queue_of(Settings(secret_key=KEY, database_url=url))
        assert isinstance(shared, PostgresHuey)
        assert shared.pending() == []
    with pytest.raises(ValueError, match="HESHI_JOBS_URL"):
        Settings(secret_key=KEY, jobs_url="amqp://localhost")


def test_all_who_start_at_once_find_the_queue(app: Flask) -> None:
    """A night's restart of several workers and servers: the first of them makes Huey's tables."""
    url = app.config["SETTINGS"].database_url
    if not url.startswith("postgresql"):
        pytest.skip("with SQLite one process does everything")
    settings = Settings(secret_key=KEY, database_url=url)
    with ThreadPoolExecutor(8) as processes:
        queues = list(processes.map(queue_of, [settings] * 8))
    assert [each.pending() for each in queues] == [[]] * 8


def test_redis_needs_its_own_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)  # as where it is not installed
    with pytest.raises(ValueError, match=r"HESHI_JOBS_URL.*heshi\[redis\]"):
        Settings(secret_key=KEY, jobs_url="redis://localhost")


def test_the_worker_does_what_is_due_and_stops_at_ctrl_c(app: Flask, tmp_path: Path) -> None:
    settings = app.config["SETTINGS"]
    environ = os.environ | {
        "HESHI_DATABASE_URL": settings.database_url,
        "HESHI_SECRET_KEY": settings.secret_key,
        "HESHI_FILES_DIR": str(tmp_path / "files"),
        "HESHI_JOBS_URL": f"sqlite:///{tmp_path}/jobs.db",
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    command = [sys.executable, "-m", "admin_app.cli", "worker"]
    with subprocess.Popen(command, cwd=tmp_path, env=environ) as worker:
        for _ in range(120):
            time.sleep(0.5)
            with app.app_context():
                run = job_runs.last(db.session)
                if run is not None or worker.poll() is not None:
                    break
        time.sleep(3)  # the consumer sets its handlers
        worker.send_signal(signal.SIGINT)
        assert worker.wait(timeout=30) == 0
    assert last(app).day in (today(), today() - timedelta(days=1))
