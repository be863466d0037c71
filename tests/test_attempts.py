"""Jobs are done once: whoever is killed, however many work, whatever goes wrong."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import URL, func, select
from sqlalchemy.orm import Session

from admin_app import history, jobs
from admin_app.database import db
from admin_app.models.history import Entry
from admin_app.models.jobs import Job
from admin_app.models.notices import Notice
from admin_app.models.users import User
from admin_app.operations import job_runs
from admin_app.operations.attempts import BROKEN_OFF, MOVED, UNKNOWN, Hold, Lost, beat, end, take
from admin_app.operations.jobs import KINDS, Kind, Progress, Result, ask, cancel
from admin_app.rules.dates import now
from admin_app.rules.jobs import LEASE, Phase
from admin_app.rules.refusals import NotAllowed, NotNow
from tests.web import make_app
from tests.world import World

ROWS = 5
Work = Callable[[Session, Job, Progress], Result]


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """`kind(work)`: the kind "count" does this work; whoever may see cases may ask for it."""
    monkeypatch.setattr(jobs, "TELL_SECONDS", 0.0)

    def register(work: Work) -> None:
        monkeypatch.setitem(KINDS, "count", Kind("count", "数一数", lambda given: "case.see", work))

    register(count)
    return register


def count(session: Session, job: Job, progress: Progress) -> Result:
    """Reads row by row, then leaves one line in the history."""
    for row in range(job.given["rows"]):
        progress(row, ROWS)
    session.rollback()
    effect(session, job)
    return Result(f"共 {ROWS} 行")


def effect(session: Session, job: Job) -> None:
    history.note(session, history.Action.COMMAND, title=f"counted {job.id}")


def asked(app: Flask, user_id: int, times: int = 1) -> list[int]:
    """The numbers of new jobs."""
    with app.app_context():
        actor = db.session.get_one(User, user_id)
        found = [ask(db.session, actor, "count", {"rows": ROWS}) for _ in range(times)]
        db.session.commit()
        return [each.id for each in found]


def job_of(app: Flask, job_id: int) -> Job:
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        db.session.expunge(job)
        return job


def effects(app: Flask) -> int:
    with app.app_context():
        lines = select(func.count()).select_from(Entry).where(Entry.title.startswith("counted"))
        return db.session.scalar(lines) or 0


def told(app: Flask, user_id: int) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(select(Notice.words).where(Notice.user_id == user_id)))


def change(app: Flask, job_id: int, **values: Any) -> None:
    with app.app_context():
        job = db.session.get_one(Job, job_id)
        for name, value in values.items():
            setattr(job, name, value)
        db.session.commit()


def test_a_job_is_done_in_the_name_of_whoever_asked(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    (job_id,) = asked(app, world.office)
    assert job_of(app, job_id).phase is Phase.WAITING
    assert jobs.work_off(app) == 1
    job = job_of(app, job_id)
    assert (job.phase, job.attempt, job.done, job.total) == (Phase.DONE, 1, ROWS, ROWS)
    assert (job.words, job.file, job.keep_until) == (f"共 {ROWS} 行", None, None)
    with app.app_context():
        line = db.session.scalars(select(Entry).where(Entry.title == f"counted {job_id}")).one()
        assert line.actor_id == world.office
        assert history.verify(db.session)[1] is None
    assert told(app, world.office) == [f"后台任务“数一数”已完成。共 {ROWS} 行"]
    assert jobs.work_off(app) == 0


def test_progress_is_seen_by_others_while_the_work_goes_on(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    seen = []

    def watched(session: Session, job: Job, progress: Progress) -> Result:
        for row in range(ROWS):
            progress(row, ROWS)
            now_ = job_of(app, job.id)
            seen.append((now_.phase, now_.done, now_.total))
        return Result()

    kind(watched)
    asked(app, world.office)
    jobs.work_off(app)
    assert seen == [(Phase.RUNNING, row, ROWS) for row in range(ROWS)]


def test_progress_told_while_the_work_writes_keeps_nobody_waiting(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    def writing(session: Session, job: Job, progress: Progress) -> Result:
        session.rollback()
        effect(session, job)
        session.add(Notice(user_id=job.user_id, at=now(), kind="info", words="written"))
        session.flush()
        progress(1, ROWS)  # on SQLite it would wait for itself
        return Result()

    kind(writing)
    (job_id,) = asked(app, world.office)
    began = now()
    jobs.work_off(app)
    assert now() - began < timedelta(seconds=10)
    assert (job_of(app, job_id).phase, effects(app)) == (Phase.DONE, 1)


@pytest.mark.parametrize("ground", ["sqlite"], indirect=True)
def test_somebody_who_writes_for_long_does_not_make_a_job_fail(
    database_url: URL, world: World, kind: Callable[[Work], None]
) -> None:
    app = make_app(database_url, lock_seconds=0)

    def beside(session: Session, job: Job, progress: Progress) -> Result:
        with db.engine.begin():  # takes SQLite's write lock
            progress(1, ROWS)
        return count(session, job, progress)

    kind(beside)
    (job_id,) = asked(app, world.office)
    assert jobs.work_off(app) == 1
    assert (job_of(app, job_id).phase, effects(app)) == (Phase.DONE, 1)
    with app.app_context():
        db.engine.dispose()


def test_of_two_workers_each_does_what_the_other_has_not(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    ids = asked(app, world.office, times=6)
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(jobs.work_off, [app, app])) == 6
    assert [(job_of(app, each).phase, job_of(app, each).attempt) for each in ids] == [(Phase.DONE, 1)] * 6
    assert effects(app) == 6


# ------------------------------------------------------------------ killed

KILLED = """
import sys
from sqlalchemy import make_url
from admin_app import jobs
from admin_app.operations.jobs import KINDS, Kind
from tests import test_attempts
from tests.web import make_app

