"""The case register beside other ways to write the same cells, each time by a fresh process.

The bare loop, openpyxl and pandas get the very cells that our ledger reads, within scope; Flask-Admin's own
export reads for itself, as its documents have a user write it. None of the others has the official layout.
Ours and the bare loop are taken once more with the cells at hand: that compares the writing by itself.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from io import BytesIO
from multiprocessing import get_context
from statistics import median
from time import process_time

from flask import Flask
from sqlalchemy import make_url

from admin_app.database import db
from admin_app.exports.columns import leaves
from admin_app.exports.downloads import paper
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.exports.reading import read, rows
from admin_app.exports.rows import Row
from admin_app.exports.writing.book import write
from admin_app.models.cases import Case
from admin_app.models.users import User
from bench.books import memory
from bench.desks import Desk
from tests.web import make_app

LEDGER = LEDGERS["case-register"]
MOST = 100_000
ROUNDS = 3


@dataclass(frozen=True)
class Way:
    """A way to write the lines: while they are read, or with all of them `at_hand` beforehand."""

    label: str
    work: Callable[[User, Iterable[Row]], None]
    at_hand: bool = False


def compare(desk: Desk) -> str:
    """Seconds of CPU and MiB of each way, medians over rounds in which all take their turn, in Markdown."""
    url = desk.url.render_as_string(hide_password=False)
    found: dict[Way, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for _ in range(ROUNDS):
        for way in WAYS:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                found[way].append(pool.submit(_once, way, url, desk.facts.people["city"]).result())
    spent = {way: median(seconds for seconds, _ in each) for way, each in found.items()}
    size = f"{desk.cases:,} lines × {len(leaves(LEDGER.columns))} columns"
    lines = [
        f"| case register, {size} | s of CPU | MiB | × the bare loop |",
        "| --- | ---: | ---: | ---: |",
    ]
    for way, seconds in spent.items():
        bare = next(spent[each] for each in WAYS if each.work is _bare and each.at_hand == way.at_hand)
        peak = max(each for _, each in found[way])
        lines.append(f"| {way.label} | {seconds:.1f} | {peak:.0f} | {bare / seconds:.2f} |")
    return "\n".join(lines)


def _once(way: Way, address: str, user_id: int) -> tuple[float, float]:
    """In the fresh process: seconds of its own work, and MiB above rest at the peak."""
    app = make_app(make_url(address))
    with app.app_context():
        actor = db.session.get_one(User, user_id)
        reading = rows(read(db.session, actor, LEDGER, Asked()))
        lines = list(reading) if way.at_hand else reading
        rest, start = memory("VmRSS"), process_time()
        way.work(actor, lines)
        seconds, peak = process_time() - start, memory("VmHWM")
        db.engine.dispose()
    return seconds, max(0.0, peak - rest)


def _ours(actor: User, lines: Iterable[Row]) -> None:
    write(BytesIO(), [(paper(db.session, actor, LEDGER, Asked()), lines)])


def _reading(actor: User, lines: Iterable[Row]) -> None:
    for _ in lines:
        pass


def _bare(actor: User, lines: Iterable[Row]) -> None:
    from xlsxwriter import Workbook

    with Workbook(BytesIO(), {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(lines):
            for index, value in enumerate(line.cells):
                if isinstance(value, date):
                    sheet.write_datetime(number, index, value, day)
                elif isinstance(value, str):
                    sheet.write_string(number, index, value)
                elif value is not None:
                    sheet.write_number(number, index, value)


def _openpyxl(actor: User, lines: Iterable[Row]) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append(list(line.cells))
    book.save(BytesIO())


def _pandas(actor: User, lines: Iterable[Row]) -> None:
    import pandas

    labels = [each.label for each in leaves(LEDGER.columns)]
    frame = pandas.DataFrame([each.cells for each in lines], columns=labels)
    frame.to_excel(BytesIO(), engine="openpyxl", index=False)


def _stock(actor: User, lines: Iterable[Row]) -> None:
    """As Flask-Admin's documents have a user write it: the columns named, the rest as it comes."""
    from flask_admin import Admin
    from flask_admin.contrib.sqla import ModelView
    from flask_sqlalchemy_lite import SQLAlchemy

    class Stock(ModelView):
        can_export = True
        export_max_rows = MOST
        column_select_related_list = (Case.parties, Case.mediators)
        column_export_list = (
            *("number", "accepted_on", "parties", "kind", "source", "difficulty", "people", "mediators"),
            *("mediated_on", "place", "result", "form", "agreement_number", "amount", "performance"),
            *("fulfilment", "confirmation", "visited_on", "closed_on", "remark", "perform_by"),
        )

        def is_accessible(self) -> bool:
            return True

    plain = Flask(__name__)
    plain.config.update(SECRET_KEY="bench", SQLALCHEMY_ENGINES={"default": db.engine.url})
    beside = SQLAlchemy()
    beside.init_app(plain)
    with plain.app_context():
        Admin(plain).add_view(Stock(Case, beside, endpoint="stock"))
    answer = plain.test_client().get("/admin/stock/export/csv/")
    if answer.status_code != 200 or answer.text.count("\n") < 2:
        raise RuntimeError(f"Flask-Admin: {answer.status_code}")


WAYS = [
    Way("ours, the official layout", _ours),
    Way("bare XlsxWriter loop, no layout", _bare),
    Way("openpyxl, write-only, no layout", _openpyxl),
    Way("reading alone (part of the others but Flask-Admin's)", _reading),
    Way("writing alone, the lines at hand: ours", _ours, at_hand=True),
    Way("writing alone, the lines at hand: bare XlsxWriter loop", _bare, at_hand=True),
]
if find_spec("flask_sqlalchemy"):  # without it Flask-Admin's views of SQLAlchemy cannot be imported
    WAYS.append(Way("Flask-Admin's own export (CSV)", _stock))
if find_spec("pandas"):
    WAYS.append(Way("pandas with openpyxl, no layout", _pandas))
