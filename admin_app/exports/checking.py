"""Checking 核对 a workbook: whether a download of this very content stands in the history.

The digest is reckoned anew from what the cells say, so a file that another program has saved again still
agrees, and a file in which one cell was changed does not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin_app.exports.fitting import clean
from admin_app.exports.writing.book import CODE
from admin_app.exports.writing.cells import said
from admin_app.exports.writing.digest import Digest
from admin_app.history import Action, stands
from admin_app.models.history import Entry
from admin_app.rules.dates import local
from admin_app.rules.uploads.package import open_package
from admin_app.rules.uploads.unfit import Unfit

LARGEST_SHEET = 1024 * 1024 * 1024  # unpacked: a full sheet of a million lines
FOREIGN = "只能核对从本系统下载的 Excel 台账（.xlsx），CSV 文件里没有校验码。"
DOUBTFUL = (
    "日志里有这份下载记录（第 {} 号），但它或者它前后的记录被改动、删除过，不能作为凭据。"
    "请马上在“核对是否被改动”里核对整个日志。"
)
_BORNE = re.compile(rf"{CODE}((?:[0-9A-F]{{4}}-){{4}}[0-9A-F]{{4}})")
_MIDNIGHT = time()


@dataclass(frozen=True)
class Verdict:
    """What checking found: whether it agrees, in a sentence, and the line of the history if there is one."""

    agrees: bool
    sentence: str
    entry: Entry | None = None

    @property
    def told(self) -> str:
        """Who, when and what, as the history has it."""
        if self.entry is None:
            return ""
        when = f"{local(self.entry.at):%Y-%m-%d %H:%M}"
        return f"{self.entry.actor_name}，{when}，{self.entry.title}。{self.entry.note}"


def check(session: Session, content: bytes) -> Verdict:
    """Compare a file with the history; `Unfit` when it is no workbook."""
    digest, borne = reckon(content)
    entry = _download(session, digest) or (_download(session, borne) if borne else None)
    if entry is None:
        return Verdict(False, "没有这份下载记录：不是从本系统下载的，或者改动得太多。")
    if not stands(session, entry):
        return Verdict(False, DOUBTFUL.format(entry.place), entry)
    if f"{CODE}{digest}" not in entry.note:
        return Verdict(False, "内容被改动过：和下载时的不一样。", entry)
    return Verdict(
        True, f"与下载记录一致，内容没有改动；日志里的下载记录（第 {entry.place} 号）也完好。", entry
    )


def reckon(content: bytes) -> tuple[str, str]:
    """The digest of what the cells say, and the digest that the file bears; "" when it bears none."""
    digest, borne = Digest(), ""
    for row in _rows(content):
        cells = [_said(cell) for cell in row]
        found = next(filter(None, map(_BORNE.search, cells)), None)
        if found:
            borne = found[1]
        elif not any(CODE in cell for cell in cells):
            digest.row(cells)
    return str(digest), borne


def _rows(content: bytes) -> Iterator[list[Any]]:
    """Every row of every sheet, from the first cell on."""
    if not content.startswith(b"PK"):
        raise Unfit(FOREIGN)
    open_package(content, largest_part=LARGEST_SHEET).close()
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        for name in book.sheet_names:
            yield from book.get_sheet_by_name(name).iter_rows()
    except CalamineError:
        raise Unfit(FOREIGN) from None


def _said(cell: Any) -> str:
    """What a reader of the file sees, as the writer has said it."""
    if isinstance(cell, datetime) and cell.time() == _MIDNIGHT:
        return said(cell.date())
    if isinstance(cell, str):
        return clean(cell)
    return said(cell) if isinstance(cell, (int, float, date)) else str(cell or "")


def _download(session: Session, digest: str) -> Entry | None:
    """The newest line of the history about a download with this digest."""
    query = select(Entry).where(
        Entry.action == Action.EXPORT.value, Entry.note.contains(f"{CODE}{digest}", autoescape=True)
    )
    return session.scalars(query.order_by(Entry.id.desc()).limit(1)).first()
