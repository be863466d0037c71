"""Rows in bulk: inserted without an object each, under ids known beforehand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from admin_app.models.base import Base

Row = dict[str, Any]


def next_id(session: Session, model: type[Base]) -> int:
    """The first id that is free, so that rows of several tables can point at each other before they exist."""
    return (session.scalar(select(func.max(model.id))) or 0) + 1


def add(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows; all of them name the same columns.

    On the table, not the model: the ORM would sort the rows by which of their values are None.
    """
    if rows:
        session.execute(
            insert(Base.metadata.tables[model.__tablename__]), rows, bind_arguments={"mapper": model}
        )


def fix_sequences(session: Session) -> None:
    """PostgreSQL counts ids itself and has not seen ours: let it go on behind the last one."""
    if session.get_bind().dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        session.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), last.id) "
                f"FROM (SELECT max(id) AS id FROM {table.name}) AS last WHERE last.id IS NOT NULL"
            )
        )
