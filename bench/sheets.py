"""The statistics sheet of a whole city at the largest size: seconds of CPU, the database server's included.

Where other work goes on beside, the clock on the wall tells of that work; the processor's time does not.
"""

import os
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sqlalchemy import text
from sqlalchemy.orm import Session

from admin_app.database import db
from admin_app.exports.downloads import fill
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.models.users import User
from admin_app.rules.dates import today
from bench.desks import Desk

LEDGER = LEDGERS["case-statistics"]
ROUNDS = 5
_TICK = os.sysconf("SC_CLK_TCK")


def compare(desk: Desk) -> str:
    """Medians of some rounds for a year and for all years, in Markdown."""
    lines = [
        f"| statistics sheet of the city, {desk.cases:,} cases | s of CPU | s on the wall |",
        "| --- | ---: | ---: |",
    ]
    year = date(today().year - 1, 1, 1), date(today().year - 1, 12, 31)
    for label, (since, until) in {"of a year": year, "of all years": (None, None)}.items():
        found = [_once(desk, Asked(since=since, until=until, acknowledged=True)) for _ in range(ROUNDS)]
        cpu, wall = (median(each) for each in zip(*found, strict=True))
        lines.append(f"| {label} | {cpu:.2f} | {wall:.2f} |")
    return "\n".join(lines)


def _once(desk: Desk, asked: Asked) -> tuple[float, float]:
    with desk.app.app_context():
        session = db.session
        actor = session.get_one(User, desk.facts.people["city"])
        server = list(_server(session))
        began, started, served = perf_counter(), process_time(), _spent(server)
        fill(session, actor, LEDGER, asked, BytesIO())
        found = process_time() - started + _spent(server) - served, perf_counter() - began
        session.rollback()
        db.engine.dispose()
    return found


def _server(session: Session) -> Iterator[Path]:
    """What Linux tells of the process that serves this session; SQLite works in our own."""
    if session.get_bind().dialect.name == "postgresql":
        yield Path(f"/proc/{session.scalar(text('SELECT pg_backend_pid()'))}/stat")


def _spent(server: list[Path]) -> float:
    """Seconds of CPU of the server's process, and of the helpers that its parent has seen end."""
    found = 0
    for stat in filter(Path.exists, server):
        fields = stat.read_text().rpartition(") ")[2].split()
        parent = Path(f"/proc/{fields[1]}/stat").read_text().rpartition(") ")[2].split()
        found += int(fields[11]) + int(fields[12]) + int(parent[13]) + int(parent[14])
    return found / _TICK
