"""The case register beside other ways to write the same cells, each time by a fresh process.

The bare loop, openpyxl and pandas get the very cells that our ledger reads, within scope; Flask-Admin's own
export reads for itself, as its documents have a user write it. None of the others has the official layout.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from importlib.util import find_spec
from io import BytesIO
from multiprocessing import get_context
from statistics import median
from time import process_time
from typing import Any

from flask import Flask
from sqlalchemy import make_url

from admin_app.database import db
from admin_app.exports.columns import Value, leaves
from admin_app.exports.downloads import fill
from admin_app.exports.ledger import LEDGERS, Asked
from admin_app.exports.reading import read, rows
from admin_app.models.cases import Case
from admin_app.models.users import User
from bench.books import memory
from bench.desks import Desk
from tests.web import make_app

LEDGER = LEDGERS["case-register"]
MOST = 100_000
ROUNDS = 3


def compare(desk: Desk) -> str:
    """Seconds of CPU and MiB of each way, medians over rounds in which all take their turn, in Markdown."""
    url = desk.url.render_as_string(hide_password=False)
    found: dict[str, list[tuple[float, float]]] = {label: [] for label in WAYS}
    for _ in range(ROUNDS):
        for label in WAYS:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                found[label].append(pool.submit(_once, label, url, desk.facts.people["city"]).result())
    bare = median(seconds for seconds, _ in found[BARE])
    size = f"{desk.cases:,} lines × {len(leaves(LEDGER.columns))} columns"
    lines = [
        f"| case register, {size} | s of CPU | MiB | × the bare loop |",
        "| --- | ---: | ---: | ---: |",
    ]
    for label, each in found.items():
        seconds = median(one for one, _ in each)
        peak = max(one for _, one in each)
        lines.append(f"| {label} | {seconds:.1f} | {peak:.0f} | {bare / seconds:.2f} |")
    return "\n".join(lines)


def _once(label: str, address: str, user_id: int) -> tuple[float, float]:
    """In the fresh process: seconds of its own work, and MiB above rest at the peak."""
    app = make_app(make_url(address))
    with app.app_context():
        way, actor = WAYS[label], db.session.get_one(User, user_id)
        rest, start = memory("VmRSS"), process_time()
        way(app, actor)
        seconds, peak = process_time() - start, memory("VmHWM")
        db.engine.dispose()
    return seconds, max(0.0, peak - rest)


def _cells(actor: User) -> Iterator[Sequence[Value]]:
    return (row.cells for row in rows(read(db.session, actor, LEDGER, Asked())))


def _ours(app: Flask, actor: User) -> None:
    fill(db.session, actor, LEDGER, Asked(), BytesIO())


def _reading(app: Flask, actor: User) -> None:
    for _ in _cells(actor):
        pass


def _bare(app: Flask, actor: User) -> None:
    from xlsxwriter import Workbook

    with Workbook(BytesIO(), {"constant_memory": True, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(_cells(actor)):
            for index, value in enumerate(line):
                if isinstance(value, date):
                    sheet.write_datetime(number, index, value, day)
                elif isinstance(value, str):
                    sheet.write_string(number, index, value)
                elif value is not None:
                    sheet.write_number(number, index, value)


def _openpyxl(app: Flask, actor: User) -> None:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in _cells(actor):
        sheet.append(list(line))
    book.save(BytesIO())


def _pandas(app: Flask, actor: User) -> None:
    import pandas

    frame = pandas.DataFrame(list(_cells(actor)), columns=[each.label for each in leaves(LEDGER.columns)])
    frame.to_excel(BytesIO(), engine="openpyxl", index=False)


def _stock(app: Flask, actor: User) -> None:
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


BARE = "bare XlsxWriter loop, no layout"
WAYS: dict[str, Callable[[Flask, User], Any]] = {
    "ours, the official layout": _ours,
    BARE: _bare,
    "openpyxl, write-only, no layout": _openpyxl,
    "reading alone (part of all but Flask-Admin's)": _reading,
}
if find_spec("flask_sqlalchemy"):  # without it Flask-Admin's views of SQLAlchemy cannot be imported
    WAYS["Flask-Admin's own export (CSV)"] = _stock
if find_spec("pandas"):
    WAYS["pandas with openpyxl, no layout"] = _pandas
