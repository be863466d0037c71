"""New records by the hundred: each table's rows go in at once, each record leaves its line in the history.

The session's own way would ask the database for each id and sort out each row: twice the time. Nothing but
new records comes this way, checked like any other; changes never do.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from admin_app import history
from admin_app.models.base import Base, Named
from admin_app.models.pinyin import spellings
from admin_app.models.rows import Row, put


def add(session: Session, records: Sequence[Any]) -> None:
    """Write new records and their lines; they stay outside the session, with their ids."""
    things: dict[type[Base], list[Any]] = defaultdict(list)
    for record in records:
        for thing in (record, *_lines(record)):
            things[type(thing)].append(thing)
    for model in sorted(things, key=_place):
        _number(session, model, things[model])
        put(session, model, _told([_row(model, thing) for thing in things[model]]))
    history.gather(session, [each for model in sorted(things, key=_place) for each in things[model]])


def _lines(record: Any) -> Iterator[Any]:
    model: type[Base] = type(record)
    for name in _lists(model):
        yield from record.__dict__.get(name, ())


@cache
def _lists(model: type[Base]) -> tuple[str, ...]:
    return tuple(each.key for each in inspect(model).relationships if each.uselist)


@cache
def _place(model: type[Base]) -> int:
    """Roots before the lines that point at them."""
    return [each.name for each in Base.metadata.sorted_tables].index(model.__tablename__)


def _number(session: Session, model: type[Base], things: Sequence[Any]) -> None:
    """The next ids: nobody else writes to SQLite meanwhile, PostgreSQL has its counters."""
    if session.get_bind().dialect.name == "sqlite":
        last = session.scalar(select(func.max(model.id))) or 0
        ids = list(range(last + 1, last + 1 + len(things)))
    else:
        counter = text("SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :count)")
        ids = list(session.scalars(counter, {"name": model.__tablename__, "count": len(things)}))
    for thing, number in zip(things, ids, strict=True):
        vars(thing)["id"] = number


def _row(model: type[Base], thing: Any) -> Row:
    """What is kept of it: given values, those a new record starts with, and the ids of what it points at."""
    held, (names, starts) = thing.__dict__, _columns(model)
    row = {name: held.get(name) for name in names}
    for name, start in starts:
        if row[name] is None:
            row[name] = start()
    for key, relation in _roots(model):
        if row[key] is None and (root := held.get(relation)) is not None:
            row[key] = root.id
    if isinstance(thing, Named):
        row["spelling"] = thing.spelling = spellings(thing.name)
    for name in ("version", "created_at"):
        if name in row:
            held[name] = row[name]
    return row


def _told(rows: list[Row]) -> list[Row]:
    """Without the columns that are blank in all of them: an old book fills a third."""
    names = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    return [{name: row[name] for name in names} for row in rows]


@cache
def _columns(model: type[Base]) -> tuple[tuple[str, ...], tuple[tuple[str, Any], ...]]:
    """The columns, and what gives their first values to those that have one."""
    columns = model.__table__.columns
    starts = tuple((each.name, _starting(each.default)) for each in columns if each.default is not None)
    return tuple(each.name for each in columns), starts


def _starting(default: Any) -> Any:
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)


@cache
def _roots(model: type[Base]) -> tuple[tuple[str, str], ...]:
    """(column, relation) of each thing that a record belongs to."""
    return tuple(
        (column.name, each.key)
        for each in inspect(model).relationships
        if not each.uselist
        for column in each.local_columns
    )
