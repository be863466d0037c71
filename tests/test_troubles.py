"""A database that is slow, locked, crowded or gone: one clear page with 503, and the next request works."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import URL, Engine, event, select, text
from werkzeug.test import TestResponse

from admin_app.application import create_app
from admin_app.database import Trouble, db
from admin_app.models.cases import Case
from admin_app.settings import Settings
from tests.databases import SEAL
from tests.web import Browser, form_data, make_app, named
from tests.world import PASSWORD, World

Make = Callable[..., Flask]
WORDS = "等别人让开再改的事由。"
LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
CUT = """SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
         WHERE application_name LIKE 'heshi%' AND datname = current_database()"""


@pytest.fixture
def make(database_url: URL) -> Iterator[Make]:
    """`make(lock_seconds=1)`: an application of one's own with other limits."""
    made: list[Flask] = []

    def app(**limits: Any) -> Flask:
        made.append(make_app(database_url, **limits))
        return made[-1]

    yield app
    for each in made:
        with each.app_context():
            db.engine.dispose()


@pytest.fixture
def shared(engine: Engine) -> Engine:
    """The same database from outside, on PostgreSQL only."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite has no server")
    return engine


def sorry(answer: TestResponse, trouble: Trouble) -> None:
    """The page of a trouble: its sentence, when to come again, and no word of English."""
    assert answer.status_code == 503
    assert trouble.sentence in answer.text
    assert trouble.advice in answer.text
    assert answer.headers.get("Retry-After") == (str(trouble.seconds) if trouble.seconds else None)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@contextmanager
def somebody_saves(engine: Engine, table: str, id_: int) -> Iterator[None]:
    """Somebody else has begun to save a record, and has not done yet."""
    with engine.connect() as connection:
        connection.execute(text(f"UPDATE {table} SET version = version WHERE id = :id"), {"id": id_})
        yield
        connection.rollback()


def test_who_waits_too_long_for_another_who_saves_is_told_and_has_changed_nothing(
    make: Make, engine: Engine, world: World
) -> None:
    app = make(lock_seconds=1)
    here, url = named(app, world, "office"), f"/case/{world.case}/edit"
    data = {**form_data(here.get(url).text), "csrf_token": here.token(), "brief": WORDS}
    lines = "SELECT count(*) FROM history"
    with engine.connect() as connection:
        before = connection.scalar(text(lines))
        connection.rollback()
    with somebody_saves(engine, "cases", world.case):
        page = here.client.post(url, data=data)
        sorry(page, Trouble.LOCKED)
        assert here.get(f"/case/{world.case}").status_code == 200, "reading waits for nobody"
    with engine.connect() as connection:
        assert connection.scalar(text(lines)) == before
        assert connection.scalar(select(Case.brief).where(Case.id == world.case)) != WORDS
    assert f'action="{url}"' in page.text, "what was typed is still there"
    assert here.client.post(url, data=form_data(page.text)).status_code == 302
    with engine.connect() as connection:
        assert connection.scalar(select(Case.brief).where(Case.id == world.case)) == WORDS


def test_no_password_is_written_into_the_page_of_a_trouble(make: Make, engine: Engine, world: World) -> None:
    here = named(make(lock_seconds=1), world, "office")
    data = {
        "csrf_token": here.token(),
        "old": PASSWORD,
        "new": "secret-of-now",
        "again": "secret-of-now",
    }
    with somebody_saves(engine, "users", world.office):
        answer = here.client.post("/sign-in/password", data=data)
    sorry(answer, Trouble.LOCKED)
    assert "secret-of-now" not in answer.text


def test_a_query_that_takes_too_long_is_stopped(make: Make, shared: Engine, world: World) -> None:
    app = make(statement_seconds=1, lock_seconds=0)
    here = named(app, world, "bureau_county")
    with shared.connect() as connection:
        connection.execute(text("LOCK TABLE cases IN ACCESS EXCLUSIVE MODE"))
        sorry(here.client.get("/figures/"), Trouble.SLOW)
        connection.rollback()
    assert here.get("/figures/").status_code == 200


def test_who_finds_no_connection_in_time_is_told_when_to_come_again(
    make: Make, shared: Engine, world: World
) -> None:
    app = make(pool_size=1, pool_overflow=0, pool_seconds=1)
    here = named(app, world, "office")
    with app.app_context():
        taken = db.engine.connect()
    sorry(here.client.get("/case/"), Trouble.FULL)
    sorry(here.client.post("/case/new", data={}), Trouble.FULL)
    taken.close()
    assert here.get("/case/").status_code == 200


def test_connections_that_were_cut_off_while_nobody_used_them_go_unnoticed(
    make: Make, shared: Engine, world: World
) -> None:
    app = make()
    here = named(app, world, "office")
    assert here.get("/case/").status_code == 200
    assert _cut_off(shared) > 0
    assert here.get("/case/").status_code == 200


def _cut_off(engine: Engine) -> int:
    """As a restart of the server does it."""
    with engine.connect() as connection:
        return connection.scalar(text(CUT)) or 0


@pytest.mark.parametrize("word", ["FROM codes", "FROM cases", "FROM notices", "COMMIT"])
def test_a_server_that_goes_in_the_middle_of_a_page_is_told_of(
    make: Make, shared: Engine, world: World, word: str
) -> None:
    app = make()
    here = named(app, world, "office")
    token = here.token()
    with app.app_context():
        cut = _once(db.engine, word, lambda: _cut_off(shared))
    ask: Callable[[], TestResponse] = (
        (lambda: here.client.post("/notices/read", data={"csrf_token": token}))
        if word == "COMMIT"
        else (lambda: here.client.get("/case/"))
    )
    sorry(ask(), Trouble.AWAY)
    assert cut, "nothing was cut off"
    assert ask().status_code in (200, 302)


def _once(engine: Engine, word: str, act: Callable[[], object]) -> list[str]:
    """Before the first statement that has the word in it, or before the first commit."""
    done: list[str] = []

    def on_statement(*given: Any) -> None:
        if not done and word in given[2]:
            done.append(word)
            act()

    def on_commit(connection: Any) -> None:
        if not done:
            done.append(word)
            act()

    if word == "COMMIT":
        event.listen(engine, "commit", on_commit)
    else:
        event.listen(engine, "before_cursor_execute", on_statement)
    return done


def test_a_page_that_keeps_a_transaction_open_for_nothing_is_ended(
    make: Make, shared: Engine, world: World
) -> None:
    app = make(idle_seconds=1)
    here = named(app, world, "office")
    with app.app_context():
        idled = _once(db.engine, "FROM codes", lambda: time.sleep(1.5))
    sorry(here.client.get("/case/"), Trouble.AWAY)
    assert idled
    assert here.get("/case/").status_code == 200


def test_a_server_that_is_not_there_is_told_of_on_every_page(database_url: URL, shared: Engine) -> None:
    app = make_app(database_url.set(host="127.0.0.1", port=1, query={}))
    stranger = Browser(app, app.test_client())
    for url in ("/sign-in/", "/case/", "/window/", "/nothing-there"):
        sorry(stranger.client.get(url), Trouble.AWAY)
    assert stranger.client.get(f"{app.static_url_path}/heshi.css").status_code == 200


def test_each_process_has_its_name_and_only_pages_have_limits(make: Make, shared: Engine) -> None:
    def found(app: Flask) -> list[str]:
        with app.app_context(), db.engine.connect() as connection:
            return [connection.scalar(text(f"SHOW {each}")) or "" for each in ("application_name", *LIMITS)]

    web = make()
    worker = create_app(web.config["SETTINGS"], "worker")
    name, *limits = found(web)
    assert name.startswith("heshi web ")
    assert limits == ["30s", "15s", "2min"]
    name, *limits = found(worker)
    assert name.startswith("heshi worker ")
    assert limits == ["0", "0", "0"]
    with worker.app_context():
        db.engine.dispose()


@pytest.mark.parametrize(
    ("name", "given", "word"),
    [
        ("pool_size", 0, "HESHI_POOL_SIZE"),
        ("statement_seconds", -1, "HESHI_STATEMENT_SECONDS"),
        ("replica_url", "sqlite:///replica.db", "HESHI_REPLICA_URL"),
        ("replica_url", "postgresql://h/heshi", "HESHI_REPLICA_URL"),
    ],
)
def test_settings_that_make_no_sense_are_refused(name: str, given: object, word: str) -> None:
    known = {"database_url": "postgresql://h/heshi", "secret_key": SEAL.decode()}
    with pytest.raises(ValueError, match=word):
        Settings(**{**known, name: given})


def test_limits_that_the_address_names_stand_over_ours(database_url: URL, shared: Engine) -> None:
    app = make_app(database_url.update_query_dict({"options": "-c statement_timeout=7s"}))
    with app.app_context(), db.engine.connect() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "7s"
        assert connection.scalar(text("SHOW lock_timeout")) == "15s"
    with app.app_context():
        db.engine.dispose()
