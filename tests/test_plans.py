"""Whatever the pages ask in one request, and the worker in one day, reads no table that grows as a whole.

The statements are not listed by hand: people of every tier open the pages, one registers, saves and takes a
step, a worker does a day and a job, and each distinct statement that was sent is explained.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, event

from admin_app import jobs
from admin_app.database import db
from admin_app.operations import job_runs
from admin_app.rules.dates import today
from tests.test_screens import CASE
from tests.web import Browser, form_data, named
from tests.world import World

# Tables that grow with the cases and the days; the others hold what a bureau has: units, people, codes.
GROWING = {
    "attachments", "case_mediators", "case_steps", "cases", "deadlines", "dossiers", "finds", "follow_ups",
    "hand_overs", "history", "jobs", "lookbacks", "notices", "parties", "referrals", "screenings", "sessions",
    "urgings", "visits", "warnings",
}  # fmt: skip
# Once a day SQLite walks through the grave ones by their ids: who has a million cases has PostgreSQL.
EXCUSED = {("sqlite", "a day"): {"cases", "finds"}}
PEOPLE = ("bureau_city", "bureau_county", "office", "director", "owner", "inspector")
PAGES = (
    "/", "/case/", "/case/?q=甲", "/case/?stage=registered", "/case/?sort=due_on", "/case/bin", "/visit/",
    "/referral/", "/notices/", "/figures/", "/figures/charts", "/figures/brief", "/jobs/",
    "/ledgers/case-register?since=2026-11-01&until=2026-11-07",
    "/ledgers/acceptance-register?since=2026-11-01&until=2026-11-07",
    "/ledgers/visit-register?since=2026-11-01&until=2026-11-07",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A statement as the driver got it, and where it came from."""

    place: str
    statement: str
    given: Any


@pytest.fixture
def asked(app: Flask) -> Iterator[Callable[[str], list[Asked]]]:
    """`asked("/case/")`: from now on statements are noted under this name; all that were noted so far."""
    noted: dict[str, Asked] = {}
    place = [""]

    def note(connection: Any, cursor: Any, statement: str, given: Any, context: Any, many: bool) -> None:
        if not many and re.match(r"\s*(SELECT|WITH|UPDATE|DELETE)\b", statement):
            noted.setdefault(re.sub(r"\s+", " ", statement), Asked(place[0], statement, given))

    def now(name: str) -> list[Asked]:
        place[0] = name
        return list(noted.values())

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield now
    event.remove(engine, "before_cursor_execute", note)


def test_no_page_and_no_chore_reads_a_table_that_grows_as_a_whole(
    app: Flask, world: World, asked: Callable[[str], list[Asked]]
) -> None:
    for who in PEOPLE:
        here = named(app, world, who)
        for url in (*PAGES, f"/case/{world.case}", f"/case/{world.case}/history"):
            asked(f"{who} {url}")
            assert here.get(url).status_code in (200, 302, 403, 404)
    asked("saving")
    _work(named(app, world, "office"), world)
    asked("a day")
    with app.app_context():
        job_runs.done(db.session, today() - timedelta(days=2), "")
        db.session.commit()
    assert jobs.catch_up(app) >= 1
    asked("jobs")
    jobs.work_off(app)
    jobs.pulse(app)
    found = asked("explained")
    assert len(found) > 200, "too little was asked"
    with app.app_context():
        _forget(db.engine)
    with app.app_context(), db.engine.connect() as connection:
        read = READERS[connection.dialect.name]
        whole = [
            f"{each.place}: {table}: {each.statement}"
            for each in found
            for table in read(connection, each) - EXCUSED.get((connection.dialect.name, each.place), set())
        ]
    assert whole == []


def _work(here: Browser, world: World) -> None:
    """A case more, changed, and accepted."""
    made = here.post("/case/new", {**CASE, "committee_id": world.village_committee})
    assert made.status_code == 302
    edit = f"{made.location}/edit"
    assert here.post(edit, {**form_data(here.get(edit).text), "people": "7"}).status_code == 302
    here.post(f"{made.location}/step/triage", form_data(here.get(f"{made.location}/step/triage").text))


def _forget(engine: Engine) -> None:
    """The day's work has counted tables of twenty rows, which SQLite would rather read as a whole."""
    if engine.dialect.name == "sqlite":
        with engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM sqlite_stat1")
        engine.dispose()  # what a connection has read of them it keeps


def _whole_of_sqlite(connection: Connection, asked: Asked) -> set[str]:
    """What a plan of SQLite scans without an index."""
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked.statement}", asked.given)
    scans = [re.fullmatch(r"SCAN (\w+)", row[-1]) for row in plan]
    return {each[1] for each in scans if each} & GROWING


def _whole_of_postgresql(connection: Connection, asked: Asked) -> set[str]:
    """What a plan of PostgreSQL must read as a whole, though it would rather not."""
    # On a table of twenty rows PostgreSQL would rather read them all.
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {asked.statement}", asked.given).scalars()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    return set(_scanned(plan[0]["Plan"]))


def _scanned(node: dict[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in GROWING:
        yield node["Relation Name"]
    for each in node.get("Plans", ()):
        yield from _scanned(each)


READERS = {"sqlite": _whole_of_sqlite, "postgresql": _whole_of_postgresql}
