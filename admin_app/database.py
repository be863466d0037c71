"""The database connection: one Flask-SQLAlchemy-Lite object, its engines, and what may be wrong with them.

SQLite is made safe for several writers; PostgreSQL gets a pool, and limits to what a page may take
(docs/decisions/0032).
"""

import os
import sqlite3
from collections.abc import Sequence
from enum import Enum
from typing import Any

from flask_sqlalchemy_lite import SQLAlchemy
from sqlalchemy import Engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session

from admin_app.settings import Settings

db = SQLAlchemy(session_options={"autoflush": True})

WEB = "web"
BUSY_SECONDS = 15
READ_ONLY = "default_transaction_read_only=on"
CONNECT_SECONDS, REPLICA_SECONDS = 10, 3
# A server that has vanished without a word is given up after a minute, not after two hours.
KEEP_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


def engines(settings: Settings, process: str = WEB) -> dict[str, dict[str, Any]]:
    """The options of each engine; an error must not tell the log a person's data."""
    if settings.database_url.startswith("sqlite"):
        return {"default": {"url": settings.database_url, "hide_parameters": True}}
    limits = _limits(settings) if process == WEB else []
    found = {"default": _server(settings, settings.database_url, process, CONNECT_SECONDS, limits)}
    if settings.replica_url:
        found["replica"] = _server(
            settings, settings.replica_url, process, REPLICA_SECONDS, [*limits, READ_ONLY]
        )
    return found


def _server(
    settings: Settings, url: str, process: str, patience: int, limits: Sequence[str]
) -> dict[str, Any]:
    """A pool of connections, each under the name of its process and within its limits."""
    given = make_url(url).query.get("options", "")  # behind ours, so that the address has the last word
    return {
        "url": url,
        "hide_parameters": True,
        "pool_pre_ping": True,
        "pool_size": settings.pool_size,
        "max_overflow": settings.pool_overflow,
        "pool_timeout": settings.pool_seconds,
        "pool_recycle": settings.pool_recycle,
        "connect_args": {
            "application_name": f"heshi {process}",
            "connect_timeout": patience,
            "options": " ".join([*(f"-c {each}" for each in limits), str(given)]).strip(),
            **KEEP_ALIVE,
        },
    }


def _limits(settings: Settings) -> list[str]:
    """What a page may take; the worker and the command line may take their time. 0 is no limit."""
    seconds = {
        "statement_timeout": settings.statement_seconds,
        "lock_timeout": settings.lock_seconds,
        "idle_in_transaction_session_timeout": settings.idle_seconds,
    }
    return [f"{name}={value * 1000}" for name, value in seconds.items()]


def prepare(engine: Engine, busy: int = BUSY_SECONDS) -> None:
    """SQLite: WAL, foreign keys, and write transactions that begin at once, so that two writers queue.

    PostgreSQL: the name of a connection tells the process, which may have been forked after the engine.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "do_connect", _sign)
        return

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, record: Any) -> None:
        # The driver's own transaction handling is switched off: SQLAlchemy's begin below does it.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={busy * 1000}",  # first: what follows may have to wait, too
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


def _sign(dialect: Any, record: Any, arguments: Any, options: dict[str, Any]) -> None:
    if "application_name" in options:
        options["application_name"] += f" {os.getpid()}"


def count_anew(session: Session) -> None:
    """Let SQLite count what its tables hold, by samples; PostgreSQL does so by itself every while.

    By these counts it chooses its indexes: with none, or with those of a time when there was little, it reads
    a whole scope to find a name.
    """
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("PRAGMA analysis_limit = 1000"))
        session.execute(text("ANALYZE"))


class Trouble(Enum):
    """What goes wrong with a database and will be right again: a sentence, what to do, after what seconds,

    and whether it is sure that nothing was saved, so that the same may be sent again.
    """

    SLOW = (
        "查询太久，系统已经停下，什么也没有改动。",
        "请缩短期间，或者选小一点的单位，再试一次。",
        None,
        True,
    )
    LOCKED = ("别人正在保存，等了很久还没有轮到，刚才的内容没有保存。", "请稍后再试一次。", 10, True)
    FULL = ("同时使用的人太多，刚才的操作没有做。", "请过几秒再试一次。", 5, True)
    AWAY = ("数据库暂时连不上。", "请过一会儿再试；刚才提交过内容的，先看一看有没有保存。", 10, False)
    BUSY = ("系统正忙，刚才的内容没有保存。", "请过一会儿再试一次。", 10, True)

    def __init__(self, sentence: str, advice: str, seconds: int | None, undone: bool) -> None:
        self.sentence, self.advice, self.seconds, self.undone = sentence, advice, seconds, undone


# By PostgreSQL's codes: a statement cancelled, a lock not given, a deadlock, connections used up or cut off.
_TROUBLES = {
    "57014": Trouble.SLOW,
    "55P03": Trouble.LOCKED,
    "40P01": Trouble.LOCKED,
    "53300": Trouble.FULL,
    "25P03": Trouble.AWAY,
    "57P01": Trouble.AWAY,
    "57P02": Trouble.AWAY,
    "57P03": Trouble.AWAY,
}
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def trouble_of(error: Exception) -> Trouble | None:
    """Which trouble an error tells of; None for one that would come again."""
    if isinstance(error, TimeoutError):
        return Trouble.FULL
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        locked = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _LOCKED
        return Trouble.LOCKED if locked else _busy(error)
    state = getattr(error.orig, "sqlstate", None)
    known = _TROUBLES.get(state or "")
    if known is None and (error.connection_invalidated or state is None):  # no answer, or none any more
        return Trouble.AWAY if isinstance(error, OperationalError | InterfaceError) else None
    return known or _busy(error)


def _busy(error: DBAPIError) -> Trouble | None:
    return Trouble.BUSY if isinstance(error, OperationalError) else None
