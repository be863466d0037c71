"""The fixtures.

`session` is one's own copy of the world: write and commit at will. `looking` is shared by a file and rolled
back after each test: quicker, for tests that only read or flush; committing in it is refused.
`world` names the people and things by id, `person` fetches a user. `engine` and `database_url` are for
tests that need several sessions, `app` is the application on it; `empty_engine` has no table yet.
Each of them runs on both databases, with the ids `sqlite` and `postgresql`.
"""

from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import URL, Engine, event, select
from sqlalchemy.orm import Session

from admin_app.models.users import User
from admin_app.operations import users
from tests.databases import SERVERS, Ground, open_engine, open_session
from tests.web import open_app
from tests.world import World

# To hash is slow on purpose, and no test here is a thief; test_users.py looks at the slow one.
SLOW = users._HASHER
users._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", params=list(SERVERS))
def ground(request: pytest.FixtureRequest) -> Iterator[Ground]:
    """A kind of database."""
    ground = Ground(request.param)
    yield ground
    ground.stop()


@pytest.fixture
def world(ground: Ground) -> World:
    """Who and what there is, by id."""
    return ground.world


@pytest.fixture
def database_url(ground: Ground) -> Iterator[URL]:
    """The address of one's own copy of the world."""
    with ground.world_url() as url:
        yield url


@pytest.fixture
def engine(database_url: URL) -> Iterator[Engine]:
    """One's own copy of the world."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def app(database_url: URL) -> Iterator[Flask]:
    """The application on one's own copy of the world."""
    with open_app(database_url) as app:
        yield app


@pytest.fixture
def empty_engine(ground: Ground) -> Iterator[Engine]:
    """A database without any table."""
    with ground.empty_url() as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """A session on one's own copy of the world, acting as the system."""
    with open_session(engine) as session:
        yield session


@pytest.fixture(scope="module")
def shared_engine(ground: Ground) -> Iterator[Engine]:
    """A copy of the world that a whole file reads."""
    with ground.world_url() as url:
        engine = open_engine(url)
        yield engine
        engine.dispose()


@pytest.fixture
def looking(shared_engine: Engine) -> Iterator[Session]:
    """A session on the file's shared copy, rolled back at the end; it refuses to commit."""
    with open_session(shared_engine) as session:

        @event.listens_for(session, "before_commit")
        def refuse(_: Session) -> None:
            raise AssertionError("`looking` is shared: use `session` in a test that commits")

        yield session
        session.rollback()


@pytest.fixture
def person(request: pytest.FixtureRequest) -> Callable[[str], User]:
    """`person("owner")`: the named user of the world, in the test's session."""
    name = "looking" if "looking" in request.fixturenames else "session"
    session: Session = request.getfixturevalue(name)
    people = {user.username: user for user in session.scalars(select(User))}
    return people.__getitem__
