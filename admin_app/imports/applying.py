"""Looking at a file and carrying its plan out: whole or not at all, in one transaction."""

import gc
import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from admin_app.imports.planning import Fate, Line, Options, Plan, fitting
from admin_app.imports.reader import Book, read
from admin_app.imports.sheet import SHEETS, Sheet
from admin_app.models.import_batches import ImportBatch
from admin_app.models.users import User
from admin_app.operations import imports
from admin_app.operations.files import store_of
from admin_app.operations.imports import Progress, quiet
from admin_app.rules.findings import Finding
from admin_app.rules.refusals import NotNow, RecordRefused
from admin_app.rules.uploads.unfit import Unfit

SWEPT = 20_000  # lines after which what is left over is swept up
SHOWN = 50  # lines of each fate that a preview shows
MOST_WRONG = 2_000  # lines whose faults are marked in the book that goes back
PASSED_BY = {"sample": "示例和说明", "foot": "合计和落款", "blank": "空行"}
CHANGED_SINCE = "您看过预览以后，系统里的记录有了变化。下面是新的预览，请再看一遍再导入。"


@dataclass
class Seen:
    """What a preview tells: how many lines of each fate, the first of each, words unknown, notes."""

    counts: Counter[Fate] = field(default_factory=Counter)
    shown: dict[Fate, list[Line]] = field(default_factory=dict)
    wrong: list[Line] = field(default_factory=list)
    doubts: list[Line] = field(default_factory=list)
    words: Counter[tuple[str, str]] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    common: list[str] = field(default_factory=list)  # what no column tells, and one choice may tell for all
    digest: str = ""

    def take(self, line: Line) -> None:
        self.counts[line.fate] += 1
        shown = self.shown.setdefault(line.fate, [])
        if len(shown) < SHOWN:
            shown.append(line)
        if line.fate is Fate.WRONG and len(self.wrong) < MOST_WRONG:
            self.wrong.append(line)
        if line.doubt and len(self.doubts) < SHOWN:
            self.doubts.append(line)
        self.words.update(fault.word for fault in line.faults if fault.word)


def opened(content: bytes) -> Book:
    """The file's tables; what cannot be read is refused beside the file's field."""
    try:
        return read(content)
    except Unfit as fault:
        raise RecordRefused([Finding("file", str(fault))]) from None


def look(
    session: Session,
    actor: User,
    sheet: Sheet,
    book: Book,
    options: Options,
    progress: Progress = quiet,
) -> Seen:
    """What the import would do. It changes nothing; the caller rolls back what it has tried."""
    return _go(session, actor, sheet, book, options, None, progress)


def carry_out(session: Session, actor: User, batch: ImportBatch, progress: Progress = quiet) -> Seen:
    """Import a batch that was looked at, if the plan is still the one that was seen."""
    imports.begin(session, batch)
    sheet = SHEETS[batch.sheet]
    with store_of(session).open(batch.sha256) as file:
        book = opened(file.read())
    seen = _go(session, actor, sheet, book, options_of(batch), batch, progress)
    if seen.digest != batch.seen.get("digest"):
        raise NotNow(CHANGED_SINCE)
    imports.finish(session, batch, sheet.label)
    return seen


def options_of(batch: ImportBatch) -> Options:
    """What was chosen with a batch."""
    asked = batch.asked
    return Options(bool(asked.get("update")), asked.get("placed"), asked.get("common") or {})


def _go(
    session: Session,
    actor: User,
    sheet: Sheet,
    book: Book,
    options: Options,
    batch: ImportBatch | None,
    progress: Progress,
) -> Seen:
    try:
        tables, notes = fitting(book, sheet, options)
    except Unfit as fault:
        raise RecordRefused([Finding("file", str(fault))]) from None
    words = imports.batch_words(batch) if batch is not None else ""
    plan = Plan(session, actor, sheet, tables, options, batch=words)
    seen, digest, done = Seen(notes=notes), hashlib.sha256(), 0
    with session.no_autoflush, _swept_by_turns() as sweep:
        for chunk in plan.chunks():
            for line in chunk:
                seen.take(line)
                digest.update(_said(line).encode())
            if seen.counts[Fate.WRONG] and batch is not None:
                raise NotNow(CHANGED_SINCE)
            if batch is not None:
                _keep(session, sheet, batch, chunk)
            done += len(chunk)
            sweep(done)
            progress(done, plan.total)
    seen.digest = digest.hexdigest()
    columns = {place.item.name for table in tables for place in table.places}
    seen.common = [name for name in sheet.common if name not in columns]
    seen.notes += [
        f"跳过{PASSED_BY[why]} {count} 行。" for why, count in plan.passed_by.items() if why != "blank"
    ]
    if not sum(seen.counts.values()):
        raise RecordRefused([Finding("file", "表头下面一行内容也没有，请填好再传。")])
    return seen


@contextmanager
def _swept_by_turns() -> Iterator[Callable[[int], None]]:
    """Python looks for garbage the more often the more is made: a quarter of the time of a long book."""
    gc.freeze()
    gc.disable()
    try:
        yield _sweep
    finally:
        gc.enable()
        gc.unfreeze()


def _sweep(done: int) -> None:
    if done % SWEPT == 0:
        gc.collect()


def _keep(session: Session, sheet: Sheet, batch: ImportBatch, chunk: list[Line]) -> None:
    made = [line.record for line in chunk if line.fate is Fate.NEW]
    changed = [line.record for line in chunk if line.fate is Fate.CHANGED]
    imports.keep(session, batch, sheet.register, made, changed)
    for line in chunk:
        line.record = None


def _said(line: Line) -> str:
    changes = "|".join(f"{each.label}:{each.old}>{each.new}" for each in line.changes)
    return f"{line.table.name}\t{line.row}\t{line.fate.value}\t{changes}\n"


def summary(seen: Seen) -> dict[str, Any]:
    """The same as the batch keeps it: plain, and no longer than a page shows."""
    return {
        "digest": seen.digest,
        "counts": {fate.value: seen.counts[fate] for fate in Fate},
        "notes": seen.notes,
        "common": seen.common,
        "words": [[table, word, count] for (table, word), count in seen.words.most_common(100)],
        "lines": {fate.value: [_told(line) for line in lines] for fate, lines in seen.shown.items()},
        "doubts": [{**_told(line), "doubt": line.doubt} for line in seen.doubts],
    }


def _told(line: Line) -> dict[str, Any]:
    return {
        "where": f"{line.table.name} 第 {line.row + 1} 行",
        "title": line.title[:60],
        "changes": [[each.label, each.old[:200], each.new[:200]] for each in line.changes],
        "faults": [[line.where(fault), fault.sentence] for fault in line.faults],
    }
