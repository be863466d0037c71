"""The case register downloaded through the page, each time by a fresh process, to know its peak of memory."""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

from sqlalchemy import URL, make_url, select

from admin_app.database import db
from admin_app.models.history import Entry
from admin_app.rules.dates import today
from bench.desks import Desk
from bench.measures import Row, Rows, Spread
from tests.web import browser, make_app

ALL_UP_TO = 100_000  # the register of the whole city takes minutes beyond
PAGE = "/ledgers/case-register"


@dataclass(frozen=True)
class Download:
    """What one download brought and took."""

    rows: int
    seconds: float
    mebibytes: float  # of memory at the peak, above the process at rest


@dataclass(frozen=True)
class Book:
    """A line of the table: whose register, of which days."""

    label: str
    who: str
    asked: Callable[[Desk], dict[str, object]]
    most: int | None = None  # with more cases than that only on demand


def _month(desk: Desk) -> dict[str, object]:
    until = today() - timedelta(days=400)
    return {"since": (until - timedelta(days=29)).isoformat(), "until": until.isoformat()}


BOOKS = (
    Book("ledger, a township, 30 days", "township", _month),
    Book("ledger, a county, 30 days", "county", _month),
    Book("ledger, a county", "city", lambda desk: {"unit": desk.facts.county}),
    Book("ledger, the whole city", "city", lambda desk: {}, ALL_UP_TO),
)


def download(desks: Sequence[Desk], *, long: bool) -> Rows:
    """Lines, seconds, lines per second and MiB of every book on every desk."""
    rows: Rows = {}
    for book in BOOKS:
        chosen = [desk for desk in desks if long or book.most is None or desk.cases <= book.most]
        found = {desk.cases: _fetch(desk, book) for desk in chosen}
        rows[f"{book.label} (lines)"] = _row({n: float(each.rows) for n, each in found.items()})
        rows[f"{book.label} (s)"] = _row({n: each.seconds for n, each in found.items()})
        rows[f"{book.label} (lines/s)"] = _row({n: each.rows / each.seconds for n, each in found.items()})
        rows[f"{book.label} (MiB)"] = _row({n: each.mebibytes for n, each in found.items()})
    return rows


def _row(values: dict[int, float]) -> Row:
    return {cases: Spread((value,)) for cases, value in values.items()}


def _fetch(desk: Desk, book: Book) -> Download:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        url = desk.url.render_as_string(hide_password=False)
        return pool.submit(_download, url, desk.facts.people[book.who], book.asked(desk)).result()


def _download(address: str, user_id: int, asked: dict[str, object]) -> Download:
    """In the fresh process: open the page as a person would, send its form, read the file to its end."""
    url: URL = make_url(address)
    app = make_app(url)
    here = browser(app, user_id)
    data = {"csrf_token": here.token(), **asked}
    here.client.get(PAGE)
    rest, start = memory("VmRSS"), perf_counter()
    answer = here.client.post(PAGE, data=data)
    if answer.status_code != 200 or answer.mimetype == "text/html":
        raise RuntimeError(f"{PAGE}: {answer.status_code} {answer.mimetype}")
    for _ in answer.iter_encoded():
        pass
    seconds, peak = perf_counter() - start, memory("VmHWM")
    answer.close()
    with app.app_context():
        words = db.session.scalars(select(Entry.note).order_by(Entry.id.desc()).limit(1)).one()
        db.engine.dispose()
    found = re.search(r"共 (\d+)", words)
    assert found
    return Download(int(found[1]), seconds, max(0.0, peak - rest))


def memory(name: str) -> float:
    """MiB, from what Linux says of this process; elsewhere not a number."""
    file = Path("/proc/self/status")
    found = re.search(rf"{name}:\s+(\d+) kB", file.read_text()) if file.exists() else None
    return int(found[1]) / 1024 if found else float("nan")
