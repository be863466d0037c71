"""Rows by the hundred, straight into a table: each column's way to the database is looked up once."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import JSON, TypeEngine

from admin_app.models.base import Base

Row = dict[str, Any]


class Written(dict[str, Any]):
    """Something kept as JSON whose text is there already."""

    def __init__(self, content: dict[str, Any], text: str) -> None:
        super().__init__(content)
        self.text = text


def put(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that name the same columns. SQLAlchemy would look at each value of each row again, which

    SQLite alone feels: elsewhere the server takes longer than that.
    """
    table = Base.metadata.tables[model.__tablename__]
    bound = {"mapper": model}
    if session.get_bind(model).dialect.name != "sqlite":
        session.execute(insert(table), rows, bind_arguments=bound)
        return
    connection = session.connection(bind_arguments=bound)
    names = tuple(rows[0])
    ways = _ways(table, names, connection.dialect)
    values = [tuple([way(row[name]) if way is not None else row[name] for name, way in ways]) for row in rows]
    marks = ", ".join("?" * len(names))
    connection.exec_driver_sql(f"INSERT INTO {table.name} ({_quoted(names)}) VALUES ({marks})", values)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


@lru_cache(maxsize=256)
def _ways(
    table: Table, names: tuple[str, ...], dialect: Dialect
) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    return tuple((name, _way(table.c[name].type, dialect)) for name in names)


def _way(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """What makes a value of the type ready for the driver; None where it is as it is."""
    way: Callable[[Any], Any] | None = kind.dialect_impl(dialect).bind_processor(dialect)
    if way is None or not isinstance(kind, JSON):
        return way
    return lambda value: value.text if isinstance(value, Written) else way(value)
