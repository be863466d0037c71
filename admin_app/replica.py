"""The reading replica 备用库: where there is one, ledgers, figures, charts and briefs are read from it.

`with reading(session):` is the one place that chooses. Within it the session's questions go to the replica,
in a transaction that cannot write; whoever asks, and what they may see, are the same. A replica that is away,
or lags too much, is passed over, and the page says so (docs/decisions/0032).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Engine, Row, text
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.orm import Session

from admin_app.rules.dates import local
from admin_app.rules.replicas import AWAY, behind, read_at

AVOIDED = 30.0  # seconds without asking one that has failed, so that not every page waits for it
BLINK = 0.1  # seconds
CANCELLED = "57014"  # a question that took too long would take as long elsewhere
WRITTEN = text("SELECT pg_current_wal_flush_lsn()::text AS place, clock_timestamp() AS at")
REPLAYED = text(
    "SELECT pg_is_in_recovery() AS follows, pg_last_wal_replay_lsn() >= CAST(:place AS pg_lsn) AS level,"
    " pg_last_xact_replay_timestamp() AS at"
)


@dataclass
class Replica:
    """The replica as this process knows it: its engine, and by how much it may lag."""

    engine: Engine
    most: timedelta
    _avoided_until: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self.engine = self.engine.execution_options(reads_only=True)

    def avoided(self) -> bool:
        """Whether it has failed a moment ago."""
        return monotonic() < self._avoided_until

    def avoid(self) -> None:
        """It has failed."""
        self._avoided_until = monotonic() + AVOIDED


@dataclass(frozen=True)
class Read:
    """What a page says of where it was read; `at`: what had happened until then is in it."""

    sentence: str
    at: datetime | None = None


def of(session: Session) -> Replica | None:
    """The session's replica; None where the settings name none."""
    found: Replica | None = session.info.get("replica")
    return found


@contextmanager
def reading(session: Session) -> Iterator[None]:
    """Read from the replica where that can be."""
    replica, primary = of(session), session.bind
    if replica is None or primary is replica.engine:
        yield
        return
    found = session.info["read"] = _turn(session, replica)
    try:
        yield
    except (DBAPIError, TimeoutError) as error:
        if found.at and getattr(getattr(error, "orig", None), "sqlstate", None) != CANCELLED:
            replica.avoid()
        raise
    finally:
        session.bind = primary


def _turn(session: Session, replica: Replica) -> Read:
    """Turn the session to the replica, unless it is away or lags too much."""
    primary = session.bind
    if replica.avoided():
        return Read(AWAY)
    written = session.execute(WRITTEN).one()
    session.bind = replica.engine
    try:
        at = _replayed(session, written, replica.most)
    except (DBAPIError, TimeoutError):
        replica.avoid()
        at = None
    if at is not None and written.at - at <= replica.most:
        return Read(read_at(local(at), written.at - at), at)
    session.bind = primary
    return Read(behind(written.at - at) if at else AWAY)


def _replayed(session: Session, written: Row[Any], most: timedelta) -> datetime | None:
    """Until when the replica has everything; None for a server that follows nobody.

    After a quiet hour the last it has is an hour old, and what was written this moment is still on its way:
    so it is asked twice before it is said to lag.
    """
    for patience in (BLINK, 0.0):
        seen = session.execute(REPLAYED, {"place": written.place}).one()
        at: datetime | None = written.at if seen.level else seen.at
        if not seen.follows or (at and written.at - at <= most):
            break
        sleep(patience)
    return at if seen.follows else None


def sentence(session: Session) -> str:
    """Where this page was read; empty where there is but one database to read."""
    found: Read | None = session.info.get("read")
    return found.sentence if found else ""


def told(session: Session) -> str:
    """The same for papers and for the history; empty when it was not the replica."""
    found: Read | None = session.info.get("read")
    return f"数据截至 {local(found.at):%Y-%m-%d %H:%M:%S}（备用库）" if found and found.at else ""


def moment(session: Session, now: datetime) -> datetime:
    """What had happened until then is in what is being read."""
    found: Read | None = session.info.get("read")
    return found.at if found and found.at else now
