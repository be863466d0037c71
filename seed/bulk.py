"""Rows in bulk: inserted without an object each, under ids known beforehand."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from admin_app import search
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
        first = next_id(session, model)
        session.execute(
            insert(Base.metadata.tables[model.__tablename__]), rows, bind_arguments={"mapper": model}
        )
        search.note(session, model, session.scalars(select(model.id).where(model.id >= first)))


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


class Book:
    """Rows on their way: each gets its id when it is noted, all go in at the end, roots first."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[type[Base], list[Row]] = {}
        self._next: dict[type[Base], int] = {}

    def note(self, model: type[Base], row: Row) -> int:
        """One row more; tells its id."""
        if model not in self._next:
            self._next[model] = next_id(self._session, model)
            self._rows[model] = []
        number: int = row.get("id") or self._next[model]
        self._next[model] = max(self._next[model], number + 1)
        self._rows[model].append({**row, "id": number})
        return number

    def write(self) -> None:
        order = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}
        for model in sorted(self._rows, key=lambda each: order[each.__tablename__]):
            add(self._session, model, self._rows[model])
