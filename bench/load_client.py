"""Many people at once, over HTTP: reads a plan from standard input, prints what happened, as JSON.

A process of its own, so that it takes nothing of the server's interpreter. Everybody is a thread that sends
one request after the other until time is up, each over a connection of its own, as a reverse proxy does.
"""

import json
import re
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import count
from random import Random
from time import perf_counter
from typing import Any, NamedTuple
from urllib.parse import urlencode

TIMEOUT = 120.0
FORM = "application/x-www-form-urlencoded"


class Line(NamedTuple):
    """A request: seconds from the moment when counting began, before which people get warm."""

    task: str
    begun: float
    ended: float
    wrong: str  # nothing if it was answered as it should


@dataclass
class Person:
    """One of the many: who they are, what they may do and how often, and what they have met with."""

    port: int
    cookie: str
    reads: dict[str, str]  # addresses by task
    shares: dict[str, int]  # how often each task comes; `save` is a read of the form and a post
    edit: str
    form: dict[str, str]
    anew: list[str]
    seed: int
    began: float = 0.0
    met: list[Line] = field(default_factory=list)

    def work(self, began: float, until: float) -> list[Line]:
        """One task after the other; the last is finished."""
        self.began = began
        chance, saves = Random(self.seed), count(1)
        tasks, weights = list(self.shares), list(self.shares.values())
        while perf_counter() < until:
            task = chance.choices(tasks, weights)[0]
            if task == "save":
                self._save(next(saves))
            else:
                self._send(task, self.reads[task])
        return self.met

    def _save(self, number: int) -> None:
        page = self._send("edit", self.edit)
        found = {name: _value(page, name) for name in self.anew}
        data = {**self.form, **found, "remark": f"第 {number} 次修改"}
        self._send("save", self.edit, urlencode(data))

    def _send(self, task: str, url: str, body: str | None = None) -> str:
        headers = {"Cookie": self.cookie, "Connection": "close"} | ({"Content-Type": FORM} if body else {})
        start, page = perf_counter(), b""
        try:
            line = HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT)
            line.request("POST" if body else "GET", url, body, headers)
            answer = line.getresponse()
            page = answer.read()
            line.close()
            wrong = "" if answer.status == (302 if body else 200) else str(answer.status)
        except (OSError, HTTPException) as error:
            wrong = type(error).__name__
        self.met.append(Line(task, start - self.began, perf_counter() - self.began, wrong))
        return page.decode() if self.anew else ""


def _value(page: str, name: str) -> str:
    """What stands in a hidden field; the first of that name."""
    tag = re.search(rf'<input[^>]*\sname="{name}"[^>]*>', page)
    value = re.search(r'\svalue="([^"]*)"', tag[0]) if tag else None
    return value[1] if value else ""


def run(plan: dict[str, Any]) -> list[Line]:
    """Everybody at once."""
    people = [Person(port=plan["port"], seed=n, **each) for n, each in enumerate(plan["people"])]
    begin = perf_counter() + plan["warm"]
    with ThreadPoolExecutor(len(people)) as pool:
        asked = [pool.submit(each.work, begin, begin + plan["seconds"]) for each in people]
        return [line for each in asked for line in each.result()]


if __name__ == "__main__":
    json.dump(run(json.load(sys.stdin)), sys.stdout)
