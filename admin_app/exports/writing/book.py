"""A workbook: one sheet after another, then the line that tells who made it, and its digest."""

from collections.abc import Iterable, Sequence
from typing import BinaryIO

from xlsxwriter import Workbook

from admin_app.exports.rows import Paper, Row, Written
from admin_app.exports.writing.charts import draw
from admin_app.exports.writing.digest import Digest
from admin_app.exports.writing.form import NO_NAME, Forms
from admin_app.exports.writing.styles import Styles
from admin_app.exports.writing.table import Table
from admin_app.rules.dates import local, now

CODE = "校验码："
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}

Sheet = tuple[Paper, Iterable[Row]]


def write(file: BinaryIO, sheets: Sequence[Sheet]) -> Written:
    """Write the sheets into `file`. A sheet too long is refused with 422."""
    first, _ = sheets[0]
    digest = Digest()
    with Workbook(file, _OPTIONS) as book:
        book.set_properties(
            {"title": first.title, "author": "和事台", "created": local(now()).replace(tzinfo=None)}
        )
        styles = Styles(book)
        filled = [_fill(book, styles, digest, paper, rows) for paper, rows in sheets]
        lines = filled[0].count
        filled[0].close(f"{first.made}　共 {lines} {first.layout.counted}　{CODE}{digest}")
    return Written(lines, str(digest))


def _fill(book: Workbook, styles: Styles, digest: Digest, paper: Paper, rows: Iterable[Row]) -> Table | Forms:
    if paper.layout.blocks:
        forms = Forms(book, styles, digest, paper)
        forms.fill(rows)
        return forms
    name = NO_NAME.sub("", paper.name or paper.title)[:31]
    table = Table(book.add_worksheet(name), styles, digest, paper)
    table.fill(rows)
    draw(book, table)
    return table
