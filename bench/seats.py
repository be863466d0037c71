"""A seat: one contender over one database, in a process of its own, which times what it is asked for."""

import os
import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import unescape
from importlib import import_module
from multiprocessing import get_context
from multiprocessing.connection import Connection
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import URL

from bench.contenders import Contender
from bench.forms import main_form

LONGEST = 600.0  # seconds that an answer may take


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    milliseconds: float
    bytes: int
    text: str


@dataclass
class Seat:
    """The near end: asks, and waits."""

    contender: Contender
    pipe: Connection
    _forms: dict[str, dict[str, str]] = field(default_factory=dict)
    _links: dict[str, str] = field(default_factory=dict)

    def ask(self, url: str, data: dict[str, str] | None = None, *, text: bool = False) -> Answer:
        """One request; an answer that is none ends the bench."""
        answer: Answer = self._said((url, data, text))
        wanted = 200 if data is None else 302
        if answer.status != wanted:
            raise RuntimeError(f"{self.contender.label} {url}: {answer.status} instead of {wanted}")
        return answer

    def form(self, url: str) -> dict[str, str]:
        """The form as a browser would send it back; read anew only where every save changes it."""
        if url not in self._forms or self.contender.anew:
            page = self.ask(url, text=True).text
            self._forms[url] = {**main_form(page, self.contender.form), **self.contender.more}
        return self._forms[url]

    def onward(self, url: str) -> str:
        """Where the link to the next page leads; to this very address where the number says it all."""
        if not self.contender.onward:
            return url
        if url not in self._links:
            found = re.search(self.contender.onward, self.ask(url, text=True).text)
            assert found, f"{url} has no next page"
            self._links[url] = unescape(found[1])
        return self._links[url]

    def cookie(self) -> str:
        """The header by which another client is the same person."""
        said: str = self._said("cookie")
        return said

    def _said(self, asked: Any) -> Any:
        self.pipe.send(asked)
        if not self.pipe.poll(LONGEST):
            raise RuntimeError(f"{self.contender.label}: no answer to {asked}")
        return self.pipe.recv()


@contextmanager
def seat(contender: Contender, url: URL) -> Iterator[Seat]:
    """Sit down: the process starts, signs in, and stands up again at the end."""
    context = get_context("spawn")
    near, far = context.Pipe()
    address = url.render_as_string(hide_password=False)
    process = context.Process(target=_serve, args=(far, contender.module, address), daemon=True)
    process.start()
    far.close()
    try:
        near.recv()  # if it could not sit down, its own words are on the screen
        yield Seat(contender, near)
    finally:
        near.close()
        process.join(10)
        if process.is_alive():
            process.terminate()


@contextmanager
def seats(wanted: list[tuple[Contender, URL]]) -> Iterator[list[Seat]]:
    """Several, who sit down one after the other: Django's tables are made under SQLite's one lock."""
    with ExitStack() as stack:
        yield [stack.enter_context(seat(*each)) for each in wanted]


def _serve(pipe: Connection, module: str, address: str) -> None:
    """The far end, in the fresh process: the application by its WSGI door."""
    from werkzeug.test import Client

    os.environ["BENCH_URL"] = address
    site = import_module(module)
    client = Client(site.app)
    for name, value in site.sign_in().items():
        client.set_cookie(name, value)
    pipe.send("ready")
    while True:
        try:
            asked = pipe.recv()
        except EOFError:
            return
        pipe.send(_cookie(client) if asked == "cookie" else _answer(client, *asked))


def _answer(client: Any, url: str, data: dict[str, str] | None, text: bool) -> Answer:
    # Where others work beside, the process's own time is the truer; it leaves out a database server's.
    clock = process_time if os.environ.get("BENCH_CLOCK") == "cpu" else perf_counter
    start = clock()
    answer = client.get(url) if data is None else client.post(url, data=data)
    body = answer.get_data()
    milliseconds = (clock() - start) * 1000
    answer.close()
    return Answer(answer.status_code, milliseconds, len(body), body.decode() if text else "")


def _cookie(client: Any) -> str:
    return "; ".join(f"{each.key}={each.value}" for each in client._cookies.values())
