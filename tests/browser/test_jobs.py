"""The page of a job, as a person watches it: it moves by itself, stops when asked, works without script."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from admin_app.models.jobs import Job
from admin_app.models.users import User
from admin_app.operations import job_runs
from admin_app.operations.results import posts_of, results_of
from admin_app.rules.dates import now, today
from admin_app.rules.jobs import Phase
from tests.browser.site import PHONE, Desk, Room
from tests.browser.test_looks import TOO_WIDE, faults

pytestmark = pytest.mark.browser
LABEL = "《调解案件登记册》城东街道 2026-01-01 至 2026-06-30"


def running(session: Session, user_id: int, **told: object) -> Job:
    """A job on which a worker is."""
    job_runs.beat(session)
    job = Job(
        user_id=user_id,
        kind="ledger",
        label=LABEL,
        given={"ledger": "case-register"},
        phase=Phase.RUNNING,
        attempt=1,
        asked_at=now() - timedelta(minutes=2),
        started_at=now() - timedelta(minutes=2),
        heartbeat_at=now(),
        done=2500,
        total=10000,
    )
    for name, value in told.items():
        setattr(job, name, value)
    session.add(job)
    session.commit()
    return job


def looks_well(desk: Desk) -> None:
    """Nothing wrong for anybody, in light and dark, at the desk and on the phone."""
    for dark, screen in ((False, None), (True, PHONE["viewport"])):
        desk.page.emulate_media(color_scheme="dark" if dark else "light")
        if screen:
            desk.page.set_viewport_size(screen)
        assert faults(desk.page) == []
        assert desk.page.evaluate(TOO_WIDE) <= 0


def test_a_person_watches_a_job_until_it_is_done_and_takes_the_file(room: Room, session: Session) -> None:
    office = room.site.world.office
    job = running(session, office)
    desk = room("office")
    desk.open(f"/jobs/{job.id}")
    bar = desk.page.get_by_role("progressbar", name="进度")
    expect(bar).to_have_attribute("value", "25")
    desk.sees("2500 / 10000 行")
    desk.sees("还要约 6 分钟")
    expect(desk.page.get_by_role("status").filter(has_text="进行中，已做 20%")).to_be_attached()
    looks_well(desk)

    job.done, job.heartbeat_at = 7500, now()
    session.commit()
    expect(desk.page.locator("[data-job-count]")).to_have_text("7500 / 10000 行")
    assert bar.evaluate("bar => bar.value") == 75

    job.file = results_of(session).keep(b"the book")
    job.posts = posts_of(session.get_one(User, office))
    job.phase, job.ended_at, job.words = Phase.DONE, now(), "共 10000 件"
    job.file_name, job.mime, job.keep_until = "登记册.xlsx", "text/plain", today()
    session.commit()
    expect(desk.page.get_by_role("button", name="下载文件")).to_be_visible()
    looks_well(desk)
    with desk.page.expect_download() as download:
        desk.press("下载文件")
    assert download.value.suggested_filename == "登记册.xlsx"
    desk.open("/jobs/")
    desk.sees("文件保存到")
    looks_well(desk)


def test_a_person_cancels_after_being_asked(room: Room, session: Session) -> None:
    job = running(session, room.site.world.office)
    desk = room("office")
    desk.open("/")
    desk.ready(desk.page.locator("summary", has_text="office")).click()
    desk.press("后台任务")
    desk.page.get_by_role("link", name=LABEL).click()
    desk.press("取消任务")
    desk.agree("取消任务")
    desk.told("已经通知后台程序停下")
    job.phase, job.ended_at = Phase.CANCELLED, now()
    session.commit()
    expect(desk.page.locator(".tag", has_text="已取消")).to_be_visible()
    expect(desk.page.get_by_role("progressbar")).to_have_count(0)
    looks_well(desk)


def test_without_script_the_page_says_it_when_asked_again(room: Room, session: Session) -> None:
    job = running(session, room.site.world.office)
    desk = room("office", java_script_enabled=False)
    desk.open(f"/jobs/{job.id}")
    desk.sees("2500 / 10000 行")
    job.done = 9900
    session.commit()
    desk.press("刷新")
    desk.sees("9900 / 10000 行")
    expect(desk.page).to_have_url(re.compile(f"/jobs/{job.id}$"))


def test_it_is_said_that_nobody_works(room: Room, session: Session) -> None:
    job = running(session, room.site.world.office, phase=Phase.WAITING, started_at=None, done=0)
    job_runs._locked(session, job_runs.WORKER).at = now() - timedelta(hours=1)
    session.commit()
    desk = room("office")
    desk.open(f"/jobs/{job.id}")
    desk.told("后台程序没有在运行")
    desk.sees("请联系管理员")
    looks_well(desk)
    desk.open("/jobs/")
    desk.told("后台程序没有在运行")
    looks_well(desk)
