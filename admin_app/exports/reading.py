"""Reading a ledger within the actor's scope: its lines as rows of cells, in the book's order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from admin_app import policy
from admin_app.exports.columns import Line, leaves, reader
from admin_app.exports.ledger import Asked, Counted, Ledger, Records
from admin_app.exports.rows import Row
from admin_app.models.base import Moment
from admin_app.models.users import User
from admin_app.rules.dates import begins, ends

BATCH = 500
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Reading:
    """A ledger as one person asks for it. Counted lines are at hand; records are streamed when asked for.

    `faults` are sentences about sums that do not agree.
    """

    session: Session
    actor: User
    ledger: Ledger
    asked: Asked
    lines: Sequence[Line] | None = None
    faults: tuple[str, ...] = ()


def read(session: Session, actor: User, ledger: Ledger, asked: Asked) -> Reading:
    """Begin to read: what is counted is counted now, once, under the columns of the day."""
    source = ledger.source
    if not isinstance(source, Counted):
        return Reading(session, actor, ledger, asked)
    if source.columns is not None:
        ledger = replace(ledger, layout=replace(ledger.layout, columns=source.columns(session, asked)))
    lines = source.lines(session, actor, asked)
    return Reading(session, actor, ledger, asked, lines, tuple(source.faults(lines)))


def count(reading: Reading) -> int:
    """How many lines it has."""
    source = reading.ledger.source
    if isinstance(source, Counted):
        return len(reading.lines or ())
    ids = records(reading.actor, reading.ledger, source, reading.asked).subquery()
    return reading.session.scalar(select(func.count()).select_from(ids)) or 0


def rows(reading: Reading, progress: Progress = lambda lines: None) -> Iterator[Row]:
    """The cells, line by line.

    Records are streamed: one query gives the ids, each batch loads its lines, so that nothing holds the
    whole book, and the database sorts ids instead of records.
    """
    columns = leaves(reading.ledger.columns)
    readers = [reader(reading.session, each) for each in columns]
    running = [index for index, each in enumerate(columns) if each.kind == "ordinal"]
    number = 0
    for batch in _batches(reading):
        for line, masked in batch:
            number += 1
            cells = [read_cell(line, masked) for read_cell in readers]
            for index in running:
                cells[index] = number
            yield Row(cells, line.get("group", ""))
        progress(number)


def records(actor: User, ledger: Ledger, source: Records, asked: Asked) -> Select[int]:
    """The ids behind the lines: of the records, or of their parts where the book lists these."""
    query = select((source.part or ledger.model).id)
    if source.part is not None:
        query = query.join(getattr(source.part, source.part.owner))
    return query.where(*scope(actor, ledger, source, asked))


def scope(actor: User, ledger: Ledger, source: Records, asked: Asked) -> tuple[ColumnElement[bool], ...]:
    """SQL: the records that belong in the ledger as this person asks for it."""
    model = ledger.model
    found = [
        policy.visible(model, actor, ledger.action),
        model.removed_at.is_(None),
        source.belongs,
        *asked.filters,
    ]
    if asked.unit is not None:
        found.append(model.under(asked.unit.path))
    return (*found, *_period(source, asked))


def _period(source: Records, asked: Asked) -> Iterator[ColumnElement[bool]]:
    """SQL: from the first day to the last; a moment is within a day of China's clock."""
    column: Any = source.period
    if column is None:
        return
    moments = isinstance(column.type, Moment)
    if asked.since is not None:
        yield column >= (begins(asked.since) if moments else asked.since)
    if asked.until is not None:
        yield column <= (ends(asked.until) if moments else asked.until)


def _batches(reading: Reading) -> Iterator[Iterable[tuple[Line, bool]]]:
    """The lines in batches, each with whether its sensitive cells are masked."""
    source = reading.ledger.source
    if isinstance(source, Counted):
        yield ((line, reading.asked.masked) for line in reading.lines or ())
        return
    masks = any(each.sensitive for each in leaves(reading.ledger.columns))
    for ids in _ids(reading, source):
        loaded = source.load(reading.session, ids)
        bare = _bare(reading, source, ids) if masks else frozenset()
        # A record may be gone since the ids were read.
        yield ((loaded[each], each not in bare) for each in ids if each in loaded)


def _ids(reading: Reading, source: Records) -> Iterator[Sequence[int]]:
    found = records(reading.actor, reading.ledger, source, reading.asked)
    query = found.order_by(*source.order).execution_options(yield_per=BATCH)
    with reading.session.scalars(query) as ids:
        yield from ids.partitions()


def _bare(reading: Reading, source: Records, ids: Sequence[int]) -> frozenset[int]:
    """Which of these records the person asked for, and may read, in full."""
    if reading.asked.masked:
        return frozenset()
    ledger = reading.ledger
    thing: Any = source.part or ledger.model
    readable = policy.visible(ledger.model, reading.actor, f"{ledger.word}.sensitive")
    query = records(reading.actor, ledger, source, reading.asked).where(thing.id.in_(ids), readable)
    return frozenset(reading.session.scalars(query))
