"""Ledgers and figures read from a replica that really follows: what they say, to whom, and when it fails."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import URL, Engine, event, func, select, text
from sqlalchemy.exc import DBAPIError

from admin_app import history, jobs, replica
from admin_app.database import Trouble, db
from admin_app.models.cases import Case
from admin_app.models.history import Entry
from admin_app.models.jobs import Job
from admin_app.models.parameters import Parameter
from admin_app.models.users import User
from admin_app.rules.dates import today
from admin_app.rules.jobs import Phase
from admin_app.rules.parameters import Setting
from admin_app.rules.replicas import AWAY, lag_words
from tests.databases import Ground, Postgresql
from tests.standby import Standby
from tests.test_screens import CASE
from tests.web import Browser, make_app, named
from tests.world import World

BOOK = "/ledgers/acceptance-register"
FIGURES = ("/figures/", "/figures/charts", "/figures/brief", "/figures/organisation")
PEOPLE = ("bureau_city", "bureau_county", "office", "director", "inspector")
READ_AT = re.compile(r"数据截至 \d\d:\d\d（(刚刚|约 \d+ (秒|分钟)前)）")
Make = Callable[..., Flask]


@pytest.fixture(scope="module")
def standby(ground: Ground) -> Iterator[Standby]:
    if not isinstance(ground.server, Postgresql) or ground.server.embedded is None:
        pytest.skip("only our own PostgreSQL server has a replica")
    standby = Standby(ground.server)
    yield standby
    standby.close()


@pytest.fixture
def make(standby: Standby, database_url: URL, engine: Engine) -> Iterator[Make]:
    """`make(replica_lag=1)`: the application beside the replica, which has caught up."""
    made: list[Flask] = []

    def app(**more: Any) -> Flask:
        address = standby.url(database_url).render_as_string(hide_password=False)
        # As a server is set up that keeps what it has promised; the tests' own is in a hurry.
        certain = database_url.update_query_dict({"options": "-c synchronous_commit=on"})
        made.append(make_app(certain, replica_url=address, **more))
        return made[-1]

    standby.follow(engine)
    yield app
    for each in made:
        with each.app_context():
            for one in db.engines.values():
                one.dispose()
    standby.resume(engine)


@pytest.fixture
def app(make: Make) -> Flask:
    return make()


def registered(here: Browser, world: World) -> int:
    """A case more, registered on the screen today."""
    given = {**CASE, "committee_id": world.village_committee, "registered_on": f"{today():%Y%m%d}"}
    answer = here.post("/case/new", given)
    assert answer.status_code == 302
    return int(re.search(r"/case/(\d+)", answer.location)[1])


def counted(here: Browser) -> tuple[int, str]:
    """How many lines the ledger's page promises, and all of the page."""
    page = here.get(BOOK).text
    return int(re.search(r"共 <strong>([\d,]+)</strong>", page)[1].replace(",", "")), page


def noted(app: Flask) -> str:
    """The newest line of the history on the server itself."""
    with app.app_context():
        return db.session.scalars(select(Entry.note).order_by(Entry.place.desc()).limit(1)).one()


