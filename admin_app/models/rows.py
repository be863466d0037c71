"""Rows by the hundred, straight into a table: each column's way to the database is looked up once."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON, TypeEngine

from admin_app.models.base import Base

Row = dict[str, Any]
Columns = dict[str, list[Any]]


class Written(dict[str, Any]):
    """Something kept as JSON whose text is there already."""

    def __init__(self, content: dict[str, Any], text: str) -> None:
        super().__init__(content)
        self.text = text


def put(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that name the same columns."""
    put_columns(session, model, {name: [row[name] for row in rows] for name in rows[0]})


def put_columns(session: Session, model: type[Base], columns: Columns) -> None:
    """Insert rows, given column by column. SQLAlchemy would look at each value of each row again, which

    SQLite alone feels: elsewhere the server takes longer than that.
    """
    table = Base.metadata.tables[model.__tablename__]
    bound = {"mapper": model}
    if session.get_bind(model).dialect.name != "sqlite":
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        session.execute(insert(table), rows, bind_arguments=bound)
        return
    connection = session.connection(bind_arguments=bound)
    ways = _ways(table, tuple(columns), connection.dialect)
    ready = [
        values if way is None else [way(value) for value in values]
        for way, values in zip(ways, columns.values(), strict=True)
    ]
    marks = ", ".join("?" * len(columns))
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({_quoted(columns)}) VALUES ({marks})", list(zip(*ready, strict=True))
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


@lru_cache(maxsize=256)
def _ways(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[Callable[[Any], Any] | None, ...]:
    return tuple(_way(table.c[name].type, dialect) for name in names)


def _way(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of the type ready for the driver; None where it is as it is."""
    way: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if way is None or not isinstance(kind, JSON):
        return way
    return lambda value: value.text if isinstance(value, Written) else way(value)
