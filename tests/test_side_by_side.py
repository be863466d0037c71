"""Two web servers and two workers on one PostgreSQL, as processes, some of them killed in the middle."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import cycle
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from admin_app import history
from admin_app.database import db
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.job_runs import JobRun
from admin_app.models.jobs import Job
from admin_app.models.parameters import Parameter
from admin_app.models.users import User
from admin_app.operations import job_runs
from admin_app.rules.dates import now, today
from admin_app.rules.jobs import LEASE, Phase
from admin_app.rules.parameters import Setting
from tests.databases import Ground
from tests.invariants import faults
from tests.processes import Answer, Person, Server, Site, until
from tests.test_screens import CASE
from tests.web import form_data, make_app
from tests.world import PASSWORD, World

pytestmark = pytest.mark.parametrize("ground", ["postgresql"], indirect=True, scope="session")
BOOK = "/ledgers/acceptance-register"
CASES, JOBS, DAYS_MISSED = 16, 10, 3
EDIT = r'href="(/parameter/\d+/edit)" aria-label="修改签收期限（工作日）"'
NAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦"
RIGHT = {"parties-0-consent": "01", "parties-1-consent": "01", "kin_checked": "y"}


@pytest.fixture(scope="module")
def site(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The processes; every ledger is a job, and three days of chores wait to be made up for."""
    with ground.world_url() as url:
        app = make_app(url)
        _prepare(app)
        site = Site(app, Path(tmp_path_factory.mktemp("site")))
        for _ in range(2):
            site.serve()
            site.work()
        try:
            site.wait()
            yield site
        finally:
            site.close()
            with app.app_context():
                db.engine.dispose()


def _prepare(app: Flask) -> None:
    with app.app_context():
        since = today() - timedelta(days=9)
        for setting, value in (
            (Setting.JOB_ROWS, "1"),
            (Setting.DAILY_AT, "00:00"),
            (Setting.WINDOW_OPEN, "是"),
        ):
            db.session.add(Parameter(setting=setting, value=value, valid_from=since))
        job_runs.done(db.session, today() - timedelta(days=DAYS_MISSED), "")
        db.session.commit()


def someone(site: Site, world: World, who: str) -> Person:
    with site.app.app_context():
        user = db.session.get_one(User, getattr(world, who))
        return site.person(user.id, user.session_stamp)


def patiently(
    person: Person, servers: Iterator[Server], method: str, url: str, data: dict[str, object]
) -> Answer:
    """Whoever was cut off asks again, as people do, and gets the other server."""
    while True:
        server = next(servers)
        answer = person.get(server, url) if method == "GET" else person.post(server, url, data)
        assert answer.status < 500, (url, answer.status, answer.text)
        if answer.status:
            return answer
        time.sleep(0.2)


def new_case(world: World, turn: int) -> dict[str, object]:
    """No two are alike: the second would be asked whether it is the first."""
    names = {f"parties-{place}-name": f"{NAMES[turn]}{each}" for place, each in enumerate("东西")}
    brief = f"第 {turn} 件并排登记的纠纷。"
    return {**CASE, **names, "committee_id": world.village_committee, "brief": brief}


def registered_and_accepted(site: Site, world: World, turn: int) -> None:
    """A clerk registers a case at one server and accepts it at the other: it gets its number."""
    owner, servers = (
        someone(site, world, "owner"),
        cycle([*site.servers[turn % 2 :], *site.servers[: turn % 2]]),
    )
    given = new_case(world, turn)
    answer = patiently(owner, servers, "POST", "/case/new", given)
    assert answer.status == 302, re.findall(r"<li>.*?</li>", answer.text)
    case = answer.location
    page = patiently(owner, servers, "GET", f"{case}/step/accept", {})
    facts = {**form_data(page.text), **RIGHT, "mediators-0-mediator_id": world.mediator}
    facts.pop("csrf_token")
    taken = patiently(owner, servers, "POST", f"{case}/step/accept", facts)
    assert taken.status in (302, 409), re.findall(r"<li>.*?</li>", taken.text)  # cut off after it was done


def looked_around(site: Site, world: World, turn: int) -> None:
    """Somebody reads lists, figures and what waits."""
    who = ("office", "bureau_county", "director")[turn % 3]
    person, servers = someone(site, world, who), cycle(site.servers)
    for url in ("/", "/case/", "/visit/", "/figures/", "/case/?q=%E7%94%B2"):
        assert patiently(person, servers, "GET", url, {}).status == 200


def a_ledger_asked_for(site: Site, world: World, turn: int) -> str:
    """A job, under a reason by which it is found again."""
    person, reason = someone(site, world, "office"), f"并排第 {turn} 本"
    answer = patiently(person, cycle(site.servers), "POST", BOOK, {"reason": reason, "format": "xlsx"})
    assert answer.status == 302
    return reason