def work(session, job, progress):
    test_attempts.count(session, job, progress)
    session.flush()
    print("begun", flush=True)
    sys.stdin.read()

KINDS["count"] = Kind("count", "", lambda given: "case.see", work)
jobs.work_off(make_app(make_url(sys.argv[1])))
"""


def test_what_a_killed_worker_has_begun_the_next_does_once(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    (job_id,) = asked(app, world.office)
    address = app.config["SETTINGS"].database_url
    command = [sys.executable, "-c", KILLED, address]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "begun\n"
        worker.kill()
    job = job_of(app, job_id)
    assert (job.phase, job.attempt, effects(app)) == (Phase.RUNNING, 1, 0)
    assert jobs.work_off(app) == 0, "it may live still"
    change(app, job_id, heartbeat_at=now() - LEASE - timedelta(seconds=1))
    assert jobs.work_off(app) == 1
    job = job_of(app, job_id)
    assert (job.phase, job.attempt, effects(app)) == (Phase.DONE, 2, 1)


def test_an_attempt_that_was_given_up_can_write_nothing_any_more(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    def slept(session: Session, job: Job, progress: Progress) -> Result:
        """Meanwhile another worker finds the job without a heartbeat, and does it."""
        if job.attempt == 1:
            change(app, job.id, heartbeat_at=now() - LEASE - timedelta(seconds=1))
            assert jobs.work_off(app) == 1
        session.rollback()
        effect(session, job)
        return Result(f"attempt {job.attempt}")

    kind(slept)
    (job_id,) = asked(app, world.office)
    jobs.work_off(app)
    job = job_of(app, job_id)
    assert (job.phase, job.attempt, effects(app)) == (Phase.DONE, 2, 1)
    assert len(told(app, world.office)) == 1


def test_only_the_newest_attempt_lives_and_ends(session: Session, person: Callable[[str], User]) -> None:
    job = Job(user=person("office"), kind="count", label="数一数", given={}, asked_at=now())
    session.add(job)
    session.flush()
    first = take(session)
    assert first == Hold(job.id, 1)
    assert take(session) is None
    job.heartbeat_at = now() - LEASE - timedelta(seconds=1)
    session.flush()
    assert take(session) == Hold(job.id, 2)
    for act in (lambda: beat(session, first, done=3), lambda: end(session, first, Phase.DONE)):
        with pytest.raises(Lost):
            act()
    beat(session, Hold(job.id, 2), done=4)
    end(session, Hold(job.id, 2), Phase.DONE)
    with pytest.raises(Lost):
        end(session, Hold(job.id, 2), Phase.DONE)
    assert (job.phase, job.done) == (Phase.DONE, 4)


def test_after_three_deaths_a_job_has_failed(app: Flask, world: World, kind: Callable[[Work], None]) -> None:
    (job_id,) = asked(app, world.office)
    long_ago = now() - timedelta(hours=1)
    change(app, job_id, phase=Phase.RUNNING, attempt=3, heartbeat_at=long_ago)
    assert jobs.work_off(app) == 0
    assert (job_of(app, job_id).phase, job_of(app, job_id).words) == (Phase.FAILED, BROKEN_OFF)
    assert effects(app) == 0
    assert told(app, world.office) == [f"后台任务“数一数”没有做成。{BROKEN_OFF}"]


# ------------------------------------------------------------------ refused, failed


def test_whoever_has_lost_the_post_gets_a_sentence_instead(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    (job_id,) = asked(app, world.office)
    with app.app_context():
        user = db.session.get_one(User, world.office)
        user.posts.clear()
        db.session.commit()
    jobs.work_off(app)
    assert (job_of(app, job_id).phase, job_of(app, job_id).words) == (Phase.FAILED, MOVED)
    assert effects(app) == 0


def test_whoever_may_not_sign_in_any_more_gets_nothing_done(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    (job_id,) = asked(app, world.office)
    with app.app_context():
        db.session.get_one(User, world.office).active = False
        db.session.commit()
    jobs.work_off(app)
    assert (job_of(app, job_id).words, effects(app)) == (MOVED, 0)


def test_nobody_asks_for_what_the_policy_does_not_grant(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    with pytest.raises(NotAllowed):
        asked(app, world.sysadmin)


def test_what_the_work_refuses_is_said_and_not_tried_again(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    def refuse(session: Session, job: Job, progress: Progress) -> Result:
        session.rollback()
        effect(session, job)
        raise NotNow("记录太多，请缩短期间。")

    kind(refuse)
    (job_id,) = asked(app, world.office)
    assert jobs.work_off(app) == 1
    job = job_of(app, job_id)
    assert (job.phase, job.words, effects(app)) == (Phase.FAILED, "记录太多，请缩短期间。", 0)


def test_what_goes_wrong_unforeseen_is_tried_three_times(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    def stumble(session: Session, job: Job, progress: Progress) -> Result:
        session.rollback()
        effect(session, job)
        session.flush()
        raise ZeroDivisionError("33070219750607121X")

    kind(stumble)
    (job_id,) = asked(app, world.office)
    assert jobs.work_off(app) == 3
    job = job_of(app, job_id)
    assert (job.phase, job.attempt, effects(app)) == (Phase.FAILED, 3, 0)
    assert job.words == "出了意外（ZeroDivisionError），请告诉系统管理员。"


def test_a_second_try_may_well_succeed(app: Flask, world: World, kind: Callable[[Work], None]) -> None:
    def once(session: Session, job: Job, progress: Progress) -> Result:
        if job.attempt == 1:
            raise OSError
        return count(session, job, progress)

    kind(once)
    (job_id,) = asked(app, world.office)
    assert jobs.work_off(app) == 2
    job = job_of(app, job_id)
    assert (job.phase, job.words, effects(app)) == (Phase.DONE, f"共 {ROWS} 行", 1)


def test_a_kind_that_is_not_known_any_more_is_said(
    app: Flask, world: World, kind: Callable[[Work], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    (job_id,) = asked(app, world.office)
    monkeypatch.delitem(KINDS, "count")
    jobs.work_off(app)
    assert (job_of(app, job_id).phase, job_of(app, job_id).words) == (Phase.FAILED, UNKNOWN)


# ------------------------------------------------------------------ cancelled


def cancelled_by(app: Flask, user_id: int, job_id: int) -> None:
    with app.app_context():
        cancel(db.session, db.session.get_one(User, user_id), job_id)
        db.session.commit()


def test_a_job_that_waits_is_cancelled_at_once(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    (job_id,) = asked(app, world.office)
    cancelled_by(app, world.office, job_id)
    assert jobs.work_off(app) == 0
    assert (job_of(app, job_id).phase, effects(app)) == (Phase.CANCELLED, 0)
    with pytest.raises(NotNow, match="已取消"):
        cancelled_by(app, world.office, job_id)


def test_a_job_in_the_middle_stops_and_takes_back_what_it_did(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    reached = []

    def interrupted(session: Session, job: Job, progress: Progress) -> Result:
        for row in range(ROWS):
            if row == 2:
                cancelled_by(app, world.office, job.id)
            progress(row, ROWS)
            reached.append(row)
        return count(session, job, progress)

    kind(interrupted)
    (job_id,) = asked(app, world.office)
    jobs.work_off(app)
    job = job_of(app, job_id)
    assert (job.phase, job.done, reached) == (Phase.CANCELLED, 1, [0, 1])
    assert (effects(app), told(app, world.office)) == (0, [])


def test_a_job_whose_worker_is_dead_is_cancelled_at_once(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    first, second = asked(app, world.office, times=2)
    long_ago = now() - timedelta(hours=1)
    change(app, first, phase=Phase.RUNNING, attempt=1, heartbeat_at=long_ago)
    cancelled_by(app, world.office, first)
    assert job_of(app, first).phase is Phase.CANCELLED
    change(app, second, phase=Phase.RUNNING, attempt=1, stop=True, heartbeat_at=long_ago)
    assert jobs.work_off(app) == 0
    assert job_of(app, second).phase is Phase.CANCELLED


# ------------------------------------------------------------------ the bell, the heartbeat


def test_the_bell_rings_for_what_is_committed_and_only_then(
    session: Session, person: Callable[[str], User], kind: Callable[[Work], None]
) -> None:
    rung = []
    session.info["bell"] = lambda: rung.append(1)
    ask(session, person("office"), "count", {"rows": 1})
    assert rung == []
    session.rollback()
    session.commit()
    assert rung == []
    ask(session, person("office"), "count", {"rows": 1})
    ask(session, person("office"), "count", {"rows": 1})
    session.commit()
    session.commit()
    assert rung == [1]


def test_a_beat_keeps_the_worker_and_its_attempts_alive(
    app: Flask, world: World, kind: Callable[[Work], None]
) -> None:
    def patient(session: Session, job: Job, progress: Progress) -> Result:
        change(app, job.id, heartbeat_at=now() - LEASE - timedelta(seconds=1))
        jobs.pulse(app)
        assert jobs.work_off(app) == 0
        return Result()

    kind(patient)
    (job_id,) = asked(app, world.office)
    with app.app_context():
        assert not job_runs.working(db.session)
    jobs.work_off(app)
    assert (job_of(app, job_id).phase, job_of(app, job_id).attempt) == (Phase.DONE, 1)
    with app.app_context():
        assert job_runs.working(db.session)
