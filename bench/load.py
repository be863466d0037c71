"""Fifty people at once through gunicorn: one client, the same mix of reading and writing for all."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any

from bench.contenders import EDIT, OURS, SAVE, Contender, present
from bench.desks import Desk
from bench.load_client import Line
from bench.seats import seat
from bench.tables import figure, grid

PEOPLE = 50
PROCESSES = 2
THREADS = 4
WARM = 3.0
SECONDS = 20.0
TURNS = 2  # everybody serves so often, one after the other
# Of a hundred things that a person does; a save is the form and the post.
MIX = {"first": 20, "detail": 20, "filter": 15, "name": 6, "number": 4, "home": 10, EDIT: 5, SAVE: 20}
PATIENCE = 60.0


@dataclass(frozen=True)
class Load:
    """What one contender has borne."""

    label: str
    seconds: float
    served: int  # requests answered in this time as they should be
    times: list[float]
    wrong: list[str]
    tasks: dict[str, list[float]]

    @property
    def rate(self) -> float:
        """Requests per second that were answered as they should."""
        return self.served / self.seconds

    @property
    def late(self) -> float:
        """The 95th percentile, in milliseconds."""
        return quantiles(self.times, n=20)[-1] if len(self.times) > 1 else sum(self.times)


def measure(desk: Desk, *, rivals: bool, seconds: float = SECONDS) -> list[Load]:
    """Everybody in turn, and again; what they bore is put together."""
    contenders = present() if rivals else [OURS]
    plans = {each.label: _plan(desk, each, seconds) for each in contenders}
    met: dict[str, list[Line]] = {each.label: [] for each in contenders}
    for _ in range(TURNS):
        for each in contenders:
            met[each.label] += _serve(desk, each, plans[each.label])
    return [_load(label, lines, seconds) for label, lines in met.items()]


def _load(label: str, lines: Sequence[Line], turn: float) -> Load:
    """What was asked in time is counted for how long it took, what was answered in time for how many."""
    tasks: dict[str, list[float]] = {}
    for each in lines:
        if 0 <= each.begun < turn:
            tasks.setdefault(each.task, []).append((each.ended - each.begun) * 1000)
    wrong = [f"{each.task}: {each.wrong}" for each in lines if each.wrong]
    served = sum(not each.wrong and 0 <= each.ended < turn for each in lines)
    return Load(
        label, turn * TURNS, served, [each for times in tasks.values() for each in times], wrong, tasks
    )


def _plan(desk: Desk, contender: Contender, seconds: float) -> dict[str, Any]:
    """What the client is to do. Everybody saves a case of their own, so that nobody finds it changed."""
    facts = desk.facts
    reads = {task: contender.url(task, facts) for task in MIX if task != SAVE}
    people = []
    with seat(contender, desk.url) as taken:
        for case in facts.open[:PEOPLE]:
            edit = contender.url(EDIT, facts, case)
            # The rivals' forms differ by the case alone; to read fifty of half a megabyte takes too long.
            form = taken.form(edit if contender.anew else contender.url(EDIT, facts))
            people.append(
                {
                    "cookie": taken.cookie(),
                    "reads": {**reads, "detail": contender.url("detail", facts, case)},
                    "shares": MIX,
                    "edit": edit,
                    "form": form,
                    "anew": contender.anew,
                }
            )
    return {"people": people, "warm": WARM, "seconds": seconds}


def _serve(desk: Desk, contender: Contender, plan: dict[str, Any]) -> list[Line]:
    with _gunicorn(desk, contender) as port:
        print(f"  {contender.label}", file=sys.stderr, flush=True)
        asked = [sys.executable, "-m", "bench.load_client"]
        done = subprocess.run(
            asked, input=json.dumps({**plan, "port": port}), capture_output=True, text=True, check=True
        )
    return [Line(*each) for each in json.loads(done.stdout)]


@contextmanager
def _gunicorn(desk: Desk, contender: Contender) -> Iterator[int]:
    """The contender's application, served as `make run` serves ours."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--log-level", "warning"]
    # Loaded before it listens, so that nobody waits for a process to start.
    command += ["--preload", "--workers", str(PROCESSES), "--threads", str(THREADS), "--timeout", "300"]
    address = desk.url.render_as_string(hide_password=False)
    with TemporaryDirectory(prefix="heshi-load-") as folder, (Path(folder) / "log").open("w+") as log:
        given = {**os.environ, "BENCH_URL": address}
        server = subprocess.Popen([*command, f"{contender.module}:app"], env=given, stderr=log, stdout=log)
        try:
            _await(server, port, contender)
            yield port
        finally:
            server.terminate()
            server.wait(PATIENCE)
            log.seek(0)
            said = log.read()
            if "Traceback" in said:
                print(said[-4000:], file=sys.stderr)


def _await(server: subprocess.Popen[bytes], port: int, contender: Contender) -> None:
    until = monotonic() + PATIENCE
    while monotonic() < until and server.poll() is None:
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.1)
    raise RuntimeError(f"{contender.label} does not serve")


def table(name: str, cases: int, loads: Sequence[Load]) -> str:
    """A line for each contender, in Markdown."""
    heads = [f"many people at once, {name}, {cases:,} cases", "requests/s", "p50 (ms)", "p95 (ms)"]
    lines = [
        [
            each.label,
            figure(each.rate),
            _middle(each.times),
            figure(each.late),
            *(_middle(each.tasks.get(task, [])) for task in MIX),
            str(len(each.wrong)) + (f" ({', '.join(sorted(set(each.wrong))[:3])})" if each.wrong else ""),
        ]
        for each in loads
    ]
    return grid([*heads, *(f"{task} p50" for task in MIX), "errors"], lines, left=1)


def _middle(times: list[float]) -> str:
    return figure(median(times)) if times else ""


def ratio(loads: Sequence[Load]) -> float | None:
    """Our requests per second against the faster rival's."""
    ours = next(each.rate for each in loads if each.label == OURS.label)
    rivals = [each.rate for each in loads if each.label != OURS.label]
    return ours / max(rivals) if rivals and max(rivals) else None
