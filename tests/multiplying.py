"""More of everything: each record many times over, with whatever it links to, so that lists are full."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Column, Enum, String, Table, func, insert, select
from sqlalchemy.orm import Session

from admin_app.models.base import Base
from admin_app.models.registry import REGISTERS

UNITS = "units"  # the tree stays as it is: its codes and paths say where things lie


def multiply(session: Session, times: int) -> None:
    """So many copies of every record of every register, linked to the copies of what it is linked to."""
    tables = {register.model.__table__ for register in REGISTERS.values()}
    copies: dict[tuple[str, int, int], int] = {}  # table, original, number of the copy: id of the copy
    for table in Base.metadata.sorted_tables:
        if table in tables and table.name not in (UNITS, "users", "codes", "holidays", "parameters"):
            _copy(session, table, times, copies)


def _copy(session: Session, table: Table, times: int, copies: dict[tuple[str, int, int], int]) -> None:
    rows = [dict(row._mapping) for row in session.execute(select(table).order_by(table.c.id))]
    start = session.scalar(select(func.max(table.c.id))) or 0
    made = []
    for row in rows:
        for number in range(times):
            start += 1
            copies[table.name, row["id"], number] = start
            made.append({**_moved(table, row, number, copies), "id": start})
    if made:
        session.execute(insert(table), made)


def _moved(table: Table, row: dict[str, Any], number: int, copies: dict[tuple[str, int, int], int]) -> Any:
    """A copy's values: links lead to the copies of the same number, what stands once is told apart."""
    once = {column.name for index in table.indexes if index.unique for column in index.columns}
    moved = {}
    for column in table.columns:
        value = row[column.name]
        for key in column.foreign_keys:
            value = copies.get((key.column.table.name, value, number), value)
        mark = row["id"] * 1000 + number
        moved[column.name] = _apart(column, value, mark) if column.name in once else value
    return moved


def _apart(column: Column[Any], value: Any, mark: int) -> Any:
    if value is None or column.foreign_keys or isinstance(column.type, Enum):
        return value
    if isinstance(value, date):
        return value + timedelta(days=mark % 20_000)
    if isinstance(column.type, String):
        return f"{value[: (column.type.length or 60) - 8]}{mark}"
    return value + mark if isinstance(value, int) and not isinstance(value, bool) else value
