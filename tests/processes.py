"""Web servers and workers as processes of their own on one database, and people who ask them over HTTP."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask, session
from flask_wtf.csrf import generate_csrf

ROOT = Path(__file__).parent.parent
PATIENCE = 120.0  # seconds; two busy cores are slow now and then
THREADS = 3


@dataclass(frozen=True)
class Answer:
    """What came back; 0 where the connection was cut off."""

    status: int
    text: str
    location: str = ""


@dataclass
class Server:
    """A web server of one process that stands behind a master, which begins another when it dies."""

    port: int
    master: subprocess.Popen[bytes]

    def ask(self, method: str, url: str, cookie: str, data: dict[str, object] | None = None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        head = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, url, urlencode(data or {}, doseq=True), head)
            found = connection.getresponse()
            return Answer(found.status, found.read().decode(), found.headers.get("Location", ""))
        except (OSError, http.client.HTTPException):
            return Answer(0, "")
        finally:
            connection.close()

    def strike(self) -> None:
        """SIGKILL to the process that answers."""
        file = Path(f"/proc/{self.master.pid}/task/{self.master.pid}/children")
        (child,) = map(int, file.read_text().split())
        os.kill(child, signal.SIGKILL)


@dataclass
class Site:
    """Everything that runs."""

    app: Flask  # in the test's own process, to look at the database and to sign cookies
    folder: Path
    servers: list[Server] = field(default_factory=list)
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def serve(self) -> Server:
        port = _free()
        words = ["-m", "gunicorn", "wsgi:app", "--bind", f"127.0.0.1:{port}", "--workers", "1"]
        words += ["--threads", str(THREADS), "--pythonpath", str(ROOT), "--log-level", "warning"]
        self.servers.append(Server(port, self._run(words, "web")))
        return self.servers[-1]

    def work(self) -> None:
        self.workers.append(self._run(["-m", "admin_app.cli", "worker"], "worker"))

    def _run(self, words: list[str], kind: str) -> "subprocess.Popen[bytes]":
        settings = self.app.config["SETTINGS"]
        environ = os.environ | {
            "HESHI_DATABASE_URL": settings.database_url,
            "HESHI_SECRET_KEY": settings.secret_key,
            "HESHI_FILES_DIR": str(settings.files_dir),
            "PYTHONPATH": str(ROOT),
        }
        log = (self.folder / f"{kind}-{len(self.servers) + len(self.workers)}.log").open("wb")
        command = [sys.executable, *words]
        return subprocess.Popen(command, cwd=self.folder, env=environ, stdout=log, stderr=log)

    def wait(self) -> None:
        """Until every server answers."""
        for each in self.servers:
            until(lambda each=each: each.ask("GET", "/sign-in/", "").status == 200)  # type: ignore[misc]

    def close(self) -> None:
        """Ask all to end, and make those who do not."""
        running = [*self.workers, *(each.master for each in self.servers)]
        for each in running:
            each.terminate()
        for each in running:
            try:
                each.wait(timeout=20)
            except subprocess.TimeoutExpired:
                each.kill()

    def said(self) -> str:
        """What all of them have written to their logs."""
        return "".join(each.read_text() for each in sorted(self.folder.glob("*.log")))

    def person(self, user_id: int, stamp: str) -> "Person":
        """Somebody who has signed in."""
        with self.app.test_request_context():
            session.update({"_user_id": f"{user_id}:{stamp}", "_fresh": True, "_permanent": True})
            token = generate_csrf()
            signer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
            return Person(f"session={signer.dumps(dict(session))}", token)


@dataclass(frozen=True)
class Person:
    """A person's browser: whichever server it asks, it is the same person."""

    cookie: str
    token: str

    def get(self, server: Server, url: str) -> Answer:
        return server.ask("GET", url, self.cookie)

    def post(self, server: Server, url: str, data: dict[str, object] | None = None) -> Answer:
        return server.ask("POST", url, self.cookie, {"csrf_token": self.token, **(data or {})})


def until(true: Callable[[], object]) -> None:
    """Wait for something."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


def _free() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
