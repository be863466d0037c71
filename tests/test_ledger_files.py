"""A long ledger becomes a job: the same book, made by the worker, and the same lines in the history."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from admin_app import jobs
from admin_app.database import db
from admin_app.models.history import Entry
from admin_app.models.jobs import Job
from admin_app.models.parameters import Parameter
from admin_app.models.users import User
from admin_app.operations import job_runs
from admin_app.operations.attempts import take
from admin_app.rules.jobs import Phase
from admin_app.rules.parameters import Setting
from tests.exports_book import fill_book
from tests.web import Browser, named
from tests.world import World

BOOK = "/ledgers/case-register"
LINES = 1200


@pytest.fixture
def long_book(app: Flask, world: World) -> None:
    """A book of more lines than a page is kept waiting for."""
    with app.app_context():
        db.session.add(Parameter(setting=Setting.JOB_ROWS, value="1000", valid_from=date(2026, 1, 1)))
        fill_book(db.session, world, LINES)
        db.session.commit()


def only_job(app: Flask) -> Job:
    with app.app_context():
        job = db.session.scalars(select(Job)).one()
        db.session.expunge(job)
        return job


def cells(content: bytes) -> list[list[Any]]:
    """The sheet without the lines that tell the hour and the digest."""
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows(max_row=2 + LINES)]


def taken(app: Flask, here: Browser) -> bytes:
    """What the job that was just asked for leaves."""
    jobs.work_off(app)
    answer = here.post(f"/jobs/{only_job(app).id}/file")
    assert answer.status_code == 200, answer.text
    return answer.data


@pytest.mark.usefixtures("long_book")
def test_a_long_book_is_made_by_the_worker_and_is_the_same(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    answer = here.post(f"{BOOK}?stage=mediating", {"unit": world.township, "reason": "年度检查"})
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Job)) == 0, "a part of it is short enough"

    answer = here.post(BOOK, {"unit": world.township, "reason": "年度检查"})
    job = only_job(app)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/jobs/{job.id}")
    assert (job.label, job.phase, job.done) == ("《调解案件登记册》城东街道 全部", Phase.WAITING, 0)
    assert job.total is not None
    assert job.total >= LINES
    by_worker = taken(app, here)
    job = only_job(app)
    assert (job.words, job.file_name) == (f"共 {job.total} 件", "《调解案件登记册》城东街道 全部.xlsx")
    with app.app_context():
        parameter = db.session.scalars(select(Parameter).where(Parameter.setting == Setting.JOB_ROWS)).one()
        parameter.value = "5000"
        db.session.commit()
    at_once = here.post(BOOK, {"unit": world.township, "reason": "年度检查"})
    assert cells(by_worker) == cells(at_once.data)
    with app.app_context():
        exports = select(Entry).where(Entry.action == "export").order_by(Entry.place)
        first, second, third = db.session.scalars(exports)
        assert {first.actor_id, second.actor_id, third.actor_id} == {world.office}
        assert "理由：年度检查" in second.note
        assert second.note.split("；校验码")[0] == third.note.split("；校验码")[0]


@pytest.mark.usefixtures("long_book")
def test_the_lists_conditions_and_the_period_go_with_the_job(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    given = {"since": "2026-01-01", "until": "2026-06-29", "reason": "x"}
    here.post(f"{BOOK}?registered_on_from=2026-01-05", given)
    job = only_job(app)
    assert job.given == {
        "ledger": "case-register",
        "unit": None,
        "since": "2026-01-01",
        "until": "2026-06-29",
        "as_of": None,
        "masked": True,
        "acknowledged": False,
        "format": "xlsx",
        "reason": "x",
        "list": [["registered_on_from", "2026-01-05"]],
    }
    assert job.total is not None
    assert 1000 < job.total < LINES
    rows = cells(taken(app, here))
    assert any("不早于 2026-01-05" in str(cell) for row in rows[:3] for cell in row)
    assert only_job(app).words == f"共 {job.total} 件"


@pytest.mark.usefixtures("long_book")
def test_cancelling_leaves_neither_a_file_nor_a_line(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    here.post(BOOK, {"reason": "x"})
    with app.app_context():
        hold = take(db.session)
        assert hold
        db.session.commit()
    assert here.post(f"/jobs/{hold.job_id}/cancel").status_code == 302
    assert only_job(app).phase is Phase.RUNNING
    jobs._work_on(app, hold)
    job = only_job(app)
    assert (job.phase, job.file) == (Phase.CANCELLED, None)
    with app.app_context():
        exports = select(func.count()).select_from(Entry).where(Entry.action == "export")
        assert db.session.scalar(exports) == 0


@pytest.mark.usefixtures("long_book")
def test_a_unit_that_is_not_the_persons_any_more_is_refused(app: Flask, world: World) -> None:
    here = named(app, world, "office")
    here.post(BOOK, {"unit": world.township, "reason": "x"})
    with app.app_context():
        user = db.session.get_one(User, world.office)
        user.posts[0].unit_id = world.far_township
        db.session.commit()
    jobs.work_off(app)
    job = only_job(app)
    assert job.phase is Phase.FAILED
    assert "不在您的管辖范围内" in job.words


# ------------------------------------------------------------------ a worker of its own


@contextmanager
def worker(app: Flask, tmp_path: Path) -> Iterator[None]:
    """`heshi worker` in a process of its own, at the same bell, until it has given a sign of life."""
    settings = app.config["SETTINGS"]
    environ = os.environ | {
        "HESHI_DATABASE_URL": settings.database_url,
        "HESHI_SECRET_KEY": settings.secret_key,
        "HESHI_FILES_DIR": str(settings.files_dir),
        "HESHI_JOBS_URL": settings.jobs_url,
        "PYTHONPATH": str(Path(__file__).parent.parent),
    }
    command = [sys.executable, "-m", "admin_app.cli", "worker"]
    with subprocess.Popen(command, cwd=tmp_path, env=environ) as process:
        try:
            until(lambda: _working(app))
            yield
            time.sleep(3)  # the consumer sets its handlers
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
        finally:
            process.kill()


def until(true: Any) -> None:
    """Wait for something, a minute and a half at most."""
    for _ in range(180):
        if true():
            return
        time.sleep(0.5)
    pytest.fail("waited in vain")


def _working(app: Flask) -> bool:
    with app.app_context():
        return job_runs.working(db.session)


@pytest.mark.usefixtures("long_book")
def test_the_worker_hears_the_bell(app: Flask, world: World, tmp_path: Path) -> None:
    here = named(app, world, "office")
    with worker(app, tmp_path):
        here.post(BOOK, {"reason": "x"})
        until(lambda: only_job(app).phase is Phase.DONE)
    assert here.post(f"/jobs/{only_job(app).id}/file").status_code == 200
