"""The queue, which is Huey's: a bell that makes a worker look at the table of jobs (docs/decisions/0013)."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import psycopg
import structlog
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey

from admin_app.settings import Settings

log = structlog.get_logger()
NAME = "heshi"
_LOCK = 330702  # any fixed number that nobody else takes on PostgreSQL


def queue_of(settings: Settings) -> Huey:
    """SQLite beside the embedded database; PostgreSQL or Redis where machines share one."""
    url = settings.jobs_url
    if url.startswith("postgresql"):
        return _shared(url.replace("postgresql+psycopg://", "postgresql://", 1))
    if url.startswith("redis"):
        return RedisHuey(NAME, url=url)
    file = Path(url.removeprefix("sqlite:///"))
    file.parent.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(NAME, filename=str(file))


def _shared(dsn: str) -> Huey:
    """One process at a time: of two that make Huey's tables at the same moment PostgreSQL refuses one."""
    with psycopg.connect(dsn, autocommit=True) as turn:  # whose end gives the lock back
        turn.execute("SELECT pg_advisory_lock(%s)", (_LOCK,))
        return PostgresHuey(NAME, dsn=dsn)


def hang(queue: Huey, answer: Callable[[], object]) -> Callable[[], object]:
    """Hang a bell into a queue: whoever calls it makes a worker `answer`."""

    def bell() -> None:
        answer()

    ring: Callable[[], object] = queue.task()(bell)
    return ring


def bell(settings: Settings) -> Callable[[], None]:
    """A bell for those who only ring it. Without its sound the worker looks a minute later, by itself."""

    @cache
    def hung() -> Callable[[], object]:  # when first rung: each process opens the queue for itself
        return hang(queue_of(settings), lambda: None)

    def ring() -> None:
        try:
            hung()()
        except Exception as error:
            log.warning("the bell for the worker is mute", error=type(error).__name__)

    return ring
