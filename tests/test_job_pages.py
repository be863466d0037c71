"""The pages of jobs: one's own and nobody else's, their files for some days, and whether a worker lives."""

import os
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app import jobs
from admin_app.database import db
from admin_app.models.history import Entry
from admin_app.models.jobs import Job
from admin_app.models.users import Role, User
from admin_app.operations import job_runs, results
from admin_app.operations.jobs import KINDS, Kind, Progress, Result, ask
from admin_app.operations.results import results_of
from admin_app.rules.dates import now, today
from admin_app.rules.jobs import Phase
from tests.web import named
from tests.world import World

CONTENT = b"one line, and another"


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kind that leaves a file."""
    monkeypatch.setitem(KINDS, "write", Kind("write", "写一份", lambda given: "case.export", _write))


def _write(session: Session, job: Job, progress: Progress) -> Result:
    file = results_of(session).keep(CONTENT + str(job.id).encode())
    return Result("共 2 行", file, "两行.txt", "text/plain")


def asked(app: Flask, user_id: int, *, done: bool = True) -> int:
    with app.app_context():
        job = ask(db.session, db.session.get_one(User, user_id), "write", {}, label="《登记册》全部")
        db.session.commit()
        job_id = job.id
    if done:
        jobs.work_off(app)
    return job_id


def change(app: Flask, job_id: int, **values: object) -> None:
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        for name, value in values.items():
            setattr(job, name, value)
        db.session.commit()


def test_one_gets_ones_file_and_the_log_tells_it(app: Flask, world: World) -> None:
    job_id = asked(app, world.office)
    here = named(app, world, "office")
    page = here.get(f"/jobs/{job_id}").text
    keep = today() + timedelta(days=7)
    for words in ("《登记册》全部", "已完成", "共 2 行", "两行.txt", f"{keep}，到期自动删除"):
        assert words in page
    assert "取消任务" not in page
    answer = here.post(f"/jobs/{job_id}/file")
    assert answer.data == CONTENT + str(job_id).encode()
    assert answer.mimetype == "text/plain"
    assert "filename*=UTF-8''%E4%B8%A4%E8%A1%8C.txt" in answer.headers["Content-Disposition"]
    with app.app_context():
        line = db.session.scalars(select(Entry).where(Entry.action == "result")).one()
        assert (line.actor_id, line.title, line.note) == (world.office, "《登记册》全部", "两行.txt")
    assert f"文件保存到 {keep}" in here.get("/jobs/").text
    assert here.client.post(f"/jobs/{job_id}/file").status_code == 400, "without a token"


@pytest.mark.parametrize("who", ["owner", "other_office", "bureau_county"])
def test_somebody_elses_job_does_not_exist(app: Flask, world: World, who: str) -> None:
    job_id = asked(app, world.office)
    here = named(app, world, who)
    assert here.get(f"/jobs/{job_id}").status_code == 404
    assert here.get(f"/jobs/{job_id}/progress").status_code == 404
    for act in ("file", "cancel"):
        assert here.post(f"/jobs/{job_id}/{act}").status_code == 404
    assert "《登记册》" not in here.get("/jobs/?all=1").text


def test_the_administrator_sees_every_job_and_no_file(app: Flask, world: World) -> None:
    job_id, waiting = asked(app, world.office), asked(app, world.owner, done=False)
    admin = named(app, world, "sysadmin")
    assert "《登记册》" not in admin.get("/jobs/").text
    page = admin.get("/jobs/?all=1").text
    assert page.count("《登记册》全部") == 2
    assert "下载文件" not in admin.get(f"/jobs/{job_id}").text
    assert admin.post(f"/jobs/{job_id}/file").status_code == 404
    assert "取消任务" in admin.get(f"/jobs/{waiting}").text
    assert admin.post(f"/jobs/{waiting}/cancel").status_code == 302
    assert "已取消" in named(app, world, "owner").get(f"/jobs/{waiting}").text


def test_a_job_that_waits_is_cancelled_by_whoever_asked(app: Flask, world: World) -> None:
    job_id = asked(app, world.office, done=False)
    here = named(app, world, "office")
    page = here.get(f"/jobs/{job_id}").text
    assert "排队中" in page
    assert f'data-job="/jobs/{job_id}/progress"' in page
    assert here.post(f"/jobs/{job_id}/cancel").status_code == 302
    page = here.get(f"/jobs/{job_id}").text
    assert "任务已取消。" in page
    assert "data-job" not in page
    assert here.post(f"/jobs/{job_id}/cancel").status_code == 409
    assert here.post(f"/jobs/{job_id}/file").status_code == 409


def test_the_door_for_the_script_tells_how_far_it_is(app: Flask, world: World) -> None:
    job_id = asked(app, world.office, done=False)
    here = named(app, world, "office")
    waiting = {"open": True, "percent": None, "count": "", "left": "", "said": "排队中"}
    assert here.get(f"/jobs/{job_id}/progress").json == waiting
    began = now() - timedelta(minutes=2)
    change(app, job_id, phase=Phase.RUNNING, started_at=began, heartbeat_at=now(), done=480, total=1000)
    running = {
        "open": True,
        "percent": 48,
        "count": "480 / 1000 行",
        "left": "还要约 2 分钟",
        "said": "进行中，已做 40%",
    }
    assert here.get(f"/jobs/{job_id}/progress").json == running
    page = here.get(f"/jobs/{job_id}").text
    assert '<progress aria-label="进度" max="100" value="48">' in page
    assert (
        "已经通知后台程序停下"
        in here.client.post(
            f"/jobs/{job_id}/cancel", data={"csrf_token": here.token()}, follow_redirects=True
        ).text
    )
    assert here.get(f"/jobs/{job_id}/progress").json["said"] == "正在停下，已做 40%"


# ------------------------------------------------------------------ posts


def test_without_the_right_the_file_is_not_given_any_more(app: Flask, world: World) -> None:
    job_id = asked(app, world.office)
    with app.app_context():
        user = db.session.get_one(User, world.office)
        user.posts[0].role = Role.EXPERT
        db.session.commit()
    answer = named(app, world, "office").post(f"/jobs/{job_id}/file")
    assert answer.status_code == 403


def test_with_another_post_the_old_file_is_not_given(app: Flask, world: World) -> None:
    job_id = asked(app, world.office)
    with app.app_context():
        user = db.session.get_one(User, world.office)
        user.posts[0].unit_id = world.other_township
        db.session.commit()
    answer = named(app, world, "office").post(f"/jobs/{job_id}/file")
    assert answer.status_code == 403
    assert results.MOVED_SINCE in answer.text


# ------------------------------------------------------------------ how long


def test_a_file_past_its_day_is_gone(app: Flask, world: World) -> None:
    job_id, other = asked(app, world.office), asked(app, world.office)
    change(app, job_id, keep_until=today() - timedelta(days=1))
    here = named(app, world, "office")
    assert results.EXPIRED in here.get(f"/jobs/{job_id}").text
    answer = here.post(f"/jobs/{job_id}/file")
    assert (answer.status_code, results.EXPIRED in answer.text) == (409, True)
    with app.app_context():
        store = results_of(db.session)
        paths = [store.path_of(db.session.get_one(Job, each).file or "") for each in (job_id, other)]
        stray, young = store.path_of("a" * 64), store.path_of("b" * 64)
        for each in (stray, young):
            each.parent.mkdir(parents=True, exist_ok=True)
            each.write_text("left by an attempt that was killed")
        two_days_ago = now().timestamp() - 2 * 24 * 3600
        for each in (paths[0], paths[1], stray):
            os.utime(each, (two_days_ago, two_days_ago))
        assert results.sweep(db.session, today()) == 1
        db.session.commit()
        assert [each.exists() for each in (*paths, stray, young)] == [False, True, False, True]
        assert results.sweep(db.session, today()) == 0
        young.unlink()
    assert results.EXPIRED in here.get(f"/jobs/{job_id}").text
    assert here.post(f"/jobs/{job_id}/file").status_code == 409
    assert here.post(f"/jobs/{other}/file").status_code == 200


def test_results_lie_apart_from_the_uploads(app: Flask) -> None:
    with app.app_context():
        assert results_of(db.session).directory.name == "results"
        assert results.sweep(db.session, date(2026, 11, 20)) == 0


# ------------------------------------------------------------------ the worker


def test_it_is_said_that_no_worker_runs(app: Flask, world: World) -> None:
    job_id = asked(app, world.office, done=False)
    here, admin = named(app, world, "office"), named(app, world, "sysadmin")
    for page in (here.get("/jobs/"), here.get(f"/jobs/{job_id}")):
        assert "后台程序没有在运行" in page.text
        assert "请联系管理员" in page.text
    assert "后台程序没有在运行" in admin.get("/").text
    jobs.pulse(app)
    for page in (here.get("/jobs/"), here.get(f"/jobs/{job_id}"), admin.get("/")):
        assert "后台程序没有在运行" not in page.text


def test_an_old_heartbeat_is_none(app: Flask, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs.pulse(app)
    later = now() + timedelta(minutes=5)
    monkeypatch.setattr(job_runs, "now", lambda: later)
    assert "后台程序没有在运行" in named(app, world, "office").get("/jobs/").text


def test_many_jobs_stand_on_several_pages(app: Flask, world: World) -> None:
    for _ in range(21):
        asked(app, world.office, done=False)
    here = named(app, world, "office")
    page = here.get("/jobs/").text
    assert page.count("《登记册》全部") == 20
    older = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert here.get(older).text.count("《登记册》全部") == 1
