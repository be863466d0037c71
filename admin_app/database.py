"""The database connection: one Flask-SQLAlchemy-Lite object, and SQLite made safe for several writers."""

from typing import Any

from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Engine, event

db = SQLAlchemy(session_options={"autoflush": True})

BUSY_MILLISECONDS = 15_000


def engine_options(url: str) -> dict[str, Any]:
    """Options of the engine for this database address; an error must not tell the log a person's data."""
    if url.startswith("sqlite"):
        return {"url": url, "hide_parameters": True}
    return {"url": url, "hide_parameters": True, "pool_pre_ping": True, "pool_size": 10, "max_overflow": 10}


def prepare(engine: Engine) -> None:
    """SQLite: WAL, foreign keys, and write transactions that begin at once, so that two writers queue."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:
        # The driver's own transaction handling is switched off: SQLAlchemy's begin below does it.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={BUSY_MILLISECONDS}",  # first: what follows may have to wait, too
            "journal_mode=WAL",
            "foreign_keys=ON",
            "synchronous=NORMAL",
            "cache_size=-65536",
            "temp_store=MEMORY",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        reads = connection.get_execution_options().get("reads_only", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