def test_each_page_that_is_read_there_says_until_when(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_county")
    for url in (*FIGURES, BOOK):
        assert READ_AT.search(here.get(url).text), url


def test_one_sees_what_one_has_written_at_once_and_in_the_ledger_when_it_has_come(
    app: Flask, world: World, standby: Standby, engine: Engine
) -> None:
    here = named(app, world, "office")
    before, _ = counted(here)
    standby.pause(engine)
    case_id = registered(here, world)
    assert f"/case/{case_id}" in here.get("/case/").text
    assert here.get(f"/case/{case_id}").status_code == 200
    behind, page = counted(here)
    assert behind == before
    assert READ_AT.search(page)
    standby.resume(engine)
    assert counted(here)[0] == before + 1


def test_the_scope_there_is_the_same(app: Flask, world: World, database_url: URL) -> None:
    without = make_app(database_url)

    def taken(browser: Browser) -> list[str]:
        answer = browser.post(BOOK, {"format": "csv", "reason": "对照"})
        assert answer.status_code == 200
        return answer.text.splitlines()

    for who in PEOPLE:
        here, alone = named(app, world, who), named(without, world, who)
        assert counted(here)[0] == counted(alone)[0]
        assert taken(here) == taken(alone)
        told, expected = (re.findall(r">([\d,.%]+)<", each.get("/figures/").text) for each in (here, alone))
        assert told == expected
    with without.app_context():
        db.engine.dispose()


def test_a_download_from_there_is_in_the_history_of_the_server(
    app: Flask, world: World, standby: Standby, engine: Engine
) -> None:
    here = named(app, world, "office")
    lines, _ = counted(here)
    standby.pause(engine)
    registered(here, world)
    for kind in ("xlsx", "csv"):
        assert here.post(BOOK, {"format": kind, "reason": f"检查用{kind}"}).status_code == 200
        words = noted(app)
        assert f"共 {lines} " in words
        assert f"理由：检查用{kind}" in words
        assert re.search(r"数据截至 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d（备用库）", words)


def test_a_brief_and_an_archive_from_there_are_in_it_too(app: Flask, world: World) -> None:
    here = named(app, world, "bureau_county")
    assert here.post("/figures/brief.docx").status_code == 200
    assert "（备用库）" in noted(app)
    given = {"names": ["acceptance-register", "mediator-roster"], "reason": "检查"}
    assert here.post("/ledgers/inspection", given).status_code == 200
    with app.app_context():
        titles = select(func.count()).where(
            Entry.note.contains("（备用库）"), Entry.action == history.Action.EXPORT.value
        )
        assert (db.session.scalar(titles) or 0) == 3


def test_a_long_book_is_read_there_by_the_worker_and_noted_on_the_server(
    app: Flask, world: World, standby: Standby, engine: Engine
) -> None:
    with app.app_context():
        db.session.add(Parameter(setting=Setting.JOB_ROWS, value="1", valid_from=today()))
        db.session.commit()
    here = named(app, world, "office")
    standby.follow(engine)
    lines, _ = counted(here)
    standby.pause(engine)
    registered(here, world)
    assert here.post(BOOK, {"format": "xlsx", "reason": "长"}).status_code == 302
    jobs.work_off(app)
    with app.app_context():
        job = db.session.scalars(select(Job)).one()
        assert (job.phase, job.words) == (Phase.DONE, f"共 {lines} 件")
    assert "（备用库）" in noted(app)


def test_one_that_lags_more_than_the_setting_is_passed_over(
    make: Make, world: World, standby: Standby, engine: Engine
) -> None:
    app = make(replica_lag=1)
    here = named(app, world, "office")
    before, page = counted(here)
    assert READ_AT.search(page)
    standby.pause(engine)
    registered(here, world)
    time.sleep(1.1)
    now, page = counted(here)
    assert now == before + 1
    assert "备用库晚了约" in page
    assert "下面是主库现在的数" in page
    assert here.post(BOOK, {"format": "csv"}).status_code == 200
    assert "备用库" not in noted(app)


def test_one_that_is_away_is_passed_over_and_not_asked_for_a_while(
    app: Flask, world: World, standby: Standby, engine: Engine
) -> None:
    here = named(app, world, "office")
    before, _ = counted(here)
    standby.stop()
    try:
        assert counted(here) == (before, here.get(BOOK).text)
        for url in FIGURES:
            assert AWAY in named(app, world, "bureau_county").get(url).text
        asked: list[str] = []
        with app.app_context():
            event.listen(db.engines["replica"], "do_connect", lambda *given: asked.append("asked"))
        assert AWAY in here.get(BOOK).text
        assert asked == []
    finally:
        standby.start()
    with app.app_context():
        replica.of(db.session)._avoided_until = 0.0  # as if half a minute had gone by
    assert READ_AT.search(here.get(BOOK).text)


def test_one_that_fails_in_the_middle_is_told_of_and_avoided(
    app: Flask, world: World, standby: Standby
) -> None:
    here = named(app, world, "office")
    cut: list[int] = []

    def on_statement(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if not cut and "FROM cases" in statement:
            cut.append(connection.connection.driver_connection.info.backend_pid)
            standby._ask(f"SELECT pg_terminate_backend({cut[0]})")

    with app.app_context():
        event.listen(db.engines["replica"], "before_cursor_execute", on_statement)
    answer = here.client.get(BOOK)
    assert cut
    assert (answer.status_code, Trouble.AWAY.sentence in answer.text) == (503, True)
    assert AWAY in here.get(BOOK).text


def test_nothing_can_be_written_there(app: Flask, world: World) -> None:
    with app.app_context():
        user = db.session.get_one(User, world.office)
        with replica.reading(db.session), pytest.raises(DBAPIError, match="read-only"):
            db.session.execute(text("UPDATE job_runs SET words = ''"))
        db.session.rollback()
        assert user.name
        with replica.reading(db.session), replica.reading(db.session):
            assert db.session.bind is replica.of(db.session).engine
        assert db.session.bind is db.engine


def test_a_server_that_follows_nobody_is_no_replica(
    database_url: URL, world: World, standby: Standby, ground: Ground
) -> None:
    other = ground.server.copy(database_url)
    app = make_app(database_url, replica_url=other.render_as_string(hide_password=False))
    assert AWAY in named(app, world, "office").get(BOOK).text
    with app.app_context():
        for each in db.engines.values():
            each.dispose()
    ground.server.drop(other)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "刚刚"),
        (0.4, "刚刚"),
        (5, "约 5 秒前"),
        (59, "约 59 秒前"),
        (90, "约 2 分钟前"),
        (7300, "约 2 小时前"),
    ],
)
def test_a_lag_in_words(seconds: float, words: str) -> None:
    assert lag_words(timedelta(seconds=seconds)) == words


def test_without_a_replica_nothing_is_said(database_url: URL, world: World) -> None:
    app = make_app(database_url)
    for url in (*FIGURES, BOOK):
        page = named(app, world, "bureau_county").get(url).text
        assert "备用库" not in page
        assert not READ_AT.search(page)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case))
        db.engine.dispose()
