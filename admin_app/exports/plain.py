"""Plain sheets: the same columns and lines as CSV, with a BOM so that Excel reads the Chinese.

A text that a spreadsheet would take for a formula gets an apostrophe before it, as people type it there;
reading such a file again takes it off.
"""

import csv
from collections.abc import Iterable, Sequence
from io import TextIOWrapper
from typing import BinaryIO

from admin_app.exports.columns import Part, Value, labels
from admin_app.exports.fitting import clean
from admin_app.exports.rows import Row, Written
from admin_app.exports.writing.cells import LIVE


def write(file: BinaryIO, parts: Sequence[Part], rows: Iterable[Row]) -> Written:
    """Write heading and lines into `file`; the digest stays blank, for nothing bears it."""
    text = TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    out = csv.writer(text)
    out.writerow(labels(parts))
    count = 0
    for row in rows:
        count += 1
        out.writerow([_cell(value) for value in row.cells])
    text.detach()
    return Written(count, "")


def _cell(value: Value) -> str:
    text = "" if value is None else clean(str(value))
    return f"'{text}" if isinstance(value, str) and text.startswith(LIVE) else text
