"""New records by the hundred: each table's rows go in at once, each record leaves its line in the history.

The session's own way would ask the database for each id and sort out each row: twice the time. Nothing but
new records comes this way, checked like any other; changes never do.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from admin_app import history, search, tally
from admin_app.models.base import Base, Named
from admin_app.models.cases import Case
from admin_app.models.pinyin import spellings
from admin_app.models.rows import Columns, put_columns


def add(session: Session, records: Sequence[Any]) -> None:
    """Write new records and their lines; they stay outside the session, with their ids."""
    things: dict[type[Base], list[Any]] = defaultdict(list)
    for record in records:
        for thing in (record, *_lines(record)):
            things[type(thing)].append(thing)
    for model in sorted(things, key=_place):
        _number(session, model, things[model])
        put_columns(session, model, _columns(model, things[model]))
        history.gather_new(session, model, things[model])
    tally.note_new(session, things.get(Case, ()))
    search.index_new(session, things)


def aside(model: type[Base], values: Mapping[str, Any]) -> Any:
    """A new thing that `add` will write: the session need not track it. What is not told is blank."""
    thing: Any = inspect(model).class_manager.new_instance()  # as a row that is read comes to be
    vars(thing).update(_blank(model), **values)
    return thing


def let_go(records: Iterable[Any]) -> None:
    """Written records lose their lines, which know of them: nobody need search for such circles later."""
    for record in records:
        for line in _lines(record):
            vars(line).clear()
        model: type[Base] = type(record)
        for name in _lists(model):
            vars(record).pop(name, None)


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


def _columns(model: type[Base], things: Sequence[Any]) -> Columns:
    """What is kept of them: given values, those that new records start with, the ids of what they point at;

    without the columns that are blank in all: an old book fills a third.
    """
    told, shape = [vars(each) for each in things], _shape(model)
    columns = {name: [each.get(name) for each in told] for name in shape.names}
    for name, start in shape.starts:
        columns[name] = [start() if value is None else value for value in columns[name]]
    for key, relation in shape.roots:
        columns[key] = [
            root.id if value is None and (root := each.get(relation)) is not None else value
            for value, each in zip(columns[key], told, strict=True)
        ]
    if issubclass(model, Named):
        columns["spelling"] = [spellings(each.name) for each in things]
    for name in (*shape.known, *(key for key, _ in shape.roots)):
        for each, value in zip(told, columns[name], strict=True):
            each[name] = value
    return {name: values for name, values in columns.items() if values.count(None) < len(values)}


@cache
def _blank(model: type[Base]) -> dict[str, None]:
    return dict.fromkeys(_shape(model).names)


@dataclass(frozen=True)
class _Shape:
    """A model's columns; what gives their first values to those that have one; (key, relation) of each

    thing that a record belongs to; and what a record knows of itself once it is written.
    """

    names: tuple[str, ...]
    starts: tuple[tuple[str, Callable[[], Any]], ...]
    roots: tuple[tuple[str, str], ...]
    known: tuple[str, ...]


@cache
def _shape(model: type[Base]) -> _Shape:
    columns = model.__table__.columns
    names = tuple(each.name for each in columns)
    return _Shape(
        names=names,
        starts=tuple((each.name, _starting(each.default)) for each in columns if each.default is not None),
        roots=tuple(
            (column.name, each.key)
            for each in inspect(model).relationships
            if not each.uselist
            for column in each.local_columns
        ),
        known=tuple(each for each in ("version", "created_at", "spelling") if each in names),
    )


def _starting(default: Any) -> Callable[[], Any]:
    return (lambda: default.arg(None)) if default.is_callable else (lambda: default.arg)