def test_numbers_jobs_and_history_stay_whole_whoever_is_killed(site: Site, world: World) -> None:
    with site.app.app_context():
        known = set(faults(db.session))
        db.session.rollback()
    with ThreadPoolExecutor(6) as people:
        cases = [people.submit(registered_and_accepted, site, world, turn) for turn in range(CASES)]
        looks = [people.submit(looked_around, site, world, turn) for turn in range(CASES)]
        asked = [people.submit(a_ledger_asked_for, site, world, turn) for turn in range(JOBS)]
        until(lambda: _phases(site)[Phase.RUNNING] or _phases(site)[Phase.DONE])
        site.servers[0].strike()
        site.workers[0].kill()
        until(lambda: sum(each.done() for each in cases) > CASES // 2)
        site.servers[1].strike()
        reasons = [each.result() for each in asked]
        for each in (*cases, *looks):
            each.result()
    _give_up_what_the_killed_one_held(site)
    until(lambda: _phases(site)[Phase.DONE] >= JOBS)
    with site.app.app_context():
        session = db.session
        numbers = list(
            session.scalars(
                select(Case.number).where(Case.brief.contains("并排登记"), Case.number.is_not(None))
            )
        )
        assert len(numbers) >= CASES
        assert len(set(numbers)) == len(numbers)
        counts = sorted(int(re.search(r"(\d+)号$", each or "")[1]) for each in numbers)  # type: ignore[index]
        assert counts == list(range(counts[0], counts[0] + len(counts))), "a number was left out"
        notes = Counter(
            session.scalars(select(Entry.note).where(Entry.action == history.Action.EXPORT.value))
        )
        for reason in reasons:
            of_it = [note for note in notes.elements() if f"理由：{reason}" in note]
            jobs = session.scalars(select(Job).where(Job.given["reason"].as_string() == reason)).all()
            assert len(of_it) == len(jobs), "a job was done twice, or its line is missing"
            assert {each.phase for each in jobs} == {Phase.DONE}
        assert history.verify(session)[1] is None
        assert set(faults(session)) - known == set()
        session.rollback()
    assert "unforeseen" not in site.said()


def _phases(site: Site) -> Counter[Phase]:
    with site.app.app_context():
        return Counter(db.session.scalars(select(Job.phase)))


def _give_up_what_the_killed_one_held(site: Site) -> None:
    """As if its two minutes had gone by. Who lives and is at it has lost it too: done once all the same."""
    with site.app.app_context():
        db.session.execute(
            update(Job).where(Job.phase == Phase.RUNNING).values(heartbeat_at=now() - 2 * LEASE)
        )
        db.session.commit()


def test_each_day_is_done_once_by_whichever_worker_comes_first(site: Site) -> None:
    def done() -> bool:
        with site.app.app_context():
            run = db.session.scalars(select(JobRun).where(JobRun.job == job_runs.DAILY)).one()
            return run.day == today()

    until(done)
    with site.app.app_context():
        told = select(Entry.note).where(Entry.title == "每日任务")
        days = Counter(note.partition("：")[0] for note in db.session.scalars(told))
    assert days == {f"{today() - timedelta(days=ago)}": 1 for ago in range(DAYS_MISSED)}


def test_what_is_changed_through_one_process_is_seen_through_the_other_at_once(
    site: Site, world: World
) -> None:
    here, there = site.servers
    admin, office, county = (someone(site, world, who) for who in ("sysadmin", "office", "bureau_county"))
    for one, other in ((here, there), (there, here)):
        for server in site.servers:  # so that each has read everything once
            assert county.get(server, "/case/new").status in (200, 403)
            assert office.get(server, "/case/new").status == 200
            assert admin.get(server, "/parameter/now").status == 200
        label = f"新纠纷{one.port}"
        code = {"table": "dispute_kind", "code": f"9{one.port}", "label": label, "position": "9"}
        code["valid_from"] = "2026-01-01"
        assert admin.post(one, "/code/new", {**code}).status == 302
        assert label in office.get(other, "/case/new").text
        known = re.search(EDIT, admin.get(one, "/parameter/now").text)
        where = known[1] if known else "/parameter/new?setting=sign_days"
        form = form_data(admin.get(one, where).text)
        form |= {"csrf_token": admin.token, "value": f"{int(form['value']) + 13}"}
        made = admin.post(one, where, form)
        assert made.status == 302, re.findall(r'<p class="[^"]*error.*?</p>', made.text, re.DOTALL)
        assert f"<td>{form['value']}</td>" in admin.get(other, "/parameter/now").text


def test_a_thing_that_waits_is_counted_in_every_process_at_once(site: Site, world: World) -> None:
    here, there = site.servers
    owner, director = someone(site, world, "owner"), someone(site, world, "director")

    def waiting(server: Server) -> int:
        page = director.get(server, "/").text
        found = re.search(r"待办 <span class=\"count\">(\d+)</span>", page)
        return int(found[1]) if found else 0

    for turn, (one, other) in enumerate(((here, there), (there, here)), CASES):
        before = waiting(other)
        assert waiting(one) == before
        assert owner.post(one, "/case/new", new_case(world, turn)).status == 302
        assert waiting(other) == before + 1 == waiting(one)


def test_rights_and_sessions_end_in_every_process_at_once(site: Site, world: World) -> None:
    here = site.servers[0]
    admin, colleague = someone(site, world, "sysadmin"), someone(site, world, "colleague")
    assert [colleague.get(each, "/case/").status for each in site.servers] == [200, 200]
    edit = f"/user/{world.colleague}/edit"
    data = form_data(admin.get(here, edit).text)
    off = {name: value for name, value in data.items() if name not in ("active", "csrf_token")}
    assert admin.post(here, edit, off).status == 302
    assert [colleague.get(each, "/case/").status for each in site.servers] == [302, 302]


def test_attempts_are_counted_over_all_processes(site: Site, world: World) -> None:
    with site.app.app_context():
        name = db.session.get_one(User, world.inspector).username
    stranger = site.person(0, "")
    for turn, server in zip(range(5), cycle(site.servers), strict=False):
        answer = stranger.post(server, "/sign-in/", {"username": name, "password": f"wrong-{turn}"})
        assert answer.status == 403
    for server in site.servers:
        answer = stranger.post(server, "/sign-in/", {"username": name, "password": PASSWORD})
        assert answer.status == 403, "locked in one process, open in the other"
